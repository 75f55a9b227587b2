// The backward pass as lines: which adjoint is set, which grows, what each line cites.

import type { Graph, InputNode, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { reverse } from "./differentiate.ts";
import type { Stage } from "./stage.ts";

export interface BackwardLine {
  /** Whose adjoint: a stage's node or an input. */
  readonly target: Node;
  /** `set`: the only contribution. `start`, `grow`: the first and later ones where the target forks. */
  readonly action: "set" | "start" | "grow";
  readonly value: Node;
  /** The forward stage stepped back through. */
  readonly stage: Stage;
  /** The forward op that made this contribution; differs from the stage's own where it is shown inside the stage's line. */
  readonly from: Node;
}

export interface BackwardPlan {
  readonly lines: readonly BackwardLine[];
  /** The adjoint variable of each stage or input that has one, as a node that values mention. */
  readonly variables: ReadonlyMap<Node, InputNode>;
  /** The complete adjoint of each input asked for: its variable, a seed, or undefined where nothing flows. */
  readonly results: readonly (Node | undefined)[];
}

export interface BackwardRequest {
  readonly stages: readonly Stage[];
  readonly output: Node;
  readonly seed: Node;
  readonly wrt: readonly Node[];
  readonly ties: "each" | "split";
}

/** Steps back through `stages`; the sum at a fork stays visible as lines that add up. */
export function planBackward(graph: Graph, request: BackwardRequest): BackwardPlan {
  const { stages, output, seed, wrt } = request;
  const holders = new Set<Node>([...stages.map((stage) => stage.node), ...wrt]);
  const variables = new Map<Node, InputNode>();
  const variableFor = (node: Node): InputNode | undefined => {
    if (!holders.has(node)) return undefined;
    let variable = variables.get(node);
    if (variable === undefined) variables.set(node, (variable = graph.input(`adjoint of ${node.id}`)));
    return variable;
  };
  const pass = reverse(graph, new Map([[output, seed]]), wrt, { ties: request.ties, variableFor });
  return {
    lines: orderLines(
      pass.contributions.filter((contribution) => holders.has(contribution.target)),
      stages,
      output,
    ),
    variables,
    results: wrt.map((input) => pass.adjoints.get(input)),
  };
}

type Contribution = ReturnType<typeof reverse>["contributions"][number];

/** Last stage first; within one stage its operands from left to right. */
function orderLines(contributions: readonly Contribution[], stages: readonly Stage[], output: Node): BackwardLine[] {
  const position = new Map(postOrder([output]).map((node, index) => [node, index]));
  const owner = ownersOf(stages);
  const keyed = contributions.map((contribution, index) => ({ contribution, stage: owner.get(contribution.from)!, index }));
  keyed.sort(
    (a, b) =>
      b.stage.number - a.stage.number ||
      position.get(a.contribution.from)! - position.get(b.contribution.from)! ||
      a.index - b.index,
  );
  const total = new Map<Node, number>();
  for (const { contribution } of keyed) total.set(contribution.target, (total.get(contribution.target) ?? 0) + 1);
  const started = new Set<Node>();
  return keyed.map(({ contribution, stage }) => {
    const { target, value, from } = contribution;
    const action = total.get(target) === 1 ? "set" : started.has(target) ? "grow" : "start";
    started.add(target);
    return { target, action, value, stage, from };
  });
}

/** The stage in whose line each forward op is shown. */
export function ownersOf(stages: readonly Stage[]): Map<Node, Stage> {
  const owner = new Map<Node, Stage>(stages.map((stage) => [stage.node, stage]));
  for (const stage of stages) {
    const pending: Node[] = [stage.node];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node.kind !== "call") continue;
      for (const arg of node.args) {
        if (owner.has(arg)) continue;
        owner.set(arg, stage);
        pending.push(arg);
      }
    }
  }
  return owner;
}
