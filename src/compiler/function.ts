// One source function on its way from graph to text: rewrite, differentiate, plan, print.

import type { Span } from "../core/span.ts";
import type { NameAllocator } from "../core/words.ts";
import { infix } from "../emit/infix.ts";
import { writeCompact, type CompactPlan } from "../emit/typescript/compact.ts";
import { mentionsOf } from "../emit/typescript/expression.ts";
import { writeFast } from "../emit/typescript/fast.ts";
import { namesReservedFor, piecesFor } from "../emit/typescript/library.ts";
import { planSignature, type Mode, type Renaming, type Signature, type Style } from "../emit/typescript/signature.ts";
import type { Hoisted } from "../emit/typescript/tensor/module.ts";
import { writeStaged } from "../emit/typescript/staged.ts";
import { createWriter, mapMarks, type MarkedText, type Writer, type Written } from "../emit/typescript/writer.ts";
import type { SourceFunction } from "../frontends/source.ts";
import type { Graph, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { deriveMode, rootsOf, type ModeResult } from "../passes/modes.ts";
import { mapNames, runPasses, type NamedResult } from "../passes/pipeline.ts";
import { planStaged, type StagedPlan } from "../passes/plan.ts";
import { schedule, type Schedule } from "../passes/schedule.ts";
import type { TensorPlan } from "../passes/tensor-plan.ts";
import { rewrite, type AppliedRule } from "../passes/simplify.ts";
import { splitDivisions } from "../passes/stage.ts";
import { forwardRules, gateRules } from "../rules/all.ts";
import type { PlacedResult, Places } from "./places.ts";
import type { Rewrite } from "./types.ts";

export interface FunctionRequest {
  readonly graph: Graph;
  readonly fn: SourceFunction;
  /** Its exported name. */
  readonly value: string;
  readonly wrt: ReadonlySet<number>;
  readonly mode: Mode;
  readonly style: Style;
  readonly ties: "each" | "split";
  readonly gates: "joined" | "each";
  /** Names the module has given away so far. */
  readonly module: NameAllocator;
  readonly renamed: Renaming[];
  /** Where the nodes of the function were written. */
  readonly places: Places;
}

export interface FunctionOutput {
  readonly signature: Signature;
  readonly emitted: MarkedText<Span>;
  readonly counts: Written["counts"];
  readonly mark: Written["mark"];
  readonly formula: string;
  readonly rewrites: readonly Rewrite[];
  readonly helpers: readonly string[];
  /** Sizes that are arguments of their own. */
  readonly sizes?: readonly string[];
  /** Constants of the module. */
  readonly hoisted?: ReadonlyMap<string, Hoisted>;
  /** Lines a function body takes at most, for those who decide whether a type checker can take it. */
  readonly statements: number;
  readonly outputs: readonly Node[];
  /** The staged gradient's plan: the one its lines are printed from. */
  readonly plan: Plan | undefined;
}

export type Plan = StagedPlan | TensorPlan;

export function compileFunction(request: FunctionRequest): FunctionOutput {
  const { graph, fn } = request;
  const staged = request.style === "staged" && request.mode === "grad";
  const rules = staged ? (request.gates === "each" ? [] : gateRules) : forwardRules;
  const recognised = rewrite(graph, fn.outputs, { rules, inputs: fn.inputs, keep: new Set(fn.stageNames.keys()) });
  request.places.follow(recognised.replaced);
  const stageNames = mapNames(fn.stageNames, (node) => recognised.replaced.get(node));
  const prepared = { ...request, outputs: recognised.roots, stageNames };
  const named = staged ? undefined : runNamedPasses(prepared);
  const derived = named?.result;
  const helpers = namesReservedFor(postOrder(recognised.roots));
  helpers.forEach((name) => request.module.take(name));
  const signature = planSignature(
    fn,
    { value: request.value, mode: request.mode, style: request.style, wrt: request.wrt, helpers },
    request.module,
    request.renamed,
  );
  const writer = createWriter();
  const formula = fn.isVector ? "" : (infix(fn.outputs[0]!) ?? "");
  const described = describe(signature, fn, formula);
  const print = { ...prepared, stageNames: named?.stageNames ?? stageNames, signature, described };
  const { counts, mark, statements, plan } = derived ? printScheduled(print, derived, writer) : printStaged(print, writer);
  return {
    signature,
    emitted: mapMarks(writer.finish(), request.places.of(derived ? placedResult(derived) : splitResult(prepared))),
    counts,
    mark,
    formula,
    rewrites: rewritesTold(recognised.applied),
    helpers: piecesFor(postOrder(derived ? rootsOf(derived) : linesOf(plan!))),
    statements,
    outputs: recognised.roots,
    plan,
  };
}

/** What was rewritten, in the source's language, as far as it fits a line. */
export function rewritesTold(applied: readonly AppliedRule[]): Rewrite[] {
  return applied.map(({ rule, before, after }) => ({ rule, before: infix(before, 60) ?? "…", after: infix(after, 60) ?? "…" }));
}

interface Prepared extends FunctionRequest {
  readonly outputs: readonly Node[];
  readonly stageNames: ReadonlyMap<Node, string>;
}

/** The passes, which names follow: those that a person gave, and for the sake of places one for every other node. */
function runNamedPasses(prepared: Prepared): NamedResult {
  const { graph, fn, style, stageNames, places } = prepared;
  const result = derive(prepared);
  const labels = new Map(stageNames);
  for (const node of postOrder(result.outputs)) if (node.kind === "call" && !labels.has(node)) labels.set(node, `@${node.id}`);
  const labelled = new Map([...labels].map(([node, label]) => [label, node]));
  const after = runPasses(graph, { result, stageNames: labels }, fn.inputs, style === "fast");
  places.follow([...after.stageNames].map(([node, label]) => [labelled.get(label)!, node] as const));
  return { result: after.result, stageNames: new Map([...after.stageNames].filter(([, label]) => !label.startsWith("@"))) };
}

function placedResult(result: ModeResult): PlacedResult {
  const { outputs, derived, adjointOf, tangentOf } = result;
  return {
    outputs,
    derived: derived.flatMap(({ rows }) => rows.flat()),
    sourceOf: (node) => adjointOf.get(node) ?? tangentOf.get(node),
  };
}

/** What the staged style is a plan of: it splits divisions first. Equal nodes are one, and so these are the plan's. */
function splitResult({ graph, outputs, places }: Prepared): PlacedResult {
  const split = splitDivisions(graph, outputs);
  places.follow(split);
  return { outputs: outputs.map((output) => split.get(output)!) };
}

function linesOf(plan: StagedPlan): Node[] {
  return [
    ...plan.forward.map((line) => line.node),
    ...[plan.grad, plan.backward].flatMap(({ lines }) => lines.map((line) => line.value)),
  ];
}

function derive({ graph, fn, wrt, mode, ties, outputs }: Prepared): ModeResult {
  const inputs = fn.inputs.filter((_, index) => wrt.has(index)).map((input) => input.node);
  const directions = inputs.map((input) => graph.input(`direction of ${input.id}`));
  return deriveMode(graph, { mode, outputs, wrt: inputs, directions, ties });
}

interface Printing extends Prepared {
  readonly signature: Signature;
  readonly described: string;
}

type Printed = Written & { readonly statements: number; readonly plan?: StagedPlan };

function printStaged(print: Printing, writer: Writer): Printed {
  const { graph, fn, signature, wrt } = print;
  const plan = planStaged(graph, {
    output: print.outputs[0]!,
    outputName: signature.outputNames[0]!,
    userNames: print.stageNames,
    inputs: inputNames(signature),
    wrt: fn.inputs.filter((_, index) => wrt.has(index)).map((input) => input.node),
    allocator: signature.locals(),
    adjointName: signature.adjointName,
    ties: print.ties,
    gates: print.gates,
  });
  return {
    ...writeStaged(writer, signature, plan, print.described),
    statements: plan.forward.length + plan.grad.lines.length,
    plan,
  };
}

function printScheduled(print: Printing, derived: ModeResult, writer: Writer): Printed {
  const { signature, style } = print;
  const scheduled = (nodes: readonly Node[]): Schedule => planSchedule(print, derived, nodes);
  const derivedNodes = derived.derived.flatMap(({ rows }) => rows.flat());
  const plan: CompactPlan = { value: () => scheduled([]), all: scheduled(derivedNodes), result: derived };
  const written = (style === "fast" ? writeFast : writeCompact)(writer, signature, plan, print.described);
  return { ...written, statements: style === "fast" ? 0 : plan.all.statements.length };
}

/** The fast style computes results where it stores them, unless they are so many that they have to be spread over parts. */
const MOST_INLINE_RESULTS = 64;

function planSchedule(print: Printing, derived: ModeResult, derivedNodes: readonly Node[]): Schedule {
  const { graph, fn, signature, stageNames, style } = print;
  const wanted = new Map<Node, string>();
  const want = (node: Node, name: string): void => void (node.kind === "call" && !wanted.has(node) && wanted.set(node, name));
  derived.outputs.forEach((node, index) => want(node, signature.outputNames[index]!));
  for (const [node, name] of stageNames) want(node, name);
  const gradient = derivedNodes.length > 0 ? derived.derived.find(({ kind }) => kind === "gradient") : undefined;
  const forward = new Set(postOrder(derived.outputs));
  if (style !== "fast" || derivedNodes.length > MOST_INLINE_RESULTS) {
    const adjointNames = wrtNames(signature).map(signature.adjointName);
    gradient?.rows[0]!.forEach((node, index) => forward.has(node) || want(node, adjointNames[index]!));
  }
  const inputs = inputNames(signature);
  const wrt = fn.inputs.filter((_, index) => print.wrt.has(index));
  wrt.forEach((input, index) => inputs.set(graph.input(`direction of ${input.node.id}`), signature.directions[index]!));
  const reachable = new Set(postOrder([...derived.outputs, ...derivedNodes]));
  return schedule({
    outputs: derived.outputs,
    derived: derivedNodes,
    wanted: new Map([...wanted].filter(([node]) => reachable.has(node))),
    inputs,
    nameFrom: (node, nameOf) => {
      const forward = derived.adjointOf.get(node);
      if (forward !== undefined) return signature.adjointName(nameOf(forward));
      const source = derived.tangentOf.get(node);
      return source && `v${nameOf(source)}`;
    },
    allocator: signature.freshLocals(),
    inlineWidth: 72,
    mentions: (node, index) => mentionsOf(node, index, style === "fast"),
  });
}

function wrtNames(signature: Signature): string[] {
  return signature.inputs.filter((input) => input.wrt).map((input) => input.name);
}

function inputNames(signature: Signature): Map<Node, string> {
  return new Map(signature.inputs.map((input) => [input.node, input.name]));
}

/** `f(x, y) = x * y`, or what can be said of it in a line. */
function describe(signature: Signature, fn: SourceFunction, formula: string): string {
  const inputs = fn.inputs.map((input) => input.name);
  const head = `${signature.value}(${inputs.length <= 12 ? inputs.join(", ") : `${inputs.slice(0, 3).join(", ")}, … ${inputs.length} inputs`})`;
  if (fn.isVector) return `${head}, ${fn.outputs.length} outputs`;
  return formula === "" ? `The value of ${head}.` : `${head} = ${formula}`;
}
