// Where the value depends on a variable, read by read: what its gradient is the sum of.

import type { Node } from "@babel/types";
import type { Gradients } from "./gradients.ts";
import type { PerPoint } from "./per-point.ts";
import type { Probe } from "./probe.ts";
import type { Adjoint, Roles } from "./roles.ts";
import type { ReadSite } from "./sites.ts";
import { endOf, startOf } from "./syntax.ts";
import { add, largest } from "./vectors.ts";

/** One place where the value depends on a variable: what comes back through it, and from which stage. */
export interface Contribution {
  readonly read: ReadSite;
  readonly slopes: PerPoint;
  /** The variable that the reading statement sets, and its complete gradient. */
  readonly stage: string | undefined;
  readonly upstream: PerPoint | undefined;
}

export interface Judging {
  readonly probe: Probe;
  readonly roles: Roles;
  readonly gradients: Gradients;
  /** Gradients that are looked at: those that are the same variable throughout. */
  readonly judged: readonly Adjoint[];
}

export function contributionsOf(adjoint: Adjoint, judging: Judging): Contribution[] {
  const { roles, gradients } = judging;
  const { trial, runs } = judging.probe;
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
    .map((read) => ({ read, slopes: gradients.seeded(read), ...stageReading(read, judging) }))
    .filter(({ slopes }) => slopes.some((each) => each !== undefined && largest(each) > 0));
}

function stageReading(
  { statement }: ReadSite,
  { roles, gradients, probe: { runs, trial } }: Judging,
): Pick<Contribution, "stage" | "upstream"> {
  const isInside = (node: Node): boolean => startOf(node) >= startOf(statement) && endOf(node) <= endOf(statement);
  const [stage] =
    [...roles.stages].findLast(([, writes]) => writes.some(({ node, how }) => how !== "parameter" && isInside(node))) ?? [];
  if (stage !== undefined) return { stage, upstream: gradients.gradientOf(stage) };
  // What is returned at once is the value, or is made into it right there.
  const upstream = statement.type === "ReturnStatement" ? runs.map(() => [trial.seed]) : undefined;
  return { stage, upstream };
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
