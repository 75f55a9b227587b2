// Derivatives of the user's own value by anything its forward pass assigns or reads, by central differences of the instrumented code.

import type { Move } from "./recorder.ts";
import type { SetSite, Site } from "./sites.ts";
import { run, type Run, type Trial } from "./trial.ts";
import type { TruthPoint } from "./truth.ts";

/** Where the value of a run is read. */
export type Outlet = { readonly kind: "returned" } | { readonly kind: "site"; readonly site: number };

export interface Probe {
  readonly trial: Trial;
  readonly points: readonly TruthPoint[];
  /** The run of each point with nothing moved. */
  readonly runs: readonly Run[];
  /** Whether the value changes at all with a site; one run for each element at most. */
  isFelt(site: SetSite, point: number): boolean;
  derivative(site: Site, point: number): readonly number[] | undefined;
  /** What a site's value is without any move; of a read, its variable's. */
  valueAt(site: Site, point: number): readonly number[] | undefined;
}

/** The number that came out of a run. */
export function readOutlet(outlet: Outlet, { value, events }: Run): number | undefined {
  return outlet.kind === "returned" ? value : events.findLast(({ site }) => site === outlet.site)?.value?.[0];
}

const MOST_ELEMENTS = 400;

/** Answers are kept: each derivative costs four runs for each element. */
export function createProbe(trial: Trial, points: readonly TruthPoint[], runs: readonly Run[], outlet: Outlet): Probe {
  const known = new Map<string, readonly number[] | undefined>();
  return {
    trial,
    points,
    runs,
    valueAt,
    isFelt(site, point) {
      const middle = outputOf(runs[point]!);
      const passing = runs[point]!.passings.get(site.id)?.count;
      const values = valueAt(site, point) ?? [];
      return values.some((value, element) => {
        const amount = 1e-3 * Math.max(Math.abs(value), 0.25);
        const move: Move = { site: site.id, passing, change: { kind: "shift", element, amount } };
        return outputOf(run(trial, points[point]!, { move, isRecording: outlet.kind === "site" })) !== middle;
      });
    },
    derivative(site, point) {
      const key = `${site.id}:${point}`;
      if (!known.has(key)) known.set(key, differentiate(site, point));
      return known.get(key);
    },
  };

  function valueAt(site: Site, point: number): readonly number[] | undefined {
    const { events } = runs[point]!;
    if (site.kind === "set") return events.findLast((event) => event.site === site.id)?.value;
    const { sites } = trial.instrumented;
    const { truth, parameters } = trial.names;
    const isVariable = (id: number): boolean => {
      const own = sites[id]!;
      return own.variable === site.variable && own.kind === "set" && own.how !== "result";
    };
    const input = truth.inputs.find(({ name }) => (parameters.get(name) ?? name) === site.variable);
    return events.findLast((event) => isVariable(event.site))?.value ?? (input && points[point]!.inputs.get(input.name)?.data);
  }

  /** Undefined where differences of different widths contradict each other: at a kink, or where the code changes what it reads. */
  function differentiate(site: Site, point: number): readonly number[] | undefined {
    const { passings, events } = runs[point]!;
    const at = passings.get(site.id);
    if (at === undefined) return undefined;
    const values = valueAt(site, point) ?? events.find((event) => event.site === site.id)?.value;
    if (values === undefined || values.length > MOST_ELEMENTS) return undefined;
    const passing = site.kind === "set" ? at.count : undefined;
    const slopes: number[] = [];
    for (const [element, value] of values.entries()) {
      const slope = slopeAt(point, { site: site.id, element, passing }, value);
      if (slope === undefined) return undefined;
      slopes.push(slope);
    }
    return slopes;
  }

  function slopeAt(
    point: number,
    where: { readonly site: number; readonly element: number; readonly passing: number | undefined },
    value: number,
  ): number | undefined {
    const middle = outputOf(runs[point]!);
    if (!Number.isFinite(value) || middle === undefined) return undefined;
    const { site, passing, element } = where;
    const shifted = (amount: number): Move => ({ site, passing, change: { kind: "shift", element, amount } });
    const output = (amount: number): number =>
      outputOf(run(trial, points[point]!, { move: shifted(amount), isRecording: outlet.kind === "site" })) ?? NaN;
    for (const width of [2e-3, 2e-4, 1e-5]) {
      const h = width * Math.max(Math.abs(value), 0.25);
      const [up, down, halfUp, halfDown] = [output(h), output(-h), output(h / 2), output(-h / 2)];
      const [wide, narrow] = [(up! - down!) / (2 * h), (halfUp! - halfDown!) / h];
      const size = Math.max(Math.abs(wide), Math.abs(narrow), 1e-6 * Math.abs(middle));
      const jump = Math.abs(halfUp! + halfDown! - 2 * middle) / Math.max(Math.abs(middle), 1e-3);
      if (Math.abs(wide - narrow) <= 1e-4 * size + 1e-9 && jump < 0.05) return (4 * narrow - wide) / 3;
    }
    return undefined;
  }

  function outputOf(result: Run): number | undefined {
    return readOutlet(outlet, result);
  }
}
