// Takes empty bands out of a row of a circuit: what stands far apart in one row may only be so for the sake of another one.

export interface Interval {
  readonly top: number;
  readonly bottom: number;
}

export interface Squeezed {
  /** Of a height within one of the intervals, its distance from the top. */
  readonly heightOf: (y: number) => number;
  readonly height: number;
}

/** Keeps intervals as high as they are and in their order, no two further apart than `widest`. */
export function squeeze(intervals: readonly Interval[], widest: number): Squeezed {
  const starts: { readonly top: number; readonly shift: number }[] = [];
  let bottom = 0;
  for (const interval of intervals.toSorted((a, b) => a.top - b.top)) {
    const last = starts.at(-1);
    if (last === undefined) starts.push({ top: interval.top, shift: -interval.top });
    else if (interval.top > bottom + widest)
      starts.push({ top: interval.top, shift: last.shift - (interval.top - bottom - widest) });
    bottom = last === undefined ? interval.bottom : Math.max(bottom, interval.bottom);
  }
  const heightOf = (y: number): number => y + shiftAt(starts, y);
  return { heightOf, height: starts.length === 0 ? 0 : heightOf(bottom) };
}

/** Between two bands that were brought together nothing stands; rounding may put a point a little above its interval. */
function shiftAt(starts: readonly { readonly top: number; readonly shift: number }[], y: number): number {
  return (starts.findLast(({ top }) => top <= y + 0.001) ?? starts[0]!).shift;
}
