// Functions over tensors with gradients written by hand, right ones and wrong ones: what the checker of tensors is tried on.

import type { FunctionInput } from "../../src/frontends/source.ts";
import { createGraph, type Attrs, type InputNode, type Node } from "../../src/ir/graph.ts";
import type { Dim, TensorType } from "../../src/ir/shape.ts";
import { call } from "../../src/ops/build.ts";
import type { Tensor } from "../../src/ops/tensor/define.ts";
import type { EmittedTensors, Point, TensorVerifySpec } from "../../src/verify/tensor-verification.ts";

type Spec = Omit<TensorVerifySpec, "emitted" | "name">;

export interface TensorCase {
  readonly name: string;
  readonly spec: Spec;
  /** The code as it should be, or with one fault. */
  readonly emit: (fault?: string) => EmittedTensors;
  readonly faults: readonly string[];
}

export interface Builder {
  readonly op: (name: string, args: readonly Node[], attrs?: Attrs) => Node;
  readonly constant: (value: number) => Node;
  readonly input: (
    name: string,
    shape: readonly Dim[],
    more?: Partial<FunctionInput> & Partial<Pick<TensorType, "dtype">>,
  ) => InputNode;
  readonly inputs: FunctionInput[];
}

export function createBuilder(): Builder {
  const graph = createGraph();
  const inputs: FunctionInput[] = [];
  return {
    inputs,
    op: (name, args, attrs) => call(graph, name, args, attrs),
    constant: (value) => graph.constant(value),
    input(name, shape, { dtype = "real", ...more } = {}) {
      const node = graph.input(name, { dtype, shape });
      inputs.push({ name, node, role: "param", span: { start: 0, end: 0 }, ...more });
      return node;
    },
  };
}

const tensor = (shape: readonly number[], data: ArrayLike<number>): Tensor => ({ shape, data: Float64Array.from(data) });
const scalar = (value: number): Tensor => tensor([], [value]);
const zeros = (shape: readonly number[]): Tensor => tensor(shape, new Float64Array(shape.reduce((a, b) => a * b, 1)));

