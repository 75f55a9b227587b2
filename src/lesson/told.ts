// The two kinds of plans, of numbers and of tensors, read as one: stages, backward lines, what each line multiplies.

import type { Derivation } from "../compiler/derivation.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { call, isConstant } from "../ops/build.ts";
import type { Stage } from "../passes/stage.ts";

export interface Told {
  readonly stages: readonly Stage[];
  readonly output: Node;
  readonly lines: readonly ToldLine[];
  /** The complete gradient of each differentiated input. */
  readonly results: readonly (Node | undefined)[];
  readonly nameOf: (node: Node) => string | undefined;
  readonly constant: (value: number) => Node;
  readonly add: (a: Node, b: Node) => Node;
  /** The same call with other arguments, as simple as it then is. */
  readonly rebuild: (node: CallNode, args: readonly Node[]) => Node;
}

/** A backward line. */
export interface ToldLine {
  readonly stage: Stage | undefined;
  /** Whose gradient is set or grows: a stage's node, an input, of a help line the value itself. */
  readonly target: Node;
  /** The forward op that made this contribution. */
  readonly from: CallNode | undefined;
  readonly action: "set" | "start" | "grow" | "help";
  readonly value: Node;
  /** Variables of the gradient that is set or grows, and of the one that arrives. */
  readonly adjoint: string;
  readonly upstream: string;
  /** Everything in it is a number. */
  readonly isNumber: boolean;
}

export function toldOf(derivation: Derivation): Told {
  const { graph, plan } = derivation;
  const common = {
    nameOf: (node: Node) => plan.names.get(node),
    constant: (value: number) => graph.constant(value),
    add: (a: Node, b: Node) => call(graph, "add", [a, b]),
    rebuild: (node: CallNode, args: readonly Node[]) => call(graph, node.op, args),
  };
  return derivation.kind === "numbers" ? toldOfNumbers(derivation, common) : toldOfTensors(derivation, common);
}

type Common = Pick<Told, "nameOf" | "constant" | "add" | "rebuild">;

/** For a seed of any value: the gradient function's own lines have a seed of 1 and leave it out. */
function toldOfNumbers({ plan, seedName }: Extract<Derivation, { kind: "numbers" }>, common: Common): Told {
  const { backward, names } = plan;
  const variableOf = (node: Node): string | undefined => {
    const variable = backward.variables.get(node);
    return variable && names.get(variable);
  };
  const main = plan.forward.filter(({ help }) => !help);
  return {
    ...common,
    stages: main.map(({ stage }) => stage),
    output: plan.output,
    results: backward.results,
    lines: backward.lines.map(({ stage, target, from, action, value }) => ({
      stage,
      target,
      from: from.kind === "call" ? from : undefined,
      action,
      value,
      adjoint: variableOf(target)!, // the line declares it
      upstream: variableOf(stage.node) ?? seedName,
      isNumber: true,
    })),
  };
}

function toldOfTensors({ plan, seedName }: Extract<Derivation, { kind: "tensors" }>, common: Common): Told {
  const adjoints = new Map(plan.backward.map(({ target, name }) => [target, name]));
  /** What arrives at a stage without an adjoint of its own is another's as it stands, or stretched. */
  const arriving = (node: Node | undefined): string | undefined => {
    if (node === undefined) return undefined;
    const isView = node.kind === "call" && (node.op === "broadcast" || node.op === "reshape");
    return plan.names.get(node) ?? (isView ? arriving(node.args[0]) : undefined);
  };
  return {
    ...common,
    stages: plan.stages,
    output: plan.outputs[0]!,
    results: plan.results,
    lines: plan.backward.map(({ stage, target, from, action, grows, value, name }) => ({
      stage,
      target,
      from,
      action: action === "set" && grows ? "start" : action,
      value,
      adjoint: name,
      upstream: (stage && (adjoints.get(stage.node) ?? arriving(plan.adjoints.get(stage.node)))) ?? seedName,
      isNumber: false,
    })),
  };
}

/** The inputs and stages that a stage's line reads, each once, from left to right. */
export function readsOf({ nameOf }: Pick<Told, "nameOf">, stage: CallNode): Node[] {
  const found = new Set<Node>();
  const pending: Node[] = [...stage.args].reverse();
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (nameOf(node) !== undefined) found.add(node);
    else if (node.kind === "call") pending.push(...[...node.args].reverse());
  }
  return [...found];
}

/** A backward value with 1 for the gradient that arrives: the local gradient. Formulas are linear in it. */
export function localGradient({ nameOf, constant, rebuild }: Told, { value, upstream }: ToldLine): Node {
  const visit = (node: Node): Node => {
    const name = nameOf(node);
    if (name === upstream && node.kind === "input") return constant(1);
    if (name !== undefined || node.kind !== "call") return node;
    const args = node.args.map(visit);
    return args.every((arg, index) => arg === node.args[index]) ? node : rebuild(node, args);
  };
  return visit(value);
}

const ROUTING: ReadonlySet<string> = new Set(["select", "max", "min", "relu"]);

/** The local gradient less the guard that keeps 0 · ∞ out of a line where nothing arrives: that belongs to what arrives, not to the stage. */
export function withoutGuard({ stage, from }: ToldLine, local: Node): Node {
  if (from === undefined || from !== stage?.node || ROUTING.has(from.op)) return local;
  return local.kind === "call" && local.op === "select" && isConstant(local.args[2]!, 0) ? local.args[1]! : local;
}
