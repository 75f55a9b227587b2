// Goes through the backward pass line by line: what each line sets or adds against the derivatives that the value really has by what it is the
// gradient of, read by read. The first line that fits no reading is the first wrong one.

import type { Node } from "@babel/types";
import type { Probe } from "./probe.ts";
import type { Adjoint, Roles } from "./roles.ts";
import type { ReadSite, SetSite } from "./sites.ts";
import { endOf, namesRead, startOf } from "./syntax.ts";
import { run, type Run } from "./trial.ts";
import { add, agree, largest, scale, subtract } from "./vectors.ts";

/** One list of numbers for each point; undefined where nothing is known there. */
export type PerPoint = readonly (readonly number[] | undefined)[];

/** One place where the value depends on a variable: what comes back through it, and from which stage. */
export interface Contribution {
  readonly read: ReadSite;
  readonly slopes: PerPoint;
  /** The variable that the reading statement sets, and its complete gradient. */
  readonly stage: string | undefined;
  readonly upstream: PerPoint | undefined;
}

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

/** More readings than these are not combined. */
const MOST_COMBINED = 10;

export interface Walk {
  readonly suspects: readonly Suspect[];
  /** Complete gradients of stages and inputs, by variable. */
  gradientOf(variable: string): PerPoint | undefined;
}