/** relu(X W + b) V into a softmax and a cross-entropy with class indices, its mean over the batch. */
function perceptron(): TensorCase {
  const { op, input, inputs } = createBuilder();
  const X = input("X", ["batch", 4], { role: "input" });
  const W = input("W", [4, 3]);
  const b = input("b", [3]);
  const V = input("V", [3, 5]);
  const y = input("y", ["batch"], { role: "input", dtype: "integer", below: 5 });
  const H = op("relu", [op("add", [op("contract", [X, W], { spec: "ij,jk->ik" }), b])]);
  const losses = op("crossEntropy", [op("contract", [H, V], { spec: "ij,jk->ik" }), y]);
  const loss = op("div", [op("sum", [losses], { axes: [0] }), op("size", [], { dim: "batch" })]);

  const run = ([X, W, b, V, y]: Point, fault: string | undefined) => {
    const batch = X!.shape[0]!;
    const [dX, dW, db, dV] = [zeros(X!.shape), zeros(W!.shape), zeros(b!.shape), zeros(V!.shape)];
    let loss = 0;
    for (let r = 0; r < batch; r++) {
      const z = Float64Array.from({ length: 3 }, (_, k) => {
        let sum = b!.data[k]!;
        for (let j = 0; j < 4; j++) sum += X!.data[r * 4 + j]! * W!.data[j * 3 + k]!;
        return sum;
      });
      const h = z.map((x) => Math.max(0, x));
      const s = Float64Array.from({ length: 5 }, (_, c) => h.reduce((sum, x, k) => sum + x * V!.data[k * 5 + c]!, 0));
      const shift = Math.max(...s);
      const total = s.reduce((sum, x) => sum + Math.exp(x - shift), 0);
      const target = fault === "off-by-one class" ? (y!.data[r]! + 1) % 5 : y!.data[r]!;
      loss += (shift + Math.log(total) - s[y!.data[r]!]!) / (fault === "value without 1/batch" ? 1 : batch);
      const ds = s.map((x, c) => {
        const p = Math.exp(x - shift) / total - (c === target && fault !== "no minus y" ? 1 : 0);
        return fault === "forgotten 1/batch" ? p : p / batch;
      });
      for (let k = 0; k < 3; k++) {
        let dh = 0;
        for (let c = 0; c < 5; c++) {
          const term = ds[c]! * V!.data[fault === "transposed operand" ? c * 3 + k : k * 5 + c]!;
          dh = fault === "missing += in dh" ? term : dh + term;
          if (fault === "missing += in dV") dV.data[k * 5 + c] = h[k]! * ds[c]!;
          else dV.data[k * 5 + c]! += h[k]! * ds[c]!;
        }
        const open = fault === "mask the wrong way" ? !(z[k]! > 0) : fault === "no mask" || z[k]! > 0;
        const dz = open ? dh : 0;
        if (fault !== "dropped term") db.data[k]! += dz;
        for (let j = 0; j < 4; j++) {
          dW.data[fault === "wrong axis" ? k * 4 + j : j * 3 + k]! += dz * X!.data[r * 4 + j]!;
          dX.data[r * 4 + (fault === "off-by-one column" ? (j + 1) % 4 : j)]! += dz * W!.data[j * 3 + k]!;
        }
      }
    }
    if (fault === "sign") dV.data.forEach((x, i) => (dV.data[i] = -x));
    if (fault === "sign of one element") dW.data[7]! *= -1;
    if (fault === "one element off by a hundredth") dW.data[5]! *= 1.01;
    if (fault === "NaN in one element") dV.data[3] = NaN;
    if (fault === "bias per row") db.data.forEach((x, i) => (db.data[i] = x / batch));
    return { value: [scalar(loss)], gradients: [dX, dW, db, dV] };
  };
  return {
    name: "perceptron",
    spec: { inputs, wrt: [0, 1, 2, 3], outputs: [loss] },
    emit: (fault) => ({
      value: (point) => run(point, fault).value,
      gradient: (point) => run(point, fault),
      backward: (point, [seed]) =>
        run(point, fault).gradients.map(({ shape, data }) =>
          tensor(
            shape,
            data.map((x) => x * (fault === "seed ignored" ? 1 : seed!.data[0]!)),
          ),
        ),
    }),
    faults: [
      ..."sign|sign of one element|one element off by a hundredth|dropped term|transposed operand|missing += in dh".split("|"),
      ..."missing += in dV|off-by-one class|off-by-one column|forgotten 1/batch|value without 1/batch|wrong axis".split("|"),
      ..."mask the wrong way|no mask|no minus y|NaN in one element|bias per row|seed ignored".split("|"),
    ],
  };
}

