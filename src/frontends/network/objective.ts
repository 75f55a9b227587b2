// The loss: its section of the spec, the targets it needs, its reduction, and the penalties that are added.

import * as z from "zod";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { multiplyDims, shapeText } from "../../ir/dims.ts";
import type { InputNode, Node } from "../../ir/graph.ts";
import type { FunctionInput } from "../source.ts";
import { attempt, nodeMaker, type Build } from "./context.ts";
import type { LossContext, LossDefinition, OutputKind, TargetType } from "./loss.ts";
import { losses } from "./losses.ts";
import type { StoredParameter } from "./parameters.ts";
import { check, didYouMean, foundText } from "./problems.ts";
import { mapOf, type SpecEntry, type SpecMap } from "./read.ts";
import { keyNamed, reduction as reductionSchema, strictOptions, type Reduction } from "./schema.ts";

export interface LossSection {
  readonly type: string;
  readonly definition: LossDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly reduction: Reduction;
  readonly span: Span;
}

/** `loss: mse`, or a mapping with `type` and options. */
export function readLoss({ key, node }: SpecEntry, reporter: Reporter): LossSection | undefined {
  if (typeof node.value === "string") return makeSection(node.value, node.span, mapOf(new Map(), node.span), reporter);
  if (node.kind !== "map") {
    reporter.report("WG1412", node.span, { name: "'loss'", wanted: "a name or a mapping", found: foundText(node) });
    return undefined;
  }
  const type = node.entries.get("type");
  if (typeof type?.node.value === "string") return makeSection(type.node.value, type.node.span, node, reporter);
  if (type === undefined) reporter.report("WG1411", key, { owner: "'loss'", name: "type" }, "as in { type: mse }");
  else reporter.report("WG1412", type.node.span, { name: "'type'", wanted: "the name of a loss", found: foundText(type.node) });
  return undefined;
}

function makeSection(word: string, span: Span, { entries }: SpecMap, reporter: Reporter): LossSection | undefined {
  const type = keyNamed(losses, word);
  const definition = type === undefined ? undefined : losses[type];
  if (type === undefined || definition === undefined) {
    reporter.report("WG1415", span, { what: "loss", name: word.slice(0, 60) }, didYouMean(word, Object.keys(losses)));
    return undefined;
  }
  const subject = { name: `'${type}'`, span };
  const given = entries.get("reduction");
  const own = new Map([...entries].filter(([key]) => key !== "type" && key !== "reduction"));
  const reduction =
    given === undefined ? "mean" : check(reductionSchema, given.node, { name: "'reduction'", span: given.node.span }, reporter);
  const schema = strictOptions(definition.options) as z.ZodType<Readonly<Record<string, unknown>>>;
  const options = check(schema, mapOf(own, span), subject, reporter);
  return reduction === undefined || options === undefined ? undefined : { type, definition, options, reduction, span };
}

export interface Objective {
  readonly loss: Node;
  readonly targets: FunctionInput;
}

/** The loss of `output`, without penalties; undefined, and reported, where it cannot be. */
export function buildObjective(section: LossSection, output: Node, build: Build): Objective | undefined {
  const { definition, options, span } = section;
  const complain = (problem: string): void => {
    const from = `; the output is ${shapeText(output.type.shape)} from ${build.sources.get(output) ?? "the last layer"}`;
    build.reporter.report("WG1431", span, { loss: section.type, problem: problem + from });
  };
  const context: LossContext = { ...nodeMaker(build, span, complain), outputKind: outputKind(output) };
  return attempt(() => {
    const type = definition.targets(output.type, options as never);
    if (typeof type === "string") return context.stop(type);
    const targets = build.graph.input("y", { dtype: type.dtype, shape: type.shape });
    const entries = definition.build(context, output, targets, options as never);
    const weight = definition.weight?.(context, output, targets, options as never);
    return { loss: reduce(context, entries, weight, section.reduction), targets: targetInput(targets, type, span) };
  });
}

/** How the output came about, by the gate it comes from. */
function outputKind(output: Node): OutputKind {
  if (output.kind !== "call") return "values";
  const isAlongLast = output.attrs["axis"] === output.type.shape.length - 1;
  if (output.op === "softmax" && isAlongLast) return "probabilities";
  if (output.op === "logSoftmax" && isAlongLast) return "log-probabilities";
  return output.op === "sigmoid" ? "probabilities" : "values";
}

function reduce(context: LossContext, entries: Node, weight: Node | undefined, reduction: Reduction): Node {
  const { shape } = entries.type;
  if (reduction === "none") return entries;
  const total = sumAll(context, entries);
  if (reduction === "sum") return total;
  if (reduction === "batch-mean") return context.call("div", [total, context.size(shape[0] ?? 1)]);
  return context.call("div", [total, weight === undefined ? context.size(multiplyDims(...shape)) : sumAll(context, weight)]);
}

function sumAll({ call }: Pick<LossContext, "call">, node: Node): Node {
  const axes = node.type.shape.map((_, axis) => axis);
  return axes.length === 0 ? node : call("sum", [node], { axes });
}

function targetInput(node: InputNode, { dtype, below, sample }: TargetType, span: Span): FunctionInput {
  return {
    name: node.name,
    node,
    role: dtype === "real" ? "input" : "const",
    ...(below !== undefined && { below }),
    ...(sample === "probability" && { domain: [0, 1] as const, open: [false, false] as const }),
    ...((sample === "distribution" || sample === "sign") && { sample }),
    span,
  };
}

export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

/** `loss` with what layers and the whole network add to it: l1 Σ|w| + l2 Σw². */
export function penalised(
  loss: Node,
  own: readonly Node[],
  general: Penalties,
  weights: readonly StoredParameter[],
  build: Build,
  span: Span,
): Node {
  const maker = nodeMaker(build, span, (problem) => {
    throw new Error(problem); // sums of squares fit
  });
  const { call } = maker;
  const terms = [...own];
  for (const { node, ownPenalties } of weights) {
    const add = (rate: number, size: Node): void => void terms.push(call("mul", [maker.constant(rate), sumAll(maker, size)]));
    if (general.l2 > 0 && !ownPenalties.has("l2")) add(general.l2, call("square", [node]));
    if (general.l1 > 0 && !ownPenalties.has("l1")) add(general.l1, call("abs", [node]));
  }
  return terms.reduce((sum, term) => call("add", [sum, term]), loss);
}
