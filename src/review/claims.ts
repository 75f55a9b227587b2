// Which contributions a line of the backward pass brings.

import { sumOf, type Contribution } from "./contributions.ts";
import { accumulates, isAccumulating, type Line } from "./line.ts";
import { agreeEverywhere, type PerPoint } from "./per-point.ts";
import { largest } from "./vectors.ts";

/** More readings than these are not combined. */
const MOST_COMBINED = 10;

/** What a line adds, as a sum of contributions that no other line has brought; nothing where it only starts a sum. */
export function claimFor(
  line: Line,
  all: readonly Contribution[],
  taken: ReadonlySet<Contribution>,
  before: readonly Contribution[],
): readonly Contribution[] | undefined {
  if (line.got.every((each) => each === undefined)) return [];
  if (
    line.got.every((each) => each === undefined || (each.length > 0 && largest(each) === 0)) &&
    all.length > 0 &&
    line.write.how !== "result"
  )
    return [];
  const free = all.filter((each) => !taken.has(each));
  for (const subset of subsets(free)) if (agreeEverywhere(line.got, sumOf(subset))) return subset;
  if (isAccumulating(line) || before.length === 0) return undefined;
  for (const subset of subsets(free))
    if (agreeEverywhere(line.got, sumOf([...before, ...subset]))) return subset.length === 0 ? undefined : subset;
  return undefined;
}

export function isVersion(line: Line, versions: readonly PerPoint[]): boolean {
  return versions.some((version) => agreeEverywhere(line.after, version));
}

/** `=` where a sum had begun. */
export function isOverwriting(line: Line, earlier: readonly Line[], claims: ReadonlyMap<Line, readonly Contribution[]>): boolean {
  const own = claims.get(line);
  if (own === undefined || own.length === 0 || accumulates(line.write) || line.write.how === "result") return false;
  const lost = earlier.flatMap((each) => claims.get(each) ?? []);
  return lost.length > 0 && agreeEverywhere(line.after, sumOf(own));
}

/** Small ones first; none of nothing. */
function subsets<T>(items: readonly T[]): T[][] {
  if (items.length > MOST_COMBINED) return [...items.map((item) => [item]), [...items]];
  const all: T[][] = [];
  for (let bits = 1; bits < 2 ** items.length; bits++) all.push(items.filter((_, index) => (bits >> index) % 2 === 1));
  return all.sort((a, b) => a.length - b.length);
}
