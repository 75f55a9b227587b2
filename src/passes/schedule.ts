// Which nodes get a variable and in which order, when the whole computation is seen at once (styles tidy and fast, modes beyond grad).

import { uncapitalise, type NameAllocator } from "../core/words.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { postOrder, useCounts } from "../ir/walk.ts";
import { opNamed } from "../ops/registry.ts";
import { logSumExpRoles, proposeName, quotientRoles } from "./names.ts";

export interface Statement {
  readonly name: string;
  readonly node: CallNode;
  /** Whether the value itself needs it, or only derivatives do. */
  readonly part: "forward" | "backward";
}

export interface Schedule {
  readonly statements: readonly Statement[];
  /** Variables of statements and inputs. */
  readonly names: ReadonlyMap<Node, string>;
}

export interface ScheduleRequest {
  readonly outputs: readonly Node[];
  readonly derived: readonly Node[];
  /** Nodes that must be variables, with the names wanted: outputs, gradients, the user's stages. */
  readonly wanted: ReadonlyMap<Node, string>;
  readonly inputs: ReadonlyMap<Node, string>;
  /** Names wanted for derivative nodes if they become variables, from the name of the forward node they belong to. */
  readonly nameFrom: (node: Node, nameOf: (node: Node) => string) => string | undefined;
  readonly allocator: NameAllocator;
  /** Text longer than this is not written inside another expression. */
  readonly inlineWidth: number;
  /** How often a line mentions each argument of a node; more than once needs a variable. */
  readonly mentions: (node: CallNode) => readonly number[];
}

export function schedule(request: ScheduleRequest): Schedule {
  const roots = [...request.outputs, ...request.derived];
  const order = postOrder(roots);
  const forward = new Set(postOrder(request.outputs));
  const variables = chooseVariables(request, order, roots);
  const names = nameVariables(request, order, variables);
  const statements = order
    .filter((node): node is CallNode => node.kind === "call" && variables.has(node))
    .map((node) => ({ name: names.get(node)!, node, part: forward.has(node) ? ("forward" as const) : ("backward" as const) }));
  return { statements, names };
}

function chooseVariables(request: ScheduleRequest, order: readonly Node[], roots: readonly Node[]): Set<Node> {
  const uses = useCounts(roots);
  const variables = new Set<Node>();
  const width = new Map<Node, number>();
  for (const node of order) {
    if (node.kind === "call" && (request.wanted.has(node) || (uses.get(node)! > 1 && !isCheap(node)))) variables.add(node);
  }
  for (const node of order) {
    if (node.kind !== "call") continue;
    const mentions = request.mentions(node);
    node.args.forEach((arg, index) => {
      if (arg.kind === "call" && (mentions[index]! > 1 || isGateOfItsOwn(arg))) variables.add(arg);
    });
    width.set(node, fitArguments(node, mentions, variables, width, request.inlineWidth));
  }
  return variables;
}

/** Characters a template takes beside its arguments. */
function ownWidth(node: CallNode, mentions: readonly number[]): number {
  const { emit, params, variadic } = opNamed(node.op);
  if (variadic) return emit.ts.length + 2 * node.args.length;
  return emit.ts.length - params.reduce((sum, param, index) => sum + param.length * mentions[index]!, 0);
}

/** The width of a node's text; where that is too much, its widest arguments become variables until it fits. */
function fitArguments(
  node: CallNode,
  mentions: readonly number[],
  variables: Set<Node>,
  width: Map<Node, number>,
  most: number,
): number {
  const own = ownWidth(node, mentions);
  const cost = (arg: Node): number => (arg.kind === "call" && !variables.has(arg) ? width.get(arg)! : 5);
  const total = (): number => node.args.reduce((sum, arg) => sum + cost(arg), own);
  const widest = [...node.args].filter((arg) => arg.kind === "call" && !variables.has(arg)).sort((a, b) => cost(b) - cost(a));
  for (const arg of widest) {
    if (total() <= most) break;
    variables.add(arg);
  }
  return total();
}

/** A sigmoid or softplus written out is a stage, not a term. */
function isGateOfItsOwn(node: CallNode): boolean {
  return opNamed(node.op).family === "activation" && opNamed(node.op).js.kind === "binary";
}

/** Repeating `-x` costs less than reading a name for it. */
function isCheap(node: CallNode): boolean {
  return node.op === "neg" && node.args[0]!.kind !== "call";
}

function nameVariables(request: ScheduleRequest, order: readonly Node[], variables: ReadonlySet<Node>): Map<Node, string> {
  const names = new Map<Node, string>(request.inputs);
  const forward = new Set(postOrder(request.outputs));
  const roles = new Map([...quotientRoles(order), ...logSumExpRoles(order)]);
  const parts = partsOf(order);
  const proposals = new Map<Node, string>();
  const propose = (node: Node): string => names.get(node) ?? request.wanted.get(node) ?? proposals.get(node) ?? "t";
  for (const node of order) {
    if (node.kind !== "call") continue;
    const nameOf = (arg: Node): string | undefined => names.get(arg) ?? (arg.kind === "call" ? proposals.get(arg) : undefined);
    const proposal =
      request.wanted.get(node) ??
      (forward.has(node) ? undefined : (request.nameFrom(node, propose) ?? parts.get(node))) ??
      uncapitalise(proposeName(node, roles.get(node), nameOf));
    proposals.set(node, proposal);
    if (variables.has(node)) names.set(node, request.allocator.allocate(proposal));
  }
  return names;
}

/** What derivative nodes that belong to no stage are called: after what they are to the line that reads them. */
function partsOf(order: readonly Node[]): Map<Node, string> {
  const parts = new Map<Node, string>();
  for (const node of order) {
    if (node.kind !== "call") continue;
    const word = node.op === "add" || node.op === "sub" ? "term" : node.op === "mul" || node.op === "div" ? "factor" : undefined;
    if (word !== undefined) for (const arg of node.args) if (isArithmetic(arg) && !parts.has(arg)) parts.set(arg, word);
  }
  return parts;
}

function isArithmetic(node: Node): boolean {
  return node.kind === "call" && ["add", "sub", "mul", "div", "neg"].includes(node.op);
}
