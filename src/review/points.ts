// The points of a review: numbers that show mistakes, on both sides of every gate of the source. A gradient that is 0 is compared like any other.

import type { FunctionInput } from "../frontends/source.ts";
import type { Sizes } from "../ir/dims.ts";
import type { Node } from "../ir/graph.ts";
import type { Random } from "../verify/prng.ts";
import { drawInside, isInside } from "../verify/sample.ts";
import { chooseSizes, createTensorSampler } from "../verify/tensor-sample.ts";
import { compileGates, type Gates } from "./gates.ts";
import type { Measured, TruthPoint } from "./truth.ts";

export interface Model {
  readonly inputs: readonly FunctionInput[];
  readonly outputs: readonly Node[];
  readonly sizes: Sizes;
}

/** Undefined where the source has no finite value and gradient of reasonable size. */
export type Measure = (inputs: ReadonlyMap<string, Measured>, sizes: Sizes) => TruthPoint | undefined;

/** A point that may be taken. */
interface Candidate {
  readonly point: TruthPoint;
  readonly isCorner: boolean;
  /** Whether anything reaches the inputs: on one side of a relu all gradients may be 0. */
  readonly isLive: boolean;
  readonly sides: readonly string[];
}

const FEWEST = { scalar: 8, tensor: 3 } as const;
const LIVE = { scalar: 5, tensor: 2 } as const;
const MOST = { scalar: 16, tensor: 8 } as const;

export function choosePoints(model: Model, random: Random, measure: Measure): TruthPoint[] {
  const kind = model.inputs.every(({ node }) => node.type.shape.length === 0) ? "scalar" : "tensor";
  const all = kind === "scalar" ? scalarCandidates(model, random, measure) : tensorCandidates(model, random, measure);
  const beside = all.filter(({ isCorner }) => !isCorner);
  const candidates = beside.length > 0 ? beside : all; // relu(0 * x) is a corner everywhere
  const chosen = new Set(candidates.filter(({ isLive }) => isLive).slice(0, LIVE[kind]));
  for (const goal of GOALS) cover(candidates, chosen, goal, MOST[kind]);
  for (const candidate of [...candidates].sort((a, b) => Number(b.isLive) - Number(a.isLive)))
    if (chosen.size < FEWEST[kind]) chosen.add(candidate);
  return [...chosen].map(({ point }) => point);
}

interface Goal {
  readonly goalsOf: (candidate: Candidate) => readonly string[];
  /** How many points are to show it. */
  readonly times: number;
}

/** What the points are to show, the most telling first: each side of each gate, with a gradient that is not 0 if it can be, and pairs of sides. */
const GOALS: readonly Goal[] = [
  { goalsOf: ({ sides, isLive }) => (isLive ? sides : []), times: 1 },
  { goalsOf: ({ sides }) => sides, times: 1 },
  { goalsOf: ({ sides }) => sides, times: 2 },
  {
    goalsOf: ({ sides }) => sides.flatMap((side, index) => sides.slice(index + 1).map((other) => `${side} ${other}`)),
    times: 1,
  },
];

function cover(candidates: readonly Candidate[], chosen: Set<Candidate>, { goalsOf, times }: Goal, most: number): void {
  const counts = new Map<string, number>();
  const count = (candidate: Candidate): void => {
    for (const goal of goalsOf(candidate)) counts.set(goal, (counts.get(goal) ?? 0) + 1);
  };
  for (const candidate of chosen) count(candidate);
  for (const candidate of candidates) {
    if (chosen.size >= most) return;
    if (chosen.has(candidate) || goalsOf(candidate).every((goal) => (counts.get(goal) ?? 0) >= times)) continue;
    chosen.add(candidate);
    count(candidate);
  }
}

function candidateOf(point: TruthPoint, gates: Gates): Candidate {
  const isLive = [...point.gradients.values()].some((gradient) => gradient.some((value) => Math.abs(value) > 1e-3));
  return { point, isLive, ...gates.standingAt(point.inputs) };
}

const RANGES: readonly (readonly [number, number])[] = [
  [-2.5, 2.5],
  [-4, 4],
  [0.2, 3],
  [-2, 2],
  [0.1, 0.9],
  [-1.5, 1.5],
  [1.2, 4],
];
/** Where gates are looked for that lie far out. */
const FAR: readonly (readonly [number, number])[] = [
  [-10, 10],
  [-100, 100],
];
const SCALAR_TRIES = 300;
const TRIES_NEAR = 150;

