// Made from templates/: every function that generated code may carry along, over arrays of double or of single precision. Change those, not this.

/** The functions by name. The argument makes their arrays. */
export function createKernels(
  Float64Array: Float64ArrayConstructor,
): Readonly<Record<string, unknown>> {
  /** Sums over the axes whose letters are missing after the arrow: "abc->b" of x [a, b, c] is [b]. */
  function sumTo(
    spec: string,
    x: Float64Array,
    shape: readonly number[],
    out: Float64Array = new Float64Array(keptSize(spec, shape)),
  ): Float64Array {
    const [letters, kept] = spec.split("->") as [string, string];
    const keptShape = [...kept].map((letter) => shape[letters.indexOf(letter)]!);
    const keptStrides = stridesOf(keptShape);
    const strides = [...letters].map((letter) => keptStrides[kept.indexOf(letter)] ?? 0);
    const position = new Int32Array(shape.length);
    let at = 0;
    for (let i = 0; i < x.length; i++) {
      out[at] = out[at]! + x[i]!;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += strides[axis]!;
        position[axis] = position[axis]! + 1;
        if (position[axis]! < shape[axis]!) break;
        at -= strides[axis]! * shape[axis]!;
        position[axis] = 0;
      }
    }
    return out;
  }

  /** How many elements the axes after the arrow have. */
  function keptSize(spec: string, shape: readonly number[]): number {
    const [letters, kept] = spec.split("->") as [string, string];
    return [...kept].reduce((size, letter) => size * shape[letters.indexOf(letter)]!, 1);
  }

  /** ln Σ exp of all elements, shifted by the largest so that nothing overflows. */
  function logSumExpOf(x: Float64Array): number {
    let top = -Infinity;
    for (let i = 0; i < x.length; i++) top = Math.max(top, x[i]!);
    if (!Number.isFinite(top)) return top;
    let total = 0;
    for (let i = 0; i < x.length; i++) total += Math.exp(x[i]! - top);
    return top + Math.log(total);
  }

  /** For each element of x [outer, n, inner], the product of the others along n. */
  function otherProduct(x: Float64Array, n: number, inner: number): Float64Array {
    const out = new Float64Array(x.length);
    const outer = x.length / (n * inner);
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        const start = o * n * inner + j;
        let before = 1;
        for (let i = 0; i < n; i++) {
          out[start + i * inner] = before;
          before *= x[start + i * inner]!;
        }
        let after = 1;
        for (let i = n - 1; i >= 0; i--) {
          out[start + i * inner] = out[start + i * inner]! * after;
          after *= x[start + i * inner]!;
        }
      }
    }
    return out;
  }

  /** Throws unless x is a Float64Array of this length. */
  function checkReal(name: string, x: unknown, length: number, shape: string): void {
    if (!(x instanceof Float64Array))
      throw new TypeError(
        `${name} must be a ${Float64Array.name} of shape ${shape}, not ${describeValue(x)}`,
      );
    if (x.length !== length)
      throw new RangeError(wrongLengthMessage(name, x.length, length, shape));
  }

  /** Throws unless x is an Int32Array of this length with whole numbers from 0 to below `below`. */
  function checkIndices(
    name: string,
    x: unknown,
    length: number,
    below: number,
    shape: string,
  ): void {
    if (!(x instanceof Int32Array))
      throw new TypeError(
        `${name} must be an Int32Array of shape ${shape}, not ${describeValue(x)}`,
      );
    if (x.length !== length)
      throw new RangeError(wrongLengthMessage(name, x.length, length, shape));
    for (let i = 0; i < length; i++) {
      if (x[i]! < 0 || x[i]! >= below)
        throw new RangeError(`${name}[${i}] must be from 0 to ${below - 1}, not ${x[i]!}`);
    }
  }

  /** The size of the symbolic dimension of x: how many times `unit` values it has. */
  function checkSize(name: string, x: ArrayLike<number>, unit: number, shape: string): number {
    if (!ArrayBuffer.isView(x))
      throw new TypeError(
        `${name} must be a typed array of shape ${shape}, not ${describeValue(x)}`,
      );
    if (x.length === 0)
      throw new RangeError(`${name} must have at least one value for its shape ${shape}, not none`);
    const size = x.length / unit;
    if (!Number.isInteger(size))
      throw new RangeError(
        `${name} must have a multiple of ${unit} values for its shape ${shape}, not ${x.length}`,
      );
    return size;
  }

  /** Throws unless x is a number. */
  function checkNumber(name: string, x: unknown): void {
    if (typeof x !== "number")
      throw new TypeError(`${name} must be a number, not ${describeValue(x)}`);
  }

  /** Throws unless a size is between two others: parts that are read must be there. */
  function checkBounds(name: string, size: number, low: number, high: number): void {
    if (size < low) throw new RangeError(`${name} must be at least ${low} here, not ${size}`);
    if (size > high) throw new RangeError(`${name} must be at most ${high} here, not ${size}`);
  }

  /** "X must have batch * 784 = 7840 values for its shape [batch, 784], not 12". */
  function wrongLengthMessage(name: string, found: number, length: number, shape: string): string {
    const factors = shape.slice(1, -1).split(", ");
    const formula = factors.map((factor) => (/[+-]/.test(factor) ? `(${factor})` : factor));
    const expected = shape === `[${length}]` ? `${length}` : `${formula.join(" * ")} = ${length}`;
    return `${name} must have ${expected} values for its shape ${shape}, not ${found}`;
  }

  /** "a value of type Float32Array", "undefined". */
  function describeValue(x: unknown): string {
    if (x === null || x === undefined) return `${x}`;
    if (typeof x === "object") return `a value of type ${x.constructor?.name ?? "Object"}`;
    return `a value of type ${typeof x}`;
  }

  /** How a kernel [channels[1], channels[0] / groups, ...kernel] meets images of `size`. */
  interface ConvolutionGeometry {
    readonly channels: readonly [input: number, output: number];
    readonly size: readonly [height: number, width: number];
    readonly kernel: readonly [height: number, width: number];
    readonly stride: readonly [vertical: number, horizontal: number];
    readonly padding: readonly [vertical: number, horizontal: number];
    readonly dilation: readonly [vertical: number, horizontal: number];
    readonly groups: number;
  }

  /** How windows of `kernel` move over images of `size`. */
  interface PoolingWindow {
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
  function conv2d(
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
  function conv2dInput(
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
  function conv2dKernel(
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
    return {
      inputs,
      outputs: channels[1] / groups,
      taps,
      height: height!,
      width: width!,
      bandRows,
    };
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
  function maxPool2d(x: Float64Array, window: PoolingWindow): Float64Array {
    const out = new Float64Array(pooledLength(x.length, window));
    forEachWindow(window, out.length, (to, start, rows, columns) => {
      const at = firstLargest(x, start, rows, columns, window.size[1]);
      out[to] = at < 0 ? -Infinity : x[at]!;
    });
    return out;
  }

  /** The adjoint of maxPool2d: dy goes to the first largest value of its window of x. */
  function maxPool2dBackward(
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
  function maxPool2dPick(
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
  function averagePool2d(
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
  function averagePool2dBackward(
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

  /** out[i] += f(x[i]). */
  function map(
    x: ArrayLike<number>,
    f: (x: number) => number,
    out: Float64Array = new Float64Array(x.length),
  ): Float64Array {
    const n = x.length;
    for (let i = 0; i < n; i++) out[i] = out[i]! + f(x[i]!);
    return out;
  }

  /** out[i] += f(a[i], b[i]). */
  function zip(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    f: (a: number, b: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const n = a.length;
    for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!);
    return out;
  }

  /** out[i] += f(a[i], b[i], c[i]). */
  function zip3(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    c: ArrayLike<number>,
    f: (a: number, b: number, c: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const n = a.length;
    for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!, c[i]!);
    return out;
  }

  /** out[i] += f(a[i], b[i], c[i], d[i]). */
  function zip4(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    c: ArrayLike<number>,
    d: ArrayLike<number>,
    f: (a: number, b: number, c: number, d: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const n = a.length;
    for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!, c[i]!, d[i]!);
    return out;
  }

  /** out[r, c] += f(a[r, c], b[c]): b has the last axes of a and meets each of its rows. */
  function zipRows(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    f: (a: number, b: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const n = a.length;
    const width = b.length;
    for (let start = 0; start < n; start += width) {
      for (let j = 0; j < width; j++) out[start + j] = out[start + j]! + f(a[start + j]!, b[j]!);
    }
    return out;
  }

  /** out[r, c] += f(a[r, c], b[r]): b has the first axes of a and meets each of its columns. */
  function zipColumns(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    f: (a: number, b: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const rows = b.length;
    const width = a.length / rows;
    for (let r = 0; r < rows; r++) {
      const value = b[r]!;
      const end = (r + 1) * width;
      for (let i = r * width; i < end; i++) out[i] = out[i]! + f(a[i]!, value);
    }
    return out;
  }

  /** out[i] += f(x[i], y[i], ...) over an index i of `shape`, to which operands are stretched (NumPy). */
  function zipBroadcast(
    shape: readonly number[],
    operands: readonly (readonly [x: ArrayLike<number>, shape: readonly number[]])[],
    f: (...values: number[]) => number,
    out: Float64Array = new Float64Array(sizeOf(shape)),
  ): Float64Array {
    const last = shape.length - 1;
    const width = shape[last] ?? 1;
    const strides = operands.map(([, from]) => broadcastStrides(from, shape));
    const lines = operands.map(([x], k) => ({ x, at: 0, step: strides[k]![last] ?? 0 }));
    const index = shape.map(() => 0);
    for (let to = 0; to < out.length; to += width) {
      zipLines(lines, f, out, to, width);
      let axis = last - 1;
      while (axis >= 0 && index[axis] === shape[axis]! - 1) index[axis--] = 0;
      if (axis >= 0) index[axis]! += 1;
      lines.forEach((line, k) => (line.at = offsetOf(index, strides[k]!)));
    }
    return out;
  }

  /** Where a broadcast operand is read along the last axis. */
  interface BroadcastLine {
    readonly x: ArrayLike<number>;
    at: number;
    readonly step: number;
  }

  /** The innermost axis of `zipBroadcast`, the usual numbers of operands written out. */
  function zipLines(
    lines: readonly BroadcastLine[],
    f: (...values: number[]) => number,
    out: Float64Array,
    to: number,
    width: number,
  ): void {
    const values = lines.map(() => 0);
    const [a, b, c, d] = lines;
    for (let i = 0; i < width; i++) {
      if (lines.length === 2) out[to + i]! += f(valueAt(a!, i), valueAt(b!, i));
      else if (lines.length === 3)
        out[to + i]! += f(valueAt(a!, i), valueAt(b!, i), valueAt(c!, i));
      else if (lines.length === 4)
        out[to + i]! += f(valueAt(a!, i), valueAt(b!, i), valueAt(c!, i), valueAt(d!, i));
      else {
        for (let k = 0; k < lines.length; k++) values[k] = valueAt(lines[k]!, i);
        out[to + i]! += f(...values);
      }
    }
  }

  function valueAt({ x, at, step }: BroadcastLine, i: number): number {
    return x[at + i * step]!;
  }

  /** out += x, of the same size. */
  function addTo(out: Float64Array, x: ArrayLike<number>): Float64Array {
    const n = x.length;
    for (let i = 0; i < n; i++) out[i] = out[i]! + x[i]!;
    return out;
  }

  /** n times the value, as a fresh array. */
  function filled(n: number, value: number): Float64Array {
    return new Float64Array(n).fill(value);
  }

  /** x of shape `from` stretched to the shape `to` (NumPy broadcasting). */
  function broadcast(
    x: Float64Array,
    from: readonly number[],
    to: readonly number[],
    out: Float64Array = new Float64Array(sizeOf(to)),
  ): Float64Array {
    addStrided(to, x, 0, broadcastStrides(from, to), out, 0, stridesOf(to));
    return out;
  }

  /**
   * out[o, c, j] += f(a[o, c, j], b[c]) for b of c channels and j below inner: b runs along a middle axis.
   */
  function zipChannels(
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    inner: number,
    f: (a: number, b: number) => number,
    out: Float64Array = new Float64Array(a.length),
  ): Float64Array {
    const n = a.length;
    let c = 0;
    for (let i = 0; i < n;) {
      const v = b[c]!;
      for (const end = i + inner; i < end; i++) out[i] = out[i]! + f(a[i]!, v);
      c = c + 1 === b.length ? 0 : c + 1;
    }
    return out;
  }

  /** Every steps-th value from `starts`, `counts` of them along each axis of x [shape]. */
  function slice(
    x: Float64Array,
    shape: readonly number[],
    starts: readonly number[],
    steps: readonly number[],
    counts: readonly number[],
    out: Float64Array = new Float64Array(sizeOf(counts)),
  ): Float64Array {
    const strides = stridesOf(shape);
    addStrided(
      counts,
      x,
      offsetOf(starts, strides),
      times(steps, strides),
      out,
      0,
      stridesOf(counts),
    );
    return out;
  }

  /** The adjoint of slice: d [counts] put back into zeros of `shape`. */
  function unslice(
    d: Float64Array,
    shape: readonly number[],
    starts: readonly number[],
    steps: readonly number[],
    counts: readonly number[],
    out: Float64Array = new Float64Array(sizeOf(shape)),
  ): Float64Array {
    const strides = stridesOf(shape);
    addStrided(
      counts,
      d,
      0,
      stridesOf(counts),
      out,
      offsetOf(starts, strides),
      times(steps, strides),
    );
    return out;
  }

  function times(a: readonly number[], b: readonly number[]): number[] {
    return a.map((value, i) => value * b[i]!);
  }

  /** Tensors [outer, width of each] side by side. */
  function concat(parts: readonly Float64Array[], outer: number): Float64Array {
    const total = parts.reduce((length, part) => length + part.length, 0);
    const out = new Float64Array(total);
    let to = 0;
    for (let row = 0; row < outer; row++) {
      for (const part of parts) {
        const width = part.length / outer;
        for (let at = row * width; at < (row + 1) * width; at++) out[to++] = part[at]!;
      }
    }
    return out;
  }

  /** Rows of a table: table [rows, width], out [indices, width]. */
  function gather(
    table: Float64Array,
    indices: Int32Array,
    width: number,
    out: Float64Array = new Float64Array(indices.length * width),
  ): Float64Array {
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i]! * width;
      const to = i * width;
      for (let j = 0; j < width; j++) out[to + j] = out[to + j]! + table[from + j]!;
    }
    return out;
  }

  /** The adjoint of gather: d [indices, width] summed into the rows of a table [rows, width]. */
  function scatterAdd(
    d: Float64Array,
    indices: Int32Array,
    rows: number,
    width: number,
    out: Float64Array = new Float64Array(rows * width),
  ): Float64Array {
    for (let i = 0; i < indices.length; i++) {
      const to = indices[i]! * width;
      const from = i * width;
      for (let j = 0; j < width; j++) out[to + j] = out[to + j]! + d[from + j]!;
    }
    return out;
  }

  /** One value of each row: x [rows, n], indices [rows] to [rows]. */
  function pick(
    x: Float64Array,
    indices: Int32Array,
    n: number,
    out: Float64Array = new Float64Array(indices.length),
  ): Float64Array {
    for (let i = 0; i < indices.length; i++) out[i] = out[i]! + x[i * n + indices[i]!]!;
    return out;
  }

  /** The adjoint of pick: d [rows] put at its index in rows of n zeros. */
  function unpick(
    d: Float64Array,
    indices: Int32Array,
    n: number,
    out: Float64Array = new Float64Array(indices.length * n),
  ): Float64Array {
    for (let i = 0; i < indices.length; i++) out[i * n + indices[i]!]! += d[i]!;
    return out;
  }

  /** x [..., t, t] where the column is not beyond the row, `fill` elsewhere. */
  function maskCausal(
    x: Float64Array,
    t: number,
    fill: number,
    out: Float64Array = new Float64Array(x.length),
  ): Float64Array {
    for (let start = 0; start < x.length; start += t) {
      const row = (start / t) % t;
      for (let j = 0; j < t; j++)
        out[start + j] = out[start + j]! + (j <= row ? x[start + j]! : fill);
    }
    return out;
  }

  /** P A = L U: both triangles in one array [n, n], without the ones on the diagonal of L. */
  interface LuDecomposition {
    readonly factors: Float64Array;
    /** Which row of A each row came from. */
    readonly order: Int32Array;
    /** The determinant of P. */
    readonly sign: number;
  }

  /** The determinant of A [n, n]. */
  function det(A: Float64Array, n: number): number {
    const { factors, sign } = luDecompose(A, n);
    let value = sign;
    for (let i = 0; i < n; i++) value *= factors[i * n + i]!;
    return value;
  }

  /** ln |det A| of A [n, n], −Infinity if it is singular. */
  function logdet(A: Float64Array, n: number): number {
    const { factors } = luDecompose(A, n);
    let value = 0;
    for (let i = 0; i < n; i++) value += Math.log(Math.abs(factors[i * n + i]!));
    return value;
  }

  /** The inverse of A [n, n]. */
  function inv(
    A: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(n * n),
  ): Float64Array {
    const identity = new Float64Array(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;
    return solve(A, identity, n, n, out);
  }

  /** X with A X = B: A [n, n], B [n, m]. */
  function solve(
    A: Float64Array,
    B: Float64Array,
    n: number,
    m: number = 1,
    out: Float64Array = new Float64Array(n * m),
  ): Float64Array {
    const { factors, order } = luDecompose(A, n);
    const X = new Float64Array(n * m);
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < m; c++) X[i * m + c] = B[order[i]! * m + c]!;
      for (let j = 0; j < i; j++) subtractRow(X, i * m, X, j * m, factors[i * n + j]!, m);
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) subtractRow(X, i * m, X, j * m, factors[i * n + j]!, m);
      for (let c = 0; c < m; c++) {
        X[i * m + c]! /= factors[i * n + i]!;
        out[i * m + c]! += X[i * m + c]!;
      }
    }
    return out;
  }

  /** The decomposition of A [n, n]; the pivot is the largest value left in its column. */
  function luDecompose(A: Float64Array, n: number): LuDecomposition {
    const factors = A.slice();
    const order = new Int32Array(n).map((_, row) => row);
    let sign = 1;
    for (let k = 0; k < n; k++) {
      const pivotRow = pivotRowOf(factors, n, k);
      if (pivotRow !== k) {
        swapRows(factors, n, k, pivotRow);
        swapRows(order, 1, k, pivotRow);
        sign = -sign;
      }
      const pivot = factors[k * n + k]!;
      if (pivot === 0) continue; // so is all below
      for (let i = k + 1; i < n; i++) {
        const factor = factors[i * n + k]! / pivot;
        factors[i * n + k] = factor;
        subtractRow(factors, i * n + k + 1, factors, k * n + k + 1, factor, n - k - 1);
      }
    }
    return { factors, order, sign };
  }

  function pivotRowOf(factors: Float64Array, n: number, k: number): number {
    let best = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(factors[i * n + k]!) > Math.abs(factors[best * n + k]!)) best = i;
    }
    return best;
  }

  function swapRows(x: Float64Array | Int32Array, width: number, a: number, b: number): void {
    for (let j = 0; j < width; j++) {
      const value = x[a * width + j]!;
      x[a * width + j] = x[b * width + j]!;
      x[b * width + j] = value;
    }
  }

  /** `count` values of `to` less `factor` times those of `from`. */
  function subtractRow(
    to: Float64Array,
    atTo: number,
    from: Float64Array,
    atFrom: number,
    factor: number,
    count: number,
  ): void {
    for (let j = 0; j < count; j++) to[atTo + j] = to[atTo + j]! - factor * from[atFrom + j]!;
  }

  /** out += A B: A [m, k], B [k, n]. */
  function matmul(
    A: Float64Array,
    B: Float64Array,
    m: number,
    k: number,
    n: number,
    out: Float64Array = new Float64Array(m * n),
  ): Float64Array {
    const a = { across: k, depth: 1 };
    const b = { across: 1, depth: n };
    addProduct(A, 0, B, 0, out, 0, {
      rows: m,
      columns: n,
      depth: k,
      a,
      b,
      out: { row: n, column: 1 },
    });
    return out;
  }

  /** out += Aᵀ B: A [k, m], B [k, n]. */
  function matmulAt(
    A: Float64Array,
    B: Float64Array,
    k: number,
    m: number,
    n: number,
    out: Float64Array = new Float64Array(m * n),
  ): Float64Array {
    const a = { across: 1, depth: m };
    const b = { across: 1, depth: n };
    addProduct(A, 0, B, 0, out, 0, {
      rows: m,
      columns: n,
      depth: k,
      a,
      b,
      out: { row: n, column: 1 },
    });
    return out;
  }

  /** out += A Bᵀ: A [m, k], B [n, k]. */
  function matmulBt(
    A: Float64Array,
    B: Float64Array,
    m: number,
    k: number,
    n: number,
    out: Float64Array = new Float64Array(m * n),
  ): Float64Array {
    const a = { across: k, depth: 1 };
    const b = { across: k, depth: 1 };
    addProduct(A, 0, B, 0, out, 0, {
      rows: m,
      columns: n,
      depth: k,
      a,
      b,
      out: { row: n, column: 1 },
    });
    return out;
  }

  /** Σ a[i] b[i]. */
  function dot(a: Float64Array, b: Float64Array): number {
    let total = 0;
    for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
    return total;
  }

  /** out[i, j] += a[i] b[j]: a [m], b [n]. */
  function outer(
    a: Float64Array,
    b: Float64Array,
    out: Float64Array = new Float64Array(a.length * b.length),
  ): Float64Array {
    const n = b.length;
    for (let i = 0; i < a.length; i++) {
      const value = a[i]!;
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + value * b[j]!;
    }
    return out;
  }

  /** Steps in memory of a matrix in a product: along what is summed over, and across it. */
  interface OperandSteps {
    readonly across: number;
    readonly depth: number;
  }

  /** Sizes and steps in memory of A [rows, depth], B [depth, columns] and the result [rows, columns]. */
  interface StridedProduct {
    readonly rows: number;
    readonly columns: number;
    readonly depth: number;
    readonly a: OperandSteps;
    readonly b: OperandSteps;
    readonly out: { readonly row: number; readonly column: number };
  }

  /** out += A B, each starting at an offset: tiles of four by four, then what they leave at the edges. */
  function addProduct(
    A: Float64Array,
    atA: number,
    B: Float64Array,
    atB: number,
    out: Float64Array,
    to: number,
    product: StridedProduct,
  ): void {
    const { rows, columns, depth, a, b, out: step } = product;
    const lastRows = rows - (rows % 4);
    const lastColumns = columns - (columns % 4);
    for (let j = 0; j < lastColumns; j += 4) {
      const q = atB + j * b.across;
      const r = to + j * step.column;
      for (let i = 0; i < lastRows; i += 4)
        addTile(A, atA + i * a.across, B, q, out, r + i * step.row, product);
      for (let i = lastRows; i < rows; i++)
        addStrip(
          A,
          atA + i * a.across,
          a.depth,
          B,
          q,
          b,
          depth,
          out,
          r + i * step.row,
          step.column,
        );
    }
    for (let j = lastColumns; j < columns; j++) {
      const q = atB + j * b.across;
      const r = to + j * step.column;
      for (let i = 0; i < lastRows; i += 4)
        addStrip(B, q, b.depth, A, atA + i * a.across, a, depth, out, r + i * step.row, step.row);
      for (let i = lastRows; i < rows; i++)
        out[r + i * step.row]! += dotLines(A, atA + i * a.across, a.depth, B, q, b.depth, depth);
    }
  }

  /** Four rows by four columns of a product: their sums stay in registers. */
  function addTile(
    A: Float64Array,
    atA: number,
    B: Float64Array,
    atB: number,
    out: Float64Array,
    to: number,
    { depth, a, b, out: step }: StridedProduct,
  ): void {
    // Written out: an array for the sums would live in memory.
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s03 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s13 = 0;
    let s20 = 0;
    let s21 = 0;
    let s22 = 0;
    let s23 = 0;
    let s30 = 0;
    let s31 = 0;
    let s32 = 0;
    let s33 = 0;
    const aDepth = a.depth;
    const bDepth = b.depth;
    const row1 = a.across;
    const row2 = 2 * a.across;
    const row3 = 3 * a.across;
    const column1 = b.across;
    const column2 = 2 * b.across;
    const column3 = 3 * b.across;
    for (let l = 0, p = atA, q = atB; l < depth; l++, p += aDepth, q += bDepth) {
      const x0 = A[p]!;
      const x1 = A[p + row1]!;
      const x2 = A[p + row2]!;
      const x3 = A[p + row3]!;
      const y0 = B[q]!;
      s00 += x0 * y0;
      s10 += x1 * y0;
      s20 += x2 * y0;
      s30 += x3 * y0;
      const y1 = B[q + column1]!;
      s01 += x0 * y1;
      s11 += x1 * y1;
      s21 += x2 * y1;
      s31 += x3 * y1;
      const y2 = B[q + column2]!;
      s02 += x0 * y2;
      s12 += x1 * y2;
      s22 += x2 * y2;
      s32 += x3 * y2;
      const y3 = B[q + column3]!;
      s03 += x0 * y3;
      s13 += x1 * y3;
      s23 += x2 * y3;
      s33 += x3 * y3;
    }
    addFour(out, to, step.column, s00, s01, s02, s03);
    addFour(out, to + step.row, step.column, s10, s11, s12, s13);
    addFour(out, to + 2 * step.row, step.column, s20, s21, s22, s23);
    addFour(out, to + 3 * step.row, step.column, s30, s31, s32, s33);
  }

  /** One row of A and four columns of B, or, with the two exchanged, one column of B and four rows of A. */
  function addStrip(
    single: Float64Array,
    atSingle: number,
    step: number,
    quad: Float64Array,
    atQuad: number,
    { across, depth: quadStep }: OperandSteps,
    depth: number,
    out: Float64Array,
    to: number,
    outStep: number,
  ): void {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const second = across;
    const third = 2 * across;
    const fourth = 3 * across;
    for (let l = 0, p = atSingle, q = atQuad; l < depth; l++, p += step, q += quadStep) {
      const x = single[p]!;
      s0 += x * quad[q]!;
      s1 += x * quad[q + second]!;
      s2 += x * quad[q + third]!;
      s3 += x * quad[q + fourth]!;
    }
    addFour(out, to, outStep, s0, s1, s2, s3);
  }

  /** out += four values, a step apart. */
  function addFour(
    out: Float64Array,
    to: number,
    step: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    out[to]! += a;
    out[to + step]! += b;
    out[to + 2 * step]! += c;
    out[to + 3 * step]! += d;
  }

  /** Σ of products along two lines of `count` values. */
  function dotLines(
    a: Float64Array,
    atA: number,
    stepA: number,
    b: Float64Array,
    atB: number,
    stepB: number,
    count: number,
  ): number {
    let total = 0;
    for (let l = 0, p = atA, q = atB; l < count; l++, p += stepA, q += stepB)
      total += a[p]! * b[q]!;
    return total;
  }

  /** An index of a contraction: its size and its steps in memory, 0 where it does not occur. */
  interface ContractionAxis {
    readonly size: number;
    readonly a: number;
    readonly b: number;
    readonly out: number;
  }

  /**
   * Einstein summation of two operands, "ij,jk->ik". The letters of an operand are distinct, and each
   * letter occurs in at least two of the three places.
   */
  function einsum(
    spec: string,
    a: Float64Array,
    shapeA: readonly number[],
    b: Float64Array,
    shapeB: readonly number[],
    out: Float64Array = new Float64Array(contractionSize(spec, shapeA, shapeB)),
  ): Float64Array {
    const axes = mergeAxes(contractionAxes(spec, shapeA, shapeB));
    const row = longestAxis(axes.filter((axis) => axis.b === 0));
    const column = longestAxis(axes.filter((axis) => axis.a === 0));
    const depth = longestAxis(axes.filter((axis) => axis.out === 0));
    const rest = axes.filter((axis) => axis !== row && axis !== column && axis !== depth);
    addContraction(a, 0, b, 0, out, 0, rest, {
      rows: row.size,
      columns: column.size,
      depth: depth.size,
      a: { across: row.a, depth: depth.a },
      b: { across: column.b, depth: depth.b },
      out: { row: row.out, column: column.out },
    });
    return out;
  }

  /** Matrix products for all values of the other axes. */
  function addContraction(
    a: Float64Array,
    atA: number,
    b: Float64Array,
    atB: number,
    out: Float64Array,
    to: number,
    rest: readonly ContractionAxis[],
    inner: StridedProduct,
    level: number = 0,
  ): void {
    const axis = rest[level];
    if (axis === undefined) return addProduct(a, atA, b, atB, out, to, inner);
    for (let i = 0; i < axis.size; i++) {
      const [p, q, r] = [atA + i * axis.a, atB + i * axis.b, to + i * axis.out];
      addContraction(a, p, b, q, out, r, rest, inner, level + 1);
    }
  }

  /** How many values the result of a contraction has. */
  function contractionSize(
    spec: string,
    shapeA: readonly number[],
    shapeB: readonly number[],
  ): number {
    const axes = contractionAxes(spec, shapeA, shapeB);
    return sizeOf(axes.filter((axis) => axis.out !== 0).map((axis) => axis.size));
  }

  /** The letters of "ij,jk->ik" as axes. */
  function contractionAxes(
    spec: string,
    shapeA: readonly number[],
    shapeB: readonly number[],
  ): ContractionAxis[] {
    const [left = "", right = "", result = ""] = spec.split(/,|->/);
    const sizeOfLetter = (letter: string): number =>
      shapeA[left.indexOf(letter)] ?? shapeB[right.indexOf(letter)] ?? 1;
    const strides = [left, right, result].map((letters) =>
      stridesOf([...letters].map(sizeOfLetter)),
    );
    return [...new Set(left + right)].map((letter) => ({
      size: sizeOfLetter(letter),
      a: strides[0]![left.indexOf(letter)] ?? 0,
      b: strides[1]![right.indexOf(letter)] ?? 0,
      out: strides[2]![result.indexOf(letter)] ?? 0,
    }));
  }

  /** Axes that lie behind each other in memory everywhere become one, and those of size 1 are dropped. */
  function mergeAxes(axes: readonly ContractionAxis[]): ContractionAxis[] {
    const merged: ContractionAxis[] = [];
    for (const axis of axes) {
      const previous = merged.at(-1);
      if (axis.size === 1) continue;
      if (previous === undefined || !liesBehind(previous, axis)) merged.push(axis);
      else merged[merged.length - 1] = { ...axis, size: previous.size * axis.size };
    }
    return merged;
  }

  function liesBehind(slow: ContractionAxis, fast: ContractionAxis): boolean {
    return (
      slow.a === fast.a * fast.size &&
      slow.b === fast.b * fast.size &&
      slow.out === fast.out * fast.size
    );
  }

  /** Of none: one that stays in place. */
  function longestAxis(axes: readonly ContractionAxis[]): ContractionAxis {
    let longest: ContractionAxis = { size: 1, a: 0, b: 0, out: 0 };
    for (const axis of axes) if (axis.size > longest.size) longest = axis;
    return longest;
  }

  /** x with its axes permuted: axis i of the result is axis perm[i] of x. */
  function transpose(
    x: Float64Array,
    shape: readonly number[],
    perm: readonly number[],
    out: Float64Array = new Float64Array(x.length),
  ): Float64Array {
    const strides = stridesOf(shape);
    const sizes = perm.map((axis) => shape[axis]!);
    const steps = perm.map((axis) => strides[axis]!);
    addStrided(sizes, x, 0, steps, out, 0, stridesOf(sizes));
    return out;
  }

  /** The diagonals of square matrices: x [..., n, n] to [..., n]. */
  function diagonal(
    x: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(x.length / n),
  ): Float64Array {
    addStrided([x.length / (n * n), n], x, 0, [n * n, n + 1], out, 0, [n, 1]);
    return out;
  }

  /** Square matrices with these diagonals and zeros beside them: x [..., n] to [..., n, n]. */
  function diagonalEmbed(
    x: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(x.length * n),
  ): Float64Array {
    addStrided([x.length / n, n], x, 0, [n, 1], out, 0, [n * n, n + 1]);
    return out;
  }

  /** Gradient descent: p −= rate g. torch.optim.SGD. */
  function sgd(p: Float64Array, g: Float64Array, rate: number): void {
    for (let i = 0; i < p.length; i++) p[i] = p[i]! - rate * g[i]!;
  }

  /** torch.optim.SGD with momentum: v = momentum v + g, p −= rate v, or rate (g + momentum v). */
  function momentum(
    p: Float64Array,
    g: Float64Array,
    velocity: Float64Array,
    rate: number,
    momentum: number,
    nesterov: boolean,
  ): void {
    for (let i = 0; i < p.length; i++) {
      const v = momentum * velocity[i]! + g[i]!;
      velocity[i] = v;
      p[i] = p[i]! - rate * (nesterov ? g[i]! + momentum * v : v);
    }
  }

  /**
   * torch.optim.Adam (Kingma and Ba 2015): m and v are running means of g and g², p −= rate m̂ / (√v̂ +
   * epsilon) with m̂ = m / (1 − beta1^step), v̂ = v / (1 − beta2^step). The first step is 1.
   */
  function adam(
    p: Float64Array,
    g: Float64Array,
    m: Float64Array,
    v: Float64Array,
    step: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void {
    const stepSize = rate / (1 - beta1 ** step);
    const root = Math.sqrt(1 - beta2 ** step);
    for (let i = 0; i < p.length; i++) {
      const mean = beta1 * m[i]! + (1 - beta1) * g[i]!;
      const square = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
      m[i] = mean;
      v[i] = square;
      p[i] = p[i]! - (stepSize * mean) / (Math.sqrt(square) / root + epsilon);
    }
  }

  /** torch.optim.RMSprop: p −= rate g / (√squares + epsilon), squares the running mean of g². */
  function rmsprop(
    p: Float64Array,
    g: Float64Array,
    squares: Float64Array,
    rate: number,
    alpha: number,
    epsilon: number,
  ): void {
    for (let i = 0; i < p.length; i++) {
      const square = alpha * squares[i]! + (1 - alpha) * g[i]! * g[i]!;
      squares[i] = square;
      p[i] = p[i]! - (rate * g[i]!) / (Math.sqrt(square) + epsilon);
    }
  }

  /** p −= amount p: the weight decay of torch.optim.AdamW, which comes before the step. */
  function decay(p: Float64Array, amount: number): void {
    for (let i = 0; i < p.length; i++) p[i] = p[i]! * (1 - amount);
  }

  /** g += factor p: weight decay as a penalty on squares, as in torch.optim.SGD. */
  function addScaled(g: Float64Array, p: Float64Array, factor: number): void {
    for (let i = 0; i < g.length; i++) g[i] = g[i]! + factor * p[i]!;
  }

  /** Scales gradients to a joint Euclidean norm of `limit` at most; returns the norm. clip_grad_norm_. */
  function clipByNorm(gradients: readonly Float64Array[], limit: number): number {
    const total = norm(Float64Array.from(gradients, norm));
    const factor = limit / (total + 1e-6);
    if (factor >= 1) return total; // a NaN goes on
    for (const g of gradients) for (let i = 0; i < g.length; i++) g[i] = g[i]! * factor;
    return total;
  }

  /** Limits each value to [−limit, limit]. clip_grad_value_. */
  function clipByValue(gradients: readonly Float64Array[], limit: number): void {
    for (const g of gradients)
      for (let i = 0; i < g.length; i++) g[i] = Math.max(-limit, Math.min(limit, g[i]!));
  }

  /** The learning rate after `step` steps when each multiplies it by `decay`. */
  function exponentialRate(rate: number, step: number, decay: number): number {
    return rate * decay ** step;
  }

  /** The learning rate after `step` steps when every `every`-th multiplies it by `factor`. */
  function stepRate(rate: number, step: number, every: number, factor: number): number {
    return rate * factor ** Math.floor(step / every);
  }

  /** The learning rate after `step` steps, half a cosine wave from `rate` to `minimum` at `steps`. */
  function cosineRate(rate: number, step: number, steps: number, minimum: number): number {
    if (step >= steps) return minimum;
    return minimum + ((rate - minimum) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
  }

  /** The learning rate after `step` steps when the first `steps` rise linearly to `rate`. */
  function warmup(rate: number, step: number, steps: number): number {
    return step + 1 >= steps ? rate : (rate * (step + 1)) / steps;
  }

  /** Random numbers in [0, 1), all multiples of 2^−53, from a seed (a whole number). */
  function createRandom(seed: number): () => number {
    return fractionsOf(createXoshiro(seedWords(seed, 0)));
  }

  /** 53 bits of two words each. */
  function fractionsOf(next: () => number): () => number {
    return () => {
      const high = next() >>> 5;
      const low = next() >>> 6;
      return (high * 67108864 + low) / 9007199254740992; // 2^26, 2^53
    };
  }

  /**
   * The generator xoshiro128** (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number
   * generators", 2021): words of 32 bits from a state of four of them, not all zero.
   */
  function createXoshiro(state: readonly [number, number, number, number]): () => number {
    let [a, b, c, d] = state;
    return () => {
      const scrambled = Math.imul(b, 5);
      const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return word;
    };
  }

  /** A state from a seed and a stream, each word of it mixed from both. */
  function seedWords(
    seed: number,
    stream: number,
  ): readonly [a: number, b: number, c: number, d: number] {
    const parts = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0, stream >>> 0];
    let mixed = 0;
    const word = (): number => {
      for (const part of parts) mixed = mixWord(((mixed ^ part) + 0x9e3779b9) | 0);
      return mixed;
    };
    return [word(), word(), word(), word()];
  }

  /** MurmurHash3's final mix (A. Appleby), a bijection of 32 bits. */
  function mixWord(word: number): number {
    let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  }

  /** n values equally likely in [−limit, limit). */
  function uniform(n: number, limit: number, random: () => number): Float64Array {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = (2 * random() - 1) * limit;
    return out;
  }

  /** n values from the normal distribution around 0 (Box and Muller 1958). */
  function normal(n: number, deviation: number, random: () => number): Float64Array {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()));
      const angle = 2 * Math.PI * random();
      out[i] = radius * Math.cos(angle);
      if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  /** n times 0 with probability `rate`, else 1 / (1 − rate). Streams of one seed are independent. */
  function dropoutMask(n: number, rate: number, seed: number, stream: number): Float64Array {
    const random = fractionsOf(createXoshiro(seedWords(seed, stream)));
    const out = new Float64Array(n);
    const kept = 1 / (1 - rate);
    for (let i = 0; i < n; i++) out[i] = random() < rate ? 0 : kept;
    return out;
  }

  /** [length, width]: sin(p / 10000^(2i / width)) in column 2i of row p, the cosine in column 2i + 1. */
  function positionalEncoding(length: number, width: number): Float64Array {
    const out = new Float64Array(length * width);
    for (let column = 0; column < width; column++) {
      const frequency = 10000 ** (-(column - (column % 2)) / width);
      for (let p = 0; p < length; p++) {
        const angle = p * frequency;
        out[p * width + column] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
      }
    }
    return out;
  }

  /** The sum of all values. */
  function sum(x: Float64Array): number {
    return sumLine(x, 0, x.length, 1);
  }

  /** The largest value, NaN if one is NaN. */
  function largest(x: Float64Array): number {
    return largestLine(x, 0, x.length, 1);
  }

  /** The smallest value, NaN if one is NaN. */
  function smallest(x: Float64Array): number {
    return smallestLine(x, 0, x.length, 1);
  }

  /** The product of all values. */
  function product(x: Float64Array): number {
    return productLine(x, 0, x.length, 1);
  }

  /** The Euclidean norm, which overflows or underflows only if the result does. */
  function norm(x: Float64Array): number {
    return normLine(x, 0, x.length, 1);
  }

  /** Sums along an axis: x [outer, n, inner] to [outer, inner]. */
  function sumAxis(
    x: Float64Array,
    n: number,
    inner: number = 1,
    out: Float64Array = new Float64Array(x.length / n),
  ): Float64Array {
    if (inner === 1) return reduceLines(x, n, 1, sumLine, out);
    for (let start = 0, to = 0; start < x.length; to += inner) {
      for (let i = 0; i < n; i++, start += inner) {
        for (let j = 0; j < inner; j++) out[to + j] = out[to + j]! + x[start + j]!;
      }
    }
    return out;
  }

  /** Sums over the first axis: x [rows, n] to [n]. */
  function sumRows(
    x: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(n),
  ): Float64Array {
    return sumAxis(x, x.length / n, n, out);
  }

  /** The largest along an axis: x [outer, n, inner] to [outer, inner]. */
  function largestAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
    return reduceLines(x, n, inner, largestLine);
  }

  /** The smallest along an axis: x [outer, n, inner] to [outer, inner]. */
  function smallestAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
    return reduceLines(x, n, inner, smallestLine);
  }

  /** Products along an axis: x [outer, n, inner] to [outer, inner]. */
  function productAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
    return reduceLines(x, n, inner, productLine);
  }

  /** Euclidean norms along an axis: x [outer, n, inner] to [outer, inner]. */
  function normAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
    return reduceLines(x, n, inner, normLine);
  }

  /** ln Σ exp along an axis: x [outer, n, inner] to [outer, inner]. */
  function logSumExp(x: Float64Array, n: number, inner: number = 1): Float64Array {
    return reduceLines(x, n, inner, logSumExpLine);
  }

  /** What `reduce` makes of each line: x [outer, n, inner] to [outer, inner]. */
  function reduceLines(
    x: Float64Array,
    n: number,
    inner: number,
    reduce: (x: Float64Array, start: number, n: number, step: number) => number,
    out: Float64Array = new Float64Array(x.length / n),
  ): Float64Array {
    for (let i = 0; i < out.length; i++)
      out[i] = out[i]! + reduce(x, lineStart(i, n, inner), n, inner);
    return out;
  }

  /** Where line i of x [outer, n, inner] starts. */
  function lineStart(i: number, n: number, inner: number): number {
    const outer = Math.floor(i / inner);
    return outer * n * inner + (i - outer * inner);
  }

  function sumLine(x: Float64Array, start: number, n: number, step: number): number {
    let total = 0;
    for (let i = 0, at = start; i < n; i++, at += step) total += x[at]!;
    return total;
  }

  function largestLine(x: Float64Array, start: number, n: number, step: number): number {
    let best = -Infinity;
    for (let i = 0, at = start; i < n; i++, at += step) {
      const value = x[at]!;
      if (value > best || value !== value) best = value;
    }
    return best;
  }

  function smallestLine(x: Float64Array, start: number, n: number, step: number): number {
    let best = Infinity;
    for (let i = 0, at = start; i < n; i++, at += step) {
      const value = x[at]!;
      if (value < best || value !== value) best = value;
    }
    return best;
  }

  function productLine(x: Float64Array, start: number, n: number, step: number): number {
    let total = 1;
    for (let i = 0, at = start; i < n; i++, at += step) total *= x[at]!;
    return total;
  }

  /** The squares are summed as they are, and scaled only when that leaves the range of numbers. */
  function normLine(x: Float64Array, start: number, n: number, step: number): number {
    let total = 0;
    for (let i = 0, at = start; i < n; i++, at += step) total += x[at]! * x[at]!;
    if (total > 1e-280 && total < Infinity) return Math.sqrt(total);
    const scale = largestSizeInLine(x, start, n, step);
    if (scale === 0 || !(scale < Infinity)) return scale;
    total = 0;
    for (let i = 0, at = start; i < n; i++, at += step) total += (x[at]! / scale) ** 2;
    return scale * Math.sqrt(total);
  }

  function largestSizeInLine(x: Float64Array, start: number, n: number, step: number): number {
    return Math.max(largestLine(x, start, n, step), -smallestLine(x, start, n, step));
  }

  /** −Infinity if all are, Infinity if one is. */
  function logSumExpLine(x: Float64Array, start: number, n: number, step: number): number {
    const top = largestLine(x, start, n, step);
    const shift = Math.abs(top) === Infinity ? 0 : top;
    return shift + logOfShiftedSum(x, start, n, step, shift);
  }

  /** ln Σ exp(x − shift). */
  function logOfShiftedSum(
    x: Float64Array,
    start: number,
    n: number,
    step: number,
    shift: number,
  ): number {
    let total = 0;
    for (let i = 0, at = start; i < n; i++, at += step) total += Math.exp(x[at]! - shift);
    return Math.log(total);
  }

  /** exp(x) / Σ exp(x) along an axis: x [outer, n, inner]. NaN where a whole line is −Infinity. */
  function softmax(
    x: Float64Array,
    n: number,
    inner: number = 1,
    out: Float64Array = new Float64Array(x.length),
  ): Float64Array {
    const line = new Float64Array(n);
    for (let i = 0; i < x.length / n; i++) {
      const start = lineStart(i, n, inner);
      softmaxLine(x, start, n, inner, line);
      for (let j = 0, at = start; j < n; j++, at += inner) out[at] = out[at]! + line[j]!;
    }
    return out;
  }

  /** Writes the softmax of a line into `line` [n]. */
  function softmaxLine(
    x: Float64Array,
    start: number,
    n: number,
    step: number,
    line: Float64Array,
  ): void {
    const shift = largestLine(x, start, n, step);
    let total = 0;
    for (let j = 0, at = start; j < n; j++, at += step) {
      const value = Math.exp(x[at]! - shift);
      line[j] = value;
      total += value;
    }
    for (let j = 0; j < n; j++) line[j] = line[j]! / total;
  }

  /** x − ln Σ exp(x) along an axis: x [outer, n, inner]. */
  function logSoftmax(
    x: Float64Array,
    n: number,
    inner: number = 1,
    out: Float64Array = new Float64Array(x.length),
  ): Float64Array {
    for (let i = 0; i < x.length / n; i++) {
      const start = lineStart(i, n, inner);
      const shift = largestLine(x, start, n, inner);
      const logSum = logOfShiftedSum(x, start, n, inner, shift);
      for (let j = 0, at = start; j < n; j++, at += inner)
        out[at] = out[at]! + (x[at]! - shift - logSum);
    }
    return out;
  }

  /** The adjoint of softmax, p (dp − Σ dp p) along the axis, from p = softmax(x) [outer, n, inner]. */
  function softmaxBackward(
    dp: Float64Array,
    p: Float64Array,
    n: number,
    inner: number = 1,
    out: Float64Array = new Float64Array(p.length),
  ): Float64Array {
    for (let i = 0; i < p.length / n; i++) {
      const start = lineStart(i, n, inner);
      let total = 0;
      for (let j = 0, at = start; j < n; j++, at += inner) total += dp[at]! * p[at]!;
      for (let j = 0, at = start; j < n; j++, at += inner)
        out[at] = out[at]! + p[at]! * (dp[at]! - total);
    }
    return out;
  }

  /** The adjoint of logSoftmax, dl − exp(l) Σ dl along the axis, from l = logSoftmax(x) [outer, n, inner]. */
  function logSoftmaxBackward(
    dl: Float64Array,
    l: Float64Array,
    n: number,
    inner: number = 1,
    out: Float64Array = new Float64Array(l.length),
  ): Float64Array {
    for (let i = 0; i < l.length / n; i++) {
      const start = lineStart(i, n, inner);
      const total = sumLine(dl, start, n, inner);
      for (let j = 0, at = start; j < n; j++, at += inner)
        out[at] = out[at]! + (dl[at]! - Math.exp(l[at]!) * total);
    }
    return out;
  }

  /** −ln softmax(z)[class] of each row: z [rows, n], classes [rows] to [rows]. */
  function crossEntropy(
    z: Float64Array,
    classes: Int32Array,
    n: number,
    out: Float64Array = new Float64Array(classes.length),
  ): Float64Array {
    for (let r = 0; r < classes.length; r++) {
      const shift = largestLine(z, r * n, n, 1);
      const picked = z[r * n + classes[r]!]!;
      out[r] = out[r]! + (logOfShiftedSum(z, r * n, n, 1, shift) + (shift - picked));
    }
    return out;
  }

  /** The adjoint of crossEntropy, (softmax(z) − 1 at the class) d[row]: d [rows], z [rows, n]. */
  function crossEntropyBackward(
    d: Float64Array,
    z: Float64Array,
    classes: Int32Array,
    n: number,
    out: Float64Array = new Float64Array(z.length),
  ): Float64Array {
    const line = new Float64Array(n);
    for (let r = 0; r < classes.length; r++) {
      softmaxLine(z, r * n, n, 1, line);
      line[classes[r]!]! -= 1;
      const factor = d[r]!;
      for (let j = 0, at = r * n; j < n; j++, at++) out[at] = out[at]! + line[j]! * factor;
    }
    return out;
  }

  /**
   * −Σ target ln softmax(z) of each row: z, targets [rows, n] to [rows]. A target of 0 counts nothing,
   * even where softmax(z) is 0.
   */
  function softmaxCrossEntropy(
    z: Float64Array,
    targets: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(z.length / n),
  ): Float64Array {
    for (let r = 0; r < out.length; r++) {
      const shift = largestLine(z, r * n, n, 1);
      const logSum = logOfShiftedSum(z, r * n, n, 1, shift);
      let total = 0;
      for (let at = r * n; at < (r + 1) * n; at++) {
        if (targets[at]! !== 0) total += targets[at]! * (logSum + (shift - z[at]!));
      }
      out[r] = out[r]! + total;
    }
    return out;
  }

  /** The adjoint of softmaxCrossEntropy in z, (softmax(z) Σ targets − targets) d[row]: d [rows]. */
  function softmaxCrossEntropyBackward(
    d: Float64Array,
    z: Float64Array,
    targets: Float64Array,
    n: number,
    out: Float64Array = new Float64Array(z.length),
  ): Float64Array {
    const line = new Float64Array(n);
    for (let r = 0; r < d.length; r++) {
      softmaxLine(z, r * n, n, 1, line);
      const total = sumLine(targets, r * n, n, 1);
      const factor = d[r]!;
      for (let j = 0, at = r * n; j < n; j++, at++)
        out[at] = out[at]! + (line[j]! * total - targets[at]!) * factor;
    }
    return out;
  }

  /**
   * Error function, 2/√π ∫₀ˣ exp(−t²) dt, for every real x: odd, ±1 at ±Infinity, NaN at NaN. Within
   * 4 ulp. For |x| ≤ 0.46875 a rational function of x² (W. J. Cody, "Rational Chebyshev
   * approximations for the error function", Math. Comp. 23, 1969), beyond that 1 − erfc(x).
   */
  function erf(x: number): number {
    const size = Math.abs(x);
    if (size <= 0.46875) return erfNearZero(x);
    const value = 0.5 - erfcPositive(size) + 0.5;
    return x < 0 ? -value : value;
  }

  /**
   * Complementary error function, 1 − erf(x), for every real x, without the cancellation: relative
   * accuracy in the tail, 0 from 27.3 on, where it falls below the smallest number. Within 5 ulp.
   */
  function erfc(x: number): number {
    if (Math.abs(x) <= 0.46875) return 1 - erfNearZero(x);
    return x < 0 ? 2 - erfcPositive(-x) : erfcPositive(x);
  }

  /** erf for |x| ≤ 0.46875 (Cody 1969). */
  function erfNearZero(x: number): number {
    const s = x * x;
    let top =
      ((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s +
      377.485237685302;
    top = top * s + 3209.3775891384694;
    let bottom = ((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723;
    bottom = bottom * s + 2844.2368334391706;
    return x * (top / bottom);
  }

  /** erfc for x ≥ 0.46875. */
  function erfcPositive(x: number): number {
    if (x > 27.3) return 0; // below half of the smallest number
    const square = x * x;
    // exp would magnify the rounding error of the square, so it is put back; `coarse` squares exactly.
    const coarse = Math.fround(x);
    const lost = coarse * coarse - square + (x - coarse) * (x + coarse);
    const scaled = (1 - lost) * (x < 1 ? erfcScaledMiddle(x) : erfcScaledTail(x));
    if (x < 26) return Math.exp(-square) * scaled;
    const half = Math.exp(-0.5 * square); // the whole would lose digits below 2^−1022
    return half * scaled * half;
  }

  /** exp(x²) erfc(x) for 0.46875 ≤ x ≤ 1 (Cody 1969, who goes on to 4). */
  function erfcScaledMiddle(x: number): number {
    let top =
      ((2.1531153547440383e-8 * x + 0.5641884969886701) * x + 8.883149794388377) * x +
      66.11919063714163;
    top = ((top * x + 298.6351381974001) * x + 881.952221241769) * x + 1712.0476126340707;
    top = (top * x + 2051.0783778260716) * x + 1230.3393547979972;
    let bottom = ((x + 15.744926110709835) * x + 117.6939508913125) * x + 537.1811018620099;
    bottom = ((bottom * x + 1621.3895745666903) * x + 3290.7992357334597) * x + 4362.619090143247;
    bottom = (bottom * x + 3439.3676741437216) * x + 1230.3393548037495;
    return top / bottom;
  }

  /**
   * exp(x²) erfc(x) for x ≥ 1, as (1/√π − s R(s)) / x with s = 1/x² (Cody 1969), where an error of R
   * counts little. His R serves from 4 on; this one was fitted for wengert, by rational
   * interpolation in Chebyshev nodes.
   */
  function erfcScaledTail(x: number): number {
    const s = 1 / (x * x);
    let top =
      ((0.03021682092452262 * s + 30.305889266523142) * s + 661.2536860393548) * s +
      4338.866041887226;
    top = ((top * s + 12149.454685512279) * s + 16904.003095463388) * s + 12655.12356300685;
    top = ((top * s + 5306.929214882544) * s + 1258.883126333833) * s + 164.75871899321487;
    top = (top * s + 10.918302885531347) * s + 0.28209479177385777;
    let bottom =
      ((63.10838881837626 * s + 1772.1839808240993) * s + 15107.345410111806) * s +
      56197.82577116548;
    bottom = ((bottom * s + 106674.01268465133) * s + 112297.7738239615) * s + 68609.03777156098;
    bottom = ((bottom * s + 24807.75238276532) * s + 5285.899602361741) * s + 640.6110159013494;
    bottom = (bottom * s + 40.20437598954553) * s + 1;
    return (0.5641895835477563 - (s * top) / bottom) / x; // 0.56... = 1/√π
  }

  /**
   * Gamma function. The correctly rounded factorial at whole numbers; elsewhere within 4 ulp for x >
   * −8 and 5 ulp below. Infinity above 171.62, ±Infinity at ±0, NaN at the negative whole numbers
   * and −Infinity, ±0 below −184. For |x| < 8 recurrence to [1, 2] and a rational function there (W.
   * J. Cody, "An overview of software development for special functions", 1976), beyond that
   * Stirling's series and the reflection formula (Abramowitz and Stegun 1964, 6.1.17).
   */
  function gamma(x: number): number {
    if (Number.isInteger(x)) return gammaOfInteger(x);
    if (x > -8 && x < 8) return gammaByRecurrence(x);
    return x > 0 ? gammaHigh(x) : gammaByReflection(x);
  }

  function gammaOfInteger(x: number): number {
    if (x > 171) return Infinity;
    if (x < 0) return NaN;
    return x === 0 ? 1 / x : factorial(x - 1);
  }

  /**
   * n! for whole n from 0 to 170, rounded once: the product carries its rounding error along (Dekker
   * 1971).
   */
  function factorial(n: number): number {
    let product = 2 ** -60; // room for the splitting below not to overflow
    let error = 0;
    for (let k = 2; k <= n; k++) {
      const next = product * k;
      const split = product * 134217729; // 2^27 + 1
      const head = split - (split - product);
      error = error * k + (head * k - next + (product - head) * k);
      product = next;
    }
    return (product + error) * 2 ** 60;
  }

  /** Γ(x) = √(2π) x^(x − ½) exp(−x + stirlingTail(x)) for x ≥ 8; x − ½ is exact. */
  function gammaHigh(x: number): number {
    if (x > 171.7) return Infinity;
    const rest = Math.exp(-x) * stirlingFactor(x);
    if (x < 143) return Math.pow(x, x - 0.5) * rest;
    const half = Math.pow(x, 0.5 * x - 0.25); // the whole power would overflow before the result does
    return half * rest * half;
  }

  /** x ≤ −8: −π / (x sin(πx) Γ(−x)). Not Γ(1 − x): adding would round, and Γ is steep. */
  function gammaByReflection(x: number): number {
    const sine = sinPi(x);
    if (x > -170) return -Math.PI / (x * sine) / gammaHigh(-x);
    if (x < -190) return 0 * sine;
    const half = Math.pow(-x, -0.5 * x - 0.25); // as in gammaHigh, whose result would overflow here
    return -Math.PI / (x * sine * half * Math.exp(x) * stirlingFactor(-x)) / half;
  }

  /**
   * √(2π) exp(stirlingTail(x)), rounded nearly once: the second constant is what the first leaves of
   * √(2π).
   */
  function stirlingFactor(x: number): number {
    return (
      2.5066282746310007 +
      (2.5066282746310007 * Math.expm1(stirlingTail(x)) - 1.8328579980459167e-16)
    );
  }

  /** |x| < 8, by Γ(x + 1) = x Γ(x). */
  function gammaByRecurrence(x: number): number {
    let above = 1;
    let z = x;
    while (z >= 2) {
      z -= 1;
      above *= z;
    }
    if (z >= 1) return above * gammaOnePlus(z - 1);
    let below = z;
    while (z < 0) {
      z += 1;
      below *= z;
    }
    return gammaOnePlus(z) / below;
  }

  /** Γ(1 + z) for 0 ≤ z ≤ 1 (Cody 1976). */
  function gammaOnePlus(z: number): number {
    let top =
      ((-1.716185138865495 * z + 24.76565080557592) * z - 379.80425647094563) * z +
      629.3311553128184;
    top = ((top * z + 866.9662027904133) * z - 31451.272968848367) * z - 36144.413418691176;
    top = top * z + 66456.14382024054;
    let bottom = ((z - 30.840230011973897) * z + 315.35062697960416) * z - 1015.1563674902192;
    bottom = ((bottom * z - 3107.771671572311) * z + 22538.11842098015) * z + 4755.846277527881;
    bottom = (bottom * z - 134659.9598649693) * z - 115132.25967555349;
    return 1 + (z * top) / bottom;
  }

  /** ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x ≥ 8 (Abramowitz and Stegun 1964, 6.1.41). */
  function stirlingTail(x: number): number {
    const s = 1 / (x * x);
    let sum = ((43867 / 244188) * s - 3617 / 122400) * s + 1 / 156;
    sum = ((sum * s - 691 / 360360) * s + 1 / 1188) * s - 1 / 1680;
    sum = ((sum * s + 1 / 1260) * s - 1 / 360) * s + 1 / 12;
    return sum / x;
  }

  /**
   * ln |Γ(x)|. Within 5 ulp for x > 0, next to the roots 1 and 2 too. For x < 0 the error is below 3
   * ulp of the larger of 1 and the result, so that few digits are right next to the roots there.
   * Infinity at 0, −1, −2, ... and at ±Infinity. Rational functions around 1 and 2 (W. J. Cody and
   * K. E. Hillstrom, "Chebyshev approximations for the natural logarithm of the gamma function",
   * Math. Comp. 21, 1967), recurrence up to 8, Stirling's series beyond.
   */
  function lgamma(x: number): number {
    if (x >= 8) return lgammaHigh(x);
    if (x > 4) return lgammaMiddle(x);
    if (x > 1.5) return lgammaNearTwo(x - 2);
    if (x > 0.68) return lgammaNearOne(x - 1);
    if (x > -20) return lgammaLow(x);
    return lgammaByReflection(x);
  }

  /** x ≥ 8. The constant is ½ ln 2π − ½. */
  function lgammaHigh(x: number): number {
    const main = Math.log(x) - 1;
    return x < 1e17 ? (x - 0.5) * main + (0.4189385332046727 + stirlingTail(x)) : x * main;
  }

  /** 4 < x < 8: Γ(x) = (x − 1)(x − 2)...(y) Γ(y) */
  function lgammaMiddle(x: number): number {
    let product = 1;
    let y = x;
    while (y > 4) {
      y -= 1;
      product *= y;
    }
    return Math.log(product) + lgammaNearTwo(y - 2);
  }

  /** −20 < x ≤ 0.68: Γ(x) = Γ(z + 1) / x(x + 1)...(z), where adding loses no digits. */
  function lgammaLow(x: number): number {
    let z = x;
    let product = x;
    while (z < -0.32) {
      z += 1;
      product *= z;
    }
    return (z > 0.5 ? lgammaNearTwo(z - 1) : lgammaNearOne(z)) - Math.log(Math.abs(product));
  }

  /** x ≤ −20, or NaN: |Γ(x)| = π / |x sin(πx) Γ(−x)| */
  function lgammaByReflection(x: number): number {
    if (Number.isInteger(x) || x === -Infinity) return Infinity;
    return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgammaHigh(-x);
  }

  /** ln Γ(1 + z) for −0.32 ≤ z ≤ ½ (Cody and Hillstrom 1967). */
  function lgammaNearOne(z: number): number {
    let top =
      ((4.945235359296727 * z + 201.8112620856775) * z + 2290.8383738313464) * z +
      11319.672059033808;
    top = ((top * z + 28557.246356716354) * z + 38484.962284437934) * z + 26377.487876241954;
    top = top * z + 7225.813979700288;
    let bottom = ((z + 67.48212550303777) * z + 1113.3323938571993) * z + 7738.757056935399;
    bottom = ((bottom * z + 27639.870744033407) * z + 54993.102062261576) * z + 61611.22180066002;
    bottom = (bottom * z + 36351.2759150194) * z + 8785.536302431014;
    return z * (-0.5772156649015329 + z * (top / bottom));
  }

  /** ln Γ(2 + z) for −½ ≤ z ≤ 2 (Cody and Hillstrom 1967). */
  function lgammaNearTwo(z: number): number {
    let top =
      ((4.974607845568932 * z + 542.4138599891071) * z + 15506.93864978365) * z +
      184793.29044456323;
    top = ((top * z + 1088204.7694688288) * z + 3338152.96798703) * z + 5106661.678927353;
    top = top * z + 3074109.0548505397;
    let bottom = ((z + 183.03283993705926) * z + 7765.049321445006) * z + 133190.38279660742;
    bottom = ((bottom * z + 1136705.8213219696) * z + 5267964.117437947) * z + 13467014.543111017;
    bottom = (bottom * z + 17827365.303532742) * z + 9533095.591844354;
    return z * (0.42278433509846713 + z * (top / bottom));
  }

  /**
   * ψ(x) = Γ′(x) / Γ(x). Within 6 ulp for x > 0, next to the root 1.4616... too. For x < 0 the error
   * is below 6 ulp of the larger of ln(2 − x) and the result. ∓Infinity at ±0, NaN at the negative
   * whole numbers and at −Infinity. W. J. Cody, A. J. Strecok and H. C. Thacher, "Chebyshev
   * approximations for the psi function", Math. Comp. 27, 1973.
   */
  function digamma(x: number): number {
    if (x > 3) return digammaHigh(x);
    if (x > 2.5) return digammaNearRoot(x - 1) + 1 / (x - 1);
    if (x >= 0.5) return digammaNearRoot(x);
    if (x >= 0) return digammaNearRoot(x + 1) - 1 / x;
    return digammaByReflection(x);
  }

  /** x < 0, or NaN: ψ(1 − x) − π cot(πx) */
  function digammaByReflection(x: number): number {
    if (!(x < 0) || Number.isInteger(x) || x === -Infinity) return NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  }

  /** x > 3 (Cody, Strecok and Thacher 1973). */
  function digammaHigh(x: number): number {
    const s = 1 / (x * x);
    let top =
      ((-2.7103228277757834 * s - 15.166271776896121) * s - 19.78455414871922) * s -
      8.810095882831222;
    top = ((top * s - 1.4479614616899843) * s - 7.368960033239455e-2) * s - 6.513538773271817e-21;
    let bottom = ((s + 44.992760373789366) * s + 202.40955312679933) * s + 247.3697900331529;
    bottom = ((bottom * s + 107.42543875702278) * s + 17.46396506067857) * s + 0.8842752039887348;
    return Math.log(x) - 0.5 / x + top / bottom;
  }

  /**
   * ½ ≤ x ≤ 3, as a multiple of x − root; the root is written in two parts (Cody, Strecok and
   * Thacher 1973).
   */
  function digammaNearRoot(x: number): number {
    let top =
      ((4.510468124576293e-3 * x + 5.493285583300038) * x + 376.4669317592928) * x +
      7952.5490849152;
    top = ((top * x + 71451.59581895193) * x + 306559.76301987365) * x + 636069.9778896446;
    top = (top * x + 580413.1278353757) * x + 165856.95029761022;
    let bottom = ((x + 96.14165477422236) * x + 2628.771579058119) * x + 29862.49702225028;
    bottom = ((bottom * x + 162065.66091533672) * x + 434878.8071276833) * x + 542563.8453726999;
    bottom = (bottom * x + 242421.8500201799) * x + 6.4155223783576226e-8;
    return (top / bottom) * (x - 1.4616321449683622 - 9.549995429965697e-17);
  }

  /** sin(πx); x less its nearest whole number is exact, π times x would not be. */
  function sinPi(x: number): number {
    const nearest = Math.round(x);
    const sine = Math.sin(Math.PI * (x - nearest));
    return nearest % 2 === 0 ? sine : -sine;
  }

  /**
   * Bₖ / k! for k = 2, 4, ..., 22 (B: Bernoulli numbers), the coefficients of the Euler–Maclaurin
   * sum.
   */
  const BERNOULLI_OVER_FACTORIAL: readonly number[] = [
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
    43867 / 5109094217170944000,
    -174611 / 802857662698291200000,
    77683 / 14101100039391805440000,
  ];

  /**
   * n-th derivative of digamma, (−1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for whole n from 1 to 170,
   * else NaN. Within 3 ulp for x > 0; for x < 0 the error is below 3 ulp of the sum's largest term.
   * At 0, −1, −2, ... Infinity for odd n; for even n ∓Infinity at ±0 and NaN at the others.
   * Recurrence and asymptotic series (Abramowitz and Stegun 1964, 6.4.6, 6.4.11).
   */
  function polygamma(n: number, x: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 170 || x === -Infinity) return NaN;
    if (x === Infinity) return 0;
    const odd = n % 2 === 1;
    if (x <= 0 && Number.isInteger(x)) return odd ? Infinity : x === 0 ? -1 / x : NaN;
    const sum = x > 0 ? inversePowerSum(n, x) : inversePowerSumBelowZero(n, x);
    return odd ? sum : -sum;
  }

  /**
   * The same sum for x < 0: that over all whole k, which depends only on r = x − round(x), less the
   * part with k < 0. The term next to the pole is computed from r, which is exact; derivatives of
   * the cotangent would magnify its error n times.
   */
  function inversePowerSumBelowZero(n: number, x: number): number {
    const r = x - Math.round(x);
    const parity = n % 2 === 1 ? 1 : -1;
    const others =
      inversePowerSum(n, 1 + r) + parity * (inversePowerSum(n, 1 - r) - inversePowerSum(n, 1 - x));
    return others + inversePower(n, r);
  }

  /** n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for x > 0, the small terms first so that little is lost. */
  function inversePowerSum(n: number, x: number): number {
    const steps = Math.max(0, Math.ceil(n + 10 - x));
    let sum = inversePowerTail(n, x + steps) * shiftCorrection(n, x, steps);
    for (let k = steps - 1; k >= 0; k--)
      sum += inversePower(n, x + k) * shiftCorrection(n + 1, x, k);
    return sum;
  }

  /** (x + k)⁻ᵖ is steep: to first order, the factor that undoes the rounding of x + k. */
  function shiftCorrection(p: number, x: number, k: number): number {
    const shifted = x + k;
    const lost = x - (shifted - k);
    return 1 - (p * lost) / shifted;
  }

  /** n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for x ≥ n + 10 (Abramowitz and Stegun 1964, 6.4.11). */
  function inversePowerTail(n: number, x: number): number {
    let series = (0.5 * n) / x;
    let rising = 1;
    let order = n;
    for (const coefficient of BERNOULLI_OVER_FACTORIAL) {
      rising *= (order / x) * ((order + 1) / x);
      series += coefficient * rising;
      order += 2;
    }
    return inversePower(n - 1, x) * (1 + series);
  }

  /** n! / xⁿ⁺¹ */
  function inversePower(n: number, x: number): number {
    const power = Math.pow(x, -n - 1);
    if (Math.abs(power) > 1e-290) return factorial(n) * power;
    const half = n >> 1; // in two parts, so that nothing underflows that n! would have brought back
    return factorial(n) * Math.pow(x, -half) * Math.pow(x, half - n - 1);
  }

  /** The number of values of a tensor of this shape. */
  function sizeOf(shape: readonly number[]): number {
    let size = 1;
    for (const count of shape) size *= count;
    return size;
  }

  /** How far apart in memory neighbours along each axis are. */
  function stridesOf(shape: readonly number[]): number[] {
    const strides = shape.slice();
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
    return strides;
  }

  /** Where in memory an index is. */
  function offsetOf(index: readonly number[], strides: readonly number[]): number {
    let offset = 0;
    for (let axis = 0; axis < index.length; axis++) offset += index[axis]! * strides[axis]!;
    return offset;
  }

  /** Strides that read `from` as if it had the shape `to` (NumPy broadcasting): 0 along stretched axes. */
  function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
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
  function addStrided(
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
      addStrided(
        sizes,
        x,
        start + i * step,
        steps,
        out,
        outStart + i * outStep,
        outSteps,
        axis + 1,
      );
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

  return {
    sumTo,
    keptSize,
    logSumExpOf,
    otherProduct,
    checkReal,
    checkIndices,
    checkSize,
    checkNumber,
    checkBounds,
    wrongLengthMessage,
    describeValue,
    conv2d,
    conv2dInput,
    conv2dKernel,
    planConvolution,
    inputSize,
    outputSize,
    kernelSize,
    windowCount,
    forEachBand,
    forEachPatchLine,
    maxPool2d,
    maxPool2dBackward,
    maxPool2dPick,
    averagePool2d,
    averagePool2dBackward,
    averagedCount,
    windowsOfImage,
    pooledLength,
    unpooledLength,
    forEachWindow,
    firstLargest,
    map,
    zip,
    zip3,
    zip4,
    zipRows,
    zipColumns,
    zipBroadcast,
    zipLines,
    valueAt,
    addTo,
    filled,
    broadcast,
    zipChannels,
    slice,
    unslice,
    times,
    concat,
    gather,
    scatterAdd,
    pick,
    unpick,
    maskCausal,
    det,
    logdet,
    inv,
    solve,
    luDecompose,
    pivotRowOf,
    swapRows,
    subtractRow,
    matmul,
    matmulAt,
    matmulBt,
    dot,
    outer,
    addProduct,
    addTile,
    addStrip,
    addFour,
    dotLines,
    einsum,
    addContraction,
    contractionSize,
    contractionAxes,
    mergeAxes,
    liesBehind,
    longestAxis,
    transpose,
    diagonal,
    diagonalEmbed,
    sgd,
    momentum,
    adam,
    rmsprop,
    decay,
    addScaled,
    clipByNorm,
    clipByValue,
    exponentialRate,
    stepRate,
    cosineRate,
    warmup,
    createRandom,
    fractionsOf,
    createXoshiro,
    seedWords,
    mixWord,
    uniform,
    normal,
    dropoutMask,
    positionalEncoding,
    sum,
    largest,
    smallest,
    product,
    norm,
    sumAxis,
    sumRows,
    largestAxis,
    smallestAxis,
    productAxis,
    normAxis,
    logSumExp,
    reduceLines,
    lineStart,
    sumLine,
    largestLine,
    smallestLine,
    productLine,
    normLine,
    largestSizeInLine,
    logSumExpLine,
    logOfShiftedSum,
    softmax,
    softmaxLine,
    logSoftmax,
    softmaxBackward,
    logSoftmaxBackward,
    crossEntropy,
    crossEntropyBackward,
    softmaxCrossEntropy,
    softmaxCrossEntropyBackward,
    erf,
    erfc,
    erfNearZero,
    erfcPositive,
    erfcScaledMiddle,
    erfcScaledTail,
    gamma,
    gammaOfInteger,
    factorial,
    gammaHigh,
    gammaByReflection,
    stirlingFactor,
    gammaByRecurrence,
    gammaOnePlus,
    stirlingTail,
    lgamma,
    lgammaHigh,
    lgammaMiddle,
    lgammaLow,
    lgammaByReflection,
    lgammaNearOne,
    lgammaNearTwo,
    digamma,
    digammaByReflection,
    digammaHigh,
    digammaNearRoot,
    sinPi,
    BERNOULLI_OVER_FACTORIAL,
    polygamma,
    inversePowerSumBelowZero,
    inversePowerSum,
    shiftCorrection,
    inversePowerTail,
    inversePower,
    sizeOf,
    stridesOf,
    offsetOf,
    broadcastStrides,
    addStrided,
    addLine,
  };
}
