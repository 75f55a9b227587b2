// A number: a slider for the hand, a field for what a slider cannot hit.

import { useRef } from "preact/hooks";
import type { InputField } from "../protocol.ts";

export interface ScalarInputProps {
  readonly field: InputField;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function ScalarInput({ field, value, onChange }: ScalarInputProps) {
  const [low, high] = useRange(field, value);
  const step = stepOf(high - low);
  const id = `input-${field.name.replace(" ", "-")}`;
  return (
    <div class="scalar-input">
      <label for={id}>
        <code>{field.name}</code>
        {field.role !== "param" && <span class="role">{field.role === "const" ? "constant" : "data"}</span>}
      </label>
      <input
        type="range"
        aria-label={`${field.name}, slider`}
        min={low}
        max={high}
        step={step}
        value={value}
        onInput={(event) => onChange(tidied(event.currentTarget.valueAsNumber, step))}
      />
      <input
        id={id}
        type="number"
        step="any"
        value={value}
        onInput={(event) => {
          const { valueAsNumber } = event.currentTarget;
          if (Number.isFinite(valueAsNumber)) onChange(valueAsNumber);
        }}
        onBlur={(event) => (event.currentTarget.value = String(value))}
      />
    </div>
  );
}

/** The declared domain; else a range around the first value, which grows when a value leaves it and never shrinks under the hand. */
function useRange({ name, domain }: InputField, value: number): readonly [number, number] {
  const range = useRef<{ readonly name: string; readonly reach: number }>({ name, reach: 0 });
  if (domain !== undefined) return domain;
  const needed = roundedUp(Math.max(5, Math.abs(value)));
  if (range.current.name !== name || needed > range.current.reach) range.current = { name, reach: needed };
  return [-range.current.reach, range.current.reach];
}

/** 5, 10, 20, 50, 100, ... */
function roundedUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= size) ?? size;
}

/** About four hundred steps, of a round length. */
function stepOf(width: number): number {
  return 10 ** Math.floor(Math.log10(width / 100));
}

/** Without the digits that adding up steps leaves behind. */
function tidied(value: number, step: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  return Number(value.toFixed(Math.min(digits, 12)));
}
