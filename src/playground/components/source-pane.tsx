// Where a function is written: the editor, what is wrong with it, and how it is to be compiled.

import { useComputed } from "@preact/signals";
import type { Diagnostic } from "../../diagnostics/report.ts";
import type { Finding } from "../editor/mount.ts";
import type { Page } from "../state/page.ts";
import { OptionFields } from "./option-fields.tsx";
import { TextEditor, type EditorModule } from "./text-editor.tsx";

const loadEditor = (): Promise<EditorModule> => import("../editor/expression.ts");
const loadSpecEditor = (): Promise<EditorModule> => import("../train/spec-editor.ts");

export function SourcePane({ page }: { readonly page: Page }) {
  const { choices, answers } = page.playground;
  const diagnostics = answers.diagnostics.value;
  const findings = useComputed(() => answers.diagnostics.value.flatMap(findingOf));
  const entry = page.entry.value;
  const { kind } = choices.options.value;
  const write = (text: string): void => {
    if (text === choices.text.value) return;
    choices.text.value = text;
    choices.index.value = undefined;
    page.entry.value = undefined;
  };
  return (
    <section class="pane source-pane" aria-labelledby="source-title">
      <div class="pane-head">
        <h2 id="source-title">{entry?.title ?? (kind === "network" ? "Your network" : "Your function")}</h2>
      </div>
      {entry !== undefined && <p class="see">{entry.see}</p>}
      <TextEditor
        key={kind}
        text={choices.text}
        label={kind === "network" ? "Source: a network spec" : "Source: a math expression"}
        findings={findings}
        onChange={write}
        load={kind === "network" ? loadSpecEditor : loadEditor}
      />
      <Diagnostics text={choices.text.value} diagnostics={diagnostics} />
      {kind === "expression" && diagnostics.some(({ code }) => code === SEVERAL_RESULTS) && (
        <button type="button" onClick={() => (choices.options.value = { ...choices.options.value, mode: "jacobian" })}>
          Show its Jacobian
        </button>
      )}
      {answers.failure.value !== undefined && (
        <p role="alert" class="diagnostic error">
          This is a bug in wengert, not in your source: {answers.failure.value}
        </p>
      )}
      <OptionFields playground={page.playground} />
    </section>
  );
}

/** The diagnostic of a list of results, which has no single gradient. */
const SEVERAL_RESULTS = "WG1301";

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
