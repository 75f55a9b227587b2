// Values for the inputs: sliders and fields for numbers, small tables for tensors, sizes for what the source leaves open.

import type { InputField, Point } from "../protocol.ts";
import type { Playground } from "../state/playground.ts";
import { ScalarInput } from "./scalar-input.tsx";
import { TensorInput } from "./tensor-input.tsx";

export function InputsPane({ playground }: { readonly playground: Playground }) {
  const { choices, answers } = playground;
  const compiled = answers.compiled.value;
  const numbers = answers.numbers.value;
  if (compiled === undefined || numbers === undefined) return null;
  const set = (name: string, value: Point[string]): void => {
    choices.point.value = { ...choices.point.value, [name]: value };
  };
  const turn = (name: string, value: Point[string]): void => {
    choices.direction.value = { ...choices.direction.value, [name]: value };
  };
  const directed = compiled.inputs.filter(({ name }) => Object.hasOwn(numbers.direction, name));
  return (
    <section class="pane inputs-pane" aria-labelledby="inputs-title">
      <div class="pane-head">
        <h2 id="inputs-title">Inputs</h2>
      </div>
      {Object.entries(numbers.sizes).map(([name, size]) => (
        <SizeInput key={name} playground={playground} name={name} size={size} />
      ))}
      {compiled.inputs.map((field) => (
        <Input key={field.name} field={field} value={numbers.point[field.name]} sizes={numbers.sizes} onChange={set} />
      ))}
      {directed.length > 0 && (
        <div role="group" aria-labelledby="direction-title">
          <h3 id="direction-title">Direction</h3>
          {directed.map((field) => (
            <Input
              key={field.name}
              field={componentOf(field)}
              value={numbers.direction[field.name]}
              sizes={numbers.sizes}
              onChange={(_, value) => turn(field.name, value)}
            />
          ))}
        </div>
      )}
      {numbers.problem !== undefined && (
        <p role="alert" class="diagnostic error">
          {numbers.problem}
        </p>
      )}
    </section>
  );
}

/** The field of a direction's component: any number will do. */
function componentOf(field: InputField): InputField {
  return {
    ...field,
    name: `along ${field.name}`,
    role: "param",
    dtype: "real",
    domain: undefined,
    below: undefined,
    sample: undefined,
  };
}

interface InputProps {
  readonly field: InputField;
  readonly value: Point[string] | undefined;
  readonly sizes: Readonly<Record<string, number>>;
  readonly onChange: (name: string, value: Point[string]) => void;
}

function Input({ field, value, sizes, onChange }: InputProps) {
  const change = (next: Point[string]): void => onChange(field.name, next);
  if (typeof value === "number") return <ScalarInput field={field} value={value} onChange={change} />;
  return value === undefined ? null : <TensorInput field={field} values={value} sizes={sizes} onChange={change} />;
}

function SizeInput({
  playground,
  name,
  size,
}: {
  readonly playground: Playground;
  readonly name: string;
  readonly size: number;
}) {
  const { sizes } = playground.choices;
  return (
    <label class="size-input">
      size <code>{name}</code>
      <input
        type="number"
        min={1}
        max={64}
        step={1}
        value={size}
        onInput={(event) => {
          const { valueAsNumber } = event.currentTarget;
          if (Number.isInteger(valueAsNumber)) sizes.value = { ...sizes.value, [name]: valueAsNumber };
        }}
      />
    </label>
  );
}
