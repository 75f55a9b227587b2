// The Plan of a computation over tensors: which nodes are lines, in which order, what they are called; backward lines with the sum at a fork
// visible; what forward must keep.

import type { NameAllocator } from "../core/words.ts";
import { sameShape } from "../ir/dims.ts";
import type { CallNode, Graph, InputNode, Node } from "../ir/graph.ts";
import { postOrder, useCounts } from "../ir/walk.ts";
import { broadcastTo, call } from "../ops/build.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { backwardRules } from "../rules/all.ts";
import { ownersOf } from "./backward.ts";
import { reverse, type Contribution } from "./differentiate.ts";
import { rewrite } from "./simplify.ts";
import type { Stage } from "./stage.ts";
import { proposeTensorName } from "./tensor-names.ts";

export interface TensorBackwardLine {
  /** Whose adjoint; for a help line the node itself. */
  readonly target: Node;
  readonly name: string;
  /** `set`: the first contribution; `grow`: a later one; `help`: a part that several lines read. */
  readonly action: "set" | "grow" | "help";
  /** More contributions follow. */
  readonly grows: boolean;
  readonly value: Node;
  /** The stage stepped back through; undefined for help lines. */
  readonly stage: Stage | undefined;
  readonly from: CallNode | undefined;
}

export interface TensorPlan {
  readonly stages: readonly Stage[];
  readonly outputs: readonly Node[];
  readonly backward: readonly TensorBackwardLine[];
  /** The complete adjoint of each input asked for; undefined where nothing flows. */
  readonly results: readonly (Node | undefined)[];
  /** Of every node that gets one, also of those whose adjoint has no line. */
  readonly adjoints: ReadonlyMap<Node, Node>;
  /** Variables of inputs and stages: what forward lines may read. */
  readonly forwardNames: ReadonlyMap<Node, string>;
  /** Variables of inputs, stages, adjoints, seeds and help lines: what backward lines may read. */
  readonly names: ReadonlyMap<Node, string>;
  /** Inputs and stages that backward lines read. */
  readonly kept: readonly Node[];
}

export interface TensorPlanRequest {
  readonly outputs: readonly Node[];
  readonly outputNames: readonly string[];
  readonly userNames: ReadonlyMap<Node, string>;
  readonly inputs: ReadonlyMap<Node, string>;
  readonly wrt: readonly Node[];
  /** The adjoints that arrive at outputs. */
  readonly seeds: ReadonlyMap<Node, Node>;
  readonly seedNames: ReadonlyMap<Node, string>;
  readonly allocator: NameAllocator;
  readonly adjointName: (name: string) => string;
  readonly ties: "each" | "split";
  /** Whether a name for the same elements in another shape is a line. */
  readonly keepViews: boolean;
}

export function planTensors(graph: Graph, request: TensorPlanRequest): TensorPlan {
  const names = new Map<Node, string>([...request.inputs, ...request.seedNames]);
  const stages = nameStages(request, names);
  const forwardNames = new Map(names);
  const stageOf = new Map<Node, Stage>(stages.map((stage) => [stage.node, stage]));
  const holders = new Set<Node>([...stageOf.keys(), ...request.wrt]);
  const variables = new Map<Node, InputNode>();
  const inputs = new Set<Node>(request.wrt);
  const variableFor = (node: Node, sum: Node): InputNode | undefined => {
    if (!holders.has(node) || (!inputs.has(node) && isHandedOn(sum))) return undefined;
    let variable = variables.get(node);
    if (variable === undefined)
      variables.set(node, (variable = graph.input(`adjoint of ${node.id}`, { dtype: "real", shape: node.type.shape })));
    return variable;
  };
  const pass = reverse(graph, request.seeds, request.wrt, { ties: request.ties, variableFor });
  const contributions = orderContributions(
    mergeParts(
      graph,
      pass.contributions.filter(({ target }) => variables.has(target)),
    ),
    ownersOf(stages),
  );
  for (const [node, variable] of variables) names.set(variable, request.adjointName(names.get(node)!));
  const values = simplify(graph, contributions, request.outputs, [...request.inputs.keys()]);
  const backward = writeLines({ contributions, values, owners: ownersOf(stages), names, request });
  const results = request.wrt.map((input) => pass.adjoints.get(input));
  return {
    stages,
    outputs: request.outputs,
    backward,
    results,
    adjoints: pass.adjoints,
    forwardNames,
    names,
    kept: keptNodes(backward, results, request, stages, names),
  };
}

