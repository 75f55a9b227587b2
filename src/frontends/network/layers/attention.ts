// Attention and what transformers are made of. Heads are split by reshaping and kept apart by the letters of the products, so that
// nothing is moved in memory.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type Initialiser, type LayerContext, type LayerDefinition } from "../layer.ts";

const masking = {
  causal: z.boolean().default(false).describe("whether a step sees only itself and the steps before it"),
  mask: z
    .string()
    .optional()
    .describe("an input [batch, time] that is 1 or true where a step is real, 0 or false where it is padding"),
};
const heads = z.int().min(1).describe("number of heads; it divides the width");

export const attention: Readonly<Record<string, LayerDefinition>> = {
  scaledDotProductAttention: defineLayer({
    doc: "softmax(Q Kᵀ / √d) V of three layers or inputs [batch, time, d], or with more axes before the time",
    joins: true,
    options: z.strictObject(masking),
    build: (context, inputs, options) => context.stage("O", FAMILY, attendPlain(context, inputs, options), true),
  }),
  attention: defineLayer({
    doc: "self attention with several heads, softmax(Q Kᵀ / √(d / heads)) V, over [batch, time, d]",
    main: "heads",
    options: z.strictObject({
      heads,
      ...masking,
      bias: z.boolean().default(true).describe("whether the four projections have biases"),
    }),
    build: (context, [x], options) => context.stage("O", FAMILY, selfAttention(context, x!, options), true),
  }),
  transformerBlock: defineLayer({
    doc: "transformer block: attention and two dense layers, each with a residual connection and layer normalisation",
    main: "heads",
    options: z.strictObject({
      heads,
      hidden: z.int().min(1).optional().describe("width between the two dense layers; default four times that of the input"),
      activation: z.string().default("gelu").describe("the activation between the dense layers"),
      ...masking,
      dropout: z.number().min(0).lt(1).default(0).describe("rate of dropout before each residual connection"),
      norm: z.enum(["pre", "post"]).default("pre").describe("normalise what enters a part, or the sum after it"),
    }),
    build: (context, [x], options) => transformerBlock(context, x!, options),
  }),
  positionalEncoding: defineLayer({
    doc: "adds sines and cosines of the position to [..., time, d]",
    options: z.strictObject({}),
    build: (context, [x]) => {
      const [length, width] = positionAxes(context, x!);
      return context.stage(
        "X",
        POSITIONS,
        context.call("add", [x!, context.call("positionalEncoding", [], { length, width })]),
        true,
      );
    },
  }),
  positionalEmbedding: defineLayer({
    doc: "adds a learned vector for each position to [..., time, d]",
    main: "rows",
    options: z.strictObject({ rows: z.int().min(1).describe("number of positions: sequences may not be longer") }),
    build: (context, [x], { rows }) => {
      const [length, width] = positionAxes(context, x!);
      if (typeof length === "number" && length > rows) {
        context.stop(`it has ${rows} positions, and the sequences have ${length} steps: give at least that many rows`);
      }
      const table = context.parameter("P", POSITIONS, [rows, width], context.init({ kind: "normal", scale: 0.02 }));
      const used = context.call("slice", [table], { starts: [0, 0], steps: [1, 1], counts: [length, width] });
      return context.stage("X", POSITIONS, context.call("add", [x!, used]), true);
    },
  }),
};

const FAMILY = "attention";
const POSITIONS = "positional";

interface Masking {
  readonly causal: boolean;
  readonly mask?: string | undefined;
}

function positionAxes(context: LayerContext, x: Node): readonly [length: Dim, width: Dim] {
  const [length, width] = x.type.shape.slice(-2);
  if (length === undefined || width === undefined) {
    context.stop(`it takes sequences [batch, time, features], and what arrives has ${x.type.shape.length} axes`);
  }
  return [length, width];
}

/** q [..., m, d], k [..., n, d], v [..., n, e], with the same axes before the last two. */
function attendPlain(context: LayerContext, inputs: readonly Node[], masks: Masking): Node {
  const [q, k, v] = inputs;
  if (q === undefined || k === undefined || v === undefined || inputs.length > 3) {
    context.stop(`it takes three inputs, \`from: [q, k, v]\`, not ${inputs.length}`);
  }
  const rank = q.type.shape.length;
  const width = q.type.shape[rank - 1];
  if (rank < 2 || rank > 8 || k.type.shape.length !== rank || v.type.shape.length !== rank) {
    const ranks = [q, k, v].map((node) => node.type.shape.length).join(", ");
    context.stop(`queries, keys and values must have the same axes, as in [batch, time, features]; they have ${ranks}`);
  }
  const before = "abcfghij".slice(0, rank - 2);
  const scaled = scaleByWidth(context, q, width!);
  const scores = context.call("contract", [scaled, k], { spec: `${before}qd,${before}kd->${before}qk` });
  const weights = softmaxOf(context, scores, masks);
  return context.call("contract", [weights, v], { spec: `${before}qk,${before}ke->${before}qe` });
}

