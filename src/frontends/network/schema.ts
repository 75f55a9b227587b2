// The whole spec as a zod schema, composed from the tables of layers, losses and optimizers. Says what is allowed, not what it means.

import * as z from "zod";
import { initialiser } from "./initialiser.ts";
import type { LayerDefinition } from "./layer.ts";
import { layers } from "./layers/all.ts";
import type { LossDefinition } from "./loss.ts";
import { losses } from "./losses.ts";
import { clips, optimizers, schedules, type Choice } from "./trainer.ts";

/** Larger sizes are slips: an array of so many doubles would take 16 GB. */
export const LARGEST_SIZE = 2 ** 31 - 1;

export const DIM_NAME = /^[a-z][A-Za-z0-9_]*$/;

const size = z.int().min(1).max(LARGEST_SIZE);
const dim = z.union([size, z.string().regex(DIM_NAME, { error: "a lower-case name" })]).meta({
  id: "dimension",
  description: "a size, or a lower-case name for one that is known only when the network is called: batch, time",
});
const shape = z.array(dim).max(8).meta({ id: "shape", description: "sizes of the axes: [batch, 784]" });
const name = z.string().describe("a name: letters, digits and _, as in TypeScript");

export const input = z.union([
  shape,
  z
    .strictObject({
      shape: shape.describe("sizes of the axes"),
      dtype: z.enum(["real", "integer", "boolean"]).optional().describe("kind of numbers; default real"),
      below: z.int().min(1).max(LARGEST_SIZE).optional().describe("integers: all values are at least 0 and below this"),
    })
    .meta({ id: "input" }),
]);

/** Sections that are one value of a plain schema. */
export const sections = {
  $schema: z.string().optional().describe("for editors"),
  name: name.optional().describe("name of the network and prefix of all exports; default: the file's name"),
  description: z.string().optional().describe("a sentence on the network"),
  input: shape.optional().describe("short for inputs: { X: ... }"),
  inputs: z
    .record(z.string(), input)
    .optional()
    .describe("what the network is given, by name; the first one enters the first layer"),
  dims: z
    .record(z.string().regex(DIM_NAME, { error: "a lower-case name" }), size)
    .optional()
    .describe("sizes of named dimensions to check the output with"),
  output: name.optional().describe("the layer whose result is the output; default: the last one"),
  regularization: z
    .strictObject({
      l1: z.number().min(0).optional().describe("times the sum of |w|"),
      l2: z.number().min(0).optional().describe("times the sum of w²"),
    })
    .optional()
    .describe("penalties on all weights, added to the loss"),
  accumulate: z.int().min(1).max(1e9).optional().describe("gradients of so many calls make one step"),
  init: initialiser.optional(),
  limits: z
    .strictObject({ memory: z.number().min(1).optional().describe("bytes; default 4e9") })
    .optional()
    .describe("what the network may take"),
};

export const REDUCTIONS = ["mean", "sum", "none", "batch-mean"] as const;
export type Reduction = (typeof REDUCTIONS)[number];
export const reduction = z.enum(REDUCTIONS).optional().describe("how the losses of entries become one; default mean");

/** Keys that may stand beside a layer's own, or among its options. */
export const COMMON_KEYS: ReadonlySet<string> = new Set(["name", "from", "share"]);

const from = z.union([name, z.array(name).max(1000)]).describe("layers or inputs it takes, by name; default: what stands above");
const common = {
  name: name.optional().describe("a name to refer to it by; its parameters are called after it"),
  from: from.optional(),
  share: name.optional().describe("uses the parameters of the layer of this name"),
};

/** Where the options are an object: the same without tolerance for unknown keys. */
export function strictOptions(options: z.ZodType): z.ZodType {
  return options instanceof z.ZodObject ? options.strict() : options;
}

