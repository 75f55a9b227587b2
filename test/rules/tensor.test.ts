// Every rule on tensors: true in numbers, and applied where it should be. And what larger formulas come to.

import { describe, expect, test } from "vitest";
import { createGraph, type Node } from "../../src/ir/graph.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { operationCount } from "../../src/passes/cost.ts";
import { reverse } from "../../src/passes/differentiate.ts";
import { rewrite } from "../../src/passes/simplify.ts";
import { backwardRules, forwardRules, gateRules } from "../../src/rules/all.ts";
import { evaluate, inputsOf, integers, makerOf, sampleInputs, tensorText, type Inputs, type Make } from "./tensors.ts";

type Build = (make: Make, inputs: Readonly<Record<string, Node>>) => Node;
/** What a rule rewrites, and what it becomes. */
type Example = readonly [inputs: Inputs, before: Build, after: Build];

const ROWS = { axes: [1] };
const KEPT = { shape: ["batch", 1] };
const MATRIX: Inputs = { x: ["batch", 4] };
const LABELLED: Inputs = { z: ["batch", 4], y: integers(["batch"], 4) };
const TARGETED: Inputs = { z: ["batch", 4], y: ["batch", 4] };
const VECTOR_AND_MATRIX: Inputs = { b: [4], x: ["batch", 4] };

