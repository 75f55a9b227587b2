// True gradients by the variables of the user's forward pass, and whether what a variable of the backward pass ends up with is one.

import type { PerPoint } from "./per-point.ts";
import { agreeEverywhere } from "./per-point.ts";
import type { Probe } from "./probe.ts";
import type { Adjoint, Roles } from "./roles.ts";
import type { ReadSite, SetSite } from "./sites.ts";
import { scale } from "./vectors.ts";

export interface Gradients {
  /** Complete gradients of stages and inputs, by variable. */
  gradientOf(variable: string): PerPoint | undefined;
  /** The gradient by each value that a variable has in turn, the last one first: code may use a name again. */
  versionsOf(variable: string, input: string | undefined): PerPoint[];
  /** How the value changes with what is set or read at a place, times the gradient that arrives at the value. */
  seeded(site: SetSite | ReadSite): PerPoint;
  /** What a variable of the backward pass holds in the end. */
  totalOf(adjoint: Adjoint): PerPoint;
  isRight(adjoint: Adjoint): boolean;
}

export function createGradients({ trial, points, runs, derivative }: Probe, roles: Roles): Gradients {
  const gradients = new Map<string, PerPoint | undefined>();
  const rightness = new Map<Adjoint, boolean>();
  return { gradientOf, versionsOf, seeded, totalOf, isRight };

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
    return points.map((_, point) => timesSeed(derivative(site, point)));
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
}
