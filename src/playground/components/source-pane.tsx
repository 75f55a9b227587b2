// Where a function is written: the editor, what is wrong with it, and how it is to be compiled.

import { useComputed } from "@preact/signals";
import type { Diagnostic } from "../../diagnostics/report.ts";
import type { Finding } from "../editor/mount.ts";
import type { Page } from "../state/page.ts";
import { OptionFields } from "./option-fields.tsx";
import { TextEditor, type EditorModule } from "./text-editor.tsx";

const loadEditor = (): Promise<EditorModule> => import("../editor/expression.ts");

export function SourcePane({ page }: { readonly page: Page }) {
  const { choices, answers } = page.playground;
  const diagnostics = answers.diagnostics.value;
  const findings = useComputed(() => answers.diagnostics.value.flatMap(findingOf));
  const entry = page.entry.value;
  const write = (text: string): void => {
    if (text === choices.text.value) return;
    choices.text.value = text;
    choices.index.value = undefined;
    page.entry.value = undefined;
  };
  return (
    <section class="pane source-pane" aria-labelledby="source-title">
      <div class="pane-head">
        <h2 id="source-title">{entry === undefined ? "Your function" : entry.title}</h2>
      </div>
      {entry !== undefined && <p class="see">{entry.see}</p>}
      <TextEditor text={choices.text} label="Source: a math expression" findings={findings} onChange={write} load={loadEditor} />
      <Diagnostics text={choices.text.value} diagnostics={diagnostics} />
      {answers.failure.value !== undefined && (
        <p role="alert" class="diagnostic error">
          This is a bug in wengert, not in your source: {answers.failure.value}
        </p>
      )}
      <OptionFields playground={page.playground} />
    </section>
  );
}

function findingOf(diagnostic: Diagnostic): Finding[] {
  const { span, severity, code, message, suggestion } = diagnostic;
  if (span === undefined) return [];
  const text = `${code}: ${message}${suggestion === undefined ? "" : `\n${suggestion}`}`;
  return [{ from: span.start, to: span.end, severity: severity === "note" ? "info" : severity, message: text }];
}

function Diagnostics({ text, diagnostics }: { readonly text: string; readonly diagnostics: readonly Diagnostic[] }) {
  return (
    <ul class="diagnostics" aria-live="polite" aria-label="Diagnostics">
      {diagnostics.map(({ code, severity, message, span, suggestion }, at) => (
        <li key={at} class={`diagnostic ${severity}`}>
          <span class="diagnostic-code">{code}</span>{" "}
          {span && <span class="diagnostic-place">line {lineOf(text, span.start)}</span>} {message}
          {suggestion !== undefined && <span class="suggestion">{suggestion}</span>}
        </li>
      ))}
    </ul>
  );
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
