// The losses of all steps in bounded memory, their moving average, and what they tell in words.

/** Of some steps in a row. */
export interface LossBucket {
  /** Number of its first step, counted from 1, and how many it covers. */
  readonly step: number;
  readonly count: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface LossHistory {
  readonly steps: number;
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly buckets: readonly LossBucket[];
}

export const EMPTY_HISTORY: LossHistory = { steps: 0, first: NaN, last: NaN, least: Infinity, buckets: [] };

const MOST_BUCKETS = 2048;

/** The history with more losses at its end. Buckets cover equally many steps, but for the last; when there are too many, pairs become one. */
export function appended(history: LossHistory, losses: readonly number[]): LossHistory {
  if (losses.length === 0) return history;
  const buckets = [...history.buckets];
  let size = buckets[0]?.count ?? 1;
  let { steps, least } = history;
  for (const loss of losses) {
    steps++;
    if (loss < least) least = loss;
    const last = buckets.at(-1);
    if (last !== undefined && last.count < size) buckets[buckets.length - 1] = joined(last, single(steps, loss));
    else {
      if (buckets.length >= MOST_BUCKETS) {
        size *= 2;
        halve(buckets);
      }
      buckets.push(single(steps, loss));
    }
  }
  return { steps, first: history.steps === 0 ? losses[0]! : history.first, last: losses.at(-1)!, least, buckets };
}

function single(step: number, loss: number): LossBucket {
  return { step, count: 1, mean: loss, least: loss, most: loss };
}

function joined(a: LossBucket, b: LossBucket): LossBucket {
  const count = a.count + b.count;
  return {
    step: a.step,
    count,
    mean: (a.mean * a.count + b.mean * b.count) / count,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}

function halve(buckets: LossBucket[]): void {
  const pairs = Array.from({ length: Math.ceil(buckets.length / 2) }, (_, index) => {
    const [one, other] = [buckets[2 * index]!, buckets[2 * index + 1]];
    return other === undefined ? one : joined(one, other);
  });
  buckets.splice(0, buckets.length, ...pairs);
}

/** For each bucket the mean of it and those before it that lie within `window` steps. */
export function movingAverage(buckets: readonly LossBucket[], window: number): number[] {
  let start = 0;
  let sum = 0;
  let count = 0;
  return buckets.map((bucket) => {
    sum += bucket.mean * bucket.count;
    count += bucket.count;
    while (count - buckets[start]!.count >= window && start < buckets.length) {
      sum -= buckets[start]!.mean * buckets[start]!.count;
      count -= buckets[start]!.count;
      start++;
    }
    return sum / count;
  });
}

export type Course = "diverged" | "falling" | "rising" | "level" | "short";

/** Where training stands. Smoothed, the curve's end is compared with one tenth of its length before. */
export function courseOf(history: LossHistory): Course {
  if (history.steps > 0 && !Number.isFinite(history.last)) return "diverged";
  if (history.steps < 20) return "short";
  const smooth = movingAverage(history.buckets, Math.max(1, Math.ceil(history.steps / 20)));
  const last = smooth.at(-1)!;
  const before = smooth[Math.max(0, smooth.length - 1 - Math.ceil(smooth.length / 10))]!;
  if (last > 10 * Math.max(history.first, Number.MIN_VALUE)) return "diverged";
  const change = (before - last) / Math.max(Math.abs(before), Number.MIN_VALUE);
  if (change > 0.02) return "falling";
  return change < -0.02 ? "rising" : "level";
}

/** Step after which 95 % of the whole fall was done; undefined where nothing fell. */
export function settledAt(history: LossHistory): number | undefined {
  const smooth = movingAverage(history.buckets, Math.max(1, Math.ceil(history.steps / 20)));
  const last = smooth.at(-1);
  if (last === undefined) return undefined;
  const drop = smooth[0]! - last;
  const at = smooth.findIndex((value) => value <= last + 0.05 * drop);
  return drop > 0 ? history.buckets[at]?.step : undefined;
}

const COURSES: Readonly<Record<Course, string>> = {
  diverged: "training has diverged: try a smaller rate",
  falling: "still falling",
  rising: "rising again",
  level: "levelled off",
  short: "too few steps to tell where it goes",
};

/** One sentence on the curve. */
export function describeHistory(history: LossHistory): string {
  if (history.steps === 0) return "No step taken yet.";
  const { steps, first, last, least } = history;
  const settled = settledAt(history);
  const course = courseOf(history);
  const fall = settled === undefined || course === "short" ? "" : `, 95 % of the fall by step ${settled}`;
  const plural = steps === 1 ? "" : "s";
  return `${steps} step${plural}: loss ${lossText(first)} to ${lossText(last)} (least ${lossText(least)})${fall}; ${COURSES[course]}.`;
}

/** Four digits; powers of ten where that would be zeros. */
export function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? "not a number" : loss > 0 ? "infinite" : "minus infinite";
  const size = Math.abs(loss);
  if (size === 0) return "0";
  return size >= 1e-3 && size < 1e5 ? String(Number(loss.toPrecision(4))) : loss.toExponential(2);
}
