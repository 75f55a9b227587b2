// YAML (and JSON, which is YAML) to plain values with a span for each key and value. Knows nothing of what a spec means.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Node as YamlNode,
} from "yaml";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";

export type SpecNode = SpecScalar | SpecList | SpecMap;

interface Placed {
  /** The plain value, as JSON would give it; objects have no prototype. */
  readonly value: unknown;
  readonly span: Span;
  /** How many values it holds with all aliases written out. */
  readonly size: number;
}
export interface SpecScalar extends Placed {
  readonly kind: "scalar";
}
export interface SpecList extends Placed {
  readonly kind: "list";
  readonly items: readonly SpecNode[];
}
export interface SpecMap extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, SpecEntry>;
}
export interface SpecEntry {
  readonly key: Span;
  readonly node: SpecNode;
}

/** Far beyond what a person writes, far below what exhausts the parser's call stack. */
const DEEPEST = 100;
const LONGEST_TEXT = 4_000_000;
/** With aliases written out. Ten aliases of ten aliases of ... are a bomb. */
const MOST_VALUES = 200_000;
/** Keys that are part of every object, or mean something to YAML 1.1. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "<<"]);

/** The one document of a text, which must be a mapping; undefined where it cannot be read. Problems that leave the rest readable are reported and passed over. */
export function readDocument(text: string, reporter: Reporter): SpecMap | undefined {
  if (!isReadable(text, reporter)) return undefined;
  const documents = [...parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" })];
  if (reportSyntax(documents, text, reporter)) return undefined;
  const filled = documents.filter((document) => document.contents !== null && !isNothing(document.contents));
  const [first, second] = filled;
  if (first === undefined) {
    reporter.report("WG1402", { start: 0, end: 0 });
    return undefined;
  }
  if (second !== undefined) reporter.report("WG1404", spanOf(second.contents!, text));
  const reading = createReading(first, text, reporter);
  const root = reading.convert(first.contents!);
  if (reading.isTooLarge()) return undefined;
  if (root?.kind === "map") return root;
  if (root !== undefined) reporter.report("WG1403", root.span, { found: root.kind === "list" ? "a list" : "a single value" });
  return undefined;
}

/** A mapping made of others' entries. */
export function mapOf(entries: ReadonlyMap<string, SpecEntry>, span: Span): SpecMap {
  const value = Object.create(null) as Record<string, unknown>;
  let size = 1;
  for (const [key, { node }] of entries) {
    value[key] = node.value;
    size += node.size;
  }
  return { kind: "map", entries, value, span, size };
}

/** Where to say what is missing from the whole. */
export function headOf({ entries, span }: SpecMap): Span {
  for (const { key } of entries.values()) return key;
  return span;
}

function isReadable(text: string, reporter: Reporter): boolean {
  const zero = text.indexOf("\0");
  if (zero !== -1) {
    reporter.report("WG1005", { start: zero, end: zero + 1 });
    return false;
  }
  const tooDeep = text.length > LONGEST_TEXT ? LONGEST_TEXT : placeTooDeep(text);
  if (tooDeep !== undefined) reporter.report("WG1409", { start: tooDeep, end: tooDeep + 1 });
  return tooDeep === undefined;
}

/** Where brackets, dashes or indentation nest too deeply: the parser that comes after is recursive, the lexer is not. */
function placeTooDeep(text: string): number | undefined {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let brackets = 0;
  let column = 0;
  let isLineStart = true;
  let indents: number[] = [];
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue; // stands for no text
    if (token === "[" || token === "{") brackets++;
    else if (token === "]" || token === "}") brackets--;
    else if (token.includes("\n")) {
      isLineStart = true;
      column = 0;
    } else if (!BLANK.test(token)) {
      if (isLineStart && brackets === 0) indents = [...indents.filter((indent) => indent < column), column];
      isLineStart = token === "-" || token === "?";
    }
    if (brackets + indents.length > DEEPEST) return at;
    at += token.length;
    if (!token.includes("\n")) column += token.length;
  }
  return undefined;
}

/** Byte order mark, start and end of documents and scalars: what the lexer inserts. */
const MARKS: ReadonlySet<string> = new Set(["\uFEFF", "\u0002", "\u0018", "\u001f"]);
const BLANK = /^[ \t]*$/;

/** Whether there were syntax errors. */
function reportSyntax(documents: readonly Document[], text: string, reporter: Reporter): boolean {
  const places = new Set<number>();
  for (const document of documents) {
    for (const { code, pos, message } of document.errors) {
      const [start, end] = IS_OPEN.test(message) ? openingOf(document, pos[0], text) : pos;
      if (places.has(start)) continue;
      places.add(start);
      const detail = message.charAt(0).toLowerCase() + message.slice(1).split("\n", 1)[0]!;
      const last = Math.min(Math.max(end, start + 1), text.length);
      reporter.report("WG1401", { start: Math.min(start, last), end: last }, { detail }, HINTS[code]);
    }
  }
  return places.size > 0;
}

const IS_OPEN = /^Missing closing|^Flow .* end with/;
const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with blanks",
  BLOCK_AS_IMPLICIT_KEY: "put the inner mapping in braces, or on lines of its own",
  BAD_SCALAR_START: "put the text in quotes",
};

