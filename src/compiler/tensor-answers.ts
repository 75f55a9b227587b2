// What generated functions over tensors answer at the points that the check looks at: for comparing two versions of one text.

import type { Tensor } from "../ops/tensor/define.ts";
import { verifyTensors } from "../verify/tensor-check.ts";
import type { EmittedTensors, TensorVerifySpec } from "../verify/tensor-verification.ts";

const MOST_POINTS = 4;

/** The first points at which the check asks for the value. */
export function pointsOf(spec: TensorVerifySpec): (readonly Tensor[])[] {
  const points: (readonly Tensor[])[] = [];
  const value = (point: readonly Tensor[]): readonly Tensor[] => {
    if (points.length < MOST_POINTS) points.push(point.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) })));
    return spec.emitted.value!(point);
  };
  verifyTensors({ ...spec, emitted: { ...spec.emitted, value } });
  return points;
}

/** Everything the emitted functions answer at a point, a row per result. */
export function tensorAnswers(
  emitted: EmittedTensors,
  point: readonly Tensor[],
  { wrt }: Pick<TensorVerifySpec, "wrt">,
): number[][] {
  const directions = wrt.map((input): Tensor => ({
    shape: point[input]!.shape,
    data: point[input]!.data.map((_, at) => 1 + (at % 7) / 8),
  }));
  const results = [
    ...Object.values(emitted.gradient?.(point) ?? {}),
    ...Object.values(emitted.jvp?.(point, directions) ?? {}),
    ...Object.values(emitted.hvp?.(point, directions) ?? {}),
    ...Object.values(emitted.jacobian?.(point) ?? {}),
    ...Object.values(emitted.hessian?.(point) ?? {}),
  ].flat() as Tensor[]; // every property is a tensor or a list of them
  const seeds = (emitted.value?.(point) ?? []).map(({ shape, data }): Tensor => ({
    shape,
    data: data.map((_, at) => 0.75 + at / 16),
  }));
  return [...results, ...(emitted.backward?.(point, seeds) ?? [])].map(({ data }) => Array.from(data));
}
