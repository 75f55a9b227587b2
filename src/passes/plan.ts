// The Plan of a staged gradient: named forward stages, backward lines for a seed of 1 and for any seed, and what forward must keep.

import type { NameAllocator } from "../core/words.ts";
import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { postOrder, useCounts } from "../ir/walk.ts";
import { logSumExpRoles, proposeName } from "./names.ts";
import { planBackward, type BackwardLine, type BackwardPlan } from "./backward.ts";
import { expand } from "./expand.ts";
import { splitDivisions, stage, type Stage } from "./stage.ts";

export interface StagedPlan {
  /** Forward lines in order; a `help` line belongs to the stage that follows and has no adjoint of its own. */
  readonly forward: readonly { readonly stage: Stage; readonly node: Node; readonly name: string; readonly help: boolean }[];
  /** The first help line of each stage that has some. */
  readonly firstHelp: ReadonlySet<Node>;
  readonly output: Node;
  /** Both passes in one function, seed 1. */
  readonly grad: BackwardPlan;
  /** The backward function, seed `df`. */
  readonly backward: BackwardPlan;
  /** Variables of forward lines, inputs and adjoints by node. */
  readonly names: ReadonlyMap<Node, string>;
  /** Inputs and forward lines that the backward function reads. */
  readonly kept: readonly Node[];
  readonly seedName: string;
}

export interface StagedRequest {
  readonly output: Node;
  readonly outputName: string;
  readonly userNames: ReadonlyMap<Node, string>;
  /** All inputs with their variable names. */
  readonly inputs: ReadonlyMap<Node, string>;
  readonly wrt: readonly Node[];
  readonly allocator: NameAllocator;
  readonly adjointName: (name: string) => string;
  readonly ties: "each" | "split";
  readonly gates: "joined" | "each";
}

/** Plans the staged style for one scalar output. */
export function planStaged(graph: Graph, request: StagedRequest): StagedPlan {
  const split = splitDivisions(graph, [request.output]);
  const output = split.get(request.output)!;
  const userNames = new Map(
    [...request.userNames].flatMap(([node, name]) => (split.has(node) ? [[split.get(node)!, name]] : [])),
  );
  const stages = stage({
    outputs: [output],
    outputNames: [request.outputName],
    userNames,
    nameOfInput: (node) => request.inputs.get(node),
    allocator: request.allocator,
    adjointName: request.adjointName,
    gates: request.gates,
  });
  const seedName = request.adjointName(request.outputName);
  const seed = graph.input(`adjoint of ${output.id}`);
  const plan = (seedNode: Node): BackwardPlan =>
    planBackward(graph, { stages, output, seed: seedNode, wrt: request.wrt, ties: request.ties });
  return finish(graph, request, { stages, output, seedName, seed, grad: plan(graph.constant(1)), backward: plan(seed) });
}

interface Draft {
  readonly stages: readonly Stage[];
  readonly output: Node;
  readonly seedName: string;
  readonly seed: Node;
  readonly grad: BackwardPlan;
  readonly backward: BackwardPlan;
}

/** Writes out what has no one-line form (log-sum-exp), names everything, finds what the backward function reads. */
function finish(graph: Graph, request: StagedRequest, draft: Draft): StagedPlan {
  const values = [...draft.grad.lines, ...draft.backward.lines].map((line) => line.value);
  const roots = [...draft.stages.map((each) => each.node), ...values];
  const written = expand(graph, roots);
  const after = (node: Node): Node => written.get(node) ?? node;

  const names = new Map<Node, string>(request.inputs);
  for (const each of draft.stages) names.set(each.node, each.name).set(after(each.node), each.name);
  for (const [node, variable] of [...draft.grad.variables, ...draft.backward.variables]) {
    names.set(variable, request.adjointName(names.get(after(node))!));
  }
  names.set(draft.seed, draft.seedName);

  const forward = withHelp(draft.stages, roots, after, names, request.allocator);
  const rewriteLines = (plan: BackwardPlan): BackwardPlan => ({
    ...plan,
    lines: plan.lines.map((line): BackwardLine => ({ ...line, value: after(line.value) })),
  });
  const backward = rewriteLines(draft.backward);
  return {
    forward,
    firstHelp: new Set(
      forward.filter((line, index) => line.help && forward[index - 1]?.stage !== line.stage).map((line) => line.node),
    ),
    output: after(draft.output),
    grad: rewriteLines(draft.grad),
    backward,
    names,
    kept: keptNodes(backward, [...request.inputs.keys(), ...forward.map((line) => line.node)], names),
    seedName: draft.seedName,
  };
}

/** Forward lines: each stage, and before it those parts of it, new in writing out, that more than one line reads. */
function withHelp(
  stages: readonly Stage[],
  roots: readonly Node[],
  after: (node: Node) => Node,
  names: Map<Node, string>,
  allocator: NameAllocator,
): StagedPlan["forward"] {
  const original = new Set(postOrder(roots));
  const changed = roots.some((root) => after(root) !== root);
  if (!changed) return stages.map((each) => ({ stage: each, node: each.node, name: each.name, help: false }));
  const uses = useCounts(roots.map(after));
  return stages.flatMap((each) => {
    const parts = after(each.node) === each.node ? [] : postOrder([after(each.node)]);
    const roles = logSumExpRoles(parts);
    const help = parts.filter(
      (part): part is CallNode => part.kind === "call" && !names.has(part) && !original.has(part) && uses(part) > 1,
    );
    const lines = help.map((node) => {
      const name = allocator.allocate(proposeName(node, roles.get(node), (operand) => names.get(operand)));
      names.set(node, name);
      return { stage: each, node, name, help: true };
    });
    return [...lines, { stage: each, node: after(each.node), name: each.name, help: false }];
  });
}

function keptNodes(backward: BackwardPlan, candidates: readonly Node[], names: ReadonlyMap<Node, string>): Node[] {
  const read = new Set<Node>();
  const pending: Node[] = [...backward.lines.map((line) => line.value), ...backward.results.filter((node) => node !== undefined)];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (read.has(node)) continue;
    read.add(node);
    if (node.kind === "call" && !names.has(node)) pending.push(...node.args);
  }
  return candidates.filter((node) => read.has(node));
}