/** An adjoint that is another one as it stands, or a smaller one stretched: formulas read it without a name of its own. */
function isHandedOn(sum: Node): boolean {
  return sum.kind !== "call" || sum.op === "broadcast" || (sum.op === "reshape" && isHandedOn(sum.args[0]!));
}

/** Lines of the forward pass: what has a user's name, and everything but views, conditions, signs and simple scalars. */
function nameStages(request: TensorPlanRequest, names: Map<Node, string>): Stage[] {
  const { outputs, allocator, adjointName } = request;
  const given = namesBehindViews(outputs, request.userNames, request.keepViews);
  const lines = chooseLines(outputs, new Set([...given.keys(), ...outputs]));
  outputs.forEach((output, index) => output.kind === "call" && given.set(output, request.outputNames[index]!));
  outputs.forEach((output) => {
    if (output.kind === "call" && !names.has(output)) names.set(output, given.get(output)!);
  });
  for (const node of lines) {
    const name = given.get(node);
    if (name !== undefined && !names.has(node)) names.set(node, allocator.allocateWith(name, adjointName));
  }
  return lines.map((node, index) => {
    let name = names.get(node);
    if (name === undefined)
      names.set(
        node,
        (name = allocator.allocateWith(
          proposeTensorName(node, (each) => names.get(each)),
          adjointName,
        )),
      );
    return { node, name, number: index + 1 };
  });
}

/** A name given to a view of something nameless goes to that: `right = reshape(pick(s, y), [n, 1])` is one line. */
export function namesBehindViews(
  outputs: readonly Node[],
  names: ReadonlyMap<Node, string>,
  keepViews: boolean,
): Map<Node, string> {
  const uses = useCounts(outputs);
  const given = new Map<Node, string>();
  for (const [node, name] of names) {
    const inner = node.kind === "call" && node.op === "reshape" && !outputs.includes(node) ? node.args[0]! : undefined;
    const isOwn = inner !== undefined && (uses(inner) === 1 || !keepViews);
    const takes = isOwn && inner.kind === "call" && !names.has(inner) && inner.type.shape.length > 0;
    if (takes) given.set(inner, name);
    else if (inner === undefined || keepViews) given.set(node, name);
  }
  return given;
}

/** Calls among what `roots` need that get a variable, in order. */
export function chooseLines(roots: readonly Node[], wanted: ReadonlySet<Node>): CallNode[] {
  const uses = useCounts(roots);
  const order = postOrder(roots);
  const folded = foldedInto(order);
  return order.filter((node): node is CallNode => {
    if (node.kind !== "call") return false;
    if (wanted.has(node)) return true;
    if (node.type.dtype === "boolean" || isView(node)) return false;
    if (node.op === "size") return false;
    if (uses(node) > 1) return true;
    return node.op !== "neg" && !isSimpleScalar(node) && !folded.has(node);
  });
}

/** What is shown in the line of its only reader: sums that become means, and steps with a number (`x + 1`, `0.5 * x`) inside a formula. */
function foldedInto(nodes: readonly Node[]): Set<Node> {
  const found = sharesIn(nodes);
  for (const node of nodes) {
    if (node.kind !== "call" || tensorOps.has(node.op) || node.type.dtype === "boolean") continue;
    for (const arg of node.args) {
      if (isStepWithNumber(arg) && arg.type.shape.length === node.type.shape.length && !isGate(node)) found.add(arg);
      if (partOf(arg) !== undefined) found.add(partOf(arg)!);
    }
  }
  return found;
}

/** A part of a tensor, perhaps in another shape: shown where it is read. */
function partOf(node: Node): CallNode | undefined {
  if (node.kind !== "call") return undefined;
  return node.op === "slice" ? node : node.op === "reshape" ? partOf(node.args[0]!) : undefined;
}

