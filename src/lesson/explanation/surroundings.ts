// surroundingsOf(): what lies around a point of numbers: stages on or near a kink or jump of their op, and what small steps of each input
// really do to the result. Found by evaluating, so that a text does not take a convention at a kink for a derivative.

import type { Compilation } from "../../compiler/types.ts";
import { infix } from "../../emit/infix.ts";
import { createGraph, type CallNode, type InputNode, type Node } from "../../ir/graph.ts";
import { instantiate } from "../../ops/build.ts";
import { opNamed } from "../../ops/registry.ts";
import { compileEvaluator } from "../../verify/evaluate.ts";
import { toldOf, type Told } from "../told.ts";
import type { LessonPoint, Numbers } from "../types.ts";
import { STEP, type Neighbourhood, type StageKink, type Surroundings, type Verdict } from "./types.ts";

/** Evaluations times nodes that a text may cost. */
const MOST_WORK = 2e6;
const EVALUATIONS = 6;

/** Undefined for tensors, which have too many directions to look into, and where looking would take long. */
export function surroundingsOf(
  compilation: Compilation,
  point: LessonPoint,
  numbers: Numbers,
  index = compilation.functions.length - 1,
): Surroundings | undefined {
  const derivation = compilation.functions[index]?.derivation;
  if (derivation?.kind !== "numbers") return undefined;
  const told = toldOf(derivation);
  const { inputs } = derivation;
  if (told.stages.length * inputs.length * EVALUATIONS > MOST_WORK) return undefined;
  const at = inputs.map(({ input }) => Number(point[input.name]));
  const nodes = inputs.map(({ input }) => input.node as InputNode);
  const evaluate = compileEvaluator([told.output], nodes);
  const valueAt = (position: number, shift: number): number =>
    evaluate(at.map((value, other) => (other === position ? value + shift : value)))[0]!;
  const changes = inputs.flatMap(({ variable, wrt }, position) => {
    const gradient = numbers.gradients[variable];
    if (!wrt || typeof gradient === "object" || typeof gradient === "boolean") return [];
    return [[variable, neighbourhoodOf((shift) => valueAt(position, shift), at[position]!, gradient ?? 0)] as const];
  });
  return { kinks: kinksOf(told, nodes, at), changes: Object.fromEntries(changes) };
}

function neighbourhoodOf(valueAt: (shift: number) => number, at: number, gradient: number): Neighbourhood {
  const value = valueAt(0);
  const size = Math.max(1, Math.abs(at));
  const slope = (step: number): number => (valueAt(step) - value) / step;
  const [far, near] = [1e-5 * size, 1e-7 * size];
  const [right, left] = [slope(near), slope(-near)];
  const verdict = verdictOf({ value, gradient, right, left, before: Math.abs(slope(far) - slope(-far)) });
  return { change: valueAt(STEP) - value, right, left, verdict };
}

interface Slopes {
  readonly value: number;
  readonly gradient: number;
  /** To either side, over a very small step. */
  readonly right: number;
  readonly left: number;
  /** How far apart they are over a step a hundred times as large. */
  readonly before: number;
}

/** Where a function is smooth, its slopes to both sides come together in proportion to the step; at a corner they stay apart, at a jump they part. */
function verdictOf({ value, gradient, right, left, before }: Slopes): Verdict {
  if (!Number.isFinite(value)) return "undefined";
  if (Number.isNaN(right) || Number.isNaN(left)) return "edge";
  if (!Number.isFinite(right) || !Number.isFinite(left)) return "jump";
  const scale = Math.max(Math.abs(right), Math.abs(left), Math.abs(gradient));
  const rounding = 1e-6 * Math.max(1, Math.abs(value)); // of differences over such small steps
  const gap = Math.abs(right - left);
  if (gap > 1e-3 * scale + rounding && gap > 0.3 * before) return gap > 5 * before ? "jump" : "corner";
  return Math.abs((right + left) / 2 - gradient) > 1e-2 * scale + rounding ? "other" : "smooth";
}

/** The kinks of a stage are those of all ops in its line. */
function kinksOf(told: Told, inputs: readonly InputNode[], at: readonly number[]): StageKink[] {
  const own = told.stages.flatMap(({ number, node }) => ownOf(told, node).map((each) => ({ stage: number, node: each })));
  const kinked = own.filter(({ node }) => opNamed(node.op).kinkFormulas.length > 0);
  if (kinked.length === 0) return [];
  const needed = [...new Set(kinked.flatMap(({ node }) => [node, ...node.args]))];
  const found = compileEvaluator(needed, inputs)(at);
  const values = new Map(needed.map((node, index) => [node as Node, found[index]!]));
  return kinked.flatMap(({ stage, node }) => {
    const { distance, operands } = standingOf(node, values);
    if (!(distance < STEP) || (node.op === "fix" && values.get(node) === 0)) return []; // towards 0 from both sides of 0: no jump
    return [{ stage, op: node.op, distance, operands: operands.map((operand) => infix(operand, 40, told.nameOf) ?? "…") }];
  });
}

/** The ops of a stage's line. */
function ownOf({ nameOf }: Told, stage: CallNode): CallNode[] {
  const found = new Set<CallNode>([stage]);
  for (const node of found) for (const arg of node.args) if (arg.kind === "call" && nameOf(arg) === undefined) found.add(arg);
  return [...found];
}

/** How far the nearest kink is, and the operands it is about. The winner of a max always sits at zero: there it takes two. */
function standingOf(node: CallNode, values: ReadonlyMap<Node, number>): { distance: number; operands: readonly Node[] } {
  const op = opNamed(node.op);
  const out = values.get(node)!;
  const args = node.args.map((arg) => values.get(arg)!);
  if (!op.variadic) {
    const distances = op.kinkFormulas.map((formula) => Math.abs(evaluateFormula(formula, op.params, [...args, out])));
    return { distance: Math.min(...distances), operands: node.args };
  }
  const ranked = node.args
    .map((operand, index) => ({ operand, distance: Math.abs(args[index]! - out) }))
    .sort((a, b) => a.distance - b.distance);
  const distance = ranked[1]?.distance ?? Infinity;
  const tied = new Set(ranked.filter((each) => each.distance <= distance).map(({ operand }) => operand));
  return { distance, operands: node.args.filter((operand) => tied.has(operand)) };
}

function evaluateFormula(
  formula: Parameters<typeof instantiate>[1],
  params: readonly string[],
  values: readonly number[],
): number {
  const graph = createGraph();
  const inputs = [...params, "out"].map((param) => graph.input(param));
  const root = instantiate(graph, formula, new Map(inputs.map((input) => [input.name, input])));
  return compileEvaluator([root], inputs)(values)[0]!;
}
