// What reductions and softmaxes mean: functions of one line of numbers.

import { mapLines, reduceLines, type Evaluate } from "./indices.ts";

type Line = Float64Array;

export const sum: Evaluate = ([x], attrs) => reduceLines(x!, attrs, total);

export const reduceMax: Evaluate = ([x], attrs) => reduceLines(x!, attrs, largest);

export const reduceMin: Evaluate = ([x], attrs) => reduceLines(x!, attrs, (line) => -largest(line.map((value) => -value)));

export const prod: Evaluate = ([x], attrs) => reduceLines(x!, attrs, product);

export const otherProduct: Evaluate = ([x], attrs) =>
  mapLines(x!, attrs, (line) => line.map((_, i) => product(line.filter((_, other) => other !== i))));

export const norm: Evaluate = ([x], attrs) => reduceLines(x!, attrs, (line) => Math.hypot(...line));

export const logSumExp: Evaluate = ([x], attrs) => reduceLines(x!, attrs, logSumExpOf);

export const softmax: Evaluate = ([x], attrs) => mapLines(x!, attrs, softmaxOf);

export const softmaxBackward: Evaluate = ([d, p], attrs) =>
  mapLines(
    d!,
    attrs,
    (adjoints, probabilities) => {
      const mean = total(adjoints.map((adjoint, i) => adjoint * probabilities![i]!));
      return probabilities!.map((probability, i) => probability * (adjoints[i]! - mean));
    },
    p!,
  );

export const logSoftmax: Evaluate = ([x], attrs) =>
  mapLines(x!, attrs, (line) => {
    const all = logSumExpOf(line);
    return line.map((value) => value - all);
  });

export const logSoftmaxBackward: Evaluate = ([d, l], attrs) =>
  mapLines(
    d!,
    attrs,
    (adjoints, logarithms) => {
      const all = total(adjoints);
      return adjoints.map((adjoint, i) => adjoint - Math.exp(logarithms![i]!) * all);
    },
    l!,
  );

export function total(line: Line): number {
  return line.reduce((sum, value) => sum + value, 0);
}

/** Shifted by the largest, so that nothing overflows. */
export function logSumExpOf(line: Line): number {
  const shift = largest(line);
  if (!Number.isFinite(shift)) return shift;
  return shift + Math.log(total(line.map((value) => Math.exp(value - shift))));
}

export function softmaxOf(line: Line): Line {
  const shift = largest(line);
  const exponentials = line.map((value) => Math.exp(value - shift));
  const all = total(exponentials);
  return exponentials.map((value) => value / all);
}

/** NaN where there is one. */
function largest(line: Line): number {
  return line.reduce((most, value) => Math.max(most, value), -Infinity);
}

function product(line: Line): number {
  return line.reduce((result, value) => result * value, 1);
}
