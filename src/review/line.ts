// A line of the backward pass: what its variable holds before and after it, and what it sets or adds.

import { type PerPoint } from "./per-point.ts";
import type { Adjoint } from "./roles.ts";
import type { SetSite } from "./sites.ts";
import { namesRead } from "./syntax.ts";
import type { Run } from "./trial.ts";
import { subtract } from "./vectors.ts";

export interface Line {
  readonly write: SetSite;
  readonly before: PerPoint;
  readonly after: PerPoint;
  readonly got: PerPoint;
}

export function lineOf(write: SetSite, { writes }: Adjoint, runs: readonly Run[]): Line {
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

export function isAccumulating({ write, before }: Line): boolean {
  return accumulates(write) && before.some((each) => each !== undefined);
}

export function subtractBefore(total: PerPoint, line: Line): PerPoint {
  return isAccumulating(line)
    ? total.map((each, point) => each && line.before[point] && subtract(each, line.before[point]))
    : total;
}

/** `+=`, `x = x + ...`, changes in place. */
export function accumulates({ how, operator, right, variable }: SetSite): boolean {
  if (how === "update") return operator === "+=" || operator === "-=";
  if (how === "store") return true;
  return how === "assignment" && right !== undefined && namesRead(right).has(variable);
}
