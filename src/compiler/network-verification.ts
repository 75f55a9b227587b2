// Hands a running network module to the checker: training and prediction as plain calls over tensors.

import type { SourceNetwork } from "../frontends/network/source.ts";
import type { FunctionInput } from "../frontends/source.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { verifyTensors } from "../verify/tensor-check.ts";
import type { EmittedTensors, TensorVerifySpec } from "../verify/tensor-verification.ts";
import type { Failure, Verification } from "../verify/verification.ts";
import type { Exports } from "./load.ts";
import type { NetworkOutput } from "./network.ts";
import type { Precision } from "./precision.ts";
import { fromResult, toArgument, toReals } from "./tensors.ts";

export interface NetworkVerifyRequest {
  readonly network: SourceNetwork;
  readonly output: NetworkOutput;
  readonly exports: Exports;
  readonly seed: number | undefined;
  readonly precision?: Precision;
}

type Call = (...args: unknown[]) => never;
type Arrays = Readonly<Record<string, Float64Array>>;

/** Training first; what prediction and the training step add to the verdict is a wrong value. */
export function verifyNetwork(request: NetworkVerifyRequest): Verification {
  const spec = trainingSpec(request);
  let first: readonly Tensor[] | undefined;
  const value = (point: readonly Tensor[]): readonly Tensor[] => {
    first ??= point;
    return spec.emitted.value!(point);
  };
  const training = verifyTensors({ ...spec, emitted: { ...spec.emitted, value } });
  if (training.status === "failed") return training;
  const prediction = verifyPrediction(request);
  if (prediction.status === "failed") return prediction;
  const failure = first && request.network.trainer && failureOfStep(request, first);
  return failure === undefined ? training : { ...training, status: "failed", failures: [failure] };
}

/** A step returns the loss before it and leaves numbers behind. */
function failureOfStep(request: NetworkVerifyRequest, point: readonly Tensor[]): Failure | undefined {
  const { network, output, exports } = request;
  const call = (name: string): ((...args: unknown[]) => never) => exports[name] as unknown as Call; // as above
  const [params, ...data] = argumentsOf(request, point, network.inputs) as [Arrays, ...unknown[]];
  const state = network.states.length > 0 ? [data.shift()] : [];
  const before = (call(output.names.grad)(params, ...state, ...data) as { loss: number }).loss;
  const optimizer: unknown = call(output.names.optimizer)();
  const fail = (expected: number, got: number): Failure => ({
    what: "value",
    input: output.names.step,
    point: {},
    expected,
    got,
  });
  for (let calls = 1; calls <= network.trainer!.accumulate; calls++) {
    const loss = call(output.names.step)(params, ...state, optimizer, ...data) as number;
    if (!(Math.abs(loss - before) <= 1e-9 * Math.abs(before)) && network.states.length === 0) return fail(before, loss);
  }
  const isBroken = Object.values(params).some((array) => array.some(Number.isNaN));
  return isBroken ? fail(0, NaN) : undefined;
}

/** What training is checked by. */
export function trainingSpec(request: NetworkVerifyRequest): TensorVerifySpec {
  const { network, output, exports, seed, precision } = request;
  const { names, wrtInputs, result, resultName } = output;
  const inputs = [...parametersOf(network), ...statesOf(network), ...network.inputs];
  const wrt = inputs.flatMap((input, index) => (input.role === "param" || wrtInputs.includes(input) ? [index] : []));
  const forward = exports[names.forward] as unknown as Call; // exports are untyped text until here
  const backward = exports[names.backward] as unknown as Call;
  const shapesOf = (point: readonly Tensor[]): readonly (readonly number[])[] => wrt.map((index) => point[index]!.shape);
  const gradientsOf = (point: readonly Tensor[], gradients: Arrays): Tensor[] =>
    wrt.map((index, at) => fromResult(gradients[inputs[index]!.name], shapesOf(point)[at]!));
  const valueOf = (kept: Record<string, unknown>): Tensor[] => {
    const value = kept[resultName];
    return [fromResult(value, typeof value === "number" ? [] : [(value as Float64Array).length])];
  };
  const emitted: EmittedTensors = {
    value: (point) => valueOf(forward(...argumentsOf(request, point, network.inputs))),
    backward: (point, seeds) => {
      const kept = forward(...argumentsOf(request, point, network.inputs));
      return gradientsOf(point, backward(kept, toArgument(seeds[0]!, result.type, precision)));
    },
  };
  const isScalar = result.type.shape.length === 0;
  const grad = exports[names.grad] as unknown as Call;
  const gradient: Pick<EmittedTensors, "gradient"> = isScalar
    ? {
        gradient: (point) => {
          const { loss, gradients } = grad(...argumentsOf(request, point, network.inputs)) as { loss: number; gradients: Arrays };
          return { value: [fromResult(loss, [])], gradients: gradientsOf(point, gradients) };
        },
      }
    : {};
  return {
    name: network.name,
    inputs,
    wrt,
    outputs: [result],
    sizes: network.sizes,
    emitted: { ...emitted, ...gradient },
    ...(seed !== undefined && { seed }),
  };
}

function verifyPrediction(request: NetworkVerifyRequest): Verification {
  const { network, output, exports, seed } = request;
  const predict = exports[output.names.predict] as unknown as Call; // as above
  const inputs = [...parametersOf(network), ...statesOf(network), ...network.predictInputs];
  return verifyTensors({
    name: network.name,
    inputs,
    wrt: [],
    outputs: [network.predict.output],
    sizes: network.sizes,
    emitted: {
      value: (point) => {
        const value = predict(...argumentsOf(request, point, network.predictInputs)) as unknown;
        return [fromResult(value, typeof value === "number" ? [] : [(value as Float64Array).length])];
      },
    },
    ...(seed !== undefined && { seed }),
  });
}

function parametersOf(network: SourceNetwork): FunctionInput[] {
  return network.parameters.map(({ name, node }) => ({ name, node, role: "param", span: network.span }));
}

/** Running statistics are data; variances among them are positive. */
function statesOf(network: SourceNetwork): FunctionInput[] {
  return network.states.map(({ name, node }) => ({ name, node, role: "input", domain: [0.1, 2], span: network.span }));
}

/** The size that a symbolic dimension has at a point. */
function sizeAt(name: string, data: readonly FunctionInput[], point: readonly Tensor[]): number {
  const at = data.findIndex(({ node }) => node.type.shape.includes(name));
  return point[at]!.shape[data[at]!.node.type.shape.indexOf(name)]!;
}

/** `params, state, X, y` from a point that lists them all. */
function argumentsOf(
  { network, output, precision }: NetworkVerifyRequest,
  point: readonly Tensor[],
  data: readonly FunctionInput[],
): unknown[] {
  const { parameters, states } = network;
  const named = (entries: readonly { readonly name: string }[], offset: number): Record<string, unknown> =>
    Object.fromEntries(entries.map(({ name }, index) => [name, toReals(point[offset + index]!.data, precision)]));
  const offset = parameters.length + states.length;
  return [
    named(parameters, 0),
    ...(states.length > 0 ? [named(states, parameters.length)] : []),
    ...data.map(({ node }, index) => toArgument(point[offset + index]!, node.type, precision)),
    ...output.sizes.map((name) => sizeAt(name, data, point.slice(offset))),
  ];
}
