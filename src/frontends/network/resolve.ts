// What the names in a list of layers refer to: duplicates, unknown names, cycles, and how many layers repeats come to. Builds no nodes.

import { createLocator } from "../../diagnostics/locate.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { nearest } from "../../diagnostics/suggest.ts";
import type { Entry } from "./entries.ts";
import type { Reference } from "./names.ts";

/** More layers than anybody means; each gets nodes and code. */
const MOST_LAYERS = 10_000;

interface Place {
  readonly entry: Entry;
  /** Its place in reading order; a block comes after what is in it. */
  readonly index: number;
  /** The repeats around it, outermost first: names in them are theirs. */
  readonly repeats: readonly Entry[];
  /** What it takes without saying so: what stands above it, or the last layer of a block. */
  readonly before: Place | undefined;
}

export interface Resolved {
  /** All names of layers. */
  readonly names: ReadonlySet<string>;
  /** Entries whose name belongs to another. */
  readonly duplicates: ReadonlySet<Entry>;
  /** Repeats that come to too many layers. */
  readonly excessive: ReadonlySet<Entry>;
}

/** Reports duplicates, unknown names, cycles and absurd repetition. */
export function resolveNames(entries: readonly Entry[], inputs: ReadonlySet<string>, text: string, reporter: Reporter): Resolved {
  const places: Place[] = [];
  flatten(entries, [], places);
  const named = declare(places, inputs, text, reporter);
  const resolving = { named, inputs, reporter };
  for (const place of places) {
    for (const reference of place.entry.from ?? []) resolve(reference, place, false, resolving);
    if (place.entry.kind === "layer" && place.entry.share !== undefined) resolve(place.entry.share, place, true, resolving);
  }
  const excessive = new Set<Entry>();
  limitCopies(entries, excessive, reporter);
  const owners = new Set([...named.values()].map(({ entry }) => entry));
  const duplicates = places.map(({ entry }) => entry).filter((entry) => entry.name !== undefined && !owners.has(entry));
  return { names: new Set(named.keys()), duplicates: new Set(duplicates), excessive };
}

/** Returns what follows takes. */
function flatten(entries: readonly Entry[], repeats: readonly Entry[], places: Place[], before?: Place): Place | undefined {
  let last = before;
  for (const entry of entries) {
    if (entry.kind === "repeat" || entry.kind === "residual") {
      last = flatten(entry.body, entry.kind === "repeat" ? [...repeats, entry] : repeats, places, last);
    }
    last = { entry, index: places.length, repeats, before: last };
    places.push(last);
  }
  return last;
}

interface Resolving {
  readonly named: ReadonlyMap<string, Place>;
  readonly inputs: ReadonlySet<string>;
  readonly reporter: Reporter;
}

function declare(places: readonly Place[], inputs: ReadonlySet<string>, text: string, reporter: Reporter): Map<string, Place> {
  const named = new Map<string, Place>();
  const locate = createLocator(text);
  for (const place of places) {
    const { name } = place.entry;
    if (name === undefined) continue;
    const first = named.get(name.name);
    if (first !== undefined) {
      const { line } = locate(first.entry.name!.span.start);
      reporter.report("WG1421", name.span, { name: name.name, as: `the layer in line ${line}` });
    } else if (inputs.has(name.name)) reporter.report("WG1421", name.span, { name: name.name, as: "an input" });
    else named.set(name.name, place);
  }
  return named;
}

function resolve(reference: Reference, place: Place, isShare: boolean, { named, inputs, reporter }: Resolving): void {
  const { name, span } = reference;
  const target = named.get(name);
  if (target === undefined) {
    if (inputs.has(name) && !isShare) return;
    if (isCopy(name, named)) return; // `hidden2`: of the second copy; looked up when it is there
    const near = nearest(name, isShare ? named.keys() : [...named.keys(), ...inputs]);
    reporter.report("WG1422", span, { name }, near && `did you mean '${near}'?`);
  } else if (target.index < place.index) {
    const isSeen = target.repeats.every((repeat) => place.repeats.includes(repeat));
    if (!isSeen) reporter.report("WG1422", span, { name }, `it is repeated: '${name}1' is that of the first copy`);
  } else {
    const path = isShare ? undefined : pathTo(target, place, named);
    if (path === undefined) reporter.report("WG1424", span, { name });
    else reporter.report("WG1423", span, { name: path[0]!, path: path.join(" from ") });
  }
}

function isCopy(name: string, named: ReadonlyMap<string, Place>): boolean {
  const base = /^(.*?)\d+(_\d+)*$/.exec(name)?.[1];
  const place = base === undefined ? undefined : named.get(base);
  return place !== undefined && place.repeats.length > 0;
}

/** The names along the way by which `target`, which `place` takes, takes `place`; undefined where it does not. */
function pathTo(target: Place, place: Place, named: ReadonlyMap<string, Place>): string[] | undefined {
  const cameFrom = new Map<Place, Place | undefined>([[target, undefined]]);
  const waiting = [target];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === place) return namesAlong(place, cameFrom);
    for (const next of takes(at, named)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      waiting.push(next);
    }
  }
  return undefined;
}

function takes({ entry, before }: Place, named: ReadonlyMap<string, Place>): Place[] {
  const from = (entry.from ?? []).map(({ name }) => named.get(name)).filter((target) => target !== undefined);
  const isBlock = entry.kind === "repeat" || entry.kind === "residual";
  return before === undefined || (entry.from !== undefined && !isBlock) ? from : [...from, before];
}

/** In the order of needing, from the end of the way round to it again. */
function namesAlong(end: Place, cameFrom: ReadonlyMap<Place, Place | undefined>): string[] {
  const names: string[] = [];
  for (let at: Place | undefined = end; at !== undefined; at = cameFrom.get(at)) {
    if (at.entry.name !== undefined) names.unshift(at.entry.name.name);
  }
  const [first] = names;
  if (end.entry.name === undefined && first !== undefined) return [...names, first];
  return [end.entry.name!.name, ...names];
}

/** How many layers come of a list, innermost first; a repeat that makes too many is reported, and counts as one copy. */
function limitCopies(entries: readonly Entry[], excessive: Set<Entry>, reporter: Reporter): number {
  let count = 0;
  for (const entry of entries) {
    if (entry.kind !== "repeat" && entry.kind !== "residual") {
      count++;
      continue;
    }
    const body = limitCopies(entry.body, excessive, reporter);
    const copies = entry.kind === "repeat" ? entry.count : 1;
    const isTooMuch = copies > 1 && count + copies * body > MOST_LAYERS;
    if (isTooMuch) {
      reporter.report("WG1451", entry.span, { count: count + copies * body, most: MOST_LAYERS });
      excessive.add(entry);
    }
    count += isTooMuch ? body : copies * body;
  }
  return count;
}
