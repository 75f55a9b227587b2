// Hands running functions over tensors to the checker.

import type { Mode } from "../emit/typescript/signature.ts";
import type { SourceFunction } from "../frontends/source.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { verifyTensors } from "../verify/tensor-check.ts";
import type { EmittedTensors, TensorVerifySpec } from "../verify/tensor-verification.ts";
import type { Verification } from "../verify/verification.ts";
import type { Exports } from "./load.ts";
import { fromResult, toArgument } from "./tensors.ts";
import type { Precision } from "./precision.ts";
import type { CompiledFunction } from "./types.ts";

export interface TensorVerifyRequest {
  readonly source: SourceFunction;
  readonly fn: CompiledFunction;
  readonly wrt: readonly number[];
  readonly mode: Mode;
  readonly exports: Exports;
  readonly seed: number | undefined;
  readonly precision?: Precision;
}

type Call = (...args: unknown[]) => unknown;

export function verifyTensorFunction(request: TensorVerifyRequest): Verification {
  return verifyTensors(functionSpec(request));
}

/** What a function over tensors is checked by. */
export function functionSpec(request: TensorVerifyRequest): TensorVerifySpec {
  const { source, wrt, seed } = request;
  return {
    name: source.name,
    inputs: source.inputs,
    wrt,
    outputs: source.outputs,
    emitted: emittedTensors(request),
    ...(seed !== undefined && { seed }),
  };
}

function emittedTensors({ source, fn, wrt, mode, exports, precision }: TensorVerifyRequest): EmittedTensors {
  const call = (role: string): Call => exports[fn.exports[role]!] as unknown as Call; // exports are untyped text until here
  const extra = (point: readonly Tensor[]): number[] => explicitSizes(fn, source, point);
  const args = (point: readonly Tensor[]): unknown[] => [
    ...source.inputs.map(({ node }, index) => toArgument(point[index]!, node.type, precision)),
    ...extra(point),
  ];
  const directed = (directions: readonly Tensor[]): unknown[] =>
    wrt.map((input, index) => toArgument(directions[index]!, source.inputs[input]!.node.type, precision));
  const value = (point: readonly Tensor[]): Tensor[] => [wrap(call("value")(...args(point)))];
  const derivative = call("derivative");
  const perInput = (point: readonly Tensor[], result: Record<string, unknown>, nameOf: (input: string) => string): Tensor[] =>
    wrt.map((input) => fromResult(result[nameOf(source.inputs[input]!.name)], point[input]!.shape));
  const gradientName = (input: string): string => fn.result.gradients[input]!;
  const forward = fn.exports["forward"] === undefined ? undefined : call("forward");
  const split: Pick<EmittedTensors, "backward"> = forward
    ? {
        backward: (point, seeds) => {
          const seed = toArgument(seeds[0]!, source.outputs[0]!.type, precision);
          const kept = forward(...args(point));
          return perInput(point, call("backward")(kept, seed) as Record<string, unknown>, (input) => `d${input}`);
        },
      }
    : {};
  switch (mode) {
    case "grad":
      if (fn.exports["grad"] === undefined) return { value, ...split };
      return {
        value,
        ...split,
        gradient: (point) => {
          const result = derivative(...args(point)) as Record<string, unknown>;
          return { value: [wrap(result[fn.result.value])], gradients: perInput(point, result, gradientName) };
        },
      };
    case "jvp":
      return {
        value,
        jvp: (point, directions) => {
          const result = derivative(...args(point), ...directed(directions)) as Record<string, unknown>;
          return { value: [wrap(result[fn.result.value])], tangents: [wrap(result[`v${fn.result.value}`])] };
        },
      };
    case "hvp":
      return {
        value,
        hvp: (point, directions) => {
          const result = derivative(...args(point), ...directed(directions)) as Record<string, unknown>;
          return {
            value: [wrap(result[fn.result.value])],
            gradients: perInput(point, result, gradientName),
            products: perInput(point, result, (input) => `h${input}`),
          };
        },
      };
    case "jacobian":
      return {
        value,
        ...split,
        jacobian: (point) => {
          const result = derivative(...args(point)) as Record<string, unknown>;
          return { value: [wrap(result[fn.result.value])], J: wrap(result["J"]) };
        },
      };
    case "hessian":
      return {
        value,
        hessian: (point) => {
          const result = derivative(...args(point)) as Record<string, unknown>;
          return {
            value: [wrap(result[fn.result.value])],
            gradients: perInput(point, result, gradientName),
            H: wrap(result["H"]),
          };
        },
      };
  }
}

/** A result whose shape the checker knows: a number, or its elements in order. */
function wrap(value: unknown): Tensor {
  return fromResult(value, typeof value === "number" ? [] : [(value as Float64Array).length]);
}

/** Sizes that no length tells are arguments of their own. */
function explicitSizes(fn: CompiledFunction, source: SourceFunction, point: readonly Tensor[]): number[] {
  return (fn.sizes ?? []).map((name) => {
    for (const [index, { node }] of source.inputs.entries()) {
      const axis = node.type.shape.indexOf(name);
      if (axis >= 0) return point[index]!.shape[axis]!;
    }
    throw new Error(`no input tells the size ${name}`);
  });
}