/** Layer normalisation of the last axis, an output for each element. */
function layerNorm(): TensorCase {
  const { op, input, inputs, constant } = createBuilder();
  const n = 5;
  const X = input("X", ["batch", "time", n], { role: "input" });
  const gamma = input("gamma", [n]);
  const beta = input("beta", [n]);
  const axes = { axes: [2] };
  const keep = { shape: ["batch", "time", 1] };
  const mean = op("reshape", [op("div", [op("sum", [X], axes), constant(n)])], keep);
  const centred = op("sub", [X, mean]);
  const variance = op("reshape", [op("div", [op("sum", [op("square", [centred])], axes), constant(n)])], keep);
  const normal = op("div", [centred, op("sqrt", [op("add", [variance, constant(1e-5)])])]);
  const output = op("add", [op("mul", [normal, gamma]), beta]);

  const run = ([X, gamma, beta]: Point, seeds: readonly Tensor[] | undefined, fault: string | undefined) => {
    const [dX, dGamma, dBeta, Y] = [zeros(X!.shape), zeros([n]), zeros([n]), zeros(X!.shape)];
    for (let start = 0; start < X!.data.length; start += n) {
      const x = X!.data.slice(start, start + n);
      const mean = x.reduce((a, b) => a + b, 0) / n;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / (fault === "variance over n - 1" ? n - 1 : n);
      const deviation = Math.sqrt(variance + (fault === "other epsilon" ? 1e-4 : 1e-5));
      const normal = x.map((value) => (value - mean) / deviation);
      const dY = seeds?.[0]!.data.slice(start, start + n) ?? new Float64Array(n);
      const scaled = dY.map((d, i) => (fault === "forgotten gamma" ? d : d * gamma!.data[i]!));
      const meanOfScaled = scaled.reduce((a, b) => a + b, 0) / n;
      const projection = scaled.reduce((a, b, i) => a + b * normal[i]!, 0) / n;
      for (let i = 0; i < n; i++) {
        Y.data[start + i] = normal[i]! * gamma!.data[i]! + beta!.data[i]!;
        dGamma.data[i]! += dY[i]! * (fault === "x for its normal form" ? x[i]! : normal[i]!);
        if (fault === "only the last row") dBeta.data[i] = dY[i]!;
        else dBeta.data[i]! += dY[i]!;
        const centredScaled = scaled[i]! - (fault === "dropped mean" ? 0 : meanOfScaled);
        dX.data[start + i] = (centredScaled - (fault === "dropped projection" ? 0 : normal[i]! * projection)) / deviation;
      }
    }
    return { value: [Y], gradients: [dX, dGamma, dBeta] };
  };
  return {
    name: "layer norm",
    spec: { inputs, wrt: [0, 1, 2], outputs: [output] },
    emit: (fault) => ({
      value: (point) => run(point, undefined, fault).value,
      backward: (point, seeds) => run(point, seeds, fault).gradients,
    }),
    faults:
      "variance over n - 1|other epsilon|forgotten gamma|x for its normal form|only the last row|dropped mean|dropped projection".split(
        "|",
      ),
  };
}

/** Half the squared error of a strided, padded convolution. */
function convolution(): TensorCase {
  const { op, input, inputs, constant } = createBuilder();
  const x = input("x", ["batch", 2, 5, 4], { role: "input" });
  const w = input("w", [3, 2, 3, 2]);
  const c = input("c", [3]);
  const y = op("conv2d", [x, w], { stride: [2, 1], padding: [1, 1], dilation: [1, 1], groups: 1 });
  const shifted = op("add", [y, op("reshape", [c], { shape: [3, 1, 1] })]);
  const loss = op("mul", [constant(0.5), op("sum", [op("square", [shifted])], { axes: [0, 1, 2, 3] })]);

  const run = ([x, w, c]: Point, fault: string | undefined) => {
    const [dx, dw, dc] = [zeros(x!.shape), zeros(w!.shape), zeros([3])];
    let loss = 0;
    const strideOfGradient = fault === "stride left out" ? 1 : 2;
    const paddingOfGradient = fault === "padding off by one" ? 0 : 1;
    const taps = function* (row: number, column: number, stride: number, padding: number) {
      for (let k = 0; k < 2; k++) {
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 2; j++) {
            const [r, s] = [row * stride - padding + i, column - padding + j];
            if (r >= 0 && r < 5 && s >= 0 && s < 4) yield { k, i, j, r, s };
          }
        }
      }
    };
    for (let image = 0; image < x!.shape[0]!; image++) {
      for (let o = 0; o < 3; o++) {
        for (let row = 0; row < 3; row++) {
          for (let column = 0; column < 5; column++) {
            const at = (k: number, r: number, s: number): number => ((image * 2 + k) * 5 + r) * 4 + s;
            let value = c!.data[o]!;
            for (const { k, i, j, r, s } of taps(row, column, 2, 1)) {
              value += x!.data[at(k, r, s)]! * w!.data[((o * 2 + k) * 3 + i) * 2 + j]!;
            }
            loss += value ** 2 / 2;
            dc.data[o]! += fault === "bias of the first row" && row > 0 ? 0 : value;
            for (const { k, i, j, r, s } of taps(row, column, strideOfGradient, paddingOfGradient)) {
              const flipped = fault === "kernel flipped" ? [2 - i, 1 - j] : [i, j];
              dx.data[at(k, r, s)]! += value * w!.data[((o * 2 + k) * 3 + flipped[0]!) * 2 + flipped[1]!]!;
              const channel = fault === "channels swapped" ? 1 - k : k;
              const place = ((o * 2 + channel) * 3 + i) * 2 + j;
              if (fault === "missing +=") dw.data[place] = value * x!.data[at(k, r, s)]!;
              else dw.data[place]! += value * x!.data[at(k, r, s)]!;
            }
          }
        }
      }
    }
    return { value: [scalar(loss)], gradients: [dx, dw, dc] };
  };
  return {
    name: "convolution",
    spec: { inputs, wrt: [0, 1, 2], outputs: [loss] },
    emit: (fault) => ({ gradient: (point) => run(point, fault) }),
    faults: "stride left out|padding off by one|kernel flipped|channels swapped|missing +=|bias of the first row".split("|"),
  };
}