/** Numbers that are easy to put in by hand at first; then any. Never 0, 1 or −1, where mistakes cannot be seen. */
function scalarCandidates(model: Model, random: Random, measure: Measure): Candidate[] {
  const { inputs, outputs } = model;
  const gates = compileGates(inputs, outputs, new Map());
  const candidates: Candidate[] = [];
  const tries = gates.count > 0 ? SCALAR_TRIES : TRIES_NEAR;
  for (let tried = 0; tried < tries || (candidates.length === 0 && tried < 2 * SCALAR_TRIES); tried++) {
    const step = candidates.every(({ isLive }) => !isLive) && tried < TRIES_NEAR / 2 ? 0.5 : 0.01;
    const between = rangeOf(tried, gates, random);
    const used = new Set<number>();
    const draw = (source: Random): number => {
      const [low, high] = between();
      for (let again = 0; again < 50; again++) {
        const tidy = Number((Math.round(source.between(low, high) / step) * step).toFixed(2));
        if (![0, 1, -1].includes(tidy) && !used.has(Math.abs(tidy))) return tidy;
      }
      return source.between(low, high);
    };
    const values = inputs.map((input): [string, Measured] => {
      const rounded = Number(drawInside(input.domain, draw, random).toFixed(3));
      const value = isInside(rounded, input.domain) ? rounded : drawInside(input.domain, draw, random);
      used.add(Math.abs(value));
      return [input.name, { shape: [], data: [value] }];
    });
    const point = measure(new Map(values), new Map());
    if (point !== undefined) candidates.push(candidateOf(point, gates));
  }
  return candidates;
}

/** Near zero first; then further out, and near the numbers that the source names. */
function rangeOf(tried: number, { constants }: Gates, random: Random): () => readonly [number, number] {
  const far = FAR[tried % 3];
  if (tried < TRIES_NEAR || (far === undefined && constants.length === 0)) return () => RANGES[tried % RANGES.length]!;
  return () => {
    if (far !== undefined) return far;
    const middle = random.sign() * constants[random.below(constants.length)]!;
    return [middle - 1.5, middle + 1.5];
  };
}

const TENSOR_TRIES = 60;
/** Nanoseconds that may be spent on looking for the other side of a gate. */
const SEARCH_COST = 1e9;

/** Sizes of symbolic dimensions differ from point to point, so that a constant is told from a size. */
function tensorCandidates(model: Model, random: Random, measure: Measure): Candidate[] {
  const { inputs, outputs } = model;
  const settings = chooseSizes([...inputs.map(({ node }) => node as Node), ...outputs], new Map(), FEWEST.tensor);
  const places = settings.map((sizes) => ({
    sizes,
    gates: compileGates(inputs, outputs, sizes),
    sampler: createTensorSampler(inputs, outputs, sizes, random),
  }));
  const candidates: Candidate[] = [];
  for (let tried = 0; tried < TENSOR_TRIES && places.length > 0; tried++) {
    const { sizes, gates, sampler } = places[candidates.length % places.length]!;
    if (candidates.length >= FEWEST.tensor && (isCovered(candidates) || tried * gates.cost > SEARCH_COST)) break;
    const values = sampler.draw(tried).map(({ shape, data }, index): [string, Measured] => {
      const { name, domain, sample, node } = inputs[index]!;
      const isFree = domain === undefined && sample === undefined && node.type.dtype === "real";
      return [name, { shape, data: Array.from(data, (value) => (isFree ? Number(value.toFixed(2)) || 0.05 : value)) }];
    });
    const point = measure(new Map(values), sizes);
    if (point !== undefined) candidates.push(candidateOf(point, gates));
  }
  return candidates;
}

/** Whether two sides of each gate have been met, and points enough where something comes back. */
function isCovered(candidates: readonly Candidate[]): boolean {
  const open = candidates.filter(({ isCorner }) => !isCorner);
  const met = new Map<string, Set<string>>();
  for (const { sides } of open) {
    for (const side of sides) {
      const gate = side.slice(0, side.indexOf(":"));
      met.set(gate, (met.get(gate) ?? new Set()).add(side));
    }
  }
  return open.filter(({ isLive }) => isLive).length >= FEWEST.tensor && [...met.values()].every((sides) => sides.size > 1);
}
