// Every tensor op of the table on its samples: shapes, gradients and tangents against differences of what the op means, and what it is written
// out as. Adding an op adds its test.

import { describe, expect, test } from "vitest";
import { createGraph, NO_ATTRS, type Attrs, type CallNode, type Graph, type InputNode, type Node } from "../../src/ir/graph.ts";
import { call, rawCall } from "../../src/ops/build.ts";
import type { Sample, Step, Tensor, TensorOpDefinition } from "../../src/ops/tensor/define.ts";
import { tensorOpNamed, tensorOps } from "../../src/ops/tensor/registry.ts";
import { differentiateLine } from "../../src/verify/differences.ts";
import { createRandom, type Random } from "../../src/verify/prng.ts";
import { compileTensorTape } from "../../src/verify/tensor-evaluate.ts";
import { dropoutMask } from "../../templates/random.ts";

interface Trial {
  readonly graph: Graph;
  readonly op: TensorOpDefinition;
  readonly attrs: Attrs;
  readonly values: readonly Tensor[];
  readonly inputs: readonly InputNode[];
  readonly step: Step;
  readonly random: Random;
  /** Positions of the arguments that are real. */
  readonly real: readonly number[];
}

function createTrial(op: TensorOpDefinition, sample: Sample): Trial {
  const random = createRandom(7);
  const graph = createGraph();
  const attrs = sample.attrs ?? NO_ATTRS;
  const inputs = sample.shapes.map((shape, i) =>
    graph.input(`x${i}`, { dtype: sample.indices?.[i] === undefined ? "real" : "integer", shape }),
  );
  const node = rawCall(graph, op.name, inputs, attrs) as CallNode; // raw calls are calls
  const step: Step = {
    node,
    args: inputs,
    attrs,
    call: (name, args, more) => call(graph, name, args, more),
    constant: (value) => graph.constant(value),
  };
  const values = sample.shapes.map((shape, i) => draw(shape, sample, i, random));
  return {
    graph,
    op,
    attrs,
    values,
    inputs,
    step,
    random,
    real: inputs.flatMap(({ type }, i) => (type.dtype === "real" ? [i] : [])),
  };
}

function draw(shape: readonly number[], { indices, domain }: Sample, argument: number, random: Random): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const below = indices?.[argument];
  const data = Float64Array.from({ length: count }, (_, at) => {
    if (below !== undefined) return random.below(below);
    if (domain === "positive") return random.between(0.5, 2);
    const isDiagonal = domain === "matrix" && shape.length === 2 && at % (shape[0]! + 1) === 0;
    return random.between(-1, 1) + (isDiagonal ? 3 : 0);
  });
  return { shape, data };
}

function randomLike({ shape, data }: Tensor, random: Random): Tensor {
  return { shape, data: data.map(() => random.between(-1, 1)) };
}

const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, x, i) => sum + x * b.data[i]!, 0);

/** What nodes are worth, given the arguments and further inputs. */
function evaluate(trial: Trial, nodes: readonly Node[], more: readonly (readonly [InputNode, Tensor])[] = []): Tensor[] {
  const given = trial.inputs.map((input, i) => [input, trial.values[i]!] as const);
  return compileTensorTape(nodes, new Map()).run(new Map([...given, ...more]));
}

/** An input like the op's result, or like an argument, and a value for it. */
function extraInput({ graph }: Trial, name: string, like: Node, value: Tensor): readonly [InputNode, Tensor] {
  return [graph.input(name, like.type), value];
}

/** The derivative of ⟨weights, op⟩ as the arguments in `directions` move. */
function measure({ op, attrs, values }: Trial, directions: readonly (Tensor | undefined)[], weights: Tensor): number {
  const line = (t: number): number[] => {
    const moved = values.map((value, i) => {
      const way = directions[i];
      return way ? { shape: value.shape, data: value.data.map((x, at) => x + t * way.data[at]!) } : value;
    });
    return [dot(op.evaluate(moved, attrs), weights)];
  };
  return differentiateLine(line, { step: 0.01, noise: [1e-16] })[0]!.value;
}

