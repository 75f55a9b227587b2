// Convolution and pooling of images [batch, channels, height, width], which generated files carry
// along. Sizes are pairs of rows and columns.

import { addProduct } from "./matrix.ts";

/** How a kernel [channels[1], channels[0] / groups, ...kernel] meets images of `size`. */
export interface ConvolutionGeometry {
  readonly channels: readonly [input: number, output: number];
  readonly size: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [vertical: number, horizontal: number];
  readonly dilation: readonly [vertical: number, horizontal: number];
  readonly groups: number;
}

/** How windows of `kernel` move over images of `size`. */
export interface PoolingWindow {
  readonly size: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [vertical: number, horizontal: number];
  /** Whether an average counts zeros beyond the edge. */
  readonly countPadding?: boolean;
}

/** What follows from a geometry. A group has its own inputs and outputs. */
interface ConvolutionPlan {
  readonly inputs: number;
  readonly outputs: number;
  /** How many values of the kernel meet in a value of the result. */
  readonly taps: number;
  /** Of the result. */
  readonly height: number;
  readonly width: number;
  /** How many rows of the result are made at a time, so that their patches stay in the cache. */
  readonly bandRows: number;
}

/** Some rows of the result in one group of one image, and where its numbers start. */
interface ConvolutionBand {
  readonly firstRow: number;
  readonly rows: number;
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
}

/** Convolution (as networks say: the kernel is not turned), x [batch, in, ...size] to [batch, out, ...]. */
export function conv2d(
  x: Float64Array,
  w: Float64Array,
  geometry: ConvolutionGeometry,
  out: Float64Array = new Float64Array((x.length / inputSize(geometry)) * outputSize(geometry)),
): Float64Array {
  const plan = planConvolution(geometry);
  const { taps, outputs, height, width } = plan;
  const patches = new Float64Array(taps * plan.bandRows * width);
  forEachBand(geometry, plan, x.length / inputSize(geometry), (band) => {
    const positions = band.rows * width;
    patches.fill(0);
    forEachPatchLine(geometry, plan, band, (at, from, step, count) => {
      for (let i = at; i < at + count; i++, from += step) patches[i] = x[from]!;
    });
    addProduct(w, band.kernel, patches, 0, out, band.output, {
      rows: outputs,
      columns: positions,
      depth: taps,
      a: { across: taps, depth: 1 },
      b: { across: 1, depth: positions },
      out: { row: height * width, column: 1 },
    });
  });
  return out;
}

/** The adjoint of conv2d in x: dy [batch, out, ...] to [batch, in, ...size]. A transposed convolution. */
export function conv2dInput(
  dy: Float64Array,
  w: Float64Array,
  geometry: ConvolutionGeometry,
  out: Float64Array = new Float64Array((dy.length / outputSize(geometry)) * inputSize(geometry)),
): Float64Array {
  const plan = planConvolution(geometry);
  const { taps, outputs, height, width } = plan;
  const patches = new Float64Array(taps * plan.bandRows * width);
  forEachBand(geometry, plan, dy.length / outputSize(geometry), (band) => {
    const positions = band.rows * width;
    patches.fill(0);
    addProduct(w, band.kernel, dy, band.output, patches, 0, {
      rows: taps,
      columns: positions,
      depth: outputs,
      a: { across: 1, depth: taps },
      b: { across: 1, depth: height * width },
      out: { row: positions, column: 1 },
    });
    forEachPatchLine(geometry, plan, band, (at, to, step, count) => {
      for (let i = at; i < at + count; i++, to += step) out[to] = out[to]! + patches[i]!;
    });
  });
  return out;
}

/** The adjoint of conv2d in w: x [batch, in, ...size], dy [batch, out, ...] to the shape of w. */
export function conv2dKernel(
  x: Float64Array,
  dy: Float64Array,
  geometry: ConvolutionGeometry,
  out: Float64Array = new Float64Array(kernelSize(geometry)),
): Float64Array {
  const plan = planConvolution(geometry);
  const { taps, outputs, height, width } = plan;
  const patches = new Float64Array(taps * plan.bandRows * width);
  forEachBand(geometry, plan, x.length / inputSize(geometry), (band) => {
    const positions = band.rows * width;
    patches.fill(0);
    forEachPatchLine(geometry, plan, band, (at, from, step, count) => {
      for (let i = at; i < at + count; i++, from += step) patches[i] = x[from]!;
    });
    addProduct(dy, band.output, patches, 0, out, band.kernel, {
      rows: outputs,
      columns: taps,
      depth: positions,
      a: { across: height * width, depth: 1 },
      b: { across: positions, depth: 1 },
      out: { row: taps, column: 1 },
    });
  });
  return out;
}

