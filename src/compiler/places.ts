// Where in the source the nodes of a function were written, through everything that rewriting makes of them. Knows nothing of text that is
// generated.

import type { Span } from "../core/span.ts";
import type { Origin } from "../emit/typescript/writer.ts";
import type { FrontendResult, FunctionInput, SourceFunction } from "../frontends/source.ts";
import type { Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";

export interface PlacesRequest {
  readonly text: string;
  readonly fn: Pick<SourceFunction, "name" | "outputs" | "stageNames" | "span"> & { readonly inputs: readonly FunctionInput[] };
  readonly origins: FrontendResult["origins"];
  /** Of all functions in the source, in order: what is written in another one is not written in this one. */
  readonly definitions: readonly Span[];
}

export interface Places {
  /** Tells what stands for nodes now: it is where they were, unless it was written somewhere itself. */
  follow(replaced: Iterable<readonly [before: Node, after: Node]>): void;
  /** Where the nodes of a result are. */
  of(result: PlacedResult): (origin: Origin) => Span;
}

export interface PlacedResult {
  readonly outputs: readonly Node[];
  readonly derived?: readonly Node[];
  /** Whose adjoint or tangent a derived node is. */
  readonly sourceOf?: (node: Node) => Node | undefined;
}

type Lookup = (node: Node) => Span | undefined;

export function createPlaces({ text, fn, origins, definitions }: PlacesRequest): Places {
  const named = findAssignments(text, fn, origins);
  const moved = new Map<Node, Span>(fn.inputs.map(({ node, span }) => [node, span]));
  const written: Lookup = (node) => bestOf(origins.get(node.id) ?? [], fn.span, definitions);
  const direct: Lookup = (node) => named.get(node) ?? moved.get(node) ?? written(node);
  return {
    follow(replaced) {
      for (const [before, after] of replaced) {
        if (after === before) continue;
        const name = named.get(before);
        const place = name ?? direct(before);
        if (place === undefined) continue;
        if (name !== undefined && !named.has(after)) named.set(after, name);
        else if (written(after) === undefined && !moved.has(after)) moved.set(after, place);
      }
    },
    of: (result) => resolve(result, direct, fn.span),
  };
}

/** The stages that a person named, where they are assigned; and the result, where that has a name. */
function findAssignments(text: string, fn: PlacesRequest["fn"], origins: FrontendResult["origins"]): Map<Node, Span> {
  const found = new Map<Node, Span>();
  const [output] = fn.outputs;
  for (const [node, name] of [...fn.stageNames, ...(output === undefined ? [] : [[output, fn.name] as const])]) {
    if (found.has(node)) continue;
    for (const span of origins.get(node.id) ?? []) {
      const assignment = assignmentOf(text, span, name);
      if (assignment === undefined) continue;
      found.set(node, assignment);
      break;
    }
  }
  return found;
}

/** `name = value`, the value perhaps in parentheses, where `value` is what a source assigns to the name. */
function assignmentOf(text: string, value: Span, name: string): Span | undefined {
  let end = skipBack(text, value.start, " \t\r\n(");
  if (text[end - 1] !== "=") return undefined;
  end = skipBack(text, end - 1, " \t\r\n");
  // Names are normalised: in the text there may be a few more code units.
  for (let start = end - name.length; start >= 0 && start >= end - 4 * name.length; start--) {
    if (text.slice(start, end).normalize("NFC") === name) return { start, end: value.end };
  }
  return undefined;
}

function skipBack(text: string, from: number, characters: string): number {
  let at = from;
  while (at > 0 && characters.includes(text[at - 1]!)) at--;
  return at;
}

/** Of the places where a node was written: the first in the function itself, else the first that is in no other function. */
function bestOf(spans: readonly Span[], own: Span, definitions: readonly Span[]): Span | undefined {
  return (
    spans.find((span) => isWithin(span, own)) ?? spans.find((span) => !isWithin(span, lastBefore(definitions, span.start) ?? own))
  );
}

function isWithin({ start, end }: Span, outer: Span): boolean {
  return start >= outer.start && end <= outer.end;
}

/** The last of the spans that begins at `offset` or before it. */
function lastBefore(spans: readonly Span[], offset: number): Span | undefined {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return spans[low - 1];
}

/**
 * A derivative is where that is which it is the derivative of. What has no place else is where its first reader is; what nobody reads that has
 * one, where the first of its arguments is that has one. All else is the definition's.
 */
function resolve({ outputs, derived = [], sourceOf }: PlacedResult, direct: Lookup, definition: Span): (origin: Origin) => Span {
  const found = new Map<Node, Span | undefined>(); // for nodes without a place of their own
  let readers: Readers | undefined; // most sources need none
  const next = (node: Node): Node | undefined => {
    readers ??= findReaders(outputs, derived);
    return (readers.isForward(node) ? undefined : sourceOf?.(node)) ?? readers.of(node);
  };
  const above: Lookup = (node) => {
    const passed: Node[] = [];
    let place: Span | undefined;
    for (let at: Node | undefined = node; at !== undefined; at = next(at)) {
      place = direct(at) ?? found.get(at);
      if (place !== undefined || found.has(at)) break;
      found.set(at, undefined);
      passed.push(at);
    }
    for (const each of passed) found.set(each, place);
    return place;
  };
  const below: Lookup = (node) => {
    const passed: Node[] = [];
    let place: Span | undefined;
    for (let at: Node | undefined = node; at?.kind === "call" && place === undefined;) {
      passed.push(at);
      const args: readonly Node[] = at.args;
      at = args.find(({ kind }) => kind === "call") ?? args.find(({ kind }) => kind === "input");
      if (at !== undefined) place = above(at);
    }
    for (const each of passed) found.set(each, place ?? definition);
    return place;
  };
  return (origin) => (origin === "definition" ? definition : (above(origin) ?? below(origin) ?? definition));
}

interface Readers {
  /** The first that reads a node, in the order of computation; of outputs none. */
  readonly of: (node: Node) => Node | undefined;
  readonly isForward: (node: Node) => boolean;
}

function findReaders(outputs: readonly Node[], derived: readonly Node[]): Readers {
  const order = postOrder([...outputs, ...derived]);
  const size = 1 + order.reduce((most, { id }) => Math.max(most, id), 0);
  const readers = new Array<Node | undefined>(size);
  const forward = new Uint8Array(size);
  const results = new Set(outputs);
  let isForward = false;
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    isForward ||= results.has(node); // what outputs need comes first in the order, and ends with one of them
    if (isForward) forward[node.id] = 1;
    if (node.kind === "call") for (const arg of node.args) readers[arg.id] = node;
  }
  for (const output of outputs) readers[output.id] = undefined;
  return { of: (node) => readers[node.id], isForward: (node) => forward[node.id] === 1 };
}
