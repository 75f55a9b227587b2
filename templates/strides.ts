// Row-major strides and walks along them, which the tensor kernels that generated files carry along
// share. A shape is a list of sizes, the last axis runs fastest. Must not know the kernels.

/** The number of values of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const count of shape) size *= count;
  return size;
}

/** How far apart in memory neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.slice();
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Where in memory an index is. */
export function offsetOf(index: readonly number[], strides: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < index.length; axis++) offset += index[axis]! * strides[axis]!;
  return offset;
}

/** Strides that read `from` as if it had the shape `to` (NumPy broadcasting): 0 along stretched axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) =>
    axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!,
  );
}

/**
 * out += x over an index space of the given sizes: an index i reads x[start + i · steps] and adds to
 * out[outStart + i · outSteps].
 */
export function addStrided(
  sizes: readonly number[],
  x: Float64Array,
  start: number,
  steps: readonly number[],
  out: Float64Array,
  outStart: number,
  outSteps: readonly number[],
  axis: number = 0,
): void {
  if (axis >= sizes.length - 1)
    return addLine(
      sizes[axis] ?? 1,
      x,
      start,
      steps[axis] ?? 1,
      out,
      outStart,
      outSteps[axis] ?? 1,
    );
  const size = sizes[axis]!;
  const step = steps[axis]!;
  const outStep = outSteps[axis]!;
  for (let i = 0; i < size; i++)
    addStrided(sizes, x, start + i * step, steps, out, outStart + i * outStep, outSteps, axis + 1);
}

/** The innermost axis of `addStrided`. */
function addLine(
  size: number,
  x: Float64Array,
  start: number,
  step: number,
  out: Float64Array,
  outStart: number,
  outStep: number,
): void {
  for (let i = 0; i < size; i++) {
    out[outStart]! += x[start]!;
    start += step;
    outStart += outStep;
  }
}