function planConvolution(geometry: ConvolutionGeometry): ConvolutionPlan {
  const { channels, size, kernel, stride, padding, dilation, groups } = geometry;
  const [height, width] = [0, 1].map((axis) => {
    const spread = (kernel[axis]! - 1) * dilation[axis]! + 1;
    return windowCount(size[axis]!, spread, stride[axis]!, padding[axis]!);
  });
  const inputs = channels[0] / groups;
  const taps = inputs * kernel[0] * kernel[1];
  const bandRows = Math.max(1, Math.min(height!, Math.floor(32768 / (taps * width!))));
  return { inputs, outputs: channels[1] / groups, taps, height: height!, width: width!, bandRows };
}

/** Values of one image. */
function inputSize({ channels, size }: ConvolutionGeometry): number {
  return channels[0] * size[0] * size[1];
}

/** Values of one result. */
function outputSize(geometry: ConvolutionGeometry): number {
  const { height, width } = planConvolution(geometry);
  return geometry.channels[1] * height * width;
}

/** Values of the kernel. */
function kernelSize({ channels, kernel, groups }: ConvolutionGeometry): number {
  return channels[1] * (channels[0] / groups) * kernel[0] * kernel[1];
}

/** How many windows fit into a padded line. */
function windowCount(size: number, spread: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - spread) / stride) + 1;
}

/** Calls `visit` for the bands of all groups of all images. */
function forEachBand(
  geometry: ConvolutionGeometry,
  { inputs, outputs, taps, height, width, bandRows }: ConvolutionPlan,
  batch: number,
  visit: (band: ConvolutionBand) => void,
): void {
  const { groups, size } = geometry;
  for (let group = 0; group < batch * groups; group++) {
    for (let firstRow = 0; firstRow < height; firstRow += bandRows) {
      visit({
        firstRow,
        rows: Math.min(bandRows, height - firstRow),
        input: group * inputs * size[0] * size[1],
        output: (group * outputs * height + firstRow) * width,
        kernel: (group % groups) * outputs * taps,
      });
    }
  }
}

/**
 * The patches of a band [taps, rows, width] are what each value of the kernel meets at each place.
 * Calls `visit` for each line of them, less what lies beyond the edge: `count` values from `at` on are
 * those of the image from `from` on, `step` apart.
 */
function forEachPatchLine(
  { size, kernel, stride, padding, dilation }: ConvolutionGeometry,
  { taps, width }: ConvolutionPlan,
  band: ConvolutionBand,
  visit: (at: number, from: number, step: number, count: number) => void,
): void {
  const step = stride[1];
  for (let tap = 0; tap < taps; tap++) {
    const line = Math.floor(tap / kernel[1]);
    const channel = Math.floor(line / kernel[0]);
    const top = (line % kernel[0]) * dilation[0] - padding[0];
    const left = (tap % kernel[1]) * dilation[1] - padding[1];
    const first = Math.max(0, Math.ceil(-left / step));
    const count = Math.min(width, Math.ceil((size[1] - left) / step)) - first;
    for (let row = 0; row < band.rows; row++) {
      const y = (band.firstRow + row) * stride[0] + top;
      if (y < 0 || y >= size[0]) continue;
      const from = band.input + (channel * size[0] + y) * size[1] + first * step + left;
      visit((tap * band.rows + row) * width + first, from, step, count);
    }
  }
}

/** The largest value of each window: x [..., ...size]. Beyond the edge is −Infinity; NaN wins. */
export function maxPool2d(x: Float64Array, window: PoolingWindow): Float64Array {
  const out = new Float64Array(pooledLength(x.length, window));
  forEachWindow(window, out.length, (to, start, rows, columns) => {
    const at = firstLargest(x, start, rows, columns, window.size[1]);
    out[to] = at < 0 ? -Infinity : x[at]!;
  });
  return out;
}

