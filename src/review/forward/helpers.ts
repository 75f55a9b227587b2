// Functions of the user's own that have a well-known name: whether they are what they are called. Runs them at a few numbers.

import type { UserText } from "../parse.ts";
import type { Runner } from "../types.ts";
import { agree } from "../vectors.ts";

const KNOWN: readonly { readonly name: RegExp; readonly apply: (z: number) => number }[] = [
  { name: /^(sig|sigma|sigmoid|logistic)$/i, apply: (z) => 1 / (1 + Math.exp(-z)) },
  { name: /^relu$/i, apply: (z) => Math.max(0, z) },
  { name: /^softplus$/i, apply: (z) => Math.log(1 + Math.exp(z)) },
  { name: /^(square|sq|sqr)$/i, apply: (z) => z * z },
];

const NUMBERS = [-1.5, -0.4, 0.3, 2];

/** Names of those that give other numbers; what does not run alone, or takes no number, is not judged. */
export function wrongHelpers({ javascript }: UserText, names: Iterable<string>, runner: Runner): Set<string> {
  const wrong = new Set<string>();
  for (const name of names) {
    const known = KNOWN.find((each) => each.name.test(name));
    if (known === undefined) continue;
    const values = tryNumbers(`function () { "use strict"; ${javascript}\nreturn ${name}; }`, runner);
    if (values !== undefined && !agree(values, NUMBERS.map(known.apply))) wrong.add(name);
  }
  return wrong;
}

function tryNumbers(expression: string, runner: Runner): number[] | undefined {
  try {
    const helper = (runner(expression) as () => (z: number) => unknown)(); // a function that returns a function, as the text says
    const values = NUMBERS.map((z) => helper(z));
    return values.every((value) => typeof value === "number") ? values : undefined;
  } catch {
    return undefined; // a script that needs its inputs, a function of arrays
  }
}