/** Where the quotation or bracket opens that is not closed: nearer to the mistake than where reading stopped. */
function openingOf(document: Document, stop: number, text: string): readonly [number, number] {
  let start = stop;
  const look = (from: number, to: number, closing: string): void => {
    if (from < stop && stop <= to + 1 && (to - from < 2 || text[to - 1] !== closing)) start = from;
  };
  visit(document, {
    Scalar(_, { type, range }) {
      if (range && type === "QUOTE_DOUBLE") look(range[0], range[1], '"');
      if (range && type === "QUOTE_SINGLE") look(range[0], range[1], "'");
    },
    Collection(_, { flow, range }) {
      if (range && flow === true) look(range[0], Math.max(range[1], stop), text[range[0]] === "[" ? "]" : "}");
    },
  });
  return [start, start + 1];
}

function isNothing(contents: unknown): boolean {
  return isScalar(contents) && contents.value === null && (contents.source ?? "") === "";
}

interface Reading {
  convert(node: unknown): SpecNode | undefined;
  /** With aliases written out. */
  isTooLarge(): boolean;
}

function createReading(document: Document, text: string, reporter: Reporter): Reading {
  const known = new Map<unknown, SpecNode | undefined>();
  const active = new Set<unknown>();
  const anchors = anchorsOf(document);
  let written = 0;

  function convert(node: unknown): SpecNode | undefined {
    if (isAlias(node)) return follow(node);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return undefined;
    if (known.has(node)) return known.get(node);
    active.add(node);
    if (node.tag !== undefined) reporter.report("WG1406", tagSpan(node, text), { tag: shortTag(node.tag) });
    const made = isMap(node) ? convertMap(node) : isSeq(node) ? convertList(node) : convertScalar(node);
    active.delete(node);
    known.set(node, made);
    return made;
  }

  function follow(alias: Alias): SpecNode | undefined {
    const { source } = alias;
    const span = spanOf(alias, text);
    const target = anchors.get(alias);
    if (target === undefined)
      reporter.report("WG1405", span, { name: source, problem: "stands for nothing: no anchor of that name is above it" });
    else if (active.has(target)) reporter.report("WG1405", span, { name: source, problem: "contains itself" });
    else return limited(convert(target), span, source);
    return brokenAt(span);
  }

  /** Counts what aliases write out; the one that makes it too much is reported. */
  function limited(made: SpecNode | undefined, span: Span, name: string): SpecNode | undefined {
    const before = written;
    written += made?.size ?? 0;
    if (before <= MOST_VALUES && written > MOST_VALUES) {
      reporter.report("WG1405", span, { name, problem: "makes the spec too large when it is written out" });
    }
    return made;
  }

  function convertScalar(node: YamlNode & { value?: unknown }): SpecNode {
    const { value } = node;
    return { kind: "scalar", value: typeof value === "bigint" ? Number(value) : value, span: spanOf(node, text), size: 1 };
  }

  function convertList(node: YamlNode & { items: unknown[] }): SpecNode {
    const items = node.items.map(convert).filter((item) => item !== undefined);
    const size = items.reduce((sum, item) => sum + item.size, 1);
    return { kind: "list", items, value: items.map((item) => item.value), span: spanOf(node, text), size };
  }

  function convertMap(node: YamlNode & { items: unknown[] }): SpecNode {
    const entries = new Map<string, SpecEntry>();
    for (const pair of node.items as { key: unknown; value: unknown }[]) addPair(entries, pair);
    return mapOf(entries, spanOf(node, text));
  }

  function addPair(entries: Map<string, SpecEntry>, { key, value }: { key: unknown; value: unknown }): void {
    const span = spanOf(key as YamlNode, text);
    const name = isScalar(key) && typeof key.value === "string" ? key.value : undefined;
    if (name === undefined || FORBIDDEN_KEYS.has(name)) {
      const hint = name === "<<" ? "merge keys are not read; write the options out" : undefined;
      reporter.report("WG1408", span, { key: text.slice(span.start, span.end).split("\n", 1)[0]! }, hint);
      return;
    }
    if (entries.has(name)) {
      reporter.report("WG1407", span, { name });
      return;
    }
    const node = value === null ? nothing(span) : convert(value);
    if (node !== undefined) entries.set(name, { key: span, node });
  }

  return { convert, isTooLarge: () => written > MOST_VALUES };
}

/** A value that is not there, which was said: other problems at the same place follow from it. */
function brokenAt(span: Span): SpecNode {
  return { kind: "scalar", value: undefined, span, size: 1 };
}

/** `key` without a colon and value in a flow mapping. */
function nothing(span: Span): SpecNode {
  return { kind: "scalar", value: null, span, size: 1 };
}

/** What each alias stands for: the nearest anchor of its name above it. */
function anchorsOf(document: Document): Map<unknown, unknown> {
  const byName = new Map<string, unknown>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) targets.set(node, byName.get(node.source));
      else if (node.anchor !== undefined) byName.set(node.anchor, node);
    },
  });
  return targets;
}

function spanOf(node: YamlNode, text: string): Span {
  const [start, valueEnd] = node.range!;
  const end = start + text.slice(start, valueEnd).trimEnd().length;
  return { start, end: Math.max(end, start) };
}

/** The tag stands before the node's range. */
function tagSpan(node: YamlNode, text: string): Span {
  const span = spanOf(node, text);
  const start = text.lastIndexOf("!", span.start - 1);
  if (start === -1) return span;
  const before = text.slice(0, span.start).trimEnd().length;
  const first = text.slice(0, start + 1).search(/![^\s]*$/);
  return { start: first, end: Math.max(first + 1, before) };
}

function shortTag(tag: string): string {
  return tag.replace("tag:yaml.org,2002:", "!!").slice(0, 40);
}
