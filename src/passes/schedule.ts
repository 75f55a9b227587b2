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
  /** How often a line mentions an argument of a node; more than once needs a variable. */
  readonly mentions: (node: CallNode, index: number) => number;
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
  const width = new Uint32Array(1 + order.reduce((most, node) => Math.max(most, node.id), 0));
  for (const node of order) {
    if (node.kind === "call" && (request.wanted.has(node) || (uses(node) > 1 && !isCheap(node, variables)))) variables.add(node);
  }
  for (const node of order) {
    if (node.kind !== "call") continue;
    node.args.forEach((arg, index) => {
      if (arg.kind !== "call" || variables.has(arg)) return;
      if ((request.mentions(node, index) > 1 && !isCheap(arg, variables)) || isGateOfItsOwn(arg)) variables.add(arg);
    });
    width[node.id] = fitArguments(node, variables, width, request.inlineWidth);
  }
  return variables;
}

/** The width of a node's text; where that is too much, its widest arguments become variables until it fits. */
function fitArguments(node: CallNode, variables: Set<Node>, width: Uint32Array, most: number): number {
  const cost = (arg: Node): number => (arg.kind === "call" && !variables.has(arg) ? width[arg.id]! : 5);
  const { emit, variadic } = opNamed(node.op);
  let total = emit.ts.length + (variadic ? node.args.length : -node.args.length);
  for (const arg of node.args) total += cost(arg);
  while (total > most) {
    const widest = node.args.reduce((left, right) => (cost(right) > cost(left) ? right : left));
    if (widest.kind !== "call" || variables.has(widest)) break;
    total += 5 - cost(widest);
    variables.add(widest);
  }
  return total;
}

/** A sigmoid or softplus written out is a stage, not a term. */
function isGateOfItsOwn(node: CallNode): boolean {
  return opNamed(node.op).family === "activation" && opNamed(node.op).js.kind === "binary";
}

/** Repeating `-x` or `x > 0` costs less than reading a name for it. */
function isCheap(node: CallNode, variables: ReadonlySet<Node>): boolean {
  const simple = node.args.every((arg) => arg.kind !== "call" || variables.has(arg));
  return simple && (node.op === "neg" || (node.type.dtype === "boolean" && node.args.length === 2));
}

function nameVariables(request: ScheduleRequest, order: readonly Node[], variables: ReadonlySet<Node>): Map<Node, string> {
  const names = new Map<Node, string>(request.inputs);
  const forward = new Set(postOrder(request.outputs));
  const roles = new Map([...quotientRoles(order), ...logSumExpRoles(order)]);
  const parts = partsOf(order);
  const proposals = new Map<CallNode, string>();
  const nameOf = (node: Node): string | undefined => names.get(node) ?? (node.kind === "call" ? propose(node) : undefined);
  const propose = (node: CallNode): string => {
    const known = proposals.get(node);
    if (known !== undefined) return known;
    const proposal =
      request.wanted.get(node) ??
      (forward.has(node) ? undefined : (request.nameFrom(node, (from) => nameOf(from) ?? "t") ?? parts.get(node))) ??
      uncapitalise(proposeName(node, roles.get(node), nameOf));
    proposals.set(node, proposal);
    return proposal;
  };
  for (const node of order)
    if (node.kind === "call" && variables.has(node)) names.set(node, request.allocator.allocate(propose(node)));
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
