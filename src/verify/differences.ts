// Numerical derivatives that know how wrong they may be. C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)",
// Advances in Engineering Software 4 (1982): central differences at shrinking steps, extrapolated to step zero. Knows nothing of graphs.

export interface Estimate {
  readonly value: number;
  /** What the value may be off by: disagreement within the table, and rounding of the function divided by the step. */
  readonly error: number;
}

/** A function along a line, one number per output; undefined where it must not be looked at (not finite, another piece). */
export type Line = (t: number) => ArrayLike<number> | undefined;
/** The same over a plane. */
export type Plane = (s: number, t: number) => ArrayLike<number> | undefined;

export interface StepOptions {
  /** The first, largest step. */
  readonly step: number;
  /** Rounding noise of each output. */
  readonly noise: ArrayLike<number>;
  /** How many times to start over with a far smaller step; default 5. */
  readonly sweeps?: number;
  /** Told the step at which the table of the first sweep could be started. */
  readonly onStart?: (step: number) => void;
}

const RATIO = 1.7; // not 2: powers of two meet the periods of periodic functions
const LEVELS = 7;
const GOOD_ENOUGH = 1e-9;
const SMALLEST_STEP = 1e-9;

/** First derivatives at t = 0, one for each output. */
export function differentiateLine(line: Line, options: StepOptions): Estimate[] {
  const quotient = (h: number): Float64Array | undefined => {
    const above = line(h);
    const below = above && line(-h);
    return below && combine(above.length, (k) => (above[k]! - below[k]!) / (2 * h));
  };
  return extrapolate(quotient, (noise, h) => (2 * noise) / h, options);
}

/** Mixed second derivatives ∂²/∂s∂t at the origin, by the four-point formula. */
export function differentiatePlane(plane: Plane, options: StepOptions): Estimate[] {
  const quotient = (h: number): Float64Array | undefined => {
    const pp = plane(h, h);
    const pm = pp && plane(h, -h);
    const mp = pm && plane(-h, h);
    const mm = mp && plane(-h, -h);
    return mm && combine(mm.length, (k) => (pp[k]! - pm[k]! - mp[k]! + mm[k]!) / (4 * h * h));
  };
  return extrapolate(quotient, (noise, h) => (2 * noise) / (h * h), options);
}

function combine(length: number, value: (k: number) => number): Float64Array {
  const result = new Float64Array(length);
  for (let k = 0; k < length; k++) result[k] = value(k);
  return result;
}

interface Best {
  value: number;
  error: number;
  /** The part of the error that a smaller step can only make worse. */
  rounding: number;
}

/** The limit of `quotient(h)` for h to 0, given that its error is a series in h². */
function extrapolate(
  quotient: (h: number) => Float64Array | undefined,
  roundingAt: (noise: number, h: number) => number,
  options: StepOptions,
): Estimate[] {
  const best: Best[] = Array.from(options.noise, () => ({ value: NaN, error: Infinity, rounding: 0 }));
  const floor = options.step * SMALLEST_STEP;
  let step = options.step;
  for (let sweep = 0; sweep < (options.sweeps ?? 5); sweep++) {
    let first = quotient(step);
    while (first === undefined) {
      step /= 4;
      if (step < floor) return best;
      first = quotient(step);
    }
    if (sweep === 0) options.onStart?.(step);
    fillTable(first, step);
    if (best.every(isSettled)) break;
    step /= 24;
    if (step < floor) break;
  }
  return best;

  function fillTable(first: Float64Array, start: number): void {
    let previous: Float64Array[] = [first];
    let h = start;
    for (let level = 1; level < LEVELS; level++) {
      h /= RATIO;
      const quotients = quotient(h);
      if (quotients === undefined) return;
      const row = [quotients];
      for (let column = 1; column <= level; column++) {
        const weight = RATIO ** (2 * column);
        row.push(combine(quotients.length, (k) => (row[column - 1]![k]! * weight - previous[column - 1]![k]!) / (weight - 1)));
      }
      // Two levels can agree by accident, as on a periodic function; three hardly.
      if (level >= 2) improve(row, previous, h);
      if (level >= 2 && best.every(isSettled)) return;
      previous = row;
    }
  }

  function improve(row: readonly Float64Array[], previous: readonly Float64Array[], h: number): void {
    best.forEach((entry, k) => {
      const rounding = roundingAt(options.noise[k]!, h);
      for (let column = 1; column < row.length; column++) {
        const value = row[column]![k]!;
        const spread = Math.max(Math.abs(value - row[column - 1]![k]!), Math.abs(value - previous[column - 1]![k]!));
        const error = spread + rounding + 1e-15 * Math.abs(value);
        if (error < entry.error) Object.assign(entry, { value, error, rounding });
      }
    });
  }
}

function isSettled(best: Best): boolean {
  return best.error <= GOOD_ENOUGH * Math.abs(best.value) || best.error <= 2 * best.rounding;
}
