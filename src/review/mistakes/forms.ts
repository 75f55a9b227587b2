// What local gradients are made of: u, 1 - u, 1/u and so on of every variable.

import type { Quantity } from "../case.ts";
import type { PerPoint } from "../per-point.ts";

export interface Form {
  readonly text: string;
  readonly of: string;
  readonly values: PerPoint;
}

/** What local gradients are made of. */
export function formsOf({ text, values }: Quantity): Form[] {
  return FORMS.map(({ write, apply }) => ({
    text: write(text),
    of: text,
    values: values.map((each) => each && each.map(apply)),
  }));
}

const FORMS: readonly {
  readonly write: (name: string) => string;
  readonly apply: (value: number) => number;
}[] = [
  { write: (u) => u, apply: (u) => u },
  { write: (u) => `1 - ${u}`, apply: (u) => 1 - u },
  { write: (u) => `1 / ${u}`, apply: (u) => 1 / u },
  { write: (u) => `2 * ${u}`, apply: (u) => 2 * u },
  { write: (u) => `${u} ** 2`, apply: (u) => u * u },
  { write: (u) => `3 * ${u}`, apply: (u) => 3 * u },
  { write: (u) => `${u} * (1 - ${u})`, apply: (u) => u * (1 - u) },
  { write: (u) => `1 - ${u} ** 2`, apply: (u) => 1 - u * u },
];