function isStepWithNumber(node: Node): boolean {
  if (node.kind !== "call" || !STEPS.has(node.op)) return false;
  const isNumber = (arg: Node): boolean => arg.kind === "const" || (arg.kind === "call" && arg.op === "size");
  return node.args.filter((arg) => !isNumber(arg)).length === 1;
}

const STEPS = new Set(["add", "sub", "mul", "div"]);

/** Activations stand alone, so that what enters them has a name. */
function isGate(node: CallNode): boolean {
  return opNamed(node.op).family === "activation";
}

/** Sums that are divided by a size or multiplied by a number in the line that reads them: a mean is one gate. */
function sharesIn(nodes: readonly Node[]): Set<Node> {
  const found = new Set<Node>();
  for (const node of nodes) {
    if (node.kind !== "call" || (node.op !== "div" && node.op !== "mul")) continue;
    const [a, b] = node.args as [Node, Node];
    const isFactor = (arg: Node): boolean => arg.kind === "const" || (arg.kind === "call" && arg.op === "size");
    const isSum = (arg: Node): boolean => arg.kind === "call" && arg.op === "sum";
    if (isFactor(b) && isSum(a)) found.add(a);
    if (node.op === "mul" && isFactor(a) && isSum(b)) found.add(b);
  }
  return found;
}

/** Shown inside the line that uses it: the same elements, or the same element many times. */
export function isView(node: CallNode): boolean {
  return node.op === "reshape" || node.op === "broadcast";
}

/** Arithmetic of a scalar with a number or a size: `sum / n`. */
function isSimpleScalar(node: CallNode): boolean {
  if (node.type.shape.length > 0 || !STEPS.has(node.op)) return false;
  const isPlain = (arg: Node): boolean => arg.kind !== "call" || arg.op === "size";
  return node.args.length <= 2 && node.args.every(isPlain);
}

/** Where a tensor is only read in parts, its adjoint is put together in one line: the contributions to it as one sum, in the last one's place. */
function mergeParts(graph: Graph, contributions: readonly Contribution[]): Contribution[] {
  const perTarget = new Map<Node, Contribution[]>();
  for (const each of contributions) perTarget.set(each.target, [...(perTarget.get(each.target) ?? []), each]);
  const isPart = ({ value }: Contribution): boolean => value.kind === "call" && value.op === "unslice";
  return contributions.flatMap((each) => {
    const group = perTarget.get(each.target)!;
    if (group.length === 1 || !group.every(isPart)) return [each];
    if (each !== group.at(-1)) return [];
    return [{ ...each, value: group.map(({ value }) => value).reduce((sum, value) => call(graph, "add", [sum, value])) }];
  });
}

type Owners = ReadonlyMap<Node, Stage>;

/** Last stage first; within a stage as the sweep made them. */
function orderContributions(contributions: readonly Contribution[], owners: Owners): Contribution[] {
  return contributions
    .map((contribution, index) => ({ contribution, number: owners.get(contribution.from)!.number, index }))
    .sort((a, b) => b.number - a.number || a.index - b.index)
    .map(({ contribution }) => contribution);
}

function simplify(
  graph: Graph,
  contributions: readonly Contribution[],
  outputs: readonly Node[],
  inputs: readonly Node[],
): Node[] {
  const roots = contributions.map(({ value }) => value);
  const domains = inputs.filter((node): node is InputNode => node.kind === "input").map((node) => ({ node }));
  const { replaced } = rewrite(graph, roots, { rules: backwardRules, inputs: domains, frozen: new Set(postOrder(outputs)) });
  return contributions.map(({ value, target }) => stretched(graph, replaced.get(value) ?? value, target));
}

function stretched(graph: Graph, value: Node, target: Node): Node {
  return sameShape(value.type.shape, target.type.shape) ? value : broadcastTo(graph, value, target.type.shape);
}

interface LineInput {
  readonly contributions: readonly Contribution[];
  readonly values: readonly Node[];
  readonly owners: Owners;
  readonly names: Map<Node, string>;
  readonly request: TensorPlanRequest;
}

