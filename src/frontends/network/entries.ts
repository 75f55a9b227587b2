// The list of layers, from what YAML gave to checked options: short and long forms, names, references. Builds no nodes.

import * as z from "zod";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { LayerDefinition } from "./layer.ts";
import { layers } from "./layers/all.ts";
import { readName, type Reference } from "./names.ts";
import { check, didYouMean, foundText } from "./problems.ts";
import { mapOf, type SpecEntry, type SpecMap, type SpecNode } from "./read.ts";
import { COMMON_KEYS, dashed, keyNamed, strictOptions } from "./schema.ts";

interface Common {
  /** The layer's word. */
  readonly span: Span;
  readonly name: Reference | undefined;
  /** What it takes, where that is not what stands above it. */
  readonly from: readonly Reference[] | undefined;
  /** What is wrong with it was reported; nothing can be built on it. */
  readonly broken: boolean;
}
export interface LayerEntry extends Common {
  readonly kind: "layer";
  readonly layer: string;
  readonly definition: LayerDefinition;
  /** As the table's schema made them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly share: Reference | undefined;
}
export interface ResidualEntry extends Common {
  readonly kind: "residual";
  readonly body: readonly Entry[];
}
export interface RepeatEntry extends Common {
  readonly kind: "repeat";
  readonly count: number;
  readonly body: readonly Entry[];
}
export interface BrokenEntry extends Common {
  readonly kind: "broken";
}
export type Entry = LayerEntry | ResidualEntry | RepeatEntry | BrokenEntry;

const BLOCKS = ["residual", "repeat"] as const;
const MOST_COPIES = 10_000;

export function readEntries(node: SpecNode, owner: string, reporter: Reporter): readonly Entry[] {
  if (node.kind !== "list") {
    reporter.report("WG1412", node.span, { name: owner, wanted: "a list of layers", found: foundText(node) });
    return [];
  }
  if (node.items.length === 0) reporter.report("WG1413", node.span, { problem: `${owner} must hold at least one layer` });
  return node.items.map((item) => readEntry(item, reporter));
}

function readEntry(node: SpecNode, reporter: Reporter): Entry {
  if (typeof node.value === "string") return readWord(node.value, node.span, reporter);
  if (node.kind === "map") return readMapping(node, reporter);
  reporter.report("WG1412", node.span, { name: "a layer", wanted: "a name or a mapping", found: foundText(node) });
  return brokenAt(node.span);
}

function readWord(word: string, span: Span, reporter: Reporter): Entry {
  const empty = mapOf(new Map(), span);
  return makeLayer({ word, span, options: empty, common: readCommon(new Map(), reporter) }, reporter);
}

function readMapping(node: SpecMap, reporter: Reporter): Entry {
  const { entries } = node;
  const long = entries.get("layer");
  if (long !== undefined) return readLongForm(node, long, reporter);
  const beside = new Map([...entries].filter(([key]) => COMMON_KEYS.has(key) || key === "transposed"));
  const own = [...entries].filter(([key]) => !beside.has(key));
  const [first] = own.filter(([key]) => isLayerWord(key)).concat(own);
  if (first === undefined) {
    reporter.report(
      "WG1416",
      node.span,
      { problem: "this names no layer" },
      "write `<layer>: <option>`, or `{ layer: <layer>, ... }`",
    );
    return brokenAt(node.span, readCommon(beside, reporter));
  }
  const [word, entry] = first;
  for (const [key, other] of own)
    if (key !== word && !(word === "repeat" && key === "layers")) reportBeside(key, other, word, reporter);
  if (word === "residual" || word === "repeat") return readBlock(word, node, entry, beside, reporter);
  return readShortForm(word, entry, beside, reporter);
}

function reportBeside(key: string, { key: span }: SpecEntry, word: string, reporter: Reporter): void {
  const problem = isLayerWord(key)
    ? `one entry is one layer, and this has '${word}' and '${key}'`
    : `'${key}' cannot stand beside '${word}'`;
  const hint = isLayerWord(key) ? `start a line of its own with '- ${key}'` : `options go inside: ${word}: { ${key}: ... }`;
  reporter.report("WG1416", span, { problem }, hint);
}

function isLayerWord(word: string): boolean {
  return keyNamed(layers, word) !== undefined || (BLOCKS as readonly string[]).includes(word);
}

function readLongForm(node: SpecMap, { node: wordNode }: SpecEntry, reporter: Reporter): Entry {
  const rest = new Map([...node.entries].filter(([key]) => key !== "layer"));
  const common = readCommon(rest, reporter);
  if (typeof wordNode.value !== "string") {
    reporter.report("WG1412", wordNode.span, { name: "'layer'", wanted: "the name of a layer", found: foundText(wordNode) });
    return brokenAt(wordNode.span, common);
  }
  const options = mapOf(new Map([...rest].filter(([key]) => !COMMON_KEYS.has(key))), node.span);
  return makeLayer({ word: wordNode.value, span: wordNode.span, options, common }, reporter);
}

/** `dense: 128`, `dense: { units: 128, name: out }`, `add: [a, b]`, `relu:`. */
function readShortForm(
  word: string,
  { key, node }: SpecEntry,
  beside: ReadonlyMap<string, SpecEntry>,
  reporter: Reporter,
): Entry {
  const given = optionEntries(word, node, key, reporter);
  const all = new Map(given);
  for (const [name, entry] of beside) {
    if (all.has(name)) reporter.report("WG1407", entry.key, { name });
    else all.set(name, entry);
  }
  const common = readCommon(all, reporter);
  const options = mapOf(new Map([...all].filter(([name]) => !COMMON_KEYS.has(name))), node.kind === "map" ? node.span : key);
  return makeLayer({ word, span: key, options, common, ...(given === undefined && { broken: true }) }, reporter);
}

/** Undefined where the layer has no main option to take the value, which is reported. */
function optionEntries(word: string, node: SpecNode, key: Span, reporter: Reporter): ReadonlyMap<string, SpecEntry> | undefined {
  if (node.kind === "map") return node.entries;
  if (node.value === null) return new Map();
  const layer = keyNamed(layers, word);
  const definition = layer === undefined ? undefined : layers[layer];
  if (definition === undefined) return new Map();
  if (definition.joins && node.kind === "list") return new Map([["from", { key, node }]]);
  if (definition.main !== undefined) return new Map([[definition.main, { key, node }]]);
  reporter.report("WG1412", node.span, {
    name: `what stands behind '${word}'`,
    wanted: "a mapping of options",
    found: foundText(node),
  });
  return undefined;
}

interface Unchecked {
  readonly word: string;
  readonly span: Span;
  readonly options: SpecMap;
  readonly common: ReadCommon;
  readonly broken?: boolean;
}

function makeLayer({ word, span, options, common, broken = false }: Unchecked, reporter: Reporter): Entry {
  const layer = keyNamed(layers, word);
  const definition = layer === undefined ? undefined : layers[layer];
  if (layer === undefined || definition === undefined) {
    reportUnknownLayer(word, span, reporter);
    return brokenAt(span, common);
  }
  const checked = broken ? undefined : checkOptions(definition, options, { name: `'${word}'`, span }, reporter);
  const takes = checkInputs(definition, word, span, common, reporter);
  if (checked === undefined || !takes || common.broken) return brokenAt(span, common);
  return {
    kind: "layer",
    layer,
    definition,
    options: checked,
    span,
    name: common.name,
    from: common.from,
    share: common.share,
    broken: false,
  };
}

function reportUnknownLayer(word: string, span: Span, reporter: Reporter): void {
  const known = [...Object.keys(layers), ...Object.keys(layers).map(dashed), ...BLOCKS];
  const shown = word.length > 60 ? `${word.slice(0, 60)}...` : word;
  const block = (BLOCKS as readonly string[]).includes(word);
  const example = word === "repeat" ? "{ repeat: 3, layers: [ ... ] }" : "residual: [ ... ]";
  reporter.report("WG1414", span, { name: shown }, block ? `write ${example}` : didYouMean(word, known));
}

function checkOptions(
  definition: LayerDefinition,
  options: SpecMap,
  subject: { readonly name: string; readonly span: Span },
  reporter: Reporter,
): Readonly<Record<string, unknown>> | undefined {
  const schema = strictOptions(definition.options) as z.ZodType<Readonly<Record<string, unknown>>>;
  return check(schema, options, subject, reporter);
}

function checkInputs({ joins }: LayerDefinition, word: string, span: Span, { from }: ReadCommon, reporter: Reporter): boolean {
  if (joins === true) {
    if (from !== undefined) return true;
    reporter.report("WG1411", span, { owner: `'${word}'`, name: "from" }, `list the layers: ${word}: [first, second]`);
    return false;
  }
  if (from === undefined || from.length === 1) return true;
  reporter.report("WG1413", from[1]?.span ?? span, { problem: `'${word}' takes one input, not ${from.length}` });
  return false;
}

function readBlock(
  word: "residual" | "repeat",
  node: SpecMap,
  entry: SpecEntry,
  beside: ReadonlyMap<string, SpecEntry>,
  reporter: Reporter,
): Entry {
  const common = readCommon(beside, reporter);
  const span = entry.key;
  for (const key of ["share", "transposed"]) {
    const other = beside.get(key);
    if (other !== undefined) reporter.report("WG1410", other.key, { owner: `'${word}'`, name: key });
  }
  if (common.from !== undefined && common.from.length !== 1) {
    reporter.report("WG1413", common.from[1]?.span ?? span, { problem: `'${word}' takes one input, not ${common.from.length}` });
  }
  const shared = { span, name: common.name, from: common.from?.slice(0, 1), broken: common.broken };
  if (word === "residual") return { kind: "residual", body: readEntries(entry.node, "'residual'", reporter), ...shared };
  const count = check(z.int().min(1).max(MOST_COPIES), entry.node, { name: "'repeat'", span: entry.node.span }, reporter);
  const body = node.entries.get("layers");
  if (body === undefined) reporter.report("WG1411", span, { owner: "'repeat'", name: "layers" });
  const entries = body === undefined ? [] : readEntries(body.node, "'layers'", reporter);
  return { kind: "repeat", count: count ?? 1, body: entries, ...shared, broken: common.broken || count === undefined };
}

interface ReadCommon {
  readonly name: Reference | undefined;
  readonly from: readonly Reference[] | undefined;
  readonly share: Reference | undefined;
  readonly broken: boolean;
}

function readCommon(entries: ReadonlyMap<string, SpecEntry>, reporter: Reporter): ReadCommon {
  const name = entries.get("name");
  const from = entries.get("from");
  const share = entries.get("share");
  const read = {
    name: name && readName(name.node, "'name'", reporter),
    from: from && readReferences(from.node, reporter),
    share: share && readName(share.node, "'share'", reporter),
  };
  const broken = (from !== undefined && read.from === undefined) || (share !== undefined && read.share === undefined);
  return { ...read, broken };
}

function readReferences(node: SpecNode, reporter: Reporter): readonly Reference[] | undefined {
  if (node.kind === "list" && node.items.length === 0) {
    reporter.report("WG1413", node.span, { problem: "'from' must name at least one layer or input" });
    return undefined;
  }
  const references = (node.kind === "list" ? node.items : [node]).map((item) => readName(item, "'from'", reporter));
  const found = references.filter((reference) => reference !== undefined);
  return found.length === references.length ? found : undefined;
}

function brokenAt(span: Span, common?: ReadCommon): BrokenEntry {
  return { kind: "broken", span, name: common?.name, from: common?.from, broken: true };
}
