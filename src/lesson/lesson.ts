// lessonOf(): what a compiled function tells a learner, read off the plan that its lines were printed from and off those lines themselves.

import type { Derivation } from "../compiler/derivation.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import { identityOf } from "../emit/identity.ts";
import { infix } from "../emit/infix.ts";
import { latexName, type Fragment } from "../emit/latex-names.ts";
import { latexOf } from "../emit/latex.ts";
import { shapeText } from "../ir/dims.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { allRules } from "../rules/all.ts";
import { findBlocks } from "./blocks.ts";
import { flowOf } from "./flow.ts";
import { codeOf, type CodeIndex, indexCode } from "./code.ts";
import { localGradient, readsOf, type Told, toldOf, type ToldLine, withoutGuard } from "./told.ts";
import { symbolOf } from "./symbols.ts";
import type { Lesson, LessonPartial, LessonRewrite, LessonStage, LessonStep } from "./types.ts";

/** Every function of a staged gradient that has stages, in source order. */
export function lessonsOf(compilation: Compilation): Lesson[] {
  return compilation.functions.flatMap((fn, index) => (fn.derivation === undefined ? [] : [lessonOf(compilation, index)]));
}

/** The lesson of one function, default the last. Throws a RangeError where it has none: only staged gradients (and Jacobians of tensors) do. */
export function lessonOf(compilation: Compilation, index = compilation.functions.length - 1): Lesson {
  const fn = compilation.functions[index];
  if (fn?.derivation === undefined)
    throw new RangeError(`${fn?.name ?? "nothing"} has no stages to tell; compile it in the staged style`);
  return createLesson(compilation, fn, fn.derivation);
}

interface Telling {
  readonly told: Told;
  readonly code: CodeIndex;
  readonly partials: ReadonlyMap<number, readonly LessonPartial[]>;
  readonly blocks: ReadonlyMap<number, string>;
}

function createLesson(compilation: Compilation, fn: CompiledFunction, derivation: Derivation): Lesson {
  const told = toldOf(derivation);
  const code = indexCode(compilation, derivation);
  const isNetwork = derivation.kind === "tensors" && derivation.isNetwork;
  const telling: Telling = {
    told,
    code,
    partials: partialsByStage(told),
    blocks: findBlocks(compilation, derivation, told, code),
  };
  const stages = told.stages.map((stage) => describeStage(telling, stage));
  return {
    name: isNetwork ? fn.name : (fn.exports["value"] ?? fn.name),
    kind: isNetwork ? "network" : "function",
    formula: fn.formula,
    inputs: derivation.inputs.map(({ input, variable, part, wrt }) => ({
      name: input.name,
      variable,
      shape: shapeOf(input.node),
      role: part,
      wrt,
    })),
    stages,
    output: told.nameOf(told.output) ?? "",
    seed: derivation.seedName,
    steps: told.lines.map((line, index) => describeStep(telling, line, index)),
    results: derivation.inputs
      .filter(({ wrt }) => wrt)
      .map(({ variable }, index) => ({ input: variable, gradient: gradientName(told, told.results[index]) })),
    rewrites: fn.rewrites.filter(({ before, after }) => before !== after).map(describeRewrite),
  };
}

function describeStage({ told, code, partials, blocks }: Telling, { number, name, node }: Told["stages"][number]): LessonStage {
  return {
    number,
    variable: name,
    op: node.op,
    symbol: symbolOf(node),
    doc: docOf(node),
    shape: shapeOf(node),
    expression: written(told, node),
    latex: `${latexName(name).text} = ${latexOf(node, { nameOf: fragments(told) })}`,
    operands: readsOf(told, node).map((read) => told.nameOf(read)!),
    block: blocks.get(number),
    partials: partials.get(number) ?? [],
    identity: identityOf(node),
    code: codeOf(code.stages.get(number) ?? []),
  };
}

function describeStep({ told, code }: Telling, line: ToldLine, index: number): LessonStep {
  const { stage, target, from, action, value, adjoint, upstream } = line;
  const place = code.steps.get(index) ?? [];
  const name = told.nameOf(target) ?? adjoint;
  const local = line.isNumber ? partialOf(told, name, localGradient(told, line)) : undefined;
  return {
    index,
    stage: stage?.number,
    from: stage?.name,
    target: name,
    adjoint,
    action,
    upstream,
    // A line whose value is known by the variable that it sets says what that variable holds.
    expression: told.nameOf(value) === adjoint ? written(told, value) : named(told, value),
    latex: told.nameOf(value) === adjoint ? latexOf(value, { nameOf: fragments(told) }) : namedLatex(told, value),
    local,
    identity: from?.kind === "call" ? identityOf(from) : undefined,
    flow: flowOf(from, local?.expression),
    code: codeOf(place),
    comment: place.at(-1)?.comment ?? "",
  };
}

/** Local gradients by stage; where an operand enters a stage's line twice, their sum. */
function partialsByStage(told: Told): Map<number, LessonPartial[]> {
  const sums = new Map<number, Map<string, Node>>();
  for (const line of told.lines) {
    if (line.stage === undefined || !line.isNumber) continue;
    const local = withoutGuard(line, localGradient(told, line));
    const operand = told.nameOf(line.target);
    if (operand === undefined) continue;
    let ofStage = sums.get(line.stage.number);
    if (ofStage === undefined) sums.set(line.stage.number, (ofStage = new Map()));
    const before = ofStage.get(operand);
    ofStage.set(operand, before === undefined ? local : told.add(before, local));
  }
  return new Map(
    [...sums].map(([number, locals]) => [number, [...locals].map(([operand, local]) => partialOf(told, operand, local))]),
  );
}

function partialOf(told: Told, operand: string, local: Node): LessonPartial {
  return { operand, expression: named(told, local), latex: namedLatex(told, local) };
}

const WIDEST = 160;

/** A node over the variables of the code; one that has a variable of its own written out. */
function written({ nameOf }: Told, node: Node): string {
  return infix(node, WIDEST, nameOf) ?? "…";
}

function named(told: Told, node: Node): string {
  return told.nameOf(node) ?? written(told, node);
}

function namedLatex(told: Told, node: Node): string {
  const nameOf = fragments(told);
  return nameOf(node)?.text ?? latexOf(node, { nameOf });
}

function fragments({ nameOf }: Told): (node: Node) => Fragment | undefined {
  return (node) => {
    const name = nameOf(node);
    return name === undefined ? undefined : latexName(name);
  };
}

function gradientName(told: Told, gradient: Node | undefined): string | undefined {
  return gradient === undefined ? undefined : told.nameOf(gradient);
}

function shapeOf({ type }: Node): string {
  return type.shape.length === 0 ? "" : shapeText(type.shape);
}

function docOf({ op }: CallNode): string {
  return (tensorOps.get(op) ?? opNamed(op)).doc;
}

const rules = new Map(allRules.map((rule) => [rule.name, rule]));

function describeRewrite({ rule, before, after }: CompiledFunction["rewrites"][number]): LessonRewrite {
  const { safety = "", text = "", why = "" } = rules.get(rule) ?? {};
  return { rule, before, after, safety, text, why };
}