/** The schema of the option that the short form gives. */
export function mainOption({ options, main }: Pick<LayerDefinition, "options" | "main">): z.ZodType | undefined {
  if (main === undefined || !(options instanceof z.ZodObject)) return undefined;
  return (options.shape as Record<string, z.ZodType>)[main];
}

/** `layerNorm` as people write it in YAML: `layer-norm`. */
export function dashed(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The key of `table` that is meant by `word`: itself, or in the other spelling. */
export function keyNamed(table: Readonly<Record<string, unknown>>, word: string): string | undefined {
  if (Object.hasOwn(table, word)) return word;
  const plain = word.replace(/[-_]/g, "").toLowerCase();
  const dashes = /[-_]/.test(word);
  return Object.keys(table).find((key) => (dashes || key.includes("-")) && key.replaceAll("-", "").toLowerCase() === plain);
}

/** The whole spec, for editors and for `safeParse` where no good messages are wanted. */
export const spec = z
  .strictObject({
    ...sections,
    layers: layerList().describe("layers in order; each takes what the one above it gives"),
    loss: z
      .union([z.enum(Object.keys(losses)), ...lossForms()])
      .optional()
      .describe("what training makes small"),
    optimizer: choice(optimizers).optional().describe("how parameters are moved; asks for a training step"),
    schedule: choice(schedules).optional().describe("how the learning rate changes from step to step"),
    clip: choice(clips).optional().describe("limits gradients before a step"),
  })
  .meta({ title: "wengert network spec" });

function layerList(): z.ZodType {
  const entry: z.ZodType = z.lazy(() => layerEntry);
  const list = z.array(entry).min(1);
  const short: Record<string, z.ZodType> = {
    residual: list.optional().describe("x + block(x)"),
    repeat: z.int().min(1).max(10_000).optional().describe("so many copies of `layers`, each with parameters of its own"),
    layers: list.optional().describe("what is repeated"),
    transposed: z.boolean().optional().describe("with share: uses the transposed weights"),
    ...common,
  };
  const long: z.ZodType[] = [];
  const names: string[] = [];
  for (const [key, definition] of Object.entries(layers)) {
    const spellings = [...new Set([key, dashed(key)])];
    names.push(...spellings);
    const own = optionsWith(definition, common).meta({ id: key, title: key, description: definition.doc });
    const main = mainOption(definition);
    const forms = [own, z.null(), ...(main === undefined ? [] : [main]), ...(definition.joins ? [z.array(name)] : [])];
    for (const spelling of spellings) short[spelling] = z.union(forms).optional().describe(definition.doc);
    long.push(
      optionsWith(definition, { layer: z.enum(spellings), ...common }).meta({
        title: `layer: ${key}`,
        description: definition.doc,
      }),
    );
  }
  const layerEntry = z.union([z.enum(names as [string]), z.strictObject(short).meta({ title: "a layer" }), ...long]).meta({
    id: "layer",
    description: "a layer's name, `<layer>: <main option>`, `<layer>: { options }` or { layer: <layer>, options }",
  });
  return list;
}

function optionsWith({ options }: { readonly options: z.ZodType }, extra: Record<string, z.ZodType>): z.ZodType {
  return options instanceof z.ZodObject ? z.strictObject({ ...(options.shape as Record<string, z.ZodType>), ...extra }) : options;
}

function lossForms(): z.ZodType[] {
  return Object.entries(losses).map(([key, definition]: [string, LossDefinition]) =>
    optionsWith(definition, { type: z.literal(key), reduction }).meta({ title: key, description: definition.doc }),
  );
}

/** A name, or one key with its options. */
function choice(table: Readonly<Record<string, Choice>>): z.ZodType {
  const forms = Object.entries(table).map(([key, { options, doc }]) => z.strictObject({ [key]: options.describe(doc) }));
  const bare = Object.keys(table).filter((key) => table[key]!.options.safeParse({}).success);
  return z.union([...(bare.length > 0 ? [z.enum(bare as [string])] : []), ...forms]);
}
