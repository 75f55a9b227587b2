// Seeded points at which a function is real: drawn at several scales, inside declared domains, and mended where the function is not
// defined by moving only the inputs that the trouble depends on.

import type { FunctionInput } from "../frontends/source.ts";
import { opNamed } from "../ops/registry.ts";
import type { Interval } from "../ops/define.ts";
import type { Tape } from "./evaluate.ts";
import type { Random } from "./prng.ts";
import { findTrouble, type Trouble } from "./trouble.ts";

export interface Sampler {
  /** A point where every output is real; undefined where none was found. `round` chooses the scale. */
  draw(round: number, tries: number): Float64Array | undefined;
  /** A point near zero, or near the constants of the function, for functions that are flat everywhere else. */
  drawDeeper(round: number, tries: number): Float64Array | undefined;
}

type Draw = (random: Random) => number;

const symmetric =
  (scale: number): Draw =>
  (random) =>
    random.between(-scale, scale);
const within =
  (low: number, high: number): Draw =>
  (random) =>
    random.between(low, high);

/** One scale for each round. Whole numbers are missed by a little: exactly there, many a function has a corner. */
const SCALES: readonly Draw[] = [
  symmetric(1),
  within(0.25, 3),
  symmetric(3),
  within(0.02, 0.98),
  symmetric(0.1),
  (random) => Math.round(random.between(-5, 5)) + random.sign() * random.between(0.05, 0.2),
  symmetric(10),
  within(-2, -0.1),
  (random) => random.sign() * 10 ** random.between(-1.5, 1.5),
  symmetric(2),
  symmetric(100),
  within(1, 10),
];
const SMALL_SCALES: readonly Draw[] = [0.01, 0.5, 0.001, 0.05, 1.5, 1e-4, 0.2].map(symmetric);
/** Where repairs look: most functions that are not real everywhere are real in one of these. */
const REPAIRS: readonly Draw[] = [
  symmetric(0.9),
  within(0.05, 0.95),
  within(0.25, 4),
  within(1.1, 4),
  within(3, 30),
  symmetric(3),
  symmetric(0.3),
  (random) => random.sign() * 10 ** random.between(-3, 3),
];

const NUDGES = [0.01, 0.1, 1, 3];
const HOPELESS = 3;

