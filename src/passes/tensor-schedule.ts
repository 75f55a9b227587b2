// Tensor code when both passes are seen at once (tidy, and modes beyond grad): which nodes get a variable, in which order, under which name.

import type { NameAllocator } from "../core/words.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { postOrder, useCounts } from "../ir/walk.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { proposeTensorName } from "./tensor-names.ts";
import { isView, scalarsInFormulas } from "./tensor-plan.ts";

export interface TensorStatement {
  readonly name: string;
  readonly node: CallNode;
  readonly part: "forward" | "backward";
}

export interface TensorSchedule {
  readonly statements: readonly TensorStatement[];
  readonly names: ReadonlyMap<Node, string>;
}

export interface TensorScheduleRequest {
  readonly outputs: readonly Node[];
  readonly derived: readonly Node[];
  /** Nodes that must be variables, with their names. */
  readonly wanted: ReadonlyMap<Node, string>;
  readonly inputs: ReadonlyMap<Node, string>;
  /** The name for a derivative node from the forward node it belongs to. */
  readonly nameFrom: (node: Node, nameOf: (node: Node) => string | undefined) => string | undefined;
  readonly allocator: NameAllocator;
}

/** Operations that one formula may have. */
const MOST_OPERATIONS = 10;

export function scheduleTensors(request: TensorScheduleRequest): TensorSchedule {
  const roots = [...request.outputs, ...request.derived];
  const lines = chooseStatements(roots, new Set(request.wanted.keys()));
  const forward = new Set(postOrder(request.outputs));
  const names = new Map<Node, string>(request.inputs);
  const propose = (node: CallNode): string =>
    (forward.has(node) ? undefined : request.nameFrom(node, (from) => names.get(from))) ??
    proposeTensorName(node, (each) => names.get(each));
  const statements = lines.map((node): TensorStatement => {
    const name = request.allocator.allocate(request.wanted.get(node) ?? propose(node));
    names.set(node, name);
    return { name, node, part: forward.has(node) ? "forward" : "backward" };
  });
  return { statements, names };
}

/** Variables: what is wanted, what is read more than once, and what does not fit into the formula that reads it. */
function chooseStatements(roots: readonly Node[], wanted: ReadonlySet<Node>): CallNode[] {
  const uses = useCounts(roots);
  const order = postOrder(roots);
  const lines = new Set<Node>();
  const weight = new Map<Node, number>();
  for (const scalar of scalarsInFormulas(roots, new Map())) lines.add(scalar);
  for (const node of order) {
    if (node.kind !== "call") continue;
    if (wanted.has(node) || (uses(node) > 1 && !isFree(node))) lines.add(node);
    if (tensorOps.has(node.op) && !isView(node)) {
      // A kernel's arguments are variables, or what is free.
      for (const arg of node.args) if (isFormula(arg) && !isFree(arg) && arg.type.shape.length > 0) lines.add(arg);
      continue;
    }
    if (isView(node)) {
      const [inner] = node.args as [Node];
      if (isFormula(inner) && !isFree(inner) && inner.type.shape.length > 0) lines.add(inner);
      continue;
    }
    weight.set(node, fitArguments(node, lines, weight));
  }
  return order.filter((node): node is CallNode => node.kind === "call" && lines.has(node));
}

function fitArguments(node: CallNode, lines: Set<Node>, weight: Map<Node, number>): number {
  const definition = opNamed(node.op);
  let total = definition.operations;
  node.args.forEach((arg, index) => {
    if (arg.kind !== "call" || lines.has(arg) || isFree(arg)) return;
    const mentions = definition.mentions[definition.variadic ? 0 : index]!;
    const own = weight.get(arg) ?? 0;
    const isKernel = tensorOps.has(arg.op) && arg.type.shape.length > 0;
    if (isKernel || mentions > 1 || total + own > MOST_OPERATIONS) lines.add(arg);
    else total += own;
  });
  return total;
}

function isFormula(node: Node): node is CallNode {
  return node.kind === "call" && !tensorOps.has(node.op);
}

/** Costs nothing where it stands. */
function isFree(node: CallNode): boolean {
  return (
    isView(node) || node.op === "size" || node.type.dtype === "boolean" || (node.op === "neg" && node.args[0]!.kind !== "call")
  );
}
