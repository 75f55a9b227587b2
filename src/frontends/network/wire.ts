// Builds the nodes of a list of layers, once for training and once for predicting. What cannot be built poisons only what depends on it.

import type { Span } from "../../core/span.ts";
import type { Locator } from "../../diagnostics/locate.ts";
import { sameShape, shapeText } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import {
  attempt,
  createContext,
  emptyMade,
  nameStage,
  nodeMaker,
  placeNodes,
  type Build,
  type Made,
  type Pass,
  type Result,
} from "./context.ts";
import type { Entry, LayerEntry, RepeatEntry, ResidualEntry } from "./entries.ts";
import type { Reference } from "./names.ts";
import { createNumbering } from "./parameters.ts";

export interface Wiring {
  readonly build: Build;
  readonly entries: readonly Entry[];
  readonly inputs: ReadonlyMap<string, Node>;
  /** What the first layer takes. */
  readonly first: Node | undefined;
  /** All names of layers in the spec. */
  readonly names: ReadonlySet<string>;
  /** Entries whose name belongs to another. */
  readonly duplicates: ReadonlySet<Entry>;
  /** Repeats that come to too many layers: one copy is looked at. */
  readonly excessive: ReadonlySet<Entry>;
  readonly locate: Locator;
}

export interface Wired {
  readonly pass: Pass;
  /** What the last layer gives. */
  readonly last: Result;
  /** By the names that layers have outside of repeats; `hidden2` is that of a second copy. */
  readonly results: ReadonlyMap<string, Result>;
  readonly layers: readonly WiredLayer[];
}
export interface WiredLayer {
  readonly node: Node;
  readonly span: Span;
  readonly layer: string;
}

interface Wire {
  readonly wiring: Wiring;
  readonly pass: Pass;
  readonly results: Map<string, Result>;
  readonly layers: WiredLayer[];
}

/** Names that are seen at one place, each with the full name it stands for. */
interface Scope {
  readonly names: Map<string, string>;
  readonly outer: Scope | undefined;
  /** What full names end in here: `2` in the second copy of a repeat, `2_1` in the first copy of a repeat in that. */
  readonly suffix: string;
}

export function wireNetwork(wiring: Wiring, training: boolean): Wired {
  const pass: Pass = { training, numbering: createNumbering(), penalties: [], makers: new Map(), made: new Map(), streams: 0 };
  const results = new Map([...wiring.inputs].map(([name, node]) => [name, { node }] as const));
  const wire: Wire = { wiring, pass, results, layers: [] };
  const last = wireList(wiring.entries, { node: wiring.first }, wire, { names: new Map(), outer: undefined, suffix: "" });
  return { pass, last, results, layers: wire.layers };
}

function wireList(entries: readonly Entry[], start: Result, wire: Wire, scope: Scope): Result {
  let result = start;
  for (const entry of entries) result = wireEntry(entry, result, wire, scope);
  return result;
}

function wireEntry(entry: Entry, above: Result, wire: Wire, scope: Scope): Result {
  const inputs = entry.from?.map((reference) => findOrReport(reference, wire, scope)) ?? [above];
  const node = inputs.some((input) => input.node === undefined) || entry.broken ? undefined : build(entry, inputs, wire, scope);
  if (node === undefined && (entry.kind === "repeat" || entry.kind === "residual")) buildBody(entry, wire, scope);
  const result = { node };
  const name = nameOf(entry, wire);
  if (name !== undefined) declare(name, result, wire, scope);
  return result;
}

function nameOf(entry: Entry, { wiring }: Wire): string | undefined {
  return wiring.duplicates.has(entry) ? undefined : entry.name?.name;
}

function fullNameOf(entry: Entry, wire: Wire, { suffix }: Scope): string | undefined {
  const name = nameOf(entry, wire);
  return name === undefined ? undefined : name + suffix;
}

/** Only for the names in it, so that references to them are no further problems. */
function buildBody(entry: RepeatEntry | ResidualEntry, wire: Wire, scope: Scope): void {
  if (entry.kind === "residual") wireList(entry.body, { node: undefined }, wire, scope);
  else wireCopies(entry, { node: undefined }, wire, scope);
}

function declare(name: string, result: Result, { results }: Wire, { names, suffix }: Scope): void {
  const full = name + suffix;
  names.set(name, full);
  results.set(full, result);
}

/** `hidden9` of a block with three copies is found out only here; all other names were looked up before. */
function findOrReport({ name, span }: Reference, wire: Wire, scope: Scope): Result {
  const found = find(name, wire, scope);
  if (found === undefined && !wire.wiring.names.has(name)) wire.wiring.build.reporter.report("WG1422", span, { name });
  return found ?? { node: undefined };
}