function selfAttention(
  context: LayerContext,
  x: Node,
  options: Masking & { readonly heads: number; readonly bias: boolean },
): Node {
  const [batch, time, width] = checkedShape(context, x, options.heads);
  const perHead = width / options.heads;
  const init = context.init({ kind: "xavier-uniform", fanIn: width, fanOut: width });
  const project = (letter: string, from: Node): Node => projection(context, letter, from, width, options.bias, init);
  const split = (node: Node): Node => context.call("reshape", [node], { shape: [batch, time, options.heads, perHead] });
  // The queries are scaled rather than the scores, which are more.
  const q = context.stage("Q", FAMILY, scaleByWidth(context, project("q", x), perHead));
  const k = context.stage("K", FAMILY, project("k", x));
  const v = context.stage("V", FAMILY, project("v", x));
  const scores = context.call("contract", [split(q), split(k)], { spec: "bqhd,bkhd->bhqk" });
  const mixed = context.call("contract", [softmaxOf(context, scores, options), split(v)], { spec: "bhqk,bkhd->bqhd" });
  return project("o", context.call("reshape", [mixed], { shape: [batch, time, width] }));
}

function checkedShape(context: LayerContext, x: Node, heads: number): readonly [batch: Dim, time: Dim, width: number] {
  const { shape } = x.type;
  const [batch, time, width] = shape;
  if (batch === undefined || time === undefined || width === undefined || shape.length > 3) {
    context.stop(`it takes sequences [batch, time, features], and what arrives has ${shape.length} axes`);
  }
  if (typeof width === "string")
    context.stop(`its weights need a known width: give a number in place of '${width}' in the input's shape`);
  if (width % heads !== 0) context.stop(`${heads} heads cannot share a width of ${width}: the number of heads must divide it`);
  return [batch, time, width];
}

/** from W + b, over the last axis. */
function projection(context: LayerContext, part: string, from: Node, width: number, hasBias: boolean, init: Initialiser): Node {
  const weights = context.parameter(`W${part}`, FAMILY, [width, width], init);
  const product = context.call("contract", [from, weights], { spec: "btd,de->bte" });
  if (!hasBias) return product;
  return context.call("add", [product, context.parameter(`b${part}`, FAMILY, [width], { kind: "zeros" }, false)]);
}

/** Divided by √width. */
function scaleByWidth(context: LayerContext, node: Node, width: Dim): Node {
  if (typeof width === "string") return context.call("div", [node, context.call("sqrt", [context.size(width)])]);
  return width === 1 ? node : context.call("div", [node, context.constant(Math.sqrt(width))]);
}

/** Softmax over the keys, the last axis of the scores [batch, ..., queries, keys], of those that may be seen. */
function softmaxOf(context: LayerContext, scores: Node, { causal, mask }: Masking): Node {
  const seen = causal ? context.call("maskCausal", [scores], { fill: -Infinity }) : scores;
  const real = mask === undefined ? seen : withoutPadding(context, seen, context.named(mask), mask);
  return context.stage("A", FAMILY, context.call("softmax", [real], { axis: scores.type.shape.length - 1 }));
}

function withoutPadding(context: LayerContext, scores: Node, mask: Node, name: string): Node {
  const { shape } = scores.type;
  const [batch, keys] = [shape[0]!, shape.at(-1)!];
  const [maskBatch, maskKeys] = mask.type.shape;
  if (shape.length < 3 || mask.type.shape.length !== 2 || maskBatch !== batch || maskKeys !== keys) {
    context.stop(`its mask '${name}' must have the shape [${batch}, ${keys}], not [${mask.type.shape.join(", ")}]`);
  }
  const spread = context.call("reshape", [mask], { shape: [batch, ...shape.slice(1, -1).map(() => 1), keys] });
  return context.call("select", [spread, scores, context.constant(-Infinity)]);
}

interface BlockOptions extends Masking {
  readonly heads: number;
  readonly hidden?: number | undefined;
  readonly activation: string;
  readonly dropout: number;
  readonly norm: "pre" | "post";
}

function transformerBlock(context: LayerContext, x: Node, options: BlockOptions): Node {
  const { heads, causal, mask, activation, dropout } = options;
  const [, , width] = checkedShape(context, x, heads);
  const norm = (node: Node): Node => context.layer("layerNorm", {}, [node]);
  const drop = (node: Node): Node => (dropout === 0 ? node : context.layer("dropout", { rate: dropout }, [node]));
  const residual = (node: Node, part: (node: Node) => Node): Node =>
    options.norm === "pre"
      ? context.call("add", [node, drop(part(norm(node)))])
      : norm(context.call("add", [node, drop(part(node))]));
  const attend = (node: Node): Node =>
    context.layer("attention", { heads, causal, ...(mask === undefined ? {} : { mask }) }, [node]);
  const dense = (units: number, node: Node): Node => context.layer("dense", { units }, [node]);
  const feed = (node: Node): Node => dense(width, context.layer(activation, {}, [dense(options.hidden ?? 4 * width, node)]));
  return context.stage("B", "transformerBlock", residual(residual(x, attend), feed), true);
}