const examples: Readonly<Record<string, readonly Example[]>> = {
  "softmax of tensor": [
    [
      MATRIX,
      (m, { x }) => m.div!(m.exp!(x!), m.reshape!(m.sum!(m.exp!(x!), ROWS), KEPT)),
      (m, { x }) => m.softmax!(x!, { axis: 1 }),
    ],
    [{ x: [4] }, (m, { x }) => m.div!(m.exp!(x!), m.sum!(m.exp!(x!), { axes: [0] })), (m, { x }) => m.softmax!(x!, { axis: 0 })],
    [MATRIX, (m, { x }) => m.div!(m.exp!(x!), m.sum!(m.exp!(x!), { axes: [0] })), (m, { x }) => m.softmax!(x!, { axis: 0 })],
    [
      { ...MATRIX, w: [4] },
      (m, { x, w }) => m.div!(m.mul!(w!, m.exp!(x!)), m.reshape!(m.sum!(m.exp!(x!), ROWS), KEPT)),
      (m, { x, w }) => m.mul!(w!, m.softmax!(x!, { axis: 1 })),
    ],
  ],
  "shift of softmax": [
    [
      MATRIX,
      (m, { x }) => m.softmax!(m.sub!(x!, m.reshape!(m.reduceMax!(x!, ROWS), KEPT)), { axis: 1 }),
      (m, { x }) => m.softmax!(x!, { axis: 1 }),
    ],
    [
      { ...MATRIX, s: [] },
      (m, { x, s }) => m.logSoftmax!(m.add!(s!, x!), { axis: 1 }),
      (m, { x }) => m.logSoftmax!(x!, { axis: 1 }),
    ],
  ],
  "log of softmax": [
    [MATRIX, (m, { x }) => m.log!(m.softmax!(x!, { axis: 1 })), (m, { x }) => m.logSoftmax!(x!, { axis: 1 })],
    [
      LABELLED,
      (m, { z, y }) => m.log!(m.pick!(m.softmax!(z!, { axis: 1 }), y!)),
      (m, { z, y }) => m.pick!(m.logSoftmax!(z!, { axis: 1 }), y!),
    ],
  ],
  "exp of log-softmax": [
    [MATRIX, (m, { x }) => m.exp!(m.logSoftmax!(x!, { axis: 1 })), (m, { x }) => m.softmax!(x!, { axis: 1 })],
  ],
  "log-sum-exp of tensor": [
    [MATRIX, (m, { x }) => m.log!(m.sum!(m.exp!(x!), ROWS)), (m, { x }) => m.logSumExp!(x!, { axis: 1 })],
    [
      MATRIX,
      (m, { x }) => m.log!(m.reshape!(m.sum!(m.exp!(x!), ROWS), KEPT)),
      (m, { x }) => m.reshape!(m.logSumExp!(x!, { axis: 1 }), KEPT),
    ],
    [
      MATRIX,
      (m, { x }) => m.log!(m.sum!(m.exp!(x!), { axes: [0, 1] })),
      (m, { x }) => m.logSumExp!(m.reshape!(x!, { shape: ["4*batch"] }), { axis: 0 }),
    ],
    [
      MATRIX,
      (m, { x }) => m.log!(m.div!(m.sum!(m.exp!(x!), ROWS), 4)),
      (m, { x }) => m.sub!(m.logSumExp!(x!, { axis: 1 }), Math.log(4)),
    ],
  ],
  "log-sum-exp of shifted": [
    [
      { ...MATRIX, c: ["batch"] },
      (m, { x, c }) => m.add!(c!, m.logSumExp!(m.sub!(x!, m.reshape!(c!, KEPT)), { axis: 1 })),
      (m, { x }) => m.logSumExp!(x!, { axis: 1 }),
    ],
    [
      { x: [4], c: [] },
      (m, { x, c }) => m.sub!(m.logSumExp!(m.add!(x!, c!), { axis: 0 }), c!),
      (m, { x }) => m.logSumExp!(x!, { axis: 0 }),
    ],
  ],
  "log-softmax": [
    [
      MATRIX,
      (m, { x }) => m.sub!(x!, m.reshape!(m.logSumExp!(x!, { axis: 1 }), KEPT)),
      (m, { x }) => m.logSoftmax!(x!, { axis: 1 }),
    ],
    [
      VECTOR_AND_MATRIX,
      (m, { x, b }) => m.sub!(m.sub!(x!, b!), m.logSumExp!(m.sub!(x!, b!), { axis: 0 })),
      (m, { x, b }) => m.logSoftmax!(m.sub!(x!, b!), { axis: 0 }),
    ],
  ],
  "cross-entropy of logits": [
    [LABELLED, (m, { z, y }) => m.sub!(m.logSumExp!(z!, { axis: 1 }), m.pick!(z!, y!)), (m, { z, y }) => m.crossEntropy!(z!, y!)],
  ],
  "cross-entropy": [
    [LABELLED, (m, { z, y }) => m.pick!(m.logSoftmax!(z!, { axis: 1 }), y!), (m, { z, y }) => m.neg!(m.crossEntropy!(z!, y!))],
  ],
  "cross-entropy with distribution": [
    [
      TARGETED,
      (m, { z, y }) => m.sum!(m.mul!(y!, m.logSoftmax!(z!, { axis: 1 })), ROWS),
      (m, { z, y }) => m.neg!(m.softmaxCrossEntropy!(z!, y!)),
    ],
    [
      TARGETED,
      (m, { z, y }) => m.sum!(m.mul!(m.logSoftmax!(z!, { axis: 1 }), y!), { axes: [0, 1] }),
      (m, { z, y }) => m.neg!(m.sum!(m.softmaxCrossEntropy!(z!, y!), { axes: [0] })),
    ],
    [
      { ...TARGETED, w: [4] },
      (m, { z, y, w }) => m.sum!(m.mul!(m.mul!(y!, w!), m.neg!(m.logSoftmax!(z!, { axis: 1 }))), ROWS),
      (m, { z, y, w }) => m.softmaxCrossEntropy!(z!, m.mul!(y!, w!)),
    ],
    [
      TARGETED,
      (m, { z, y }) => m.contract!(y!, m.logSoftmax!(z!, { axis: 1 }), { spec: "ij,ij->i" }),
      (m, { z, y }) => m.neg!(m.softmaxCrossEntropy!(z!, y!)),
    ],
  ],
  "transpose of transpose": [
    [
      { x: [2, 3, 4] },
      (m, { x }) => m.transpose!(m.transpose!(x!, { perm: [1, 2, 0] }), { perm: [0, 2, 1] }),
      (m, { x }) => m.transpose!(x!, { perm: [1, 0, 2] }),
    ],
  ],
  "reshape of reshape": [
    [
      { x: [2, 6] },
      (m, { x }) => m.reshape!(m.reshape!(x!, { shape: [12] }), { shape: [3, 4] }),
      (m, { x }) => m.reshape!(x!, { shape: [3, 4] }),
    ],
  ],
  "spread of spread": [
    [
      { x: [4] },
      (m, { x }) => m.broadcast!(m.broadcast!(x!, { shape: [3, 4] }), { shape: [2, 3, 4] }),
      (m, { x }) => m.broadcast!(x!, { shape: [2, 3, 4] }),
    ],
  ],
  "moved spread scalar": [
    [
      { s: [] },
      (m, { s }) => m.transpose!(m.broadcast!(s!, { shape: [2, 3] }), { perm: [1, 0] }),
      (m, { s }) => m.broadcast!(s!, { shape: [3, 2] }),
    ],
    [
      { s: [] },
      (m, { s }) => m.reshape!(m.broadcast!(s!, { shape: [2, 3] }), { shape: [6] }),
      (m, { s }) => m.broadcast!(s!, { shape: [6] }),
    ],
  ],
  "spread operand": [
    [VECTOR_AND_MATRIX, (m, { b, x }) => m.mul!(m.broadcast!(b!, { shape: ["batch", 4] }), x!), (m, { b, x }) => m.mul!(b!, x!)],
    [
      VECTOR_AND_MATRIX,
      (m, { b }) => m.exp!(m.broadcast!(b!, { shape: ["batch", 4] })),
      (m, { b }) => m.broadcast!(m.exp!(b!), { shape: ["batch", 4] }),
    ],
    [
      VECTOR_AND_MATRIX,
      (m, { x }) => m.mul!(m.broadcast!(m.reshape!(m.sum!(x!, ROWS), KEPT), { shape: ["batch", 4] }), x!),
      (m, { x }) => m.mul!(m.reshape!(m.sum!(x!, ROWS), KEPT), x!),
    ],
  ],
  "product with transpose": [
    [
      { a: [2, 3], b: [2, 4] },
      (m, { a, b }) => m.contract!(m.transpose!(a!, { perm: [1, 0] }), b!, { spec: "ij,jk->ik" }),
      (m, { a, b }) => m.contract!(a!, b!, { spec: "ji,jk->ik" }),
    ],
    [
      { a: [2, 3, 4], b: [4, 3, 5] },
      (m, { a, b }) =>
        m.contract!(m.transpose!(a!, { perm: [1, 2, 0] }), m.transpose!(b!, { perm: [1, 2, 0] }), { spec: "bij,bki->bjk" }),
      (m, { a, b }) => m.contract!(a!, b!, { spec: "jbi,ibk->bjk" }),
    ],
  ],
  "transpose of product": [
    [
      { a: [2, 3], b: [3, 4] },
      (m, { a, b }) => m.transpose!(m.contract!(a!, b!, { spec: "ij,jk->ik" }), { perm: [1, 0] }),
      (m, { a, b }) => m.contract!(a!, b!, { spec: "ij,jk->ki" }),
    ],
  ],
  "product without a sum": [
    [{ s: [], x: [2, 3] }, (m, { s, x }) => m.contract!(s!, x!, { spec: ",ij->ij" }), (m, { s, x }) => m.mul!(s!, x!)],
    [
      { a: [2], x: [2, 3] },
      (m, { a, x }) => m.contract!(x!, a!, { spec: "ij,i->ij" }),
      (m, { a, x }) => m.mul!(x!, m.reshape!(a!, { shape: [2, 1] })),
    ],
    [{ a: [3], x: [2, 3] }, (m, { a, x }) => m.contract!(a!, x!, { spec: "j,ij->ij" }), (m, { a, x }) => m.mul!(a!, x!)],
  ],
  "sum of sum": [
    [
      { x: [2, 3, 4] },
      (m, { x }) => m.sum!(m.sum!(x!, { axes: [1] }), { axes: [1] }),
      (m, { x }) => m.sum!(x!, { axes: [1, 2] }),
    ],
  ],
  "sum of moved": [
    [
      { x: [2, 3, 4] },
      (m, { x }) => m.sum!(m.transpose!(x!, { perm: [2, 0, 1] }), { axes: [0] }),
      (m, { x }) => m.sum!(x!, { axes: [2] }),
    ],
    [
      { x: [2, 3] },
      (m, { x }) => m.sum!(m.reshape!(x!, { shape: [6] }), { axes: [0] }),
      (m, { x }) => m.sum!(x!, { axes: [0, 1] }),
    ],
  ],
  "sum of spread": [
    [{ s: [] }, (m, { s }) => m.sum!(m.broadcast!(s!, { shape: [3, 4] }), { axes: [0, 1] }), (m, { s }) => m.mul!(12, s!)],
    [
      { b: [4] },
      (m, { b }) => m.sum!(m.broadcast!(b!, { shape: ["batch", 4] }), { axes: [0, 1] }),
      (m, { b }) => m.mul!(m.size!({ dim: "batch" }), m.sum!(b!, { axes: [0] })),
    ],
    [
      { b: [2, 1] },
      (m, { b }) => m.sum!(m.broadcast!(b!, { shape: [5, 2, 3] }), { axes: [0] }),
      (m, { b }) => m.broadcast!(m.mul!(5, b!), { shape: [2, 3] }),
    ],
    [
      { b: [2, 1] },
      (m, { b }) => m.sum!(m.broadcast!(b!, { shape: [2, 3] }), { axes: [1] }),
      (m, { b }) => m.mul!(3, m.reshape!(b!, { shape: [2] })),
    ],
  ],
  "scalar factor": [
    [
      { s: [], x: ["batch", 4] },
      (m, { s, x }) => m.sum!(m.mul!(s!, m.neg!(x!)), ROWS),
      (m, { s, x }) => m.neg!(m.mul!(s!, m.sum!(x!, ROWS))),
    ],
    [MATRIX, (m, { x }) => m.sum!(m.div!(x!, 4), ROWS), (m, { x }) => m.div!(m.sum!(x!, ROWS), 4)],
    [
      { a: [3, 3], b: [3, 3] },
      (m, { a, b }) => m.contract!(m.mul!(2, a!), m.neg!(b!), { spec: "ij,jk->ik" }),
      (m, { a, b }) => m.mul!(-2, m.contract!(a!, b!, { spec: "ij,jk->ik" })),
    ],
  ],
  "negation through": [
    [
      MATRIX,
      (m, { x }) => m.reshape!(m.neg!(x!), { shape: ["4*batch"] }),
      (m, { x }) => m.neg!(m.reshape!(x!, { shape: ["4*batch"] })),
    ],
    [LABELLED, (m, { z, y }) => m.pick!(m.neg!(z!), y!), (m, { z, y }) => m.neg!(m.pick!(z!, y!))],
  ],
  "parts put together": [
    [
      { a: ["batch", 2], b: ["batch", 3] },
      (m, { a, b }) =>
        m.add!(
          m.unslice!(b!, { starts: [0, 2], steps: [1, 1], shape: ["batch", 6] }),
          m.unslice!(a!, { starts: [0, 0], steps: [1, 1], shape: ["batch", 6] }),
        ),
      (m, { a, b }) => m.unslice!(m.concat!(a!, b!, { axis: 1 }), { starts: [0, 0], steps: [1, 1], shape: ["batch", 6] }),
    ],
    [
      { a: ["batch", 2], b: ["batch", 3], x: ["batch", 5] },
      (m, { a, b, x }) =>
        m.sub!(
          m.add!(
            m.unslice!(a!, { starts: [0, 0], steps: [1, 1], shape: ["batch", 5] }),
            m.unslice!(b!, { starts: [0, 2], steps: [1, 1], shape: ["batch", 5] }),
          ),
          x!,
        ),
      (m, { a, b, x }) =>
        m.sub!(m.unslice!(m.concat!(a!, b!, { axis: 1 }), { starts: [0, 0], steps: [1, 1], shape: ["batch", 5] }), x!),
    ],
  ],
  "part that is all": [
    [MATRIX, (m, { x }) => m.unslice!(x!, { starts: [0, 0], steps: [1, 1], shape: ["batch", 4] }), (_, { x }) => x!],
  ],
  "joined parts": [
    [
      { a: [2, 1], b: [2, 2], c: [2, 3] },
      (m, { a, b, c }) => m.concat!(m.concat!(a!, b!, { axis: 1 }), c!, { axis: 1 }),
      (m, { a, b, c }) => m.concat!(a!, b!, c!, { axis: 1 }),
    ],
  ],
  "sum of products": [
    [
      { a: ["batch", 4], x: ["batch", 4] },
      (m, { a, x }) => m.sum!(m.mul!(a!, x!), { axes: [0] }),
      (m, { a, x }) => m.contract!(a!, x!, { spec: "ab,ab->b" }),
    ],
    [VECTOR_AND_MATRIX, (m, { b, x }) => m.sum!(m.mul!(b!, x!), ROWS), (m, { b, x }) => m.contract!(b!, x!, { spec: "b,ab->a" })],
    [
      { r: ["batch", 1], x: ["batch", 4] },
      (m, { r, x }) => m.sum!(m.mul!(x!, r!), { axes: [0] }),
      (m, { r, x }) => m.contract!(x!, m.reshape!(r!, { shape: ["batch"] }), { spec: "ab,a->b" }),
    ],
  ],
};