export function createSampler(tape: Tape, inputs: readonly FunctionInput[], random: Random): Sampler {
  const supports = new Map<number, readonly number[]>();
  let extremes = 0;
  const constants = tape.nodes.flatMap((node) => (node.kind === "const" ? [node.value] : [])).filter(Number.isFinite);
  const nearConstants: Draw = () => random.sign() * constants[random.below(constants.length)]! + random.between(-1, 1);
  const inputAt = new Map(inputs.map((input, index) => [tape.positionOf.get(input.node) ?? -1, index]));

  return {
    draw: (round, tries) => drawRepaired(SCALES[round % SCALES.length]!, tries),
    drawDeeper: (round, tries) => {
      const isNearConstants = round % 2 === 1 && constants.length > 0;
      return drawRepaired(isNearConstants ? nearConstants : SMALL_SCALES[(round >> 1) % SMALL_SCALES.length]!, tries);
    },
  };

  function drawRepaired(draw: Draw, tries: number): Float64Array | undefined {
    const point = Float64Array.from(inputs, (input) => drawInside(input.domain, draw, random));
    let state = assess(point);
    for (let tried = 0; tried < tries && state.trouble !== undefined; tried++) {
      // A function that is extreme wherever it is real cannot be mended.
      if (state.trouble.kind === "extreme" && extremes >= HOPELESS) break;
      const proposal = propose(point, state.trouble, tried % 8 === 7);
      const next = assess(proposal);
      if (next.rank < state.rank || (next.rank === state.rank && next.violation > state.violation)) continue;
      point.set(proposal);
      state = next;
    }
    if (state.trouble?.kind === "extreme") extremes++;
    return state.trouble?.kind === "unreal" ? undefined : point;
  }

  /** How far a point gets: the later the first trouble the better, then the less its arguments miss where the op is at home. */
  function assess(point: Float64Array): { trouble?: Trouble; rank: number; violation: number } {
    tape.run(point);
    const trouble = findTrouble(tape);
    if (trouble === undefined) return { rank: Infinity, violation: 0 };
    const rank = trouble.kind === "unreal" ? trouble.position : tape.nodes.length + trouble.position;
    return { trouble, rank, violation: violationAt(trouble.position) };
  }

  function violationAt(position: number): number {
    const node = tape.nodes[position]!;
    if (node.kind !== "call") return 0;
    const { domain } = opNamed(node.op);
    let sum = 0;
    for (let i = 0; i < node.args.length; i++) {
      const value = tape.values[tape.argList[tape.argStart[position]! + i]!]!;
      const [low, high] = domain[i] ?? domain[0]!;
      sum += Math.max(0, low - value, value - high);
    }
    return Number.isNaN(sum) ? Infinity : sum;
  }

  /** The point with some of the inputs that matter moved: redrawn together, redrawn singly, or nudged. */
  function propose(point: Float64Array, trouble: Trouble, anew: boolean): Float64Array {
    const proposal = Float64Array.from(point);
    const support = supportOf(trouble.position);
    if (support.length === 0) return proposal;
    const hints = hintsAt(trouble.position);
    const draw = REPAIRS[random.below(REPAIRS.length)]!;
    const choice = anew ? 0 : random.next();
    if (choice < 0.35) {
      for (const input of support) redraw(proposal, input, hints.get(input), draw);
    } else if (choice < 0.6) {
      const input = support[random.below(support.length)]!;
      redraw(proposal, input, hints.get(input), draw);
    } else if (choice < 0.75) {
      moveTogether(proposal, draw(random));
    } else {
      const size = NUDGES[random.below(NUDGES.length)]!;
      const single = random.next() < 0.5 ? support[random.below(support.length)] : undefined;
      for (const input of support) {
        if (single !== undefined && input !== single) continue;
        moveTo(proposal, input, point[input]! + symmetric(size * Math.max(Math.abs(point[input]!), 0.1))(random));
      }
    }
    return proposal;
  }

  /** Shifts or stretches all inputs alike: what is said of their differences or of their ratios stays true. */
  function moveTogether(point: Float64Array, amount: number): void {
    const shifts = random.next() < 0.6;
    for (let input = 0; input < point.length; input++) {
      moveTo(point, input, shifts ? point[input]! + amount : point[input]! * Math.abs(amount));
    }
  }

  function moveTo(point: Float64Array, input: number, value: number): void {
    if (isInside(value, inputs[input]!.domain)) point[input] = value;
  }

  function redraw(point: Float64Array, input: number, hint: Interval | undefined, draw: Draw): void {
    const { domain } = inputs[input]!;
    point[input] = hint && domain === undefined ? random.between(hint[0], hint[1]) : drawInside(domain, draw, random);
  }

  /** For an op applied to inputs themselves, the op table says where it is at home. */
  function hintsAt(position: number): Map<number, Interval> {
    const node = tape.nodes[position]!;
    const hints = new Map<number, Interval>();
    if (node.kind !== "call") return hints;
    const { domain } = opNamed(node.op);
    node.args.forEach((_, i) => {
      const input = inputAt.get(tape.argList[tape.argStart[position]! + i]!);
      if (input !== undefined) hints.set(input, domain[i] ?? domain[0]!);
    });
    return hints;
  }

  /** The inputs a node depends on. */
  function supportOf(position: number): readonly number[] {
    const known = supports.get(position);
    if (known !== undefined) return known;
    const seen = new Uint8Array(position + 1);
    const found: number[] = [];
    const stack = [position];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (seen[at] === 1) continue;
      seen[at] = 1;
      const input = inputAt.get(at);
      if (input !== undefined) found.push(input);
      for (let arg = tape.argStart[at]!; arg < tape.argStart[at + 1]!; arg++) stack.push(tape.argList[arg]!);
    }
    supports.set(position, found);
    return found;
  }
}

export function isInside(value: number, domain: Interval | undefined): boolean {
  return domain === undefined || (value >= domain[0] && value <= domain[1]);
}

/** A number strictly inside the domain, at the scale of `draw` as far as the domain allows. */
export function drawInside(domain: Interval | undefined, draw: Draw, random: Random): number {
  const value = draw(random);
  if (domain === undefined) return value;
  const [low, high] = domain;
  if (low === high) return low;
  if (value > low && value < high && (low === -Infinity || high === Infinity || random.next() < 0.3)) return value;
  if (Number.isFinite(low) && Number.isFinite(high)) return low + (high - low) * random.between(0.01, 0.99);
  const offset = Math.max(Math.abs(value), 1e-3);
  return low === -Infinity ? high - offset : low + offset;
}
