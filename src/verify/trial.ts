// The bench on which one function is tried: its tape, its kinks, and numerical derivatives at a place. Knows nothing of emitted code.

import type { SourceFunction } from "../frontends/source.ts";
import { differentiateLine, differentiatePlane, type Estimate } from "./differences.ts";
import { compileTape, readOutputs, type Tape } from "./evaluate.ts";
import { compileKinks, type Kinks, type Piece, type Standing } from "./kinks.ts";
import { createRandom, type Random } from "./prng.ts";
import { isInside } from "./sample.ts";
import { findTrouble } from "./trouble.ts";

/** A point where the function is real, and what is known of the function there. */
export interface Place {
  readonly point: Float64Array;
  readonly values: Float64Array;
  /** How far rounding may throw each output. */
  readonly noise: Float64Array;
  readonly piece: Piece;
  /** So large or small inside that a gradient may overflow or underflow on its way. */
  readonly isExtreme: boolean;
  readonly standing: Standing;
  /** Rounding leaves hardly a digit of some output. */
  readonly isUnreliable: boolean;
  /** The largest step worth trying, relative to the usual one; small beside a kink. */
  readonly reach: number;
}

export interface MeasureOptions {
  /** Shrinks the first step. */
  readonly factor?: number;
  readonly sweeps?: number;
}

export interface Trial {
  readonly source: SourceFunction;
  readonly tape: Tape;
  readonly kinks: Kinks;
  readonly random: Random;
  /** How many evaluations of the whole function are to be spent, and are left. */
  readonly evaluations: number;
  left(): number;
  placeAt(point: ArrayLike<number>, reach?: number): Place | undefined;
  /** The same place with its noise looked at more closely; undefined where rounding may leave the real numbers. */
  lookCloser(place: Place): Place | undefined;
  /** Derivative of every output along `direction` (over all inputs). */
  measureAlong(place: Place, direction: ArrayLike<number>, options?: MeasureOptions): Estimate[];
  /** Second derivative of every output along two directions. */
  measureAcross(place: Place, u: ArrayLike<number>, v: ArrayLike<number>, options?: MeasureOptions): Estimate[];
  /** The step along a direction that suits the size of the inputs. */
  usualStep(point: ArrayLike<number>, direction: ArrayLike<number>): number;
}

const BUDGET = 3e7;
/** Reading a kink costs about as much as this many nodes. */
const SLOT_COST = 2;
const PERTURBED_RUNS = 3;
const MANY_PERTURBED_RUNS = 16;
const UNRELIABLE = 1e-3;
const STEP = 0.1;
/** Beyond this size, later differences start at the step that earlier ones ended up with. */
const LARGE = 2000;

/** The size an input is taken to have; zero has one too. */
export const sizeOf = (x: number): number => Math.max(Math.abs(x), 0.05);