const tensorRules = forwardRules.filter((rule) => rule.examples.length === 0);

test("every rule on tensors has examples, and the others have texts", () => {
  expect(Object.keys(examples).sort()).toEqual(tensorRules.map(({ name }) => name).sort());
});

const cases = tensorRules.flatMap((rule) =>
  examples[rule.name]!.map((example, index) => [rule.name, index + 1, rule, example] as const),
);

describe.each(cases)("%s, example %i", (_name, _index, rule, [inputs, before, after]) => {
  const graph = createGraph();
  const make = makerOf(graph);
  const nodes = inputsOf(graph, inputs);
  const [left, right] = [before(make, nodes), after(make, nodes)];

  test("is true in numbers", () => {
    expect(right.type.shape).toEqual(left.type.shape);
    for (let seed = 1; seed <= 20; seed++) {
      const values = sampleInputs(inputs, seed);
      expectClose(evaluate(right, values).data, evaluate(left, values).data, rule.safety === "exact" ? 0 : 1e-12);
    }
  });

  test("is applied by itself, and then has nothing more to do", () => {
    const { roots, applied } = rewrite(graph, [left], { rules: [rule] });
    expect(applied.map((each) => each.rule)).toContain(rule.name);
    expect(tensorText(roots[0]!)).toBe(tensorText(right));
    expect(rewrite(graph, roots, { rules: [rule] }).applied).toEqual([]);
  });

  test("among all rules, both sides end alike and stay true", () => {
    const settled = [left, right].map((side) => rewrite(graph, [side], { rules: forwardRules }).roots[0]!);
    expect(tensorText(settled[0]!)).toBe(tensorText(settled[1]!));
    expect(rewrite(graph, settled, { rules: forwardRules }).applied).toEqual([]);
    const values = sampleInputs(inputs, 7);
    expectClose(evaluate(settled[0]!, values).data, evaluate(left, values).data, 1e-12);
  });

  test("is not applied where what it takes apart is wanted elsewhere, unless it stabilises", () => {
    const { through } = rule.apply(left as never, contextOf(graph))!;
    const roots = [left, ...through];
    const result = rewrite(graph, roots, { rules: [rule] });
    if (rule.frugal) expect(operationCount(result.roots)).toBeLessThanOrEqual(operationCount(roots));
  });

  if (rule.safety === "stabilising") {
    test("holds for logits of ±1000", () => {
      for (let seed = 1; seed <= 10; seed++) {
        const data = evaluate(right, sampleInputs(inputs, seed, 1000, true)).data;
        expect([...data].every((value) => Number.isFinite(value))).toBe(true);
      }
    });
  }
});

