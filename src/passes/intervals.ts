// Interval arithmetic over the reals, with open ends. Bounds are widened by rounding, never narrowed. Knows no graph.

export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** The end itself is not among the values: `x > 0`. An infinite end that is open means the value is finite. */
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  readonly mayBeNaN: boolean;
}

export const ANYTHING: Bounds = { low: -Infinity, high: Infinity, lowOpen: false, highOpen: false, mayBeNaN: true };

export function closed(low: number, high: number): Bounds {
  return { low, high, lowOpen: false, highOpen: false, mayBeNaN: false };
}

export function isFinite({ low, high, lowOpen, highOpen, mayBeNaN }: Bounds): boolean {
  return !mayBeNaN && (low > -Infinity || lowOpen) && (high < Infinity || highOpen);
}

export function negated(a: Bounds): Bounds {
  return { low: -a.high, high: -a.low, lowOpen: a.highOpen, highOpen: a.lowOpen, mayBeNaN: a.mayBeNaN };
}

export function sum(a: Bounds, b: Bounds): Bounds {
  const low = a.low + b.low;
  const high = a.high + b.high;
  const opposite = (reaches(a, Infinity) && reaches(b, -Infinity)) || (reaches(a, -Infinity) && reaches(b, Infinity));
  return {
    low: Number.isNaN(low) ? -Infinity : isExactSum(a.low, b.low) ? low : down(low),
    high: Number.isNaN(high) ? Infinity : isExactSum(a.high, b.high) ? high : up(high),
    lowOpen: low === -Infinity ? !reaches(a, -Infinity) && !reaches(b, -Infinity) : a.lowOpen || b.lowOpen,
    highOpen: high === Infinity ? !reaches(a, Infinity) && !reaches(b, Infinity) : a.highOpen || b.highOpen,
    mayBeNaN: a.mayBeNaN || b.mayBeNaN || opposite,
  };
}

/** Whether a + b needs no rounding (Knuth's two-sum): 1 + 0 must stay 1, or log(1 + x²) would not be known to be ≥ 0. */
function isExactSum(a: number, b: number): boolean {
  const sum = a + b;
  const part = sum - a;
  return a - (sum - part) + (b - part) === 0;
}

function reaches(a: Bounds, value: number): boolean {
  return a.low <= value && value <= a.high && !(a.low === value && a.lowOpen) && !(a.high === value && a.highOpen);
}

export function product(a: Bounds, b: Bounds): Bounds {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((value) =>
    Number.isNaN(value) ? 0 : value,
  );
  const low = Math.min(...corners);
  const high = Math.max(...corners);
  const isFiniteProduct = isFinite(a) && isFinite(b);
  const positive = (a.low >= 0 && b.low >= 0) || (a.high <= 0 && b.high <= 0);
  const negative = (a.low >= 0 && b.high <= 0) || (a.high <= 0 && b.low >= 0);
  const excludesZero = !reaches(a, 0) && !reaches(b, 0);
  return {
    low: positive ? Math.max(0, down(low)) : down(low, 1, true),
    high: negative ? Math.min(0, up(high)) : up(high, 1, true),
    lowOpen: low === -Infinity ? isFiniteProduct : positive && excludesZero,
    highOpen: high === Infinity ? isFiniteProduct : negative && excludesZero,
    mayBeNaN: a.mayBeNaN || b.mayBeNaN || (reaches(a, 0) && reachesInfinity(b)) || (reaches(b, 0) && reachesInfinity(a)),
  };
}

function reachesInfinity(a: Bounds): boolean {
  return reaches(a, Infinity) || reaches(a, -Infinity);
}

export function squared(a: Bounds): Bounds {
  const { low, high, lowOpen, highOpen, mayBeNaN } = absolute(a);
  const top = high * high;
  return {
    low: Math.max(0, down(low * low)),
    high: up(top),
    lowOpen,
    highOpen: top === Infinity && high < Infinity ? true : highOpen,
    mayBeNaN,
  };
}

export function reciprocal(a: Bounds): Bounds {
  if (reaches(a, 0) || (a.low < 0 && a.high > 0)) return ANYTHING;
  return {
    low: down(1 / (a.high === 0 ? -0 : a.high)),
    high: up(1 / (a.low === 0 ? 0 : a.low)),
    lowOpen: a.highOpen,
    highOpen: a.lowOpen,
    mayBeNaN: a.mayBeNaN,
  };
}

export function absolute(a: Bounds): Bounds {
  if (a.low >= 0) return a;
  if (a.high <= 0) return negated(a);
  const high = Math.max(-a.low, a.high);
  const highOpen = !(reaches(a, high) || reaches(a, -high));
  return { low: 0, high, lowOpen: false, highOpen, mayBeNaN: a.mayBeNaN };
}

export function extreme(args: readonly Bounds[], largest: (...values: number[]) => number): Bounds {
  const low = largest(...args.map((arg) => arg.low));
  const high = largest(...args.map((arg) => arg.high));
  return {
    low,
    high,
    lowOpen: args.some((arg) => arg.low === low && arg.lowOpen),
    highOpen: args.every((arg) => arg.high < high || arg.highOpen),
    mayBeNaN: args.some((arg) => arg.mayBeNaN),
  };
}

export function union(a: Bounds, b: Bounds): Bounds {
  const low = Math.min(a.low, b.low);
  const high = Math.max(a.high, b.high);
  const union = { low, high, mayBeNaN: a.mayBeNaN || b.mayBeNaN };
  return { ...union, lowOpen: !reaches(a, low) && !reaches(b, low), highOpen: !reaches(a, high) && !reaches(b, high) };
}

/** Of powers only the sign and the finiteness: positive bases, and whole even exponents. */
export function power(base: Bounds, exponent: Bounds): Bounds {
  const isPositive = holdsPositive(base);
  const even = exponent.low === exponent.high && exponent.low % 2 === 0;
  if (isPositive && isFinite(base) && isFinite(exponent)) return { ...closed(0, Infinity), lowOpen: true, highOpen: true };
  if (base.low >= 0 || even) return { ...ANYTHING, low: 0 };
  return ANYTHING;
}

function holdsPositive(a: Bounds): boolean {
  return a.low > 0 || (a.low === 0 && a.lowOpen);
}

/** The next smaller bound by a few units in the last place; a zero that came of underflow may stand for a negative number. */
export function down(value: number, units = 1, underflows = false): number {
  if (value === 0) return underflows ? -Number.MIN_VALUE : 0;
  return Number.isFinite(value) ? value - Math.abs(value) * units * Number.EPSILON : value;
}

export function up(value: number, units = 1, underflows = false): number {
  return -down(-value, units, underflows);
}
