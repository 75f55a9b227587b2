// Puts a CodeMirror editor into a place of the page. In a shadow root, because there its styles need no `<style>` element, which the page's
// policy forbids. Loaded when the page is up already; until then a plain text area stands there.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic as Mark } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { highlighting } from "./language.ts";

/** What an editor underlines; offsets are into its text. */
export interface Finding {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
}

export interface Editor {
  /** Replaces the text, if it is another one. */
  setText(text: string): void;
  setFindings(findings: readonly Finding[]): void;
  focus(): void;
  destroy(): void;
}

export interface EditorOptions {
  readonly text: string;
  /** Name for screen readers. */
  readonly label: string;
  readonly language: Extension;
  readonly onChange: (text: string) => void;
}

/** An editor inside `host`. Tab leaves it, as it leaves any field; Escape does nothing of its own. */
export function mountEditor(host: HTMLElement, { text, label, language, onChange }: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      lintGutter(),
      EditorView.lineWrapping,
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
      typing,
      language,
      highlighting,
      theme,
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, root, parent: root });
  return {
    setText: (next) => {
      if (next === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setFindings: (findings) => view.dispatch(setDiagnostics(view.state, marksIn(view.state.doc.length, findings))),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/**
 * Typed text goes into the state directly. Left to itself Chromium puts what replaces coloured text into an element with a style attribute,
 * which the page's policy forbids and reports.
 */
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.data === null || view.composing) return false;
    const { data } = event;
    const { from, to } = view.state.selection.main;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    const isHandled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, insert));
    if (!isHandled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

/** The text may have become shorter since the compiler saw it. */
function marksIn(length: number, findings: readonly Finding[]): Mark[] {
  return findings.map(({ from, to, severity, message }) => {
    const start = Math.min(from, length);
    return { from: start, to: Math.min(Math.max(to, start + 1), length), severity, message };
  });
}

const theme = EditorView.theme({
  "&": { fontSize: "var(--code-size)", color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", maxHeight: "22rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--quiet)", border: "none" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--line-active)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "1px solid var(--rule-strong)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--rule-strong)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "0.8125rem", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--selection)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--quiet)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionInfo": { fontFamily: "var(--mono)", fontSize: "0.8125rem", maxWidth: "24rem", whiteSpace: "pre-line" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "0.875rem", maxWidth: "28rem", whiteSpace: "pre-line" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--gradient)" },
  ".cm-lint-marker": { width: "0.7em", height: "0.7em" },
});