export function walkBackward(probe: Probe, roles: Roles): Walk {
  const { trial, points, runs } = probe;
  const gradients = new Map<string, PerPoint | undefined>();
  const judged = roles.adjoints.filter(({ writes }) => !writes.every(({ isPerRound }) => isPerRound));
  const rightness = new Map<Adjoint, boolean>();
  const suspects = findFirst();
  return { suspects, gradientOf };

  /** Gradients are looked at in the order in which they are first set, no further than a line that is wrong. */
  function findFirst(): Suspect[] {
    const inOrder = [...judged].sort((a, b) => startOf(a.writes[0]!.node) - startOf(b.writes[0]!.node));
    let found: Suspect | undefined;
    let later: Suspect | undefined;
    for (const adjoint of inOrder) {
      if (found !== undefined && startOf(found.write.node) < startOf(adjoint.writes[0]!.node)) break;
      if (isRight(adjoint) || isExcused(adjoint)) continue;
      const suspect = suspectOf(adjoint);
      if (suspect === undefined) continue;
      if (suspect.verdict === "missing" && comesFromWrong(suspect)) {
        later ??= suspect;
        continue;
      }
      if (found === undefined || startOf(suspect.write.node) < startOf(found.write.node)) found = suspect;
    }
    const first = found ?? later;
    return first === undefined ? [] : [first];
  }

  /** What is missing may be there, and be nothing because of a wrong gradient further up. */
  function comesFromWrong({ contributions }: Suspect): boolean {
    return contributions.some(({ stage }) => judged.some((other) => other.of === stage && !other.isResult && !isRight(other)));
  }

  function isRight(adjoint: Adjoint): boolean {
    const known = rightness.get(adjoint);
    if (known !== undefined) return known;
    const total = totalOf(adjoint);
    const result = versionsOf(adjoint.of, adjoint.input).some((version) => agreeEverywhere(total, version));
    rightness.set(adjoint, result);
    return result;
  }

  function totalOf({ writes }: Adjoint): PerPoint {
    const ids = new Set(writes.map(({ id }) => id));
    return runs.map(({ events }) => {
      const last = events.findLast(({ site }) => ids.has(site));
      return last && (last.value ?? []);
    });
  }

  /** The gradient by each value that a variable has in turn, the last one first: code may use a name again. */
  function versionsOf(variable: string, input: string | undefined): PerPoint[] {
    const stages = (roles.stages.get(variable) ?? []).toReversed();
    const versions = stages.filter(({ how }) => how !== "parameter" || input === undefined).map((site) => seeded(site));
    const fromTruth = input === undefined ? undefined : points.map((point) => timesSeed(point.gradients.get(input)));
    const isKnown = fromTruth?.some((gradient) => gradient !== undefined) === true;
    const parameter = stages.find(({ how }) => how === "parameter");
    if (isKnown) versions.push(fromTruth!);
    else if (parameter !== undefined && input !== undefined) versions.push(seeded(parameter));
    return versions.filter((version) => version.some((slopes) => slopes !== undefined));
  }

  function seeded(site: SetSite | ReadSite): PerPoint {
    return points.map((_, point) => timesSeed(probe.derivative(site, point)));
  }

  function timesSeed(slopes: readonly number[] | undefined): readonly number[] | undefined {
    return slopes && (trial.seed === 1 ? slopes : scale(slopes, trial.seed));
  }

  function gradientOf(variable: string): PerPoint | undefined {
    if (!gradients.has(variable)) {
      const input = trial.names.truth.inputs.find(({ name }) => (trial.names.parameters.get(name) ?? name) === variable)?.name;
      gradients.set(variable, versionsOf(variable, input)[0]);
    }
    return gradients.get(variable);
  }

  /**
   * Gradients that are off by one factor throughout and yet lead to right results are kept in another scale on purpose (1/m may come last), and so
   * are those that are off by the same factor as such a one.
   */
  function isExcused(adjoint: Adjoint): boolean {
    if (adjoint.input !== undefined) return false;
    const factor = factorBetween(totalOf(adjoint), gradientOf(adjoint.of));
    if (factor === undefined) return false;
    const isLeading = (from: Adjoint): boolean =>
      judged.some((other) => other.input !== undefined && isRight(other) && leadsTo(from, other));
    if (isLeading(adjoint)) return true;
    return judged.some((other) => {
      if (other === adjoint || other.input !== undefined || isRight(other) || !leadsTo(other, adjoint)) return false;
      const own = factorBetween(totalOf(other), gradientOf(other.of));
      return own !== undefined && agreeEverywhere(own, factor) && isLeading(other);
    });
  }

  /** Whether what one gradient holds has an effect on another. */
  function leadsTo(from: Adjoint, to: Adjoint): boolean {
    const ids = new Set(to.writes.map(({ id }) => id));
    const lastOf = ({ events }: Run): string => String(events.findLast(({ site }) => ids.has(site))?.value);
    const write = from.writes.at(-1)!;
    return points.some((point, index) => {
      const base = runs[index]!;
      const value = base.events.findLast(({ site }) => site === write.id)?.value;
      if (value === undefined) return false;
      return value.some((_, element) => {
        const move = { site: write.id, element, amount: 0.5, passing: base.passings.get(write.id)?.count };
        return lastOf(run(trial, point, { move, isRecording: true })) !== lastOf(base);
      });
    });
  }

  function contributionsOf(adjoint: Adjoint): Contribution[] {
    const { sites } = trial.instrumented;
    const lastSet = Math.max(
      -1,
      ...(roles.stages.get(adjoint.of) ?? []).map(({ id }) =>
        Math.max(...runs.map(({ passings }) => passings.get(id)?.last ?? -1)),
      ),
    );
    return sites
      .filter((site): site is ReadSite => site.kind === "read" && site.variable === adjoint.of)
      .filter(({ id }) => runs.some(({ passings }) => (passings.get(id)?.last ?? -1) > lastSet))
      .map((read) => ({ read, slopes: seeded(read), ...stageReading(read) }))
      .filter(({ slopes }) => slopes.some((each) => each !== undefined && largest(each) > 0));
  }

  function stageReading({ statement }: ReadSite): Pick<Contribution, "stage" | "upstream"> {
    const isInside = (node: Node): boolean => startOf(node) >= startOf(statement) && endOf(node) <= endOf(statement);
    const [stage] =
      [...roles.stages].findLast(([, writes]) => writes.some(({ node, how }) => how !== "parameter" && isInside(node))) ?? [];
    return { stage, upstream: stage === undefined ? undefined : gradientOf(stage) };
  }

  function suspectOf(adjoint: Adjoint): Suspect | undefined {
    const all = contributionsOf(adjoint);
    const versions = versionsOf(adjoint.of, adjoint.input);
    const total = versions[0];
    if (total === undefined) return undefined;
    const lines = adjoint.writes.map((write) => lineOf(write, adjoint));
    const claims = new Map<Line, readonly Contribution[]>();
    const claimed = (): Set<Contribution> => new Set([...claims.values()].flat());
    for (const line of lines) {
      const claim = claimFor(line, all, claimed(), [...claims.values()].flat()) ?? (isVersion(line, versions) ? [] : undefined);
      if (claim !== undefined) claims.set(line, claim);
    }
    const free = all.filter((each) => !claimed().has(each));
    const overwriting = lines.find((line, index) => isOverwriting(line, lines.slice(0, index), claims));
    const wrong = lines.find((line) => !claims.has(line));
    if (overwriting !== undefined && (wrong === undefined || startOf(wrong.write.node) >= startOf(overwriting.write.node))) {
      const own = claims.get(overwriting)!;
      return suspect("overwrites", overwriting, own, addAll(overwriting.before, overwriting.got));
    }
    const unclaimed = lines.filter((line) => !claims.has(line));
    const final = unclaimed.at(-1);
    if (final !== undefined && unclaimed.length > 1 && final.write.how === "store") {
      // Made in place, step by step: only what it is in the end can be judged.
      return suspect(
        "value",
        { ...final, got: final.after, before: final.before.map(() => undefined) },
        free,
        sumOf(free),
        sumOf(free),
      );
    }
    if (wrong !== undefined) {
      const repeated = all.length > 0 && isAccumulating(wrong) ? claimFor(wrong, all, new Set(), []) : undefined;
      if (repeated !== undefined && repeated.length > 0) return suspect("twice", wrong, [], wrong.before);
      const others = unclaimed.length - 1;
      const own = intended(wrong, free, others);
      const wanted = own.length > 0 ? sumOf(own) : others === 0 && all.length === 0 ? subtractBefore(total, wrong) : zeros(total);
      return suspect("value", wrong, own, isAccumulating(wrong) ? addAll(wrong.before, wanted) : wanted, wanted);
    }
    const last = lines.at(-1);
    if (last === undefined) return undefined;
    return suspect("missing", last, free, total);

    function suspect(
      verdict: Verdict,
      line: Line,
      contributions: readonly Contribution[],
      wantedAfter: PerPoint,
      wanted?: PerPoint,
    ): Suspect {
      const incomplete = verdict === "value" ? readTooEarly(line.write) : undefined;
      return {
        verdict: incomplete === undefined ? verdict : "early",
        adjoint,
        write: line.write,
        got: line.got,
        wanted: wanted ?? (contributions.length > 0 ? sumOf(contributions) : wantedAfter),
        after: line.after,
        wantedAfter: wantedAfter.map((each, point) => each ?? total![point]),
        contributions,
        all,
        incomplete,
      };
    }
  }

  interface Line {
    readonly write: SetSite;
    readonly before: PerPoint;
    readonly after: PerPoint;
    readonly got: PerPoint;
  }

  function lineOf(write: SetSite, { writes }: Adjoint): Line {
    const ids = new Set(writes.map(({ id }) => id));
    const before: (readonly number[] | undefined)[] = [];
    const after: (readonly number[] | undefined)[] = [];
    for (const { events } of runs) {
      const first = events.findIndex(({ site }) => site === write.id);
      const last = events.findLast(({ site }) => site === write.id);
      const earlier = first < 0 ? undefined : events.slice(0, first).findLast(({ site }) => ids.has(site));
      before.push(first < 0 ? undefined : (earlier?.value ?? undefined));
      after.push(last && (last.value ?? []));
    }
    const isSum = accumulates(write);
    const got = after.map((each, point) =>
      isSum && each !== undefined && before[point] !== undefined ? subtract(each, before[point]) : each,
    );
    return { write, before, after, got };
  }

  function isAccumulating({ write, before }: Line): boolean {
    return accumulates(write) && before.some((each) => each !== undefined);
  }

  function subtractBefore(total: PerPoint, line: Line): PerPoint {
    return isAccumulating(line)
      ? total.map((each, point) => each && line.before[point] && subtract(each, line.before[point]))
      : total;
  }

  /** What a line adds, as a sum of contributions that no other line has brought; nothing where it only starts a sum. */
  function claimFor(
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

  function isVersion(line: Line, versions: readonly PerPoint[]): boolean {
    return versions.some((version) => agreeEverywhere(line.after, version));
  }

  /** `=` where a sum had begun. */
  function isOverwriting(line: Line, earlier: readonly Line[], claims: ReadonlyMap<Line, readonly Contribution[]>): boolean {
    const own = claims.get(line);
    if (own === undefined || own.length === 0 || accumulates(line.write) || line.write.how === "result") return false;
    const lost = earlier.flatMap((each) => claims.get(each) ?? []);
    return lost.length > 0 && agreeEverywhere(line.after, sumOf(own));
  }

  /** The contributions that a wrong line was to bring: those of the stages whose gradients it reads, else one, or all that are left. */
  function intended({ write }: Line, free: readonly Contribution[], others: number): readonly Contribution[] {
    if (others === 0 && free.length <= 1) return free;
    const names = namesRead(write.right ?? write.node);
    const upstream = new Map(roles.adjoints.map(({ name, of }) => [of, name]));
    const read = free.filter(({ stage }) => stage !== undefined && names.has(upstream.get(stage) ?? ""));
    if (read.length > 0) return read;
    return others === 0 ? free : free.slice(-1);
  }

  function readTooEarly(write: SetSite): string | undefined {
    const names = namesRead(write.right ?? write.node);
    const late = judged.find(
      (other) =>
        names.has(other.name) &&
        !other.isResult &&
        isRight(other) &&
        other.name !== write.variable &&
        other.writes.some((each) => startOf(each.node) > endOf(write.node)),
    );
    return late?.name;
  }
}

/** `+=`, `x = x + ...`, changes in place. */
export function accumulates({ how, operator, right, variable }: SetSite): boolean {
  if (how === "update") return operator === "+=" || operator === "-=";
  if (how === "store") return true;
  return how === "assignment" && right !== undefined && namesRead(right).has(variable);
}

export function agreeEverywhere(a: PerPoint, b: PerPoint): boolean {
  let seen = 0;
  for (const [point, first] of a.entries()) {
    const second = b[point];
    if (first === undefined || second === undefined) continue;
    if (!agree(first, second)) return false;
    seen++;
  }
  return seen > 0;
}

export function addAll(a: PerPoint, b: PerPoint): PerPoint {
  return b.map((each, point) => (each === undefined ? undefined : a[point] === undefined ? each : add(each, a[point])));
}

export function sumOf(contributions: readonly Contribution[]): PerPoint {
  const [first, ...others] = contributions.map(({ slopes }) => slopes);
  if (first === undefined) return [];
  return first.map((each, point) =>
    others.reduce<readonly number[] | undefined>(
      (sum, other) => (sum === undefined || other[point] === undefined ? undefined : add(sum, other[point])),
      each,
    ),
  );
}

function zeros(like: PerPoint): PerPoint {
  return like.map((each) => each && each.map(() => 0));
}

/** Small ones first; none of nothing. */
function subsets<T>(items: readonly T[]): T[][] {
  if (items.length > MOST_COMBINED) return [...items.map((item) => [item]), [...items]];
  const all: T[][] = [];
  for (let bits = 1; bits < 2 ** items.length; bits++) all.push(items.filter((_, index) => (bits >> index) % 2 === 1));
  return all.sort((a, b) => a.length - b.length);
}

/** Per point, the number that `a` is of `b` throughout, as a list of one; undefined where there is no such number. */
export function factorBetween(a: PerPoint, b: PerPoint | undefined): PerPoint | undefined {
  if (b === undefined) return undefined;
  const factors = a.map((each, point) => {
    const other = b[point];
    if (each === undefined || other === undefined || each.length !== other.length) return undefined;
    const at = other.findIndex((value) => Math.abs(value) === largest(other));
    const factor = each[at]! / other[at]!;
    return Number.isFinite(factor) && factor !== 0 && agree(each, scale(other, factor)) ? [factor] : undefined;
  });
  const isMissing = factors.some(
    (each, point) => each === undefined && a[point] !== undefined && b[point] !== undefined && largest(b[point]) > 0,
  );
  return isMissing || factors.every((each) => each === undefined) ? undefined : factors;
}