function contextOf(graph: ReturnType<typeof createGraph>): Parameters<(typeof tensorRules)[number]["apply"]>[1] {
  const make = makerOf(graph);
  return {
    constant: (value) => graph.constant(value),
    call: (op, args, attrs) => (attrs === undefined ? make[op]!(...args) : make[op]!(...args, attrs)),
    proves: () => false,
  };
}

function expectClose(found: Float64Array, wanted: Float64Array, tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    const difference = Math.abs(value - wanted[i]!);
    expect(
      Object.is(value, wanted[i]) || difference <= tolerance * (1 + Math.abs(wanted[i]!)),
      `${value} is not ${wanted[i]}`,
    ).toBe(true);
  });
}

/** A loss, the gradients' arguments, what the loss comes to, and what the gradients come to. */
const losses: readonly [name: string, inputs: Inputs, loss: Build, of: string, forward: string, gradient: string][] = [
  [
    "softmax and cross-entropy by hand",
    LABELLED,
    (m, { z, y }) => {
      const shifted = m.exp!(m.sub!(z!, m.reshape!(m.reduceMax!(z!, ROWS), KEPT)));
      const p = m.div!(shifted, m.reshape!(m.sum!(shifted, ROWS), KEPT));
      return m.neg!(m.div!(m.sum!(m.pick!(m.log!(p), y!), { axes: [0] }), m.size!({ dim: "batch" })));
    },
    "z",
    "div(sum(crossEntropy(z, y); axes=0), size(; dim=batch))",
    "crossEntropyBackward(broadcast(div(1, size(; dim=batch)); shape=batch), z, y)",
  ],
  [
    "cross-entropy with one-hot targets by hand",
    TARGETED,
    (m, { z, y }) => m.neg!(m.sum!(m.mul!(y!, m.log!(m.softmax!(z!, { axis: 1 }))), { axes: [0, 1] })),
    "z",
    "sum(softmaxCrossEntropy(z, y); axes=0)",
    "softmaxCrossEntropyBackward(broadcast(1; shape=batch), z, y)",
  ],
  [
    "binary cross-entropy by hand",
    TARGETED,
    (m, { z, y }) => {
      const p = m.div!(1, m.add!(1, m.exp!(m.neg!(z!))));
      const right = m.mul!(y!, m.log!(p));
      const wrong = m.mul!(m.sub!(1, y!), m.log!(m.sub!(1, p)));
      return m.div!(m.sum!(m.neg!(m.add!(right, wrong)), { axes: [0, 1] }), 7);
    },
    "z",
    "div(sum(sub(softplus(z), mul(y, z)); axes=0,1), 7)",
    "mul(0.14285714285714285, sub(sigmoid(z), y))",
  ],
  [
    "log-sum-exp by hand",
    { z: ["batch", 4] },
    (m, { z }) => {
      const top = m.reduceMax!(z!, ROWS);
      return m.sum!(m.add!(top, m.log!(m.sum!(m.exp!(m.sub!(z!, m.reshape!(top, KEPT))), ROWS))), { axes: [0] });
    },
    "z",
    "sum(logSumExp(z; axis=1); axes=0)",
    "exp(sub(z, reshape(logSumExp(z; axis=1); shape=batch,1)))",
  ],
  [
    "dense layer: the gradient of the weights has no transpose, that of the bias is a sum",
    { X: ["batch", 3], W: [3, 2], b: [2] },
    (m, { X, W, b }) => m.sum!(m.square!(m.add!(m.contract!(X!, W!, { spec: "ij,jk->ik" }), b!)), { axes: [0, 1] }),
    "W",
    "sum(square(add(contract(X, W; spec=ij,jk->ik), b)); axes=0,1)",
    "mul(2, contract(X, add(contract(X, W; spec=ij,jk->ik), b); spec=ij,ik->jk))",
  ],
  [
    "gain: its gradient is one contraction",
    { x: ["batch", 4], g: [4], d: ["batch", 4] },
    (m, { x, g, d }) => m.sum!(m.mul!(d!, m.tanh!(m.mul!(m.tanh!(x!), g!))), { axes: [0, 1] }),
    "g",
    "contract(d, tanh(mul(tanh(x), g)); spec=ab,ab->)",
    "",
  ],
];

