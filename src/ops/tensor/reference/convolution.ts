// What convolutions and poolings mean: one walk over all products, whichever of the three tensors is wanted.

import type { Attrs } from "../../../ir/graph.ts";
import { numbers, type Tensor } from "../define.ts";
import { zeros, type Evaluate } from "./indices.ts";

export const conv2d: Evaluate = ([x, w], attrs) => {
  const [stride, padding, dilation] = geometry(attrs);
  const size = [0, 1].map((i) => {
    const room = x!.shape[2 + i]! + 2 * padding![i]! - dilation![i]! * (w!.shape[2 + i]! - 1) - 1;
    return Math.floor(room / stride![i]!) + 1;
  });
  const y = zeros([x!.shape[0]!, w!.shape[0]!, ...size]);
  const [from, to] = [x!.data, y.data];
  forEachRun(x!, w!, y, attrs, ({ atX, stepX, atW, atY, count }) => {
    const weight = w!.data[atW]!;
    for (let n = 0; n < count; n++) to[atY + n]! += from[atX + n * stepX]! * weight;
  });
  return y;
};

export const conv2dInput: Evaluate = ([d, w], attrs) => {
  const channels = w!.shape[1]! * (attrs["groups"] as number);
  const x = zeros([d!.shape[0]!, channels, ...numbers(attrs, "size")]);
  const [from, to] = [d!.data, x.data];
  forEachRun(x, w!, d!, attrs, ({ atX, stepX, atW, atY, count }) => {
    const weight = w!.data[atW]!;
    for (let n = 0; n < count; n++) to[atX + n * stepX]! += from[atY + n]! * weight;
  });
  return x;
};

export const conv2dKernel: Evaluate = ([x, d], attrs) => {
  const perGroup = x!.shape[1]! / (attrs["groups"] as number);
  const w = zeros([d!.shape[1]!, perGroup, ...numbers(attrs, "kernel")]);
  const [left, right] = [d!.data, x!.data];
  forEachRun(x!, w, d!, attrs, ({ atX, stepX, atW, atY, count }) => {
    let sum = 0;
    for (let n = 0; n < count; n++) sum += left[atY + n]! * right[atX + n * stepX]!;
    w.data[atW]! += sum;
  });
  return w;
};

export const maxPool2d: Evaluate = ([x], attrs) => {
  const y = pooled(x!, attrs);
  forEachWindow(x!, y, attrs, (window, atY) => {
    const at = firstLargest(x!, window);
    y.data[atY] = at === undefined ? -Infinity : x!.data[at]!;
  });
  return y;
};

export const maxPool2dBackward: Evaluate = ([d, x], attrs) => {
  const result = zeros(x!.shape);
  forEachWindow(x!, d!, attrs, (window, atY) => {
    const at = firstLargest(x!, window);
    if (at !== undefined) result.data[at]! += d!.data[atY]!;
  });
  return result;
};

export const maxPool2dPick: Evaluate = ([v, x], attrs) => {
  const y = pooled(x!, attrs);
  forEachWindow(x!, y, attrs, (window, atY) => {
    const at = firstLargest(x!, window);
    y.data[atY] = at === undefined ? 0 : v!.data[at]!;
  });
  return y;
};

export const averagePool2d: Evaluate = ([x], attrs) => {
  const y = pooled(x!, attrs);
  forEachWindow(x!, y, attrs, (window, atY) => {
    y.data[atY] = window.reduce((sum, at) => sum + x!.data[at]!, 0) / averaged(window, attrs);
  });
  return y;
};

export const averagePool2dBackward: Evaluate = ([d], attrs) => {
  const x = zeros([...d!.shape.slice(0, 2), ...numbers(attrs, "size")]);
  forEachWindow(x, d!, attrs, (window, atY) => {
    for (const at of window) x.data[at]! += d!.data[atY]! / averaged(window, attrs);
  });
  return x;
};

/** Where each window has its maximum, −1 where it lies in the padding throughout. */
export function maximaOfWindows(x: Tensor, attrs: Attrs): Int32Array {
  const y = pooled(x, attrs);
  const maxima = new Int32Array(y.data.length);
  forEachWindow(x, y, attrs, (window, atY) => (maxima[atY] = firstLargest(x, window) ?? -1));
  return maxima;
}

