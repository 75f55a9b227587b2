// How much gradient arrives at each layer, and what that means in words.

import type { ParameterFacts } from "./messages.ts";

export type Arrays = Readonly<Record<string, Float64Array>>;

/** Of one layer: its weights, or all its parameters where none are weights. */
export interface LayerFlow {
  readonly layer: string;
  /** Names of the arrays that were measured: `W1`. */
  readonly arrays: readonly string[];
  /** Mean and largest absolute gradient, and Euclidean norm. */
  readonly mean: number;
  readonly max: number;
  readonly norm: number;
  /** Euclidean norm of the parameters themselves. */
  readonly parameterNorm: number;
}

/** Layers in the order of the spec. */
export function gradientFlow(parameters: readonly ParameterFacts[], gradients: Arrays, values: Arrays): LayerFlow[] {
  const layers = [...new Set(parameters.map(({ layer }) => layer))];
  return layers.map((layer) => {
    const own = parameters.filter((parameter) => parameter.layer === layer);
    const weights = own.filter(({ isWeight }) => isWeight);
    const arrays = (weights.length > 0 ? weights : own).map(({ name }) => name);
    return {
      layer,
      arrays,
      ...magnitudes(arrays.map((name) => gradients[name]!)),
      parameterNorm: magnitudes(arrays.map((name) => values[name]!)).norm,
    };
  });
}

function magnitudes(arrays: readonly Float64Array[]): { mean: number; max: number; norm: number } {
  let sum = 0;
  let squares = 0;
  let max = 0;
  let count = 0;
  for (const array of arrays) {
    for (const value of array) {
      sum += Math.abs(value);
      squares += value * value;
      // Not Math.max alone: what is not a number must show.
      max = Number.isNaN(value) ? NaN : Math.max(max, Math.abs(value));
    }
    count += array.length;
  }
  return { mean: sum / Math.max(1, count), max, norm: Math.sqrt(squares) };
}

/** Mean absolute gradient of the first layer over that of the last; undefined for fewer than two layers or a last one without gradient. */
export function flowRatio(flow: readonly LayerFlow[]): number | undefined {
  const first = flow[0];
  const last = flow.at(-1);
  if (first === undefined || last === undefined || flow.length < 2 || last.mean === 0) return undefined;
  return first.mean / last.mean;
}

/** A network whose last layer gets this share of what it got at the start has come to a flat place, where ratios mean little. */
const HARDLY_ANY = 1e-3;

/** One sentence or two on the way of the gradient from the last layer to the first; `start` is the flow before the first step. */
export function describeFlow(flow: readonly LayerFlow[], start?: readonly LayerFlow[]): string {
  if (flow.some(({ mean }) => !Number.isFinite(mean))) return "The gradient is no longer a finite number.";
  const first = flow[0];
  const last = flow.at(-1);
  if (first === undefined || last === undefined) return "The network has no parameters.";
  const ratio = flowRatio(flow);
  if (ratio === undefined) {
    return last.mean === 0
      ? "No gradient arrives."
      : `The mean absolute gradient of ${first.layer}, the only layer, is ${small(first.mean)}.`;
  }
  const before = start && flowRatio(start);
  if (before !== undefined && flow.every(({ mean }) => mean < HARDLY_ANY * start!.at(-1)!.mean)) {
    const then = `Before the first step, ${first.layer} (first) got ${times(before)} the mean absolute gradient of ${last.layer} (last): ${verdict(before)}.`;
    return `${then} By now hardly any is left in any layer: the loss is flat here.`;
  }
  const measured = `The mean absolute gradient of ${first.layer} (first) is ${times(ratio)} that of ${last.layer} (last)`;
  return `${measured}: ${verdict(ratio)}.`;
}

function verdict(ratio: number): string {
  if (ratio === 0) return "nothing arrives at the first layer, which cannot learn";
  if (ratio < 1e-3) return "it vanishes on its way back, and the first layers hardly learn";
  if (ratio < 0.1) return "it shrinks on its way back";
  if (ratio <= 10) return "it arrives whole";
  return ratio <= 1e3 ? "it grows on its way back" : "it explodes on its way back";
}

function times(ratio: number): string {
  return ratio >= 0.01 && ratio < 1000 ? `${Number(ratio.toPrecision(2))} times` : `${small(ratio)} times`;
}

/** `3.1e-8`, `0.021`. */
export function small(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
