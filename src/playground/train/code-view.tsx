// The code that the compiler wrote for the network, pass by pass, and what its check found.

import { useState } from "preact/hooks";
import { functionLines } from "../code/extract.ts";
import { tokensOf } from "../code/tokens.ts";
import { Figure } from "./figure.tsx";
import type { NetworkFacts } from "./messages.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";

const PARTS = ["forward", "backward", "step", "predict", "whole file"] as const;
type Part = (typeof PARTS)[number];

export function CodeView({ page }: { readonly page: TrainingPage }) {
  const networks = page.compiled.value;
  const [chosen, setChosen] = useState(0);
  const [part, setPart] = useState<Part>("forward");
  const at = Math.min(chosen, networks.length - 1);
  const network = networks[at];
  if (network === undefined) return null;
  const verdict = page.verdicts.value[at];
  const names = namesOf(page.state.value, networks);
  const tools = (
    <div class="train-tools">
      {networks.length > 1 && (
        <label>
          network{" "}
          <select value={at} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
            {names.map((name, index) => (
              <option key={index} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        show{" "}
        <select
          value={part}
          onChange={({ currentTarget }) => setPart(PARTS.find((one) => one === currentTarget.value) ?? "forward")}
        >
          {PARTS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
  const { forward, backward, ratio } = network.operations;
  const text = (
    <>
      <p>{verdict?.text ?? "Checking the gradients against central differences…"}</p>
      <p>
        {forward} operations forward, {backward} backward ({ratio.toFixed(1)} × forward, both together).
      </p>
    </>
  );
  return (
    <Figure id="train-code" title="Generated code" tools={tools} text={text} wide>
      <pre class="train-code" tabIndex={0} role="region" aria-label={`Generated code, ${part}`}>
        <code>
          {partOf(verdict?.code ?? network.code, network, part).map((line, index) => (
            <CodeLine key={index} line={line} />
          ))}
        </code>
      </pre>
    </Figure>
  );
}

function CodeLine({ line }: { readonly line: string }) {
  return (
    <>
      {tokensOf(line).map(({ kind, text }, at) =>
        kind === "plain" ? (
          text
        ) : (
          <span key={at} class={`token-${kind}`}>
            {text}
          </span>
        ),
      )}
      {"\n"}
    </>
  );
}

function partOf(code: string, { name }: NetworkFacts, part: Part): readonly string[] {
  const lines = code.trimEnd().split("\n");
  if (part === "whole file") return lines;
  const excerpt = functionLines(lines, name + part[0]!.toUpperCase() + part.slice(1));
  return lines.slice(excerpt.first, excerpt.last + 1);
}
