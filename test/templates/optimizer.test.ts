// Three steps of each optimiser against torch.optim, clipping against torch.nn.utils, rates against torch.optim.lr_scheduler.

import { describe, expect, test } from "vitest";
import * as optimizer from "../../templates/optimizer.ts";
import { expectClose } from "./arrays.ts";

const gradients = [
  [0.5, -1.25, 2],
  [-0.75, 0.125, 1.5],
  [1, 0.25, -3],
];

/** Where three steps lead from (1, −2, 0.5). `step` gets two arrays for its state. */
function descend(step: (p: Float64Array, g: Float64Array, m: Float64Array, v: Float64Array, step: number) => void): Float64Array {
  const p = Float64Array.of(1, -2, 0.5);
  const [m, v] = [new Float64Array(3), new Float64Array(3)];
  gradients.forEach((g, i) => step(p, Float64Array.from(g), m, v, i + 1));
  return p;
}

// From PyTorch 1.13 in double precision: lr 0.1, momentum 0.9, betas 0.8 and 0.95, alpha 0.9, eps 1e-6, weight_decay 0.01, AdamW's 0.02.
const paths: readonly (readonly [name: string, step: Parameters<typeof descend>[0], expected: readonly number[]])[] = [
  ["SGD", (p, g) => optimizer.sgd(p, g, 0.1), [0.925, -1.9125, 0.45]],
  [
    "SGD with weight decay",
    (p, g) => {
      optimizer.addScaled(g, p, 0.01);
      optimizer.sgd(p, g, 0.1);
    },
    [0.922027949, -1.906743373, 0.4490512995],
  ],
  ["SGD with momentum", (p, g, m) => optimizer.momentum(p, g, m, 0.1, 0.9, false), [0.907, -1.71, -0.027]],
  ["SGD with Nesterov's momentum", (p, g, m) => optimizer.momentum(p, g, m, 0.1, 0.9, true), [0.8413, -1.6515, -0.0243]],
  [
    "Adam",
    (p, g, m, v, step) => optimizer.adam(p, g, m, v, step, 0.1, 0.8, 0.95, 1e-6),
    [0.8927914655499538, -1.8190357997126647, 0.31159763253567824],
  ],
  [
    "AdamW",
    (p, g, m, v, step) => {
      optimizer.decay(p, 0.1 * 0.02);
      optimizer.adam(p, g, m, v, step, 0.1, 0.8, 0.95, 1e-6);
    },
    [0.8871423415872292, -1.8075702336551476, 0.30919877866723317],
  ],
  [
    "RMSprop",
    (p, g, m) => optimizer.rmsprop(p, g, m, 0.1, 0.9, 1e-6),
    [0.7091212570539901, -1.785161556406779, 0.23883682460100664],
  ],
];

test.each(paths)("%s", (_, step, expected) => expectClose(descend(step), expected));

describe("clipping", () => {
  const fresh = (): Float64Array[] => [Float64Array.of(3, 4), Float64Array.of(1, -2, 2)];

  test("by norm, of all gradients together", () => {
    const clipped = fresh();
    expectClose([optimizer.clipByNorm(clipped, 1)], [5.830951894845301]);
    expectClose(clipped[0]!, [0.5144956671922475, 0.6859942229229966]);
    expectClose(clipped[1]!, [0.17149855573074915, -0.3429971114614983, 0.3429971114614983]);
  });

  test("by norm, where nothing is to do", () => {
    const kept = fresh();
    expectClose([optimizer.clipByNorm(kept, 10)], [5.830951894845301]);
    expect(kept).toEqual(fresh());
    const zeros = [new Float64Array(2)];
    expect(optimizer.clipByNorm(zeros, 1)).toBe(0);
    expect(zeros).toEqual([new Float64Array(2)]);
  });

  test("by norm, NaN is not hidden", () => {
    const broken = [Float64Array.of(NaN), Float64Array.of(1)];
    expect(optimizer.clipByNorm(broken, 1)).toBeNaN();
    expect(broken).toEqual([Float64Array.of(NaN), Float64Array.of(NaN)]);
  });

  test("by value", () => {
    const clipped = [...fresh(), Float64Array.of(NaN, -Infinity)];
    optimizer.clipByValue(clipped, 2.5);
    expect(clipped).toEqual([Float64Array.of(2.5, 2.5), Float64Array.of(1, -2, 2), Float64Array.of(NaN, -2.5)]);
  });
});

// From PyTorch 1.13: ExponentialLR(0.9), StepLR(2, 0.5), CosineAnnealingLR(5, 0.01), each from 0.1.
const rates: readonly (readonly [name: string, rate: (step: number) => number, expected: readonly number[]])[] = [
  ["exponentialRate", (step) => optimizer.exponentialRate(0.1, step, 0.9), [0.1, 0.09, 0.081, 0.0729, 0.06561, 0.059049]],
  ["stepRate", (step) => optimizer.stepRate(0.1, step, 2, 0.5), [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]],
  [
    "cosineRate",
    (step) => optimizer.cosineRate(0.1, step, 5, 0.01),
    [0.1, 0.09140576474687263, 0.06890576474687263, 0.04109423525312736, 0.018594235253127367, 0.01, 0.01, 0.01],
  ],
  ["warmup", (step) => optimizer.warmup(0.1, step, 4), [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]],
  ["warmup over no steps", (step) => optimizer.warmup(0.1, step, 0), [0.1, 0.1]],
];

test.each(rates)("%s", (_, rate, expected) =>
  expectClose(
    expected.map((_, step) => rate(step)),
    expected,
  ),
);
