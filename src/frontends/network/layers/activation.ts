// Layers without parameters that change each number, or each row, by itself: every function of one argument that the op table has.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import { callDefinition } from "../../../ops/build.ts";
import { definitions } from "../../../ops/definitions.ts";
import { ops } from "../../../ops/registry.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { axisOf, onlyInput } from "./inputs.ts";

const NO_OPTIONS = z.strictObject({});

/** What the second parameter of a defined function is called, and may be. */
const SECOND: Readonly<Record<string, z.ZodType<number | undefined>>> = {
  alpha: z.number().min(0).max(1e6).optional().describe("what the negative side tends to is -alpha"),
  slope: z.number().min(-1e6).max(1e6).optional().describe("slope of the negative side"),
};

export const activation: Readonly<Record<string, LayerDefinition>> = {
  ...Object.fromEntries(
    [...ops.values()]
      .filter((op) => !op.internal && !op.variadic && op.params.length === 1 && op.result === "real" && op.rule !== undefined)
      .map(({ name, doc }) => [name, pointwise(doc, (context, x) => context.call(name, [x]))]),
  ),
  ...Object.fromEntries(Object.keys(definitions).map((name) => [name, defined(name)])),
  softmax: alongAxis("softmax", "P", "exponentials along an axis, divided by their sum: probabilities"),
  logSoftmax: alongAxis("logSoftmax", "logP", "logarithm of the softmax along an axis, computed without the softmax"),
};

const NAMES = Object.keys(activation).flatMap((name) => (dashed(name) === name ? [name] : [name, dashed(name)]));

/** The option of layers that an activation may follow. */
export const activationName = z.enum(NAMES).describe("activation that follows, by its name, with its usual options");

/** `x`, or its activation where a layer has one. */
export function activate(context: LayerContext, name: string | undefined, x: Node): Node {
  if (name === undefined) return x;
  const layer = activation[camelCase(name)]!; // as the schema of the option allows no other
  return layer.build(context, [x], layer.options.parse({}) as never);
}

function pointwise(doc: string, make: (context: LayerContext, x: Node) => Node): LayerDefinition {
  return defineLayer({
    doc,
    options: NO_OPTIONS,
    build: (context, inputs) => context.stage("H", "activation", make(context, onlyInput(context, inputs)), true),
  });
}

/** A function that is a formula over other gates; its second parameter is the option. */
function defined(name: string): LayerDefinition {
  const { doc, params } = definitions[name]!;
  const second = params[1];
  if (second === undefined) return pointwise(doc, ({ graph }, x) => callDefinition(graph, name, [x]));
  const usual = definitions[name]!.defaults![second]!;
  return defineLayer<Readonly<Record<string, number | undefined>>>({
    doc,
    options: z.strictObject({ [second]: SECOND[second]!.default(usual) }),
    main: second,
    build: (context, inputs, options) => {
      const args = [onlyInput(context, inputs), context.constant(options[second] ?? usual)];
      return context.stage("H", "activation", callDefinition(context.graph, name, args), true);
    },
  });
}

function alongAxis(op: string, letter: string, doc: string): LayerDefinition {
  return defineLayer({
    doc,
    options: z.strictObject({ axis: z.int().default(-1).describe("axis whose elements compete; -1 is the last") }),
    main: "axis",
    build: (context, inputs, options) => {
      const x = onlyInput(context, inputs);
      return context.stage(letter, "softmax", context.call(op, [x], { axis: axisOf(context, options.axis, x) }), true);
    },
  });
}

/** `leaky-relu` is `leakyRelu`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