function writeLines({ contributions, values, owners, names, request }: LineInput): TensorBackwardLine[] {
  const left = new Map<Node, number>();
  for (const { target } of contributions) left.set(target, (left.get(target) ?? 0) + 1);
  const help = new Set([...sharedParts(values, names), ...scalarsInFormulas(values, names)]);
  const lines: TensorBackwardLine[] = [];
  const started = new Set<Node>();
  // Within a stage, a value that others are made of comes first.
  const order = contributions.map((_, index) => index);
  const rank = (index: number): number => (help.has(values[index]!) ? 0 : 1);
  order.sort(
    (a, b) =>
      owners.get(contributions[b]!.from)!.number - owners.get(contributions[a]!.from)!.number || rank(a) - rank(b) || a - b,
  );
  for (const index of order) {
    const { target, from } = contributions[index]!;
    const value = values[index]!;
    const stage = owners.get(from)!;
    const isWhole = !started.has(target) && left.get(target) === 1;
    for (const node of postOrder([value])) {
      if (node.kind !== "call" || !help.has(node) || names.has(node) || (node === value && isWhole)) continue;
      const name = request.allocator.allocate(proposeTensorName(node, (each) => names.get(each)));
      names.set(node, name);
      lines.push({ target: node, name, action: "help", grows: false, value: node, stage, from: undefined });
    }
    left.set(target, left.get(target)! - 1);
    const grows = left.get(target)! > 0;
    const name = request.adjointName(names.get(target)!);
    lines.push({ target, name, action: started.has(target) ? "grow" : "set", grows, value, stage, from });
    if (isWhole && help.has(value) && !names.has(value)) names.set(value, name);
    started.add(target);
  }
  return lines;
}

/** Scalars that a kernel computes and a formula over elements reads: computed once, not for each element. */
export function scalarsInFormulas(roots: readonly Node[], names: ReadonlyMap<Node, string>): Set<Node> {
  const found = new Set<Node>();
  for (const node of postOrder(roots)) {
    if (node.kind !== "call" || node.type.shape.length === 0 || (tensorOps.has(node.op) && node.op !== "broadcast")) continue;
    for (const arg of node.args) if (arg.type.shape.length === 0 && hasKernel(arg, names)) found.add(arg);
  }
  return found;
}

function hasKernel(node: Node, names: ReadonlyMap<Node, string>): boolean {
  if (node.kind !== "call" || names.has(node) || node.op === "size") return false;
  return (tensorOps.has(node.op) && !isView(node)) || node.args.some((arg) => hasKernel(arg, names));
}

/** Parts of several backward values that would be computed more than once: kernels' results, not what is free or cheap. */
function sharedParts(values: readonly Node[], names: ReadonlyMap<Node, string>): Set<Node> {
  const counts = new Map<Node, number>();
  for (const value of values) {
    const pending: Node[] = [value];
    const seen = new Set<Node>();
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node.kind !== "call" || names.has(node)) continue;
      counts.set(node, (counts.get(node) ?? 0) + 1);
      if (seen.has(node)) continue;
      seen.add(node);
      pending.push(...node.args);
    }
  }
  const shared = new Set<Node>();
  for (const [node, count] of counts) {
    if (count > 1 && node.kind === "call" && !isView(node) && isCostly(node)) shared.add(node);
  }
  return shared;
}

function isCostly(node: CallNode): boolean {
  if (node.type.dtype === "boolean" || node.op === "size" || node.op === "neg") return false;
  return tensorOps.has(node.op) || opNamed(node.op).operations > 2;
}

function keptNodes(
  backward: readonly TensorBackwardLine[],
  results: readonly (Node | undefined)[],
  request: TensorPlanRequest,
  stages: readonly Stage[],
  names: ReadonlyMap<Node, string>,
): Node[] {
  const read = new Set<Node>();
  const lines = new Set<Node>(backward.filter((line) => line.action !== "grow").map((line) => line.value));
  const pending: Node[] = [...backward.map((line) => line.value), ...results.filter((node) => node !== undefined)];
  const expanded = new Set<Node>();
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (!lines.has(node) || names.get(node) === undefined) read.add(node);
    if (node.kind !== "call" || expanded.has(node)) continue;
    expanded.add(node);
    if (names.has(node) && !lines.has(node)) continue;
    pending.push(...node.args);
  }
  return [...request.inputs.keys(), ...stages.map((stage) => stage.node)].filter((node) => read.has(node));
}
