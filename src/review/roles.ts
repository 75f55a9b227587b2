// Which variables of the user's code are forward stages and which hold gradients, and of what. Names propose; whether the value depends on a
// variable decides.

import { adjointFor, differentiated } from "./calls.ts";
import { adjointOf } from "./names.ts";
import type { Probe } from "./probe.ts";
import type { SetSite } from "./sites.ts";
import { startOf } from "./syntax.ts";

/** A variable (or a property of the result) that holds a gradient. */
export interface Adjoint {
  /** As the user calls it. */
  readonly name: string;
  /** The user's variable that it is the gradient by. */
  readonly of: string;
  /** The input of the source that `of` is. */
  readonly input: string | undefined;
  readonly isResult: boolean;
  /** Where it is set or grows, in source order. */
  readonly writes: readonly SetSite[];
}

export interface Roles {
  readonly adjoints: readonly Adjoint[];
  /** Assignments of the forward pass by variable, in source order. */
  readonly stages: ReadonlyMap<string, readonly SetSite[]>;
  /** Variables set in the backward pass whose names say nothing. */
  readonly unnamed: ReadonlySet<string>;
}

export function assignRoles(probe: Probe, valueVariable: string | undefined): Roles {
  const { trial, runs } = probe;
  const { truth, parameters } = trial.names;
  const sets = trial.instrumented.sites
    .filter((site) => site.kind === "set")
    .filter(({ id }) => runs.some(({ passings }) => passings.has(id)))
    .filter((site) => site.how !== "store" || changes(site, probe))
    .sort((a, b) => startOf(a.node) - startOf(b.node) || a.id - b.id);
  const inputOf = new Map(truth.inputs.map(({ name }) => [parameters.get(name) ?? name, name]));
  const outputs = new Set([truth.name, truth.valueName, ...(valueVariable === undefined ? [] : [valueVariable])]);
  const known = new Set([
    ...sets.filter(({ how, pass }) => how !== "result" && pass !== "backward").map(({ variable }) => variable),
    ...inputOf.keys(),
  ]);
  const variables = new Map<string, SetSite[]>();
  for (const site of sets) {
    if (site.how === "result") continue;
    const writes = variables.get(site.variable);
    if (writes === undefined) variables.set(site.variable, [site]);
    else writes.push(site);
  }
  const targets = new Map<string, string>();
  const stages = new Map<string, readonly SetSite[]>();
  const unnamed = new Set<string>();
  for (const [name, writes] of variables) {
    const target = adjointOf(name, known, outputs);
    const isForward = writes.some(
      (write) => write.pass !== "backward" && (write.how === "parameter" || influences(probe, write)),
    );
    if (target !== undefined && !isForward) targets.set(name, target);
    else if (isForward || writes.some(({ pass }) => pass === "forward"))
      stages.set(
        name,
        writes.filter(({ pass }) => pass !== "backward"),
      );
    else unnamed.add(name);
  }
  const adjoints: Adjoint[] = [...targets].map(([name, of]) => ({
    name,
    of,
    input: inputOf.get(of),
    isResult: false,
    writes: variables.get(name)!,
  }));
  for (const site of sets.filter(({ how }) => how === "result")) {
    const input = resultInput(site, sets, probe);
    if (input === undefined) continue;
    const of = parameters.get(input) ?? input;
    adjoints.push({ name: site.variable.startsWith("#") ? `d${of}` : site.variable, of, input, isResult: true, writes: [site] });
  }
  return { adjoints, stages, unnamed };
}

/** Whether a statement that could change an array does: what is only handed to a function stays as it was. */
function changes({ id, variable }: SetSite, { runs, trial }: Probe): boolean {
  const { sites } = trial.instrumented;
  return runs.some(({ events }) => {
    const at = events.findIndex(({ site }) => site === id);
    const before = at < 0 ? undefined : events.slice(0, at).findLast(({ site }) => sites[site]!.variable === variable);
    return at >= 0 && (before === undefined || String(before.value) !== String(events[at]!.value));
  });
}

/** Whether the value changes with what is assigned there. */
function influences(probe: Probe, site: SetSite): boolean {
  return probe.points.some((_, point) => probe.isFelt(site, point));
}

/** The input whose gradient leaves by a property or an element of the result. */
function resultInput(site: SetSite, sets: readonly SetSite[], { trial }: Probe): string | undefined {
  const { names } = trial;
  const { variable, isGradient } = site;
  const wrt = differentiated(names.truth);
  if (!variable.startsWith("#")) {
    const byName = adjointFor(variable, names);
    if (byName !== undefined || !isGradient) return byName;
    return wrt.find(({ name }) => name === variable || names.parameters.get(name) === variable)?.name;
  }
  const [first, second] = variable.slice(1).split(".").map(Number) as [number, number | undefined];
  if (second !== undefined) return wrt[second]?.name;
  const count = sets.filter((each) => /^#\d+$/.test(each.variable)).length;
  const hasNested = sets.some((each) => /^#\d+\./.test(each.variable));
  if (hasNested) return undefined;
  return wrt[count === wrt.length + 1 ? first - 1 : first]?.name;
}