/** The adjoint of maxPool2d: dy goes to the first largest value of its window of x. */
export function maxPool2dBackward(
  dy: Float64Array,
  x: Float64Array,
  window: PoolingWindow,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  forEachWindow(window, dy.length, (to, start, rows, columns) => {
    const at = firstLargest(x, start, rows, columns, window.size[1]);
    if (at >= 0) out[at]! += dy[to]!;
  });
  return out;
}

/** v where x has the first largest value of each window: the adjoint of maxPool2dBackward in dy. */
export function maxPool2dPick(
  v: Float64Array,
  x: Float64Array,
  window: PoolingWindow,
  out: Float64Array = new Float64Array(pooledLength(x.length, window)),
): Float64Array {
  forEachWindow(window, out.length, (to, start, rows, columns) => {
    const at = firstLargest(x, start, rows, columns, window.size[1]);
    if (at >= 0) out[to]! += v[at]!;
  });
  return out;
}

/** The mean of each window: x [..., ...size]. */
export function averagePool2d(
  x: Float64Array,
  window: PoolingWindow,
  out: Float64Array = new Float64Array(pooledLength(x.length, window)),
): Float64Array {
  forEachWindow(window, out.length, (to, start, rows, columns) => {
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const at = start + row * window.size[1];
      for (let column = 0; column < columns; column++) total += x[at + column]!;
    }
    out[to]! += total / averagedCount(window, rows, columns);
  });
  return out;
}

/** The adjoint of averagePool2d: each value of dy spread over its window. */
export function averagePool2dBackward(
  dy: Float64Array,
  window: PoolingWindow,
  out: Float64Array = new Float64Array(unpooledLength(dy.length, window)),
): Float64Array {
  forEachWindow(window, dy.length, (to, start, rows, columns) => {
    const share = dy[to]! / averagedCount(window, rows, columns);
    for (let row = 0; row < rows; row++) {
      const at = start + row * window.size[1];
      for (let column = 0; column < columns; column++) out[at + column]! += share;
    }
  });
  return out;
}

function averagedCount(window: PoolingWindow, rows: number, columns: number): number {
  return window.countPadding === true ? window.kernel[0] * window.kernel[1] : rows * columns;
}

/** How many windows an image has. */
function windowsOfImage({ size, kernel, stride, padding }: PoolingWindow): number {
  return (
    windowCount(size[0], kernel[0], stride[0], padding[0]) *
    windowCount(size[1], kernel[1], stride[1], padding[1])
  );
}

function pooledLength(length: number, window: PoolingWindow): number {
  return (length / (window.size[0] * window.size[1])) * windowsOfImage(window);
}

function unpooledLength(length: number, window: PoolingWindow): number {
  return (length / windowsOfImage(window)) * window.size[0] * window.size[1];
}

/** Calls `visit` for each window with its number, its first value in x and how far it reaches. */
function forEachWindow(
  { size, kernel, stride, padding }: PoolingWindow,
  count: number,
  visit: (to: number, start: number, rows: number, columns: number) => void,
): void {
  const [height, width] = size;
  const across = windowCount(width, kernel[1], stride[1], padding[1]);
  const down = windowCount(height, kernel[0], stride[0], padding[0]);
  for (let line = 0; line * across < count; line++) {
    const image = Math.floor(line / down);
    const y = (line - image * down) * stride[0] - padding[0];
    const top = Math.max(0, y);
    const rows = Math.max(0, Math.min(height, y + kernel[0]) - top);
    for (let column = 0; column < across; column++) {
      const x = column * stride[1] - padding[1];
      const left = Math.max(0, x);
      const columns = Math.max(0, Math.min(width, x + kernel[1]) - left);
      visit(line * across + column, (image * height + top) * width + left, rows, columns);
    }
  }
}

/** Where the first largest value or the first NaN of a window is, −1 in an empty one. */
function firstLargest(
  x: Float64Array,
  start: number,
  rows: number,
  columns: number,
  width: number,
): number {
  if (rows === 0 || columns === 0) return -1;
  let best = start;
  for (let row = 0; row < rows; row++) {
    const first = start + row * width;
    for (let at = first; at < first + columns; at++) {
      if (Number.isNaN(x[at]!)) return at;
      if (x[at]! > x[best]!) best = at;
    }
  }
  return best;
}