/** Rows of a table, largest over time, squared and summed. */
function embedding(): TensorCase {
  const { op, input, inputs } = createBuilder();
  const table = input("table", [7, 3]);
  const words = input("words", ["batch", "time"], { role: "input", dtype: "integer", below: 7 });
  const rows = op("gather", [table, words]);
  const loss = op("sum", [op("square", [op("sum", [rows], { axes: [1] })])], { axes: [0, 1] });

  const run = ([table, words]: Point, fault: string | undefined) => {
    const [batch, time] = words!.shape as [number, number];
    const dTable = zeros(table!.shape);
    let loss = 0;
    for (let r = 0; r < batch; r++) {
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let t = 0; t < time; t++) sum += table!.data[words!.data[r * time + t]! * 3 + j]!;
        loss += sum ** 2;
        for (let t = 0; t < time - (fault === "last step left out" ? 1 : 0); t++) {
          const at = fault === "batch and time swapped" ? t * batch + r : r * time + t;
          const row = (words!.data[at]! + (fault === "row off by one" ? 1 : 0)) % 7;
          if (fault === "missing +=") dTable.data[row * 3 + j] = 2 * sum;
          else dTable.data[row * 3 + j]! += 2 * sum;
        }
      }
    }
    return { value: [scalar(loss)], gradients: [dTable] };
  };
  return {
    name: "embedding",
    spec: { inputs, wrt: [0], outputs: [loss] },
    emit: (fault) => ({ value: (point) => run(point, fault).value, gradient: (point) => run(point, fault) }),
    faults: "last step left out|batch and time swapped|row off by one|missing +=".split("|"),
  };
}