function geometry(attrs: Attrs): (readonly number[])[] {
  return ["stride", "padding", "dilation"].map((name) => numbers(attrs, name));
}

/** Products of a convolution along a row of y: x at `atX + n stepX` times w at `atW` is a term of y at `atY + n`. */
interface Run {
  readonly atX: number;
  readonly stepX: number;
  readonly atW: number;
  readonly atY: number;
  readonly count: number;
}

/** Calls `visit` until every product x·w that an element of y is a sum of was in one run. */
function forEachRun(x: Tensor, w: Tensor, y: Tensor, attrs: Attrs, visit: (run: Run) => void): void {
  const [stride, padding, dilation] = geometry(attrs);
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const [, perGroup, kernelHeight, kernelWidth] = w.shape as [number, number, number, number];
  const [images, filters, down, across] = y.shape as [number, number, number, number];
  const filtersPerGroup = filters / (attrs["groups"] as number);
  for (let image = 0; image < images; image++) {
    for (let filter = 0; filter < filters; filter++) {
      const firstChannel = Math.floor(filter / filtersPerGroup) * perGroup;
      for (let c = 0; c < perGroup; c++) {
        const channel = image * channels + firstChannel + c;
        for (let i = 0; i < kernelHeight; i++) {
          for (let j = 0; j < kernelWidth; j++) {
            const atW = ((filter * perGroup + c) * kernelHeight + i) * kernelWidth + j;
            for (let row = 0; row < down; row++) {
              const r = row * stride![0]! - padding![0]! + i * dilation![0]!;
              if (r < 0 || r >= height) continue;
              // Columns at which x is not in the padding.
              const left = j * dilation![1]! - padding![1]!;
              const first = Math.max(0, Math.ceil(-left / stride![1]!));
              const last = Math.min(across - 1, Math.floor((width - 1 - left) / stride![1]!));
              visit({
                atX: (channel * height + r) * width + left + first * stride![1]!,
                stepX: stride![1]!,
                atW,
                atY: ((image * filters + filter) * down + row) * across + first,
                count: last - first + 1,
              });
            }
          }
        }
      }
    }
  }
}

/** Zeros, one for each window. */
function pooled(x: Tensor, attrs: Attrs): Tensor {
  const [kernel, stride, padding] = windowOf(attrs);
  const size = [0, 1].map((i) => Math.floor((x.shape[2 + i]! + 2 * padding![i]! - kernel![i]!) / stride![i]!) + 1);
  return zeros([...x.shape.slice(0, 2), ...size]);
}

/** Calls `visit` with the positions in x of each window, padding left out, and the position in y. */
function forEachWindow(x: Tensor, y: Tensor, attrs: Attrs, visit: (window: readonly number[], atY: number) => void): void {
  const [kernel, stride, padding] = windowOf(attrs);
  const [height, width, down, across] = [x.shape[2]!, x.shape[3]!, y.shape[2]!, y.shape[3]!];
  for (let atY = 0; atY < y.data.length; atY++) {
    const image = Math.floor(atY / (down * across));
    const top = (Math.floor(atY / across) % down) * stride![0]! - padding![0]!;
    const left = (atY % across) * stride![1]! - padding![1]!;
    const window: number[] = [];
    for (let row = Math.max(0, top); row < Math.min(height, top + kernel![0]!); row++) {
      for (let column = Math.max(0, left); column < Math.min(width, left + kernel![1]!); column++) {
        window.push((image * height + row) * width + column);
      }
    }
    visit(window, atY);
  }
}

function windowOf(attrs: Attrs): (readonly number[])[] {
  return ["kernel", "stride", "padding"].map((name) => numbers(attrs, name));
}

/** NaN counts as the largest. */
function firstLargest(x: Tensor, window: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const at of window) {
    const value = x.data[at]!;
    if (Number.isNaN(value)) return at;
    if (best === undefined || value > x.data[best]!) best = at;
  }
  return best;
}

/** How many elements a mean is over. */
function averaged(window: readonly number[], attrs: Attrs): number {
  const [height, width] = numbers(attrs, "kernel") as readonly [number, number];
  return attrs["countPadding"] === 1 ? height * width : window.length;
}