describe.each(losses)("%s", (_name, inputs, loss, of, forward, gradient) => {
  const graph = createGraph();
  const nodes = inputsOf(graph, inputs);
  const written = loss(makerOf(graph), nodes);
  const value = rewrite(graph, [written], { rules: forwardRules }).roots[0]!;
  const { adjoints } = reverse(graph, new Map([[value, graph.constant(1)]]), [nodes[of]!]);
  const [, slope] = rewrite(graph, [value, adjoints.get(nodes[of]!)!], {
    rules: backwardRules,
    frozen: new Set(postOrder([value])),
  }).roots;

  test("is recognised", () => {
    expect(tensorText(value)).toBe(forward);
    if (gradient !== "") expect(tensorText(slope!)).toBe(gradient);
    const built = postOrder([slope!]).map((node) => (node.kind === "call" ? node.op : ""));
    expect(built).not.toContain("transpose");
  });

  test("has the right value and gradient", () => {
    const values = sampleInputs(inputs, 3);
    expectClose(evaluate(value, values).data, evaluate(written, values).data, 1e-12);
    const found = evaluate(slope!, values).data;
    const input = values.get(of)!;
    const numeric = input.data.map((_, i) => {
      const at = (step: number): number => {
        const moved = { shape: input.shape, data: input.data.with(i, input.data[i]! + step) };
        return evaluate(written, new Map([...values, [of, moved]])).data[0]!;
      };
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    });
    expectClose(found, numeric, 1e-7);
  });
});

test("a rewrite that loses an operand keeps the shape", () => {
  const graph = createGraph();
  const make = makerOf(graph);
  const [s, x] = [graph.input("s"), graph.input("x", { dtype: "real", shape: [2, 3] })];
  const inputs = [s, x].map((node) => ({ node, domain: [-4, 4] as const }));
  const { roots } = rewrite(graph, [make.sub!(make.add!(x, s), x)], { rules: forwardRules, inputs });
  expect(tensorText(roots[0]!)).toBe("broadcast(s; shape=2,3)");
});

test("gates as they were written keep their products, and named stages are not taken apart", () => {
  const graph = createGraph();
  const make = makerOf(graph);
  const { a, x } = inputsOf(graph, { a: ["batch", 4], x: ["batch", 4] });
  const product = make.mul!(a!, x!);
  const total = make.sum!(product, ROWS);
  expect(rewrite(graph, [total], { rules: gateRules }).applied).toEqual([]);
  expect(rewrite(graph, [total], { rules: forwardRules, keep: new Set([product]) }).applied).toEqual([]);
});
