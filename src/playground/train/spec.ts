// Reads from a spec's text what the page's quick picks show, and rewrites it where one is chosen. Comments and what is not touched stay.

import { isMap, isScalar, isSeq, parseDocument, stringify, type Node, type Pair } from "yaml";

/** A plain stack: hidden layers all alike, a dense layer and an activation each, before a last dense layer. */
export interface HiddenLayers {
  readonly count: number;
  readonly width: number;
  readonly activation: string;
}

export const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leakyRelu", "elu", "gelu", "softplus"] as const;
export const MOST_HIDDEN = 24;

type Plain = string | Readonly<Record<string, unknown>>;

/** `mse`, where the spec names a loss. */
export function lossOf(text: string): string | undefined {
  const loss = valueOf(text)?.["loss"];
  const name = isRecord(loss) ? loss["type"] : loss;
  return typeof name === "string" ? name : undefined;
}

/** The rate that the spec gives its optimizer; undefined where it has none or leaves it out. */
export function rateOf(text: string): number | undefined {
  const optimizer = valueOf(text)?.["optimizer"];
  const options = isRecord(optimizer) ? Object.values(optimizer)[0] : undefined;
  return isRecord(options) && typeof options["rate"] === "number" ? options["rate"] : undefined;
}

/** The same spec with another rate; unchanged where there is no optimizer to have one. */
export function withRate(text: string, rate: number): string {
  const optimizer = entryOf(text, "optimizer")?.value;
  if (isScalar(optimizer)) return spliced(text, optimizer.range!, `{ ${String(optimizer.value)}: { rate: ${rate} } }`);
  const options = isMap(optimizer) ? optimizer.items[0]?.value : undefined;
  if (!isMap(options) || options.items.length === 0) return text;
  const given: unknown = options.get("rate", true);
  if (isScalar(given)) return spliced(text, given.range!, String(rate));
  const start = (options.items[0]!.key as Node).range![0]; // keys of parsed maps are nodes
  return options.flow === true ? spliced(text, [start, start], `rate: ${rate}, `) : text;
}

/** The same spec with plain gradient descent, where it has no optimizer. */
export function withOptimizer(text: string): string {
  if (isBroken(text) || entryOf(text, "optimizer") !== undefined) return text;
  return `${text.trimEnd()}\noptimizer: { sgd: { rate: 0.1 } }\n`;
}

/** The hidden layers, or undefined where they are no plain stack. */
export function hiddenLayersOf(text: string): HiddenLayers | undefined {
  const stack = stackOf(text);
  if (stack === undefined) return undefined;
  const first = stack.hidden[0];
  return first && { count: stack.hidden.length, width: unitsOf(first.dense)!, activation: first.activation };
}

/** The same spec with other hidden layers; unchanged where they are no plain stack. */
export function withHiddenLayers(text: string, change: Partial<HiddenLayers>): string {
  const stack = stackOf(text);
  const present = hiddenLayersOf(text);
  if (stack === undefined || present === undefined) return text;
  const { count, width, activation } = { ...present, ...change };
  const pair: Plain[] = [withUnits(stack.hidden[0]!.dense, width), activation];
  const hidden: Plain[] = count > 2 ? [{ repeat: count, layers: pair }] : Array.from({ length: count }, () => pair).flat();
  const entry = entryOf(text, "layers")!;
  const start = (entry.key as Node).range![0]; // as above
  const end = (entry.value as Node).range![1];
  return spliced(text, [start, end], writeLayers([...hidden, ...stack.rest]) + (text[end - 1] === "\n" ? "\n" : ""));
}

interface Stack {
  readonly hidden: readonly { readonly dense: Plain; readonly activation: string }[];
  /** From the last dense layer on. */
  readonly rest: readonly Plain[];
}

/** The layers taken apart; undefined where something else than equal dense layers with activations stands before the last dense one. */
function stackOf(text: string): Stack | undefined {
  const list = entryOf(text, "layers")?.value;
  const layers = isSeq(list) && list.flow !== true ? flatten(valueOf(text)?.["layers"]) : undefined;
  if (layers === undefined) return undefined;
  const last = layers.findLastIndex((layer) => unitsOf(layer) !== undefined);
  const before = layers.slice(0, Math.max(0, last));
  if (before.length % 2 === 1 || before.length === 0) return undefined;
  const hidden = Array.from({ length: before.length / 2 }, (_, index) => ({
    dense: before[2 * index]!,
    activation: before[2 * index + 1]!,
  }));
  const [first] = hidden;
  const isAlike = hidden.every(
    ({ dense, activation }) =>
      unitsOf(dense) !== undefined && activation === first!.activation && JSON.stringify(dense) === JSON.stringify(first!.dense),
  );
  if (!isAlike || typeof first!.activation !== "string") return undefined;
  return { hidden: hidden as Stack["hidden"], rest: layers.slice(last) }; // their activations equal the first, a text
}

/** Layers with `repeat` written out; undefined where that is not possible. */
function flatten(layers: unknown): Plain[] | undefined {
  if (!Array.isArray(layers)) return undefined;
  const flat: Plain[] = [];
  for (const layer of layers as unknown[]) {
    if (isRecord(layer) && typeof layer["repeat"] === "number") {
      const inner = flatten(layer["layers"]);
      if (inner === undefined || layer["repeat"] > 200) return undefined;
      for (let copy = 0; copy < layer["repeat"]; copy++) flat.push(...inner);
    } else if (typeof layer === "string" || isRecord(layer)) flat.push(layer);
    else return undefined;
  }
  return flat;
}

function unitsOf(layer: Plain): number | undefined {
  if (typeof layer === "string" || Object.keys(layer).join() !== "dense") return undefined;
  const { dense } = layer;
  if (typeof dense === "number") return dense;
  return isRecord(dense) && typeof dense["units"] === "number" ? dense["units"] : undefined;
}

function withUnits(layer: Plain, units: number): Plain {
  const dense = (layer as Readonly<Record<string, unknown>>)["dense"]; // unitsOf has seen that it is one
  return { dense: isRecord(dense) ? { ...dense, units } : units };
}

/** One layer to a line, each with its options on that line, as the examples write them. */
function writeLayers(layers: readonly Plain[], indent = ""): string {
  return [`${indent}layers:`, ...layers.map((layer) => writeLayer(layer, `${indent}  `))].join("\n");
}

function writeLayer(layer: Plain, indent: string): string {
  if (typeof layer === "string") return `${indent}- ${layer}`;
  const { repeat, layers, ...others } = layer;
  if (repeat !== undefined) {
    return `${indent}- repeat: ${String(repeat)}\n${writeLayers(layers as readonly Plain[], `${indent}  `)}`; // made so above
  }
  return stringify([others], { collectionStyle: "flow", lineWidth: 0 })
    .trim()
    .replace(/^\[ \{ (.*) \} \]$/s, `${indent}- $1`);
}

function spliced(text: string, [start, end]: readonly number[], piece: string): string {
  return text.slice(0, start) + piece + text.slice(end);
}

function entryOf(text: string, key: string): Pair | undefined {
  const { contents, errors } = parseDocument(text, { logLevel: "silent" });
  if (errors.length > 0 || !isMap(contents)) return undefined;
  return contents.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function isBroken(text: string): boolean {
  return valueOf(text) === undefined;
}

function valueOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
