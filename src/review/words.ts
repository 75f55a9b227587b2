// Numbers, points and lines in words.

import type { Span } from "../core/span.ts";
import { applyEdits } from "./attempt.ts";
import type { Edit } from "./case.ts";
import type { SetSite } from "./sites.ts";
import { endOf, lineAt, startOf } from "./syntax.ts";
import type { Trial } from "./trial.ts";
import type { TruthPoint } from "./truth.ts";
import { largest } from "./vectors.ts";

const MOST_SHOWN = 8;

/** Inside a loop what counts is what has come together when it is done: lines of one round are not judged one by one. */
export function afterWords({ loop }: SetSite, text: string): string {
  if (loop === undefined) return " after this line";
  const [first, last] = [lineAt(text, startOf(loop)), lineAt(text, endOf(loop))];
  return first === last ? " after this line" : ` after the loop of lines ${first} to ${last}`;
}

export function difference(
  name: string,
  got: readonly number[],
  expected: readonly number[],
  shape: readonly number[] | undefined,
  when = "",
): string {
  if (got.length === 0)
    return `${name} is no number${when}, and should be ${expected.length === 1 ? show(expected[0]) : `${expected.length} numbers`}`;
  if (got.length !== expected.length)
    return `${name} has ${elements(got.length)}${when}, and should have ${elements(expected.length)}${shape && shape.length > 1 ? ` (${shape.join(" x ")})` : ""}`;
  if (expected.length === 1) return `${name} is ${show(got[0])}${when}, and should be ${show(expected[0])}`;
  const off = expected.map((value, index) => (Number.isNaN(got[index]) ? Infinity : Math.abs(value - got[index]!)));
  const most = off.indexOf(largest(off));
  return `${name}${place(most, shape)} is ${show(got[most])}${when}, and should be ${show(expected[most])}`;
}

/** `x = 3, y = -4`; of tensors the sizes. */
export function describePoint(
  { inputs, sizes }: TruthPoint,
  { names, seed }: Pick<Trial, "names" | "seed">,
  otherwise = "the first point",
): string {
  const numbers = [...inputs].filter(([, { shape }]) => shape.length === 0);
  const shown = numbers
    .slice(0, MOST_SHOWN)
    .map(([name, { data }]) => `${names.parameters.get(name) ?? name} = ${show(data[0])}`);
  const more = numbers.length > MOST_SHOWN ? ["..."] : [];
  const dims = [...sizes].map(([name, size]) => `${name} = ${size}`);
  const arriving = seed === 1 ? [] : [`d${names.truth.valueName} = ${seed}`];
  return [...shown, ...more, ...dims, ...arriving].join(", ") || otherwise;
}

export function show(value: number | undefined): string {
  return value === undefined ? "nothing" : String(Number(value.toPrecision(5)));
}

/** The line with the edits made. */
export function answerLine(text: string, place: Span, edits: readonly Edit[]): string {
  const start = text.lastIndexOf("\n", place.start) + 1;
  const edited = applyEdits(text, edits);
  const grown = edited.length - text.length;
  const found = text.indexOf("\n", place.end);
  const end = (found < 0 ? text.length : found) + grown;
  return edited.slice(start, end).trim();
}

function elements(count: number): string {
  return count === 1 ? "1 element" : `${count} elements`;
}

/** `[1][2]` where the shape is known, else the place in the flat list. */
function place(index: number, shape: readonly number[] | undefined): string {
  if (shape === undefined || shape.length < 2) return `[${index}]`;
  let rest = index;
  const places = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return places
    .toReversed()
    .map((at) => `[${at}]`)
    .join("");
}
