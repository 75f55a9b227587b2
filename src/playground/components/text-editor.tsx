// A text to edit: a plain text area at first, an editor with colours and marks as soon as that has been loaded.

import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Editor, EditorOptions, Finding } from "../editor/mount.ts";

export interface TextEditorProps {
  /** A signal, so that the editor hears of a change before it can be outdated by the next key. */
  readonly text: ReadonlySignal<string>;
  readonly label: string;
  readonly findings: ReadonlySignal<readonly Finding[]>;
  readonly onChange: (text: string) => void;
  /** Fetches the language, with which the editor comes. */
  readonly load: () => Promise<EditorModule>;
}

export interface EditorModule {
  readonly mountEditor: (host: HTMLElement, options: EditorOptions) => Editor;
  readonly language: EditorOptions["language"];
}

export function TextEditor({ text, label, findings, onChange, load }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useSignal<Editor | undefined>(undefined);
  const change = useRef(onChange);
  change.current = onChange;

  useEffect(() => {
    let mounted: Editor | undefined;
    let isGone = false;
    const mount = ({ mountEditor, language }: EditorModule): void => {
      if (isGone || host.current === null) return;
      const hadFocus = host.current.parentElement?.contains(document.activeElement) ?? false;
      mounted = mountEditor(host.current, {
        text: text.peek(),
        label,
        language,
        onChange: (next) => change.current(next),
      });
      editor.value = mounted;
      if (hadFocus) mounted.focus();
    };
    load().then(mount, () => {}); // without the editor the text area stays, which works as well
    return () => {
      isGone = true;
      mounted?.destroy();
    };
  }, [label, load, text, editor]);
  useSignalEffect(() => editor.value?.setText(text.value));
  useSignalEffect(() => editor.value?.setFindings(findings.value));

  const isPlain = editor.value === undefined;
  return (
    <div class="text-editor">
      {isPlain && (
        <textarea
          aria-label={label}
          spellcheck={false}
          autocapitalize="off"
          rows={Math.max(4, text.value.split("\n").length)}
          value={text.value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <div ref={host} class="editor-host" hidden={isPlain} />
    </div>
  );
}
