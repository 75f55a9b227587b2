// A labelled field for a number between bounds. What is not such a number is not passed on, and marked.

import { useState } from "preact/hooks";

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
  readonly step?: number;
  readonly onInput: (value: number) => void;
}

export function NumberField({ label, value, low, high, whole = false, step, onInput }: NumberFieldProps) {
  const [isWrong, setWrong] = useState(false);
  return (
    <label>
      {label}
      <input
        type="number"
        value={value}
        min={low}
        max={high}
        step={step ?? (whole ? 1 : "any")}
        inputMode="decimal"
        aria-invalid={isWrong || undefined}
        onChange={({ currentTarget: { valueAsNumber: next } }) => {
          const isGood = next >= low && next <= high && (!whole || Number.isInteger(next));
          setWrong(!isGood);
          if (isGood) onInput(next);
        }}
      />
      {isWrong && (
        <span class="train-wrong">
          from {low} to {high}
        </span>
      )}
    </label>
  );
}
