// The derivation behind a staged gradient: every stage, its local gradients, how the chain rule multiplies them, which rewrites came
// first. As data here; `derivation-text.ts` and `derivation-latex.ts` print it.

import type { Graph, Node } from "../ir/graph.ts";
import { call } from "../ops/build.ts";
import { opNamed } from "../ops/registry.ts";
import type { BackwardLine } from "../passes/backward.ts";
import type { StagedPlan } from "../passes/plan.ts";

export interface Derivation {
  /** Exported name of the function, and what it computes in mathjs syntax (empty when too long to show). */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly formula: string;
  readonly rewrites: readonly ExplainedRewrite[];
  readonly forward: readonly ForwardStep[];
  /** Name of the gradient that arrives at the result. */
  readonly seed: string;
  readonly backward: readonly BackwardStep[];
  /** The complete gradient of each differentiated input; undefined where the result does not depend on it. */
  readonly results: readonly { readonly input: string; readonly gradient: Node | undefined }[];
  readonly nameOf: (node: Node) => string | undefined;
  /** Of an adjoint variable, the name of the stage or input it is the gradient of. */
  readonly adjointOf: (node: Node) => string | undefined;
}

export interface ExplainedRewrite {
  readonly rule: string;
  readonly before: string;
  readonly after: string;
  /** From the rule table: the class, the rule itself, why it is worth having. */
  readonly safety: string;
  readonly text: string;
  readonly why: string;
}

export interface ForwardStep {
  readonly number: number;
  readonly name: string;
  readonly node: Node;
  readonly doc: string;
  /** Only helps the stage of the same number. */
  readonly help: boolean;
  readonly partials: readonly Partial[];
}

/** ∂stage/∂operand. */
export interface Partial {
  readonly operand: string;
  readonly value: Node;
  /** `σ′ = σ(1 − σ)`, for ops that have a well-known one. */
  readonly identity: string | undefined;
}

export interface BackwardStep {
  /** The forward stage stepped back through. */
  readonly number: number;
  readonly stage: string;
  /** Whose gradient is set or grows, and the variable that holds it. */
  readonly target: string;
  readonly adjoint: string;
  readonly grows: boolean;
  /** The variable of the gradient that arrives at the stage. */
  readonly upstream: string;
  readonly local: Node;
  readonly value: Node;
}

/** What a compiled function says of itself. */
export interface DerivationSource {
  readonly name: string;
  readonly formula: string;
  readonly graph: Graph;
  readonly plan: StagedPlan;
  readonly inputs: readonly { readonly variable: string; readonly wrt: boolean }[];
  readonly rewrites: readonly { readonly rule: string; readonly before: string; readonly after: string }[];
}

export type RuleLookup = (name: string) => { readonly safety: string; readonly text: string; readonly why: string } | undefined;

export function explain(source: DerivationSource, ruleNamed: RuleLookup): Derivation {
  const { plan } = source;
  const backward = plan.backward.lines.map((line) => backwardStep(source, line));
  const partials = partialsByStage(source, backward);
  const wrt = source.inputs.filter((input) => input.wrt);
  const adjoints = adjointNames(plan);
  return {
    name: source.name,
    inputs: source.inputs.map((input) => input.variable),
    formula: source.formula,
    rewrites: source.rewrites.filter(isVisible).map((each) => ({ ...each, ...describeRule(ruleNamed(each.rule)) })),
    forward: plan.forward.map(({ stage, node, name, help }) => ({
      number: stage.number,
      name,
      node,
      help,
      doc: help ? "shared part of the next stage" : opNamed(stage.node.op).doc,
      partials: help ? [] : [...(partials.get(stage.number)?.values() ?? [])],
    })),
    seed: plan.seedName,
    backward,
    results: wrt.map((input, index) => ({ input: input.variable, gradient: plan.backward.results[index] })),
    nameOf: (node) => plan.names.get(node),
    adjointOf: (node) => adjoints.get(node),
  };
}

/** Some rewrites change what a node is, not how it reads: x ** 2 is a square. */
function isVisible({ before, after }: { readonly before: string; readonly after: string }): boolean {
  return before !== after;
}

function describeRule(rule: ReturnType<RuleLookup>): Pick<ExplainedRewrite, "safety" | "text" | "why"> {
  return { safety: rule?.safety ?? "", text: rule?.text ?? "", why: rule?.why ?? "" };
}

function backwardStep({ graph, plan }: DerivationSource, line: BackwardLine): BackwardStep {
  const { names, backward } = plan;
  const upstream = upstreamName(plan, line);
  return {
    number: line.stage.number,
    stage: line.stage.name,
    target: names.get(line.target)!,
    adjoint: names.get(backward.variables.get(line.target)!)!,
    grows: line.action === "grow",
    upstream,
    local: withoutUpstream(graph, line.value, upstream, names),
    value: line.value,
  };
}

/** The gradient that arrives at the line's stage: its adjoint variable, or the seed at the last one. */
function upstreamName({ names, backward, seedName }: StagedPlan, line: BackwardLine): string {
  const variable = backward.variables.get(line.stage.node);
  return (variable && names.get(variable)) ?? seedName;
}

/** A backward value with 1 for the gradient that arrives: the local gradient. Formulas are linear in it. */
function withoutUpstream(graph: Graph, value: Node, upstream: string, names: ReadonlyMap<Node, string>): Node {
  const rebuild = (node: Node): Node => {
    const name = names.get(node);
    if (name === upstream && node.kind === "input") return graph.constant(1);
    if (name !== undefined || node.kind !== "call") return node;
    const args = node.args.map(rebuild);
    return args.every((arg, index) => arg === node.args[index]) ? node : call(graph, node.op, args);
  };
  return rebuild(value);
}

/** Local gradients by stage; where an operand enters a stage's line twice, their sum. */
function partialsByStage({ graph, plan }: DerivationSource, steps: readonly BackwardStep[]): Map<number, Map<string, Partial>> {
  const byStage = new Map<number, Map<string, Partial>>();
  steps.forEach(({ number, target: operand, local }, index) => {
    const { from } = plan.backward.lines[index]!;
    const identity = from.kind === "call" ? opNamed(from.op).identity : undefined;
    let partials = byStage.get(number);
    if (partials === undefined) byStage.set(number, (partials = new Map()));
    const before = partials.get(operand)?.value;
    const value = before === undefined ? local : call(graph, "add", [before, local]);
    partials.set(operand, { operand, value, identity: before === undefined ? identity : undefined });
  });
  return byStage;
}

function adjointNames({ backward, names, forward, output, seedName }: StagedPlan): Map<Node, string> {
  const result = new Map<Node, string>();
  for (const [node, variable] of backward.variables) {
    const name = names.get(node);
    if (name !== undefined) result.set(variable, name);
  }
  const last = names.get(output) ?? forward.at(-1)?.name;
  for (const [node, name] of names) if (name === seedName && last !== undefined) result.set(node, last);
  return result;
}
