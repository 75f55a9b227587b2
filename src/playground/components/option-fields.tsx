// How the function is compiled: style, mode, precision, and which function where the source has several.

import type { Mode, Style } from "../../emit/typescript/signature.ts";
import type { Compiled, Gates, Options, SourceKind, Ties } from "../protocol.ts";
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
const GATES: Readonly<Record<Gates, string>> = { joined: "a line as a person writes it", each: "every operation by itself" };
const TIES: Readonly<Record<Ties, string>> = { each: "whole to each side", split: "split between them" };
const KINDS: Readonly<Record<SourceKind, string>> = { network: "a network spec", expression: "a math expression" };
/** What a network can be written in. */
const NETWORK_STYLES = { staged: STYLES.staged, tidy: STYLES.tidy };

export function OptionFields({ playground: { choices, answers } }: { readonly playground: Playground }) {
  const options = choices.options.value;
  const compiled = answers.compiled.value;
  const isNetwork = options.kind === "network";
  const change = (changed: Partial<Options>): void => {
    choices.options.value = { ...options, ...changed };
  };
  const isTensor = compiled?.inputs.some(({ shape }) => shape.length > 0) === true;
  return (
    <div class="options">
      {isNetwork && <Choice label="Source is" names={KINDS} value={options.kind} onChange={(kind) => change({ kind })} />}
      {isNetwork ? (
        <Choice
          label="Style"
          names={NETWORK_STYLES}
          value={options.style === "fast" ? "tidy" : options.style}
          onChange={(style) => change({ style })}
        />
      ) : (
        <>
          <Choice label="Style" names={STYLES} value={options.style} onChange={(style) => change({ style })} />
          <Choice label="Mode" names={MODES} value={options.mode} onChange={(mode) => change({ mode })} />
          <Choice label="Stages" names={GATES} value={options.gates} onChange={(gates) => change({ gates })} />
        </>
      )}
      {(isTensor || options.precision === "f32") && (
        <Choice label="Precision" names={PRECISIONS} value={options.precision} onChange={(precision) => change({ precision })} />
      )}
      {(hasTies(compiled) || options.ties === "split") && (
        <Choice label="Gradient at a tie" names={TIES} value={options.ties} onChange={(ties) => change({ ties })} />
      )}
      {compiled !== undefined && compiled.functions.length > 1 && (
        <Choice
          label="Function"
          names={Object.fromEntries(compiled.functions.map((name, at) => [String(at), name]))}
          value={String(compiled.index)}
          onChange={(at) => (choices.index.value = Number(at))}
        />
      )}
      {compiled !== undefined && !isNetwork && (
        <WrtFields compiled={compiled} asked={options.wrt} onChange={(wrt) => change({ wrt })} />
      )}
    </div>
  );
}

/** Whether the function has gates that choose one of their inputs. */
function hasTies(compiled: Compiled | undefined): boolean {
  return compiled?.lesson?.stages.some(({ op }) => /max|min/i.test(op)) === true;
}

interface WrtFieldsProps {
  readonly compiled: Compiled;
  readonly asked: Options["wrt"];
  readonly onChange: (wrt: readonly string[]) => void;
}

/** Which inputs to differentiate by; at least one. */
function WrtFields({ compiled: { inputs, wrt: answered, functions, index }, asked, onChange }: WrtFieldsProps) {
  const fields = inputs.filter(({ dtype, role }) => dtype === "real" && role !== "const");
  if (fields.length < 2 || index < functions.length - 1) return null; // functions before the last one only serve it
  const known = asked?.filter((name) => fields.some((field) => field.name === name)) ?? [];
  const wrt = known.length > 0 ? known : answered; // what was asked for shows at once, before the answer comes
  const toggle = (name: string, isChosen: boolean): void =>
    onChange(fields.map((field) => field.name).filter((other) => (other === name ? isChosen : wrt.includes(other))));
  return (
    <fieldset class="wrt">
      <legend>Differentiate by</legend>
      {fields.map(({ name }) => (
        <label key={name} class="inline">
          <input
            type="checkbox"
            checked={wrt.includes(name)}
            disabled={wrt.length === 1 && wrt.includes(name)}
            onChange={(event) => toggle(name, event.currentTarget.checked)}
          />{" "}
          <code>{name}</code>
        </label>
      ))}
    </fieldset>
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
