// The mistakes of forward passes that show in the numbers: each entry says what turns what a line gives into what it should give, at every point.

import type { Quantity } from "../case.ts";
import type { Explained, MistakeName } from "../mistakes/types.ts";
import { isTransposeOf } from "../mistakes/matrices.ts";
import { agreeEverywhere, close, factorBetween, isNothing, isProduct, negate, type PerPoint } from "../per-point.ts";
import { scale, subtract } from "../vectors.ts";

export interface Numbers {
  readonly got: PerPoint;
  readonly wanted: PerPoint;
  /** Inputs and variables set before, then sizes. */
  readonly quantities: readonly Quantity[];
}

type Entry = (numbers: Numbers) => (Explained & { readonly name: MistakeName }) | undefined;

const ENTRIES: readonly Entry[] = [
  sign,
  turned,
  missingFunction,
  bounded,
  extraFunction,
  transposed,
  mean,
  term,
  constant,
  offset,
  factor,
];

/** The first entry that explains the numbers. */
export function explainNumbers(numbers: Numbers): ReturnType<Entry> {
  for (const entry of ENTRIES) {
    const found = entry(numbers);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sign({ got, wanted }: Numbers): ReturnType<Entry> {
  if (isNothing(wanted) || !agreeEverywhere(got, negate(wanted))) return undefined;
  return {
    name: "sign",
    explanation: "the sign is turned round",
    nudge: "Is a minus of the source missing here, or one too many?",
  };
}

function turned({ got, wanted }: Numbers): ReturnType<Entry> {
  const nudge =
    "Compare this line with the source from left to right: what stands above the fraction line, what after the minus?";
  if (
    agreeEverywhere(
      mapAll(got, (value) => 1 - value),
      wanted,
    )
  )
    return { name: "wrong-operator", explanation: "this is 1 minus what it should be", nudge };
  if (
    agreeEverywhere(
      mapAll(got, (value) => 1 / value),
      wanted,
    )
  )
    return { name: "wrong-operator", explanation: "this is 1 divided by what it should be", nudge };
  return undefined;
}

const FUNCTIONS: readonly { readonly words: string; readonly apply: (value: number) => number }[] = [
  { words: "exp", apply: Math.exp },
  { words: "the logarithm", apply: Math.log },
  { words: "the sigmoid", apply: (z) => 1 / (1 + Math.exp(-z)) },
  { words: "tanh", apply: Math.tanh },
  { words: "relu", apply: (z) => Math.max(0, z) },
  { words: "the square", apply: (z) => z * z },
  { words: "the square root", apply: Math.sqrt },
  { words: "the sine", apply: Math.sin },
  { words: "the cosine", apply: Math.cos },
  { words: "the absolute value", apply: Math.abs },
];

function missingFunction({ got, wanted }: Numbers): ReturnType<Entry> {
  const found = FUNCTIONS.find(({ apply }) => agreeEverywhere(mapAll(got, apply), wanted));
  return (
    found && {
      name: "missing-function",
      explanation: `${found.words} is not taken yet: this is what goes into it`,
      nudge: "Which function of the source has no call here?",
    }
  );
}

/** The right value wherever it is not held at a bound. */
function bounded({ got, wanted }: Numbers): ReturnType<Entry> {
  const pairs = wanted.flatMap((each, point) => (each ?? []).map((right, index) => [got[point]?.[index] ?? NaN, right] as const));
  const off = pairs.filter(([own, right]) => !close(own, right));
  const bounds = [...new Set(off.map(([, right]) => right))].sort((a, b) => a - b);
  if (bounds.length === 0 || bounds.length > 2 || off.length === pairs.length) return undefined;
  const isBeyond = (bound: number): boolean => {
    const beyond = off.filter(([, right]) => right === bound).map(([own]) => own > bound);
    return (
      beyond.length > 1 &&
      beyond.every((each) => each === beyond[0]) &&
      pairs.every(([own, right]) => right === bound || own > bound !== beyond[0])
    );
  };
  if (!bounds.every(isBeyond)) return undefined;
  return {
    name: "missing-function",
    explanation: `the value is not cut off: the source holds it at ${bounds.join(" and at ")}`,
    nudge: "Which max, min or condition of the source has no counterpart here?",
  };
}

function extraFunction({ got, wanted }: Numbers): ReturnType<Entry> {
  const found = FUNCTIONS.find(({ apply }) => agreeEverywhere(got, mapAll(wanted, apply)));
  return (
    found && {
      name: "extra-function",
      explanation: `${found.words} is taken here, and the source does not take it`,
      nudge: "Does the source go through this function at this place?",
    }
  );
}

function mapAll(values: PerPoint, apply: (value: number) => number): PerPoint {
  const mapped = values.map((each) => each && each.map(apply));
  return mapped.every((each) => each === undefined || each.every(Number.isFinite)) ? mapped : [];
}

function transposed({ got, wanted }: Numbers): ReturnType<Entry> {
  if (!isTransposeOf(got, wanted)) return undefined;
  return {
    name: "transposed",
    explanation: "rows and columns are exchanged: this is the transpose",
    nudge: "Write the shapes beside the matrices: which product has the shape that the next line needs?",
  };
}

function mean({ got, wanted, quantities }: Numbers): ReturnType<Entry> {
  const factors = factorBetween(wanted, got);
  if (factors === undefined) return undefined;
  for (const { text, values } of quantities.filter(({ kind }) => kind === "size")) {
    const isFactor = (take: (size: number) => number): boolean =>
      factors.every((each, point) => each === undefined || close(each[0]!, take(values[point]![0]!)));
    if (isFactor((size) => 1 / size))
      return {
        name: "missing-mean",
        explanation: `the 1/${text} of the mean is missing: this is ${text} times too large`,
        nudge: "Is this a sum or a mean in the source?",
      };
    if (isFactor((size) => size))
      return {
        name: "divided-twice",
        explanation: `this is divided by ${text} once too often`,
        nudge: "Is this a sum or a mean in the source?",
      };
  }
  return undefined;
}

/** Something that is to be added as well, or is added and should not be. */
function term({ got, wanted, quantities }: Numbers): ReturnType<Entry> {
  const lacking = wanted.map((each, point) =>
    each && got[point]?.length === each.length ? subtract(each, got[point]) : undefined,
  );
  if (isNothing(lacking) || lacking.some((each, point) => each === undefined && got[point] !== undefined)) return undefined;
  const terms = termsOf(quantities.filter(({ kind }) => kind !== "size"));
  const nudge = "Count the terms of the sum in the source and on this line.";
  for (const { text, values, isBias } of terms.map((each) => spreadOver(each, lacking))) {
    const isAdded = agreeEverywhere(lacking, values);
    if ((isAdded || agreeEverywhere(lacking, negate(values))) && !isNothing(values))
      return isBias
        ? { name: "missing-bias", explanation: `the bias ${text} is not added`, nudge }
        : { name: "missing-term", explanation: `the term ${isAdded ? "" : "-"}${text} is missing`, nudge };
  }
  return undefined;
}

interface Term {
  readonly text: string;
  readonly values: PerPoint;
}

const MOST_FACTORS = 12;

/** Every quantity, and the products of two numbers. */
function termsOf(quantities: readonly Quantity[]): Term[] {
  const numbers = quantities.filter(({ values }) => values.every((each) => each?.length === 1)).slice(0, MOST_FACTORS);
  const products = numbers.flatMap((a, index) =>
    numbers.slice(index).map((b): Term => ({
      text: `${a.text} * ${b.text}`,
      values: a.values.map((each, point) => scale(each!, b.values[point]![0]!)),
    })),
  );
  return [...quantities, ...products];
}

/** A shorter list at every row, as a bias is added. */
function spreadOver({ text, values }: Term, like: PerPoint): Term & { readonly isBias: boolean } {
  const isShorter = values.some((each, point) => {
    const wide = like[point]?.length ?? 0;
    return each !== undefined && each.length > 0 && each.length < wide && wide % each.length === 0;
  });
  const spread = values.map((each, point) => each && like[point]?.map((_, index) => each[index % each.length]!));
  return { text, values: isShorter ? spread : values, isBias: isShorter || /^(b\d*|bias\d*)$/.test(text) };
}

function constant({ got, wanted }: Numbers): ReturnType<Entry> {
  const values = (factorBetween(wanted, got) ?? []).flatMap((each) => each?.[0] ?? []);
  const [first] = values;
  if (first === undefined || values.length < 2 || close(first, 1) || !values.every((value) => close(value, first)))
    return undefined;
  return {
    name: "constant-factor",
    explanation: `a factor ${Number(first.toPrecision(4))} is missing`,
    nudge: "Does the source multiply or divide by a number here?",
  };
}

function offset({ got, wanted }: Numbers): ReturnType<Entry> {
  const differences = wanted.flatMap((each, point) => {
    const own = got[point];
    return each === undefined || own === undefined ? [] : each.length === own.length ? subtract(each, own) : [NaN];
  });
  const [first] = differences;
  if (first === undefined || differences.length < 2 || !differences.every((value) => Math.abs(value - first) < 1e-9))
    return undefined;
  const shown = Number(Math.abs(first).toPrecision(4));
  return {
    name: "constant-term",
    explanation: first > 0 ? `${shown} is to be added` : `${shown} is to be taken away`,
    nudge: "Does the source add a number here?",
  };
}

function factor({ got, wanted, quantities }: Numbers): ReturnType<Entry> {
  const nudge = "Count the factors in the source and on this line.";
  for (const { text, values, kind } of quantities) {
    if (kind === "size") continue;
    if (isProduct(got, values, wanted)) return { name: "missing-factor", explanation: `the factor ${text} is missing`, nudge };
    if (isProduct(wanted, values, got)) return { name: "extra-factor", explanation: `the factor ${text} is one too many`, nudge };
  }
  return undefined;
}
