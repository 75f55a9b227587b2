// The specs of the networks: an editor each, what is wrong with them, and quick picks that rewrite them.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Diagnostic } from "../../diagnostics/report.ts";
import { TextEditor, type EditorModule } from "../components/text-editor.tsx";
import type { Finding } from "../editor/mount.ts";
import { NumberField } from "./number-field.tsx";
import { specsOf, type TrainingPage } from "./page.ts";
import { ACTIVATIONS, hiddenLayersOf, MOST_HIDDEN, rateOf, withHiddenLayers, withOptimizer, withRate } from "./spec.ts";

/** A spec is compiled when typing rests. */
const COMPILE_AFTER = 300;
const COUNTS = [1, 2, 3, 5, 10, 20] as const;
const MOST_WIDTH = 128;
const NONE: readonly Diagnostic[] = [];

export interface SpecPaneProps {
  readonly page: TrainingPage;
  /** Shows a spec as a source, line by line. */
  readonly onStepThrough: ((spec: string) => void) | undefined;
}

export function SpecPane({ page, onStepThrough }: SpecPaneProps) {
  const specs = specsOf(page.state.value);
  return (
    <section class="train-specs" aria-label="Network">
      {specs.map((text, network) => (
        <SpecEditor
          key={network}
          page={page}
          network={network}
          text={text}
          title={titleOf(network, specs.length)}
          onStepThrough={onStepThrough}
        />
      ))}
      {specs.length === 1 ? (
        <button type="button" onClick={() => page.choose({ rival: rivalOf(page.state.value.spec) })}>
          Compare with a second network
        </button>
      ) : (
        <button type="button" onClick={() => page.choose({ rival: undefined })}>
          Train the first network alone
        </button>
      )}
    </section>
  );
}

function titleOf(network: number, count: number): string {
  return count === 1 ? "Network" : ["First network", "Second network"][network]!;
}

/** The same with another activation, which is the comparison most worth making; else the same. */
function rivalOf(spec: string): string {
  const activation = hiddenLayersOf(spec)?.activation;
  return activation === undefined ? spec : withHiddenLayers(spec, { activation: activation === "relu" ? "sigmoid" : "relu" });
}

interface SpecEditorProps {
  readonly page: TrainingPage;
  readonly network: number;
  readonly text: string;
  readonly title: string;
  readonly onStepThrough: SpecPaneProps["onStepThrough"];
}

function SpecEditor({ page, network, text, title, onStepThrough }: SpecEditorProps) {
  const change = (next: string): void => page.choose(network === 0 ? { spec: next } : { rival: next });
  const problem = page.problem.value?.network === network ? page.problem.value : undefined;
  return (
    <div class={`train-spec network-${network}`}>
      <h2>{title}</h2>
      <QuickPicks text={text} network={network} page={page} onChange={change} />
      <SpecText
        label={`Spec: ${title}`}
        text={text}
        diagnostics={problem?.kind === "rejected" ? problem.diagnostics : NONE}
        onChange={change}
      />
      {onStepThrough !== undefined && (
        <button type="button" onClick={() => onStepThrough(text)}>
          Step through its passes
        </button>
      )}
      <div class="train-problems" role="status">
        {problem?.kind === "rejected" && <Problems text={text} diagnostics={problem.diagnostics} />}
        {problem?.kind === "unfit" && (
          <p>
            {problem.text}{" "}
            {problem.lacksOptimizer && (
              <button type="button" onClick={() => change(withOptimizer(text))}>
                Add an optimizer
              </button>
            )}
          </p>
        )}
        {problem !== undefined && page.isReady.value && <p>What is trained is still the last network that fitted.</p>}
      </div>
    </div>
  );
}

interface SpecTextProps {
  readonly label: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly onChange: (text: string) => void;
}

/** What is typed is passed on when typing rests. */
function SpecText({ label, text, diagnostics, onChange }: SpecTextProps) {
  const typed = useSignal(text);
  const findings = useSignal<readonly Finding[]>([]);
  const resting = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly pass: () => void } | undefined>(undefined);
  useEffect(() => void (typed.value = text), [text, typed]);
  useEffect(() => void (findings.value = diagnostics.flatMap(findingOf)), [diagnostics, findings]);
  useEffect(() => () => resting.current?.pass(), []); // what was typed last is not lost when the editor goes
  const change = (next: string): void => {
    typed.value = next;
    clearTimeout(resting.current?.timer);
    const pass = (): void => {
      clearTimeout(resting.current?.timer);
      resting.current = undefined;
      if (next !== text) onChange(next);
    };
    resting.current = { pass, timer: setTimeout(pass, COMPILE_AFTER) };
  };
  return <TextEditor text={typed} label={label} findings={findings} onChange={change} load={loadEditor} />;
}

function loadEditor(): Promise<EditorModule> {
  return import("./spec-editor.ts");
}

function findingOf({ span, severity, message, suggestion }: Diagnostic): Finding[] {
  if (span === undefined) return [];
  const text = suggestion === undefined ? message : `${message}\n${suggestion}`;
  return [{ from: span.start, to: span.end, severity: severity === "note" ? "info" : severity, message: text }];
}

function Problems({ text, diagnostics }: { readonly text: string; readonly diagnostics: readonly Diagnostic[] }) {
  return (
    <ul>
      {diagnostics.map(({ code, message, suggestion, span }, at) => (
        <li key={at}>
          {span !== undefined && `Line ${lineOf(text, span.start)}: `}
          {message}
          {suggestion !== undefined && ` (${suggestion})`} <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

interface QuickPicksProps {
  readonly page: TrainingPage;
  readonly network: number;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function QuickPicks({ page, network, text, onChange }: QuickPicksProps) {
  const hidden = hiddenLayersOf(text);
  const rate = rateOf(text);
  const facts = page.compiled.value[network];
  return (
    <div class="train-picks">
      {hidden !== undefined && (
        <>
          <label>
            Hidden layers
            <select
              value={hidden.count}
              onChange={({ currentTarget }) => onChange(withHiddenLayers(text, { count: Number(currentTarget.value) }))}
            >
              {[...new Set([...COUNTS, hidden.count])]
                .filter((count) => count <= MOST_HIDDEN || count === hidden.count)
                .toSorted((a, b) => a - b)
                .map((count) => (
                  <option key={count} value={count}>
                    {count}
                  </option>
                ))}
            </select>
          </label>
          <NumberField
            label="Units"
            value={hidden.width}
            low={1}
            high={MOST_WIDTH}
            whole
            onInput={(width) => onChange(withHiddenLayers(text, { width }))}
          />
          <label>
            Activation
            <select
              value={hidden.activation}
              onChange={({ currentTarget }) => onChange(withHiddenLayers(text, { activation: currentTarget.value }))}
            >
              {[...new Set([...ACTIVATIONS, hidden.activation])].map((activation) => (
                <option key={activation} value={activation}>
                  {activation}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      {facts?.optimizer !== undefined && (
        <NumberField
          label={facts.optimizer.changes ? "Rate (the schedule changes it)" : "Rate"}
          value={rate ?? facts.optimizer.rate}
          low={1e-9}
          high={1e6}
          onInput={(next) => onChange(withRate(text, next))}
        />
      )}
    </div>
  );
}