const trials = [...tensorOps.values()].flatMap((op) =>
  op.samples.map((sample, index) => ({ name: `${op.name} ${index}`, op, sample })),
);

describe.each(trials)("$name", ({ op, sample }) => {
  test("has the shape that its type says", () => {
    const { values, attrs, step } = createTrial(op, sample);
    expect(op.evaluate(values, attrs).shape).toEqual(step.node.type.shape);
  });

  test.runIf(op.pullback !== undefined)("hands back what differences say", () => {
    const trial = createTrial(op, sample);
    const adjoint = randomLike(op.evaluate(trial.values, trial.attrs), trial.random);
    const seed = extraInput(trial, "adjoint", trial.step.node, adjoint);
    const makers = op.pullback!(trial.step, seed[0]);
    expect(makers).toHaveLength(trial.inputs.length);
    for (const [i, make] of makers.entries()) {
      if (make === null) continue;
      const made = make();
      expect(made.type).toEqual(trial.inputs[i]!.type);
      const [gradient] = evaluate(trial, [made], [seed]);
      expect(gradient!.shape).toEqual(trial.values[i]!.shape);
      const directions = [randomLike(trial.values[i]!, trial.random), ...unitsOf(trial.values[i]!)];
      for (const direction of directions) {
        const along = trial.inputs.map((_, at) => (at === i ? direction : undefined));
        expect(dot(gradient!, direction)).toBeCloseTo(measure(trial, along, adjoint), 7);
      }
    }
  });

  test("its real arguments without an adjoint are those it does not depend on smoothly", () => {
    const trial = createTrial(op, sample);
    if (op.pullback === undefined) return;
    const makers = op.pullback(trial.step, trial.step.node);
    for (const i of trial.real) {
      if (makers[i] !== null) continue;
      const along = trial.inputs.map((_, at) => (at === i ? randomLike(trial.values[i]!, trial.random) : undefined));
      const weights = randomLike(op.evaluate(trial.values, trial.attrs), trial.random);
      expect(measure(trial, along, weights)).toBeCloseTo(0, 9);
    }
  });

  test.runIf(op.pullback !== undefined)("moves as differences say", () => {
    const trial = createTrial(op, sample);
    const places = trial.real.filter((i) => op.pullback!(trial.step, trial.step.node)[i] !== null);
    const weights = randomLike(op.evaluate(trial.values, trial.attrs), trial.random);
    for (const chosen of [places, ...places.map((place) => [place])]) {
      if (chosen.length === 0) continue;
      const directions = trial.inputs.map((_, i) =>
        chosen.includes(i) ? randomLike(trial.values[i]!, trial.random) : undefined,
      );
      const tangent = tangentAlong(trial, directions);
      expect(tangent.shape).toEqual(weights.shape);
      expect(dot(tangent, weights)).toBeCloseTo(measure(trial, directions, weights), 7);
    }
  });

  test.runIf(op.expand !== undefined)("is what it is written out as", () => {
    const trial = createTrial(op, sample);
    const [written] = evaluate(trial, [op.expand!(trial.step)]);
    const expected = op.evaluate(trial.values, trial.attrs);
    expect(written!.shape).toEqual(expected.shape);
    expected.data.forEach((x, i) => expect(written!.data[i]).toBeCloseTo(x, 12));
  });

  test.runIf(op.linearIn !== undefined)("is linear where it says so", () => {
    const trial = createTrial(op, sample);
    for (const place of linearPlaces(trial)) {
      const [u, v] = [randomLike(trial.values[place[0]!]!, trial.random), randomLike(trial.values[place[0]!]!, trial.random)];
      const at = (x: Tensor): Tensor =>
        op.evaluate(
          trial.values.map((value, i) => (i === place[0] ? x : place.includes(i) ? zerosLike(value) : value)),
          trial.attrs,
        );
      const sum = at({ shape: u.shape, data: u.data.map((x, i) => 2 * x - 3 * v.data[i]!) });
      const [atU, atV] = [at(u), at(v)];
      sum.data.forEach((x, i) => expect(x).toBeCloseTo(2 * atU.data[i]! - 3 * atV.data[i]!, 9));
    }
  });

  test.runIf(op.linearIn !== undefined && op.pullback !== undefined)("has the adjoint of itself for a pullback", () => {
    const trial = createTrial(op, sample);
    const adjoint = randomLike(op.evaluate(trial.values, trial.attrs), trial.random);
    const seed = extraInput(trial, "adjoint", trial.step.node, adjoint);
    for (const [place, ...rest] of linearPlaces(trial)) {
      const v = randomLike(trial.values[place!]!, trial.random);
      const moved = trial.values.map((value, i) => (i === place ? v : rest.includes(i) ? zerosLike(value) : value));
      const [gradient] = evaluate(trial, [op.pullback!(trial.step, seed[0])[place!]!()], [seed]);
      expect(dot(op.evaluate(moved, trial.attrs), adjoint)).toBeCloseTo(dot(v, gradient!), 9);
    }
  });

  test("has a doc and a stage name", () => {
    expect(op.doc).not.toBe("");
    expect(op.stageName).not.toBe("");
  });
});