/** y = tanh(A x): its Jacobian, and products with it from both sides. */
function jacobianOfLayer(): TensorCase {
  const { op, input, inputs } = createBuilder();
  const A = input("A", ["rows", "columns"]);
  const x = input("x", ["columns"]);
  const y = op("tanh", [op("contract", [A, x], { spec: "ij,j->i" })]);

  const run = ([A, x]: Point, fault: string | undefined) => {
    const [m, n] = A!.shape as [number, number];
    const width = m * n + n;
    const [Y, J] = [zeros([m]), zeros([m, width])];
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += A!.data[i * n + j]! * x!.data[j]!;
      Y.data[i] = Math.tanh(sum);
      const slope = fault === "slope of the wrong row" ? 1 - Y.data[0]! ** 2 : 1 - Y.data[i]! ** 2;
      for (let j = 0; j < n; j++) {
        J.data[i * width + (fault === "columns in the wrong order" ? j * m + i : i * n + j)] = slope * x!.data[j]!;
        if (fault !== "no part of x") J.data[i * width + m * n + j] = slope * A!.data[i * n + j]!;
      }
    }
    return { Y, J, width };
  };
  const applied = (point: Point, directions: readonly Tensor[], fault: string | undefined) => {
    const { Y, J, width } = run(point, fault);
    const v = directions.flatMap(({ data }) => [...data]);
    return {
      value: [Y],
      tangents: [
        tensor(
          Y.shape,
          Y.data.map((_, i) => v.reduce((sum, d, k) => sum + d * J.data[i * width + k]!, 0)),
        ),
      ],
    };
  };
  return {
    name: "Jacobian of a layer",
    spec: { inputs, wrt: [0, 1], outputs: [y] },
    emit: (fault) => ({
      jvp: (point, directions) => applied(point, directions, fault?.startsWith("jvp: ") ? fault.slice(5) : undefined),
      jacobian: (point) => {
        const { Y, J } = run(point, fault);
        return { value: [Y], J };
      },
    }),
    faults: [
      "slope of the wrong row",
      "columns in the wrong order",
      "no part of x",
      "jvp: slope of the wrong row",
      "jvp: no part of x",
    ],
  };
}

/** f = Σ exp(x ∘ y): gradient, Hessian and products with it. */
function hessianOfSum(): TensorCase {
  const { op, input, inputs } = createBuilder();
  const x = input("x", ["n"]);
  const y = input("y", ["n"]);
  const f = op("sum", [op("exp", [op("mul", [x, y])])], { axes: [0] });

  const run = ([x, y]: Point, fault: string | undefined) => {
    const n = x!.data.length;
    const e = x!.data.map((value, i) => Math.exp(value * y!.data[i]!));
    const H = zeros([2 * n, 2 * n]);
    for (let i = 0; i < n; i++) {
      const [a, b] = [x!.data[i]!, y!.data[i]!];
      const mixed = e[i]! * (fault === "dropped term" ? a * b : 1 + a * b);
      H.data[i * 2 * n + i] = e[i]! * b * b;
      H.data[(n + i) * 2 * n + n + i] = e[i]! * (fault === "wrong operand" ? b * b : a * a);
      H.data[i * 2 * n + n + i] = mixed;
      H.data[(n + i) * 2 * n + i] = fault === "not symmetric" ? 0 : mixed;
    }
    const gradients = [
      tensor(
        [n],
        e.map((each, i) => each * y!.data[i]!),
      ),
      tensor(
        [n],
        e.map((each, i) => each * x!.data[i]!),
      ),
    ];
    if (fault === "gradient") gradients.reverse();
    return { value: [scalar(e.reduce((a, b) => a + b, 0))], gradients, H };
  };
  return {
    name: "Hessian of a sum",
    spec: { inputs, wrt: [0, 1], outputs: [f] },
    emit: (fault) => ({
      hessian: (point) => run(point, fault),
      hvp: (point, directions) => {
        const { value, gradients, H } = run(point, fault?.replace("hvp: ", ""));
        const v = directions.flatMap(({ data }) => [...data]);
        const n = v.length / 2;
        const product = v.map((_, row) => v.reduce((sum, each, i) => sum + H.data[row * 2 * n + i]! * each, 0));
        return { value, gradients, products: [tensor([n], product.slice(0, n)), tensor([n], product.slice(n))] };
      },
    }),
    faults: ["dropped term", "wrong operand", "not symmetric", "gradient", "hvp: dropped term", "hvp: gradient"],
  };
}

export const TENSOR_CASES: readonly TensorCase[] = [
  perceptron(),
  layerNorm(),
  convolution(),
  embedding(),
  jacobianOfLayer(),
  hessianOfSum(),
];