export function createTrial(source: SourceFunction, seed: number, thoroughness: number): Trial {
  const tape = compileTape(
    source.outputs,
    source.inputs.map((input) => input.node),
  );
  const kinks = compileKinks(tape, markVarying(tape));
  const random = createRandom(seed);
  const costPerRun = 1 + (SLOT_COST * kinks.slots.length) / Math.max(tape.nodes.length, 1);
  const evaluations = (BUDGET * thoroughness) / (costPerRun * Math.max(tape.nodes.length, 1));
  const scratch = new Float64Array(source.inputs.length);
  let learned = 1;

  return {
    source,
    tape,
    kinks,
    random,
    evaluations,
    usualStep,
    left: () => evaluations - tape.spent() / Math.max(tape.nodes.length, 1),
    placeAt,
    lookCloser(place) {
      const noise = measureNoise(place.point, place.values, MANY_PERTURBED_RUNS);
      return noise.every(Number.isFinite) ? { ...place, noise } : undefined;
    },
    measureAlong(place, direction, options = {}) {
      if (!moves(direction)) return Array.from(place.values, () => ({ value: 0, error: 0 }));
      const steps = stepOptions(place, [direction], options);
      return differentiateLine((t) => look(place, direction, t), steps);
    },
    measureAcross(place, u, v, options = {}) {
      const steps = stepOptions(place, [u, v], options);
      return differentiatePlane((s, t) => look(place, u, s, v, t), steps);
    },
  };

  /** Whether the function has anything to do with the inputs of a direction. */
  function moves(direction: ArrayLike<number>): boolean {
    return source.inputs.some((input, i) => direction[i] !== 0 && tape.positionOf.has(input.node));
  }

  function placeAt(point: ArrayLike<number>, reach = 1): Place | undefined {
    if (!source.inputs.every((input, i) => isInside(point[i]!, input.domain))) return undefined;
    tape.run(point);
    const trouble = findTrouble(tape);
    if (trouble?.kind === "unreal") return undefined;
    const piece = kinks.capture();
    const values = readOutputs(tape);
    const noise = measureNoise(point, values);
    return {
      point: Float64Array.from(point),
      values,
      noise,
      isUnreliable: noise.some((each, k) => each > UNRELIABLE * Math.abs(values[k]!)),
      piece,
      isExtreme: trouble !== undefined,
      standing: kinks.standingOf(piece),
      reach,
    };
  }

  function measureNoise(point: ArrayLike<number>, values: Float64Array, runs = PERTURBED_RUNS): Float64Array {
    const noise = new Float64Array(values.length);
    for (let run = 0; run < runs; run++) {
      tape.runPerturbed(point, random);
      readOutputs(tape).forEach((value, k) => {
        const gap = 2 * Math.abs(value - values[k]!);
        if (!(gap <= noise[k]!)) noise[k] = Number.isNaN(gap) ? Infinity : gap;
      });
    }
    return noise;
  }

  /** The outputs at a place moved by s·u + t·v; undefined where that is outside, not real, or in another piece. */
  function look(place: Place, u: ArrayLike<number>, s: number, v?: ArrayLike<number>, t = 0): Float64Array | undefined {
    for (let i = 0; i < scratch.length; i++) {
      scratch[i] = place.point[i]! + s * u[i]! + (v ? t * v[i]! : 0);
      if (!isInside(scratch[i]!, source.inputs[i]!.domain)) return undefined;
    }
    tape.run(scratch);
    const values = readOutputs(tape);
    return values.every(Number.isFinite) && kinks.isIn(place.piece) ? values : undefined;
  }

  function usualStep(point: ArrayLike<number>, direction: ArrayLike<number>): number {
    let step = Infinity;
    for (let i = 0; i < point.length; i++) {
      if (direction[i] !== 0) step = Math.min(step, (STEP * sizeOf(point[i]!)) / Math.abs(direction[i]!));
    }
    return Number.isFinite(step) ? step : STEP;
  }

  function stepOptions(place: Place, directions: readonly ArrayLike<number>[], options: MeasureOptions) {
    const usual = Math.min(...directions.map((direction) => usualStep(place.point, direction)));
    const learns = tape.nodes.length > LARGE && options.factor === undefined && place.reach === 1;
    const step = usual * place.reach * (options.factor ?? 1) * (learns ? Math.min(1, learned * 16) : 1);
    return {
      step,
      noise: place.noise,
      ...(options.sweeps !== undefined && { sweeps: options.sweeps }),
      ...(learns && { onStart: (started: number) => void (learned = Math.max(1e-6, started / usual)) }),
    };
  }
}

/** 1 for every node whose value can change with an input. */
function markVarying(tape: Tape): Uint8Array {
  const varies = new Uint8Array(tape.nodes.length);
  tape.nodes.forEach((node, position) => {
    if (node.kind === "input") varies[position] = 1;
    for (let at = tape.argStart[position]!; at < tape.argStart[position + 1]!; at++) {
      if (varies[tape.argList[at]!] === 1) varies[position] = 1;
    }
  });
  return varies;
}
