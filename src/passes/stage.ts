// How the computation is told: which nodes become named stages, in which order, one gate per line.

import { uncapitalise, type NameAllocator } from "../core/words.ts";
import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { postOrder, transform, useCounts } from "../ir/walk.ts";
import { call, isConstant } from "../ops/build.ts";
import { proposeName, quotientRoles, type StageRole } from "./names.ts";

export interface Stage {
  readonly node: CallNode;
  readonly name: string;
  /** 1-based, cited by backward lines. Stages that only help another one (`shift` of a log-sum-exp) share its number. */
  readonly number: number;
}

export interface StagingRequest {
  readonly outputs: readonly Node[];
  /** Names of outputs, by position. */
  readonly outputNames: readonly string[];
  readonly userNames: ReadonlyMap<Node, string>;
  readonly nameOfInput: (node: Node) => string | undefined;
  readonly allocator: NameAllocator;
  /** The adjoint's name for a stage's name; both must be free. */
  readonly adjointName: (name: string) => string;
  /** Whether a line may hold more than one operation. */
  readonly gates: "joined" | "each";
}

/** Most terms one sum may show on a line. */
const MOST_TERMS = 6;

/** Division as the notes stage it: the reciprocal gate, then a product. Constants divide directly. */
export function splitDivisions(graph: Graph, outputs: readonly Node[]): Map<Node, Node> {
  return transform(outputs, (node, args) => {
    if (node.kind !== "call") return node;
    if (node.op !== "div" || args[1]!.kind === "const") return call(graph, node.op, args);
    const inverse = call(graph, "recip", [args[1]!]);
    return isConstant(args[0]!, 1) ? inverse : call(graph, "mul", [args[0]!, inverse]);
  });
}

/** The stages of a forward pass, in the order of computation. */
export function stage(request: StagingRequest): Stage[] {
  const { outputs, userNames, allocator, adjointName } = request;
  const inlined = request.gates === "each" ? new Set<Node>() : inlinedNodes(outputs, userNames);
  const roles = stageRoles(outputs, inlined);
  const names = new Map<Node, string>();
  const nameOf = (node: Node): string | undefined => names.get(node) ?? request.nameOfInput(node);
  outputs.forEach((output, index) => {
    if (output.kind === "call" && !names.has(output)) names.set(output, request.outputNames[index]!);
  });

  const order = postOrder(outputs).filter((node): node is CallNode => node.kind === "call" && !inlined.has(node));
  for (const node of order) {
    const given = userNames.get(node);
    if (given !== undefined && !names.has(node)) names.set(node, allocator.allocateWith(given, adjointName));
  }
  return order.map((node, index) => {
    let name = names.get(node);
    if (name === undefined) {
      name = allocator.allocateWith(uncapitalise(proposeName(node, roles.get(node), nameOf)), adjointName);
      names.set(node, name);
    }
    return { node, name, number: index + 1 };
  });
}

/** Nodes shown inside the line of their only user: conditions, signs, the terms of a sum, the products of a dot product. */
function inlinedNodes(outputs: readonly Node[], userNames: ReadonlyMap<Node, string>): Set<Node> {
  const uses = useCounts(outputs);
  const inlined = new Set<Node>();
  const mayInline = (node: Node): node is CallNode => node.kind === "call" && uses(node) === 1 && !userNames.has(node);
  const order = postOrder(outputs);

  for (const node of order) {
    if (node.kind !== "call") continue;
    for (const arg of node.args) {
      if (mayInline(arg) && (arg.type.dtype === "boolean" || (arg.op === "neg" && isLeaf(arg.args[0]!)))) inlined.add(arg);
    }
  }
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    if (isSum(node) && !inlined.has(node)) inlineTerms(node, mayInline, inlined);
  }
  return inlined;
}

/** Flattens nested sums below `root` as far as a line allows, and takes in products where they make a dot product. */
function inlineTerms(root: CallNode, mayInline: (node: Node) => node is CallNode, inlined: Set<Node>): void {
  const terms: Node[] = [root];
  for (let at = 0; at < terms.length;) {
    const term = terms[at]!;
    const opens = isSum(term) && (term === root || mayInline(term)) && terms.length < MOST_TERMS;
    if (!opens) {
      at++;
      continue;
    }
    if (term !== root) inlined.add(term);
    terms.splice(at, 1, ...term.args);
  }
  const products = terms.filter((term) => mayInline(term) && term.op === "mul");
  const proper = products.filter(isProperProduct);
  for (const product of products) {
    if (proper.length >= 2 || !proper.includes(product)) inlined.add(product);
  }
}

function stageRoles(outputs: readonly Node[], inlined: ReadonlySet<Node>): Map<Node, StageRole> {
  const order = postOrder(outputs);
  const roles = quotientRoles(order);
  for (const node of order) {
    if (!isSum(node) || inlined.has(node)) continue;
    const terms = sumTerms(node, inlined);
    if (terms.filter((term) => inlined.has(term) && isProperProduct(term)).length >= 2) roles.set(node, "dot");
    else if (terms.length > 2 && !roles.has(node)) roles.set(node, "sum");
  }
  return roles;
}

function sumTerms(node: Node, inlined: ReadonlySet<Node>): Node[] {
  const terms: Node[] = [];
  const pending: Node[] = isSum(node) ? [...node.args].reverse() : [];
  while (pending.length > 0) {
    const term = pending.pop()!;
    if (isSum(term) && inlined.has(term)) pending.push(...[...term.args].reverse());
    else terms.push(term);
  }
  return terms;
}

function isSum(node: Node): node is CallNode {
  return node.kind === "call" && (node.op === "add" || node.op === "sub");
}

function isProperProduct(node: Node): boolean {
  return node.kind === "call" && node.op === "mul" && !node.args.some((arg) => arg.kind === "const");
}

function isLeaf(node: Node): boolean {
  return node.kind !== "call";
}
