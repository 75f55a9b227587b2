// Finds the line of one gradient that is wrong, and in which way as far as the sums tell.

import { claimFor, isOverwriting, isVersion } from "./claims.ts";
import { contributionsOf, sumOf, type Contribution, type Judging } from "./contributions.ts";
import { isAccumulating, lineOf, subtractBefore, type Line } from "./line.ts";
import { addAll, zeros, type PerPoint } from "./per-point.ts";
import type { Adjoint } from "./roles.ts";
import type { SetSite } from "./sites.ts";
import { endOf, namesRead, startOf } from "./syntax.ts";

export type Verdict = "value" | "overwrites" | "twice" | "missing" | "early";

/** A line that is wrong, and in which way as far as the sums tell. */
export interface Suspect {
  readonly verdict: Verdict;
  readonly adjoint: Adjoint;
  readonly write: SetSite;
  /** What the line sets or adds, and what it should. */
  readonly got: PerPoint;
  readonly wanted: PerPoint;
  /** What the variable holds after the line, and what it should hold. */
  readonly after: PerPoint;
  readonly wantedAfter: PerPoint;
  /** What `wanted` is the sum of. */
  readonly contributions: readonly Contribution[];
  /** All of the variable's. */
  readonly all: readonly Contribution[];
  /** For `early`: the gradient that is read before it is complete. */
  readonly incomplete: string | undefined;
}

/** Undefined where nothing about the gradient is known, or no line to be named. */
export function suspectOf(adjoint: Adjoint, judging: Judging): Suspect | undefined {
  const all = contributionsOf(adjoint, judging);
  const versions = judging.gradients.versionsOf(adjoint.of, adjoint.input);
  const total = versions[0];
  if (total === undefined) return undefined;
  const lines = adjoint.writes.map((write) => lineOf(write, adjoint, judging.probe.runs));
  const situation = { lines, all, total, claims: claimsOf(lines, all, versions), judging };
  const wrong = overwriting(situation) ?? madeInPlace(situation) ?? wrongValue(situation) ?? missing(situation);
  if (wrong === undefined) return undefined;
  const { line, contributions, wantedAfter, wanted } = wrong;
  const incomplete = wrong.verdict === "value" ? readTooEarly(line.write, judging) : undefined;
  return {
    verdict: incomplete === undefined ? wrong.verdict : "early",
    adjoint,
    write: line.write,
    got: line.got,
    wanted: wanted ?? (contributions.length > 0 ? sumOf(contributions) : wantedAfter),
    after: line.after,
    wantedAfter: wantedAfter.map((each, point) => each ?? total[point]),
    contributions,
    all,
    incomplete,
  };
}

interface Situation {
  readonly lines: readonly Line[];
  readonly all: readonly Contribution[];
  /** The gradient as it should be. */
  readonly total: PerPoint;
  readonly claims: ReadonlyMap<Line, readonly Contribution[]>;
  readonly judging: Judging;
}

interface Wrong {
  readonly verdict: Verdict;
  readonly line: Line;
  readonly contributions: readonly Contribution[];
  readonly wantedAfter: PerPoint;
  /** Where it is not the sum of the contributions. */
  readonly wanted?: PerPoint;
}

function claimsOf(
  lines: readonly Line[],
  all: readonly Contribution[],
  versions: readonly PerPoint[],
): Map<Line, readonly Contribution[]> {
  const claims = new Map<Line, readonly Contribution[]>();
  for (const line of lines) {
    const before = [...claims.values()].flat();
    const claim = claimFor(line, all, new Set(before), before) ?? (isVersion(line, versions) ? [] : undefined);
    if (claim !== undefined) claims.set(line, claim);
  }
  return claims;
}

function unclaimed({ lines, claims }: Situation): Line[] {
  return lines.filter((line) => !claims.has(line));
}

/** What no line brings. */
function freeOf({ all, claims }: Situation): Contribution[] {
  const claimed = new Set([...claims.values()].flat());
  return all.filter((each) => !claimed.has(each));
}

function overwriting(situation: Situation): Wrong | undefined {
  const { lines, claims } = situation;
  const line = lines.find((each, index) => isOverwriting(each, lines.slice(0, index), claims));
  const [wrong] = unclaimed(situation);
  if (line === undefined || (wrong !== undefined && startOf(wrong.write.node) < startOf(line.write.node))) return undefined;
  return { verdict: "overwrites", line, contributions: claims.get(line)!, wantedAfter: addAll(line.before, line.got) };
}

/** Made in place, step by step: only what it is in the end can be judged. */
function madeInPlace(situation: Situation): Wrong | undefined {
  const lines = unclaimed(situation);
  const final = lines.at(-1);
  if (final === undefined || lines.length < 2 || final.write.how !== "store") return undefined;
  const line = { ...final, got: final.after, before: final.before.map(() => undefined) };
  const contributions = freeOf(situation);
  return { verdict: "value", line, contributions, wantedAfter: sumOf(contributions), wanted: sumOf(contributions) };
}

function wrongValue(situation: Situation): Wrong | undefined {
  const { all, total, judging } = situation;
  const [line, ...others] = unclaimed(situation);
  if (line === undefined) return undefined;
  const repeated = all.length > 0 && isAccumulating(line) ? claimFor(line, all, new Set(), []) : undefined;
  if (repeated !== undefined && repeated.length > 0)
    return { verdict: "twice", line, contributions: [], wantedAfter: line.before };
  const contributions = intended(line, { free: freeOf(situation), isLast: others.length === 0, judging });
  const isAlone = others.length === 0 && all.length === 0;
  const wanted = contributions.length > 0 ? sumOf(contributions) : isAlone ? subtractBefore(total, line) : zeros(total);
  const wantedAfter = isAccumulating(line) ? addAll(line.before, wanted) : wanted;
  return { verdict: "value", line, contributions, wantedAfter, wanted };
}

function missing(situation: Situation): Wrong | undefined {
  const line = situation.lines.at(-1);
  return line && { verdict: "missing", line, contributions: freeOf(situation), wantedAfter: situation.total };
}

interface Intention {
  readonly free: readonly Contribution[];
  /** Whether no other line is wrong. */
  readonly isLast: boolean;
  readonly judging: Judging;
}

/** The contributions that a wrong line was to bring: those of the stages whose gradients it reads, else one, or all that are left. */
function intended({ write }: Line, { free, isLast, judging }: Intention): readonly Contribution[] {
  if (isLast && free.length <= 1) return free;
  const names = namesRead(write.right ?? write.node);
  const upstream = new Map(judging.roles.adjoints.map(({ name, of }) => [of, name]));
  const read = free.filter(({ stage }) => stage !== undefined && names.has(upstream.get(stage) ?? ""));
  if (read.length > 0) return read;
  return isLast ? free : free.slice(-1);
}

/** The gradient that a line reads while lines below still add to it. */
function readTooEarly(write: SetSite, { judged, gradients }: Judging): string | undefined {
  const names = namesRead(write.right ?? write.node);
  const late = judged.find(
    (other) =>
      names.has(other.name) &&
      !other.isResult &&
      gradients.isRight(other) &&
      other.name !== write.variable &&
      other.writes.some((each) => startOf(each.node) > endOf(write.node)),
  );
  return late?.name;
}
