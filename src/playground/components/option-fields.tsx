// How the function is compiled: style, mode, precision, and which function where the source has several.

import type { Mode, Style } from "../../emit/typescript/signature.ts";
import type { Options } from "../protocol.ts";
import type { Playground } from "../state/playground.ts";

const STYLES: Readonly<Record<Style, string>> = {
  staged: "staged, line by line",
  tidy: "tidy, for a repository",
  fast: "fast, into an array",
};
const MODES: Readonly<Record<Mode, string>> = {
  grad: "gradient",
  jvp: "directional derivative",
  jacobian: "Jacobian",
  hessian: "Hessian",
  hvp: "Hessian-vector product",
};
const PRECISIONS: Readonly<Record<Options["precision"], string>> = { f64: "double", f32: "single" };

export function OptionFields({ playground: { choices, answers } }: { readonly playground: Playground }) {
  const options = choices.options.value;
  const compiled = answers.compiled.value;
  const change = (changed: Partial<Options>): void => {
    choices.options.value = { ...options, ...changed };
  };
  const isTensor = compiled?.inputs.some(({ shape }) => shape.length > 0) === true;
  return (
    <div class="options">
      <Choice label="Style" names={STYLES} value={options.style} onChange={(style) => change({ style })} />
      <Choice label="Mode" names={MODES} value={options.mode} onChange={(mode) => change({ mode })} />
      {(isTensor || options.precision === "f32") && (
        <Choice label="Precision" names={PRECISIONS} value={options.precision} onChange={(precision) => change({ precision })} />
      )}
      {compiled !== undefined && compiled.functions.length > 1 && (
        <Choice
          label="Function"
          names={Object.fromEntries(compiled.functions.map((name, at) => [String(at), name]))}
          value={String(compiled.index)}
          onChange={(at) => (choices.index.value = Number(at))}
        />
      )}
    </div>
  );
}

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly names: Readonly<Record<Name, string>>;
  readonly value: Name;
  readonly onChange: (name: Name) => void;
}

function Choice<Name extends string>({ label, names, value, onChange }: ChoiceProps<Name>) {
  const known = Object.keys(names) as Name[]; // of a record over Name
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(known[event.currentTarget.selectedIndex]!)}>
        {known.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