function unitsOf(like: Tensor): Tensor[] {
  return [0, like.data.length - 1].map((at) => ({ shape: like.shape, data: like.data.map((_, i) => (i === at ? 1 : 0)) }));
}

const zerosLike = ({ shape, data }: Tensor): Tensor => ({ shape, data: new Float64Array(data.length) });

/** Lists of arguments: linear in the first, the others of the list at 0. */
function linearPlaces({ op, real }: Trial): number[][] {
  if (op.linearIn === "all") return real.map((place) => [place, ...real.filter((other) => other !== place)]);
  return op.linearIn!.map((place) => [place]);
}

/** By linearity where the op is linear, else by its pushforward. */
function tangentAlong(trial: Trial, directions: readonly (Tensor | undefined)[]): Tensor {
  const { op, step, inputs } = trial;
  const extra = directions.map((value, i) => value && extraInput(trial, `v${i}`, inputs[i]!, value));
  const tangents = extra.map((each) => each?.[0]);
  const given = extra.filter((each) => each !== undefined);
  const linear = op.linearIn === "all" ? inputs.map((_, i) => i) : (op.linearIn ?? []);
  const terms: Node[] = [];
  if (op.linearIn === "all") {
    const zeros = inputs.map((input) => step.call("broadcast", [step.constant(0)], { shape: input.type.shape }));
    const args = inputs.map((_, i) => tangents[i] ?? zeros[i]!);
    terms.push(step.call(op.name, args, trial.attrs));
  } else {
    for (const place of linear) {
      if (tangents[place] === undefined) continue;
      const args = inputs.map((input, i) => (i === place ? tangents[place]! : input));
      terms.push(step.call(op.name, args, trial.attrs));
    }
  }
  const rest = tangents.map((tangent, i) => (linear.includes(i) ? undefined : tangent));
  const pushed = rest.some((tangent) => tangent !== undefined) ? op.pushforward?.(step, rest) : undefined;
  if (pushed) terms.push(pushed);
  expect(terms).not.toEqual([]);
  return evaluate(trial, [terms.reduce((sum, term) => step.call("add", [sum, term]))], given)[0]!;
}

test("every op but the dropout mask has a sample", () => {
  expect([...tensorOps.values()].filter(({ samples }) => samples.length === 0).map(({ name }) => name)).toEqual(["dropoutMask"]);
});

test.each([0, 1, 42, 2 ** 31, 2 ** 32 + 5, 2 ** 40 + 7, 4294967295, -3])(
  "masks of seed %s are those of generated code",
  (seed) => {
    for (const stream of [0, 1, 7]) {
      const attrs = { rate: 0.3, stream, shape: [50, 2] };
      const { data } = tensorOpNamed("dropoutMask").evaluate([{ shape: [], data: Float64Array.of(seed) }], attrs);
      expect(data).toEqual(dropoutMask(100, 0.3, seed, stream));
    }
  },
);
