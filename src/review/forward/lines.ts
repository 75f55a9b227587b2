// The lines of a user's forward pass that the value depends on, and how they stand to the stages of the source.

import type { Node } from "@babel/types";
import type { Retry } from "../attempt.ts";
import type { Quantity } from "../case.ts";
import { agreeEverywhere, type PerPoint } from "../per-point.ts";
import { createProbe, type Outlet } from "../probe.ts";
import type { SetSite } from "../sites.ts";
import { namesRead, startOf } from "../syntax.ts";
import type { Run, Trial } from "../trial.ts";
import type { Truth } from "../truth.ts";
import type { ReferenceStage } from "./reference.ts";

export interface ForwardRequest {
  readonly trial: Trial;
  readonly truth: Truth;
  readonly runs: readonly Run[];
  readonly outlet: Outlet;
  readonly reference: readonly ReferenceStage[];
  readonly text: string;
  /** The user's own functions, by name. */
  readonly helpers: ReadonlyMap<string, Node>;
  /** Those of them that are not what they are called. */
  readonly wrongHelpers: ReadonlySet<string>;
  readonly retry: Retry;
}

/** A line that the value depends on. */
export interface Line {
  readonly write: SetSite;
  readonly got: PerPoint;
  /** `known`: a stage of the source by name and value; `alike`: by value only; `open`: none, or the one of this name has another value. */
  readonly standing: "known" | "alike" | "open";
}

/** The lines of a forward pass that give what a stage of the source gives; of several settings of a variable the last. */
export function rightLines(request: ForwardRequest): SetSite[] {
  return linesOf(request).flatMap(({ write, standing }) => (standing === "open" ? [] : [write]));
}

export function linesOf({ trial, truth, runs, outlet, reference }: ForwardRequest): Line[] {
  const probe = createProbe(trial, truth.points, runs, outlet);
  const lines = trial.instrumented.sites
    .filter((site): site is SetSite => site.kind === "set" && site.pass !== "backward" && site.how !== "parameter")
    .filter((site) => namesRead(site.right ?? site.node).size > 0 && !(site.how === "result" && site.right === undefined))
    .map((write) => ({ write, got: truth.points.map((_, point) => probe.valueAt(write, point)) }))
    .filter(({ got }) => got.every((each) => each !== undefined))
    .sort((a, b) => startOf(a.write.node) - startOf(b.write.node))
    .map((line) => ({ ...line, standing: standingOf(line, reference, truth) }));
  const felt = lines.filter(({ write }) => truth.points.some((_, point) => probe.isFelt(write, point)));
  // What only a rounding line reads is not felt.
  const names = new Set(felt.flatMap(({ write }) => [...namesRead(write.right ?? write.node)]));
  for (const { write } of lines.toReversed())
    if (names.has(write.variable)) for (const name of namesRead(write.right ?? write.node)) names.add(name);
  return lines.filter((line) => felt.includes(line) || names.has(line.write.variable));
}

export function standingOf(
  { write, got }: Omit<Line, "standing">,
  reference: readonly ReferenceStage[],
  truth: Truth,
): Line["standing"] {
  const alike = reference.filter(({ values }) => agreeEverywhere(values, got));
  const namesakes = namesakesOf(write, reference);
  if (namesakes.length > 0) return alike.some((stage) => namesakes.includes(stage)) ? "known" : "open";
  const isInput = truth.inputs.some(({ name }) =>
    agreeEverywhere(
      truth.points.map(({ inputs }) => inputs.get(name)!.data),
      got,
    ),
  );
  return alike.length > 0 || isInput ? "alike" : "open";
}

export function namesakesOf(write: SetSite, reference: readonly ReferenceStage[]): ReferenceStage[] {
  return reference.filter(({ variable }) => isSameName(variable, write.variable));
}

export function isSameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
  return plain(a) === plain(b);
}

/** Inputs, variables of the forward pass that are set above, sizes. */
export function quantitiesBefore(write: SetSite, { trial, truth, runs }: ForwardRequest): Quantity[] {
  const { names } = trial;
  const inputs = truth.inputs.map(({ name }): Quantity => ({
    text: names.parameters.get(name) ?? name,
    values: truth.points.map((point) => point.inputs.get(name)!.data),
    kind: "stage",
  }));
  const above = new Map<string, Quantity>();
  for (const site of trial.instrumented.sites) {
    if (site.kind !== "set" || site.how === "parameter" || site.how === "result" || site.pass === "backward") continue;
    if (startOf(site.node) >= startOf(write.node) || site.variable === write.variable) continue;
    const values = runs.map(({ events }) => events.findLast((event) => event.site === site.id)?.value);
    if (values.some((each) => each !== undefined)) above.set(site.variable, { text: site.variable, values, kind: "stage" });
  }
  const symbols = [...(truth.points[0]?.sizes.keys() ?? [])];
  const sizes = symbols.map((text): Quantity => ({
    text,
    values: truth.points.map((point) => [point.sizes.get(text)!]),
    kind: "size",
  }));
  return [...inputs, ...above.values(), ...sizes];
}