function find(name: string, { results }: Wire, scope: Scope): Result | undefined {
  return results.get(fullName(name, scope));
}

function fullName(name: string, scope: Scope): string {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const full = at.names.get(name);
    if (full !== undefined) return full;
  }
  return name;
}

function build(entry: Entry, inputs: readonly Result[], wire: Wire, scope: Scope): Node | undefined {
  const nodes = inputs.map(({ node }) => node!); // as the caller saw
  switch (entry.kind) {
    case "layer":
      return buildLayer(entry, nodes, wire, scope);
    case "residual":
      return buildResidual(entry, nodes[0]!, wire, scope);
    case "repeat":
      return wireCopies(entry, { node: nodes[0]! }, wire, scope).node;
    case "broken":
      return undefined;
  }
}

function buildLayer(entry: LayerEntry, inputs: readonly Node[], wire: Wire, scope: Scope): Node | undefined {
  const { definition, layer, options } = entry;
  const span = { ...entry.span }; // of each copy its own: what comes from one object is one layer
  const shared = entry.share && sharedBy(entry.share.name, entry, wire, scope);
  if (entry.share !== undefined && shared === undefined) return undefined;
  const name = fullNameOf(entry, wire, scope);
  const made = emptyMade();
  const label = name === undefined ? layer : `${layer} '${name}'`;
  const lookup = (wanted: string): Result | undefined => find(wanted, wire, scope);
  const context = createContext(
    wire.wiring.build,
    wire.pass,
    { layer, label, name, span, options, inputs, shared, lookup },
    made,
  );
  const node = attempt(() => definition.build(context, inputs, options as never));
  // A layer that shares can be shared in turn.
  if (name !== undefined)
    wire.pass.made.set(name, { parameters: new Map([...(shared?.parameters ?? []), ...made.parameters]), states: made.states });
  if (node !== undefined) finish(node, { layer, span }, name, wire);
  return node;
}

function sharedBy(name: string, { span, layer }: LayerEntry, { wiring, pass, results }: Wire, scope: Scope): Made | undefined {
  const full = fullName(name, scope);
  const made = pass.made.get(full);
  if (made !== undefined && made.parameters.size > 0) return made;
  if (results.get(full)?.node !== undefined)
    wiring.build.reporter.report("WG1430", span, { layer, problem: `'${name}' has no parameters to share` });
  return undefined;
}

function finish(
  node: Node,
  { layer, span }: { readonly layer: string; readonly span: Span },
  name: string | undefined,
  { wiring, layers }: Wire,
): void {
  const { build, locate } = wiring;
  const { line } = locate(span.start);
  if (!build.sources.has(node)) build.sources.set(node, `${layer}${name === undefined ? "" : ` '${name}'`} in line ${line}`);
  placeNodes(build, node, span);
  if (name !== undefined) nameStage(build, node, name, true);
  layers.push({ node, span, layer });
}

function buildResidual(entry: ResidualEntry, x: Node, wire: Wire, scope: Scope): Node | undefined {
  const { node: inner } = wireList(entry.body, { node: x }, wire, scope);
  if (inner === undefined) return undefined;
  const { build } = wire.wiring;
  const span = { ...entry.span }; // as above
  const report = (problem: string): void => build.reporter.report("WG1430", span, { layer: "residual", problem });
  const { call, stop } = nodeMaker(build, span, report);
  const sum = attempt(() => {
    const [outside, inside] = [x, inner].map(
      (node) => `${shapeText(node.type.shape)} from ${build.sources.get(node) ?? "above"}`,
    );
    return sameShape(x.type.shape, inner.type.shape)
      ? call("add", [x, inner])
      : stop(`the block makes ${inside}, and is added to ${outside}`);
  });
  if (sum === undefined) return undefined;
  const name = fullNameOf(entry, wire, scope);
  finish(sum, { layer: "residual", span }, name, wire);
  nameStage(build, sum, `R${wire.pass.numbering.next("residual")}`, false);
  return sum;
}

function wireCopies(entry: RepeatEntry, start: Result, wire: Wire, scope: Scope): Result {
  let result = start;
  const count = wire.wiring.excessive.has(entry) ? 1 : entry.count;
  for (let copy = 1; copy <= count; copy++) {
    const suffix = scope.suffix === "" ? `${copy}` : `${scope.suffix}_${copy}`;
    result = wireList(entry.body, result, wire, { names: new Map(), outer: scope, suffix });
  }
  return result;
}
