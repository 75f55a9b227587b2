// What came out of the user's code beside what is true: the value, then the gradient by each input.

import { adjointFor, differentiated } from "./calls.ts";
import type { Outlet } from "./probe.ts";
import { gradientVectors, lastValues, type Run, type Trial } from "./trial.ts";
import { agree, relativeError } from "./vectors.ts";

export interface ComparedGradient {
  readonly input: string;
  /** As the user calls it. */
  readonly name: string;
  /** Per point; undefined where nothing came out. */
  readonly got: readonly (readonly number[] | undefined)[];
  readonly expected: readonly (readonly number[])[];
  readonly isRight: boolean;
}

export type ComparedValue =
  | { readonly kind: "right"; readonly outlet: Outlet }
  | { readonly kind: "wrong"; readonly outlet: Outlet; readonly got: readonly (number | undefined)[] }
  | { readonly kind: "nowhere" };

export interface Outcome {
  readonly value: ComparedValue;
  readonly isValueRight: boolean;
  /** The variable that holds the value, where one does. */
  readonly valueVariable: string | undefined;
  readonly gradients: readonly ComparedGradient[];
  readonly isRight: boolean;
  readonly names: readonly string[];
  readonly largestError: number;
}

export function compareOutcome(trial: Trial, runs: readonly Run[]): Outcome {
  const { truth } = trial.names;
  const { value, variable } = compareValue(trial, runs);
  const gradients = differentiated(truth).map(({ name }) => compareGradient(name, trial, runs));
  const errors = gradients.flatMap(({ got, expected }) =>
    expected.map((right, point) => (got[point] === undefined ? Infinity : relativeError(got[point], right))),
  );
  const isValueRight = value.kind === "right";
  return {
    value,
    isValueRight,
    valueVariable: variable,
    gradients,
    isRight: isValueRight && gradients.every(({ isRight }) => isRight),
    names: [variable ?? truth.valueName, ...gradients.map(({ name }) => name)],
    largestError: Math.max(0, ...errors),
  };
}

/** Where the value can be read under any move. */
export function outletOf({ value }: Outcome): Outlet {
  return value.kind === "nowhere" ? { kind: "returned" } : value.outlet;
}

function compareValue(trial: Trial, runs: readonly Run[]): { value: ComparedValue; variable: string | undefined } {
  const { points, valueName, name } = trial.names.truth;
  const { sites } = trial.instrumented;
  const isRight = (values: readonly (number | undefined)[]): boolean =>
    values.length === points.length &&
    values.every((value, point) => value !== undefined && agree([value], [points[point]!.value]));
  const valuesAt = (site: number): (number | undefined)[] =>
    runs.map(({ events }) => {
      const value = events.findLast((event) => event.site === site)?.value;
      return value?.length === 1 ? value[0] : undefined;
    });
  const fitting = sites.filter(
    (site) =>
      site.kind === "set" &&
      site.pass !== "backward" &&
      site.how !== "result" &&
      site.how !== "parameter" &&
      isRight(valuesAt(site.id)),
  );
  const candidates = [valueName, name, "f", "L", "loss", "J", "cost", "out", "y", "result", "value", "E", "error"];
  // By its name if it has one; a gradient can have the same value by chance, so else the first.
  const site = fitting.findLast((each) => candidates.includes(each.variable)) ?? fitting[0];
  const returned = runs.map(({ value }) => value);
  if (returned.some((value) => value !== undefined)) {
    if (isRight(returned)) return { value: { kind: "right", outlet: { kind: "returned" } }, variable: site?.variable };
    return { value: { kind: "wrong", got: returned, outlet: { kind: "returned" } }, variable: undefined };
  }
  if (site !== undefined) return { value: { kind: "right", outlet: { kind: "site", site: site.id } }, variable: site.variable };
  const named = candidates
    .map((each) =>
      sites.findLast((own) => own.kind === "set" && own.variable === each && own.how !== "parameter" && own.pass !== "backward"),
    )
    .find((each) => each !== undefined);
  if (named === undefined) return { value: { kind: "nowhere" }, variable: undefined };
  return {
    value: { kind: "wrong", got: valuesAt(named.id), outlet: { kind: "site", site: named.id } },
    variable: named.variable,
  };
}

function compareGradient(input: string, trial: Trial, runs: readonly Run[]): ComparedGradient {
  const { truth, parameters } = trial.names;
  const name = gradientName(input, trial);
  const got = runs.map((each) => {
    if (trial.subject.kind !== "script") return gradientVectors(each).get(input);
    return name === undefined ? undefined : lastValues(trial, each).get(name);
  });
  const expected = truth.points.map(({ gradients }) => gradients.get(input)!.map((value) => value * trial.seed));
  const isRight = expected.every((right, point) => got[point] !== undefined && agree(got[point], right));
  return { input, name: name ?? `d${parameters.get(input) ?? input}`, got, expected, isRight };
}

/** The user's variable for the gradient by an input: of a script, the one that was set last under such a name. */
function gradientName(input: string, trial: Trial): string | undefined {
  const { sites } = trial.instrumented;
  const names = sites.filter((site) => site.kind === "set" && site.how !== "parameter").map(({ variable }) => variable);
  const own = names.findLast((name) => adjointFor(name, trial.names) === input);
  return own;
}
