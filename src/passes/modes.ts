// What each mode computes, as nodes: gradients, tangents, Jacobians, Hessians, Hessian-vector products. Compositions of the two sweeps.

import type { Graph, Node } from "../ir/graph.ts";
import { forward, reverse } from "./differentiate.ts";

export interface ModeRequest {
  readonly mode: "grad" | "jvp" | "jacobian" | "hessian" | "hvp";
  readonly outputs: readonly Node[];
  readonly wrt: readonly Node[];
  /** For jvp and hvp: the direction, one node per entry of `wrt`. */
  readonly directions: readonly Node[];
  readonly ties: "each" | "split";
}

/** Rows of nodes by what they are: `gradient` has one row, `jacobian` a row per output, `hessian` a row per input. */
export interface Derived {
  readonly kind: "gradient" | "tangent" | "jacobian" | "hessian" | "product";
  readonly rows: readonly (readonly Node[])[];
}

export interface ModeResult {
  readonly outputs: readonly Node[];
  readonly derived: readonly Derived[];
  /** Derivative nodes that belong to a forward node, for naming: `d` + its name. The first forward node wins. */
  readonly adjointOf: ReadonlyMap<Node, Node>;
  /** Likewise tangents: `v` + its name. */
  readonly tangentOf: ReadonlyMap<Node, Node>;
}

export function deriveMode(graph: Graph, request: ModeRequest): ModeResult {
  const adjointOf = new Map<Node, Node>();
  const tangentOf = new Map<Node, Node>();
  const sweeps = { graph, request, adjointOf, tangentOf };
  return { outputs: request.outputs, derived: deriveRows(sweeps), adjointOf, tangentOf };
}

interface Sweeps {
  readonly graph: Graph;
  readonly request: ModeRequest;
  readonly adjointOf: Map<Node, Node>;
  readonly tangentOf: Map<Node, Node>;
}

function deriveRows(sweeps: Sweeps): Derived[] {
  const { request } = sweeps;
  switch (request.mode) {
    case "grad":
      return [{ kind: "gradient", rows: [gradient(sweeps, request.outputs[0]!)] }];
    case "jvp":
      return [{ kind: "tangent", rows: [tangents(sweeps, request.outputs, request.directions)] }];
    case "jacobian":
      return [{ kind: "jacobian", rows: jacobian(sweeps) }];
    case "hessian": {
      const first = gradient(sweeps, request.outputs[0]!);
      return [
        { kind: "gradient", rows: [first] },
        { kind: "hessian", rows: hessian(sweeps, first) },
      ];
    }
    case "hvp": {
      const first = gradient(sweeps, request.outputs[0]!);
      return [
        { kind: "gradient", rows: [first] },
        { kind: "product", rows: [tangents(sweeps, first, request.directions)] },
      ];
    }
  }
}

/** One backward sweep. */
function gradient({ graph, request, adjointOf }: Sweeps, output: Node): Node[] {
  const pass = reverse(graph, new Map([[output, graph.constant(1)]]), request.wrt, { ties: request.ties });
  for (const [node, adjoint] of pass.adjoints)
    if (adjoint.kind === "call" && !adjointOf.has(adjoint)) adjointOf.set(adjoint, node);
  return request.wrt.map((input) => pass.adjoints.get(input) ?? graph.constant(0));
}

/** One forward sweep. */
function tangents(
  { graph, request, tangentOf }: Sweeps,
  roots: readonly Node[],
  directions: readonly (Node | undefined)[],
): Node[] {
  const seeds = new Map<Node, Node>();
  request.wrt.forEach((input, index) => directions[index] && seeds.set(input, directions[index]));
  const all = forward(graph, roots, seeds, request.ties);
  for (const [node, tangent] of all) if (tangent.kind === "call" && !tangentOf.has(tangent)) tangentOf.set(tangent, node);
  return roots.map((root) => all.get(root) ?? graph.constant(0));
}

/** Reverse sweeps, one per output, or forward sweeps, one per input: whichever are fewer. */
function jacobian(sweeps: Sweeps): Node[][] {
  const { outputs, wrt } = sweeps.request;
  if (outputs.length <= wrt.length) return outputs.map((output) => gradient({ ...sweeps, adjointOf: new Map() }, output));
  const columns = wrt.map((_, index) => tangents({ ...sweeps, tangentOf: new Map() }, outputs, unitDirection(sweeps, index)));
  return outputs.map((_, row) => columns.map((column) => column[row]!));
}

/** Forward over reverse: a forward sweep through the gradient for each input; the lower triangle mirrors the upper. */
function hessian(sweeps: Sweeps, first: readonly Node[]): Node[][] {
  const rows = first.map((): Node[] => []);
  first.forEach((_, column) => {
    const upper = tangents({ ...sweeps, tangentOf: new Map() }, first.slice(0, column + 1), unitDirection(sweeps, column));
    upper.forEach((node, row) => {
      rows[row]![column] = node;
      rows[column]![row] = node;
    });
  });
  return rows;
}

/** The direction along one input alone: the others have no tangent, which is cheaper than one that is zero. */
function unitDirection({ graph, request }: Sweeps, index: number): (Node | undefined)[] {
  return request.wrt.map((_, at) => (at === index ? graph.constant(1) : undefined));
}

/** The same results after `outputs` and rows went through a rewriting that `after` describes. */
export function mapMode(result: ModeResult, after: (node: Node) => Node): ModeResult {
  const mapKeys = (map: ReadonlyMap<Node, Node>): Map<Node, Node> => {
    const mapped = new Map<Node, Node>();
    for (const [key, value] of map) if (!mapped.has(after(key))) mapped.set(after(key), after(value));
    return mapped;
  };
  return {
    outputs: result.outputs.map(after),
    derived: result.derived.map(({ kind, rows }) => ({ kind, rows: rows.map((row) => row.map(after)) })),
    adjointOf: mapKeys(result.adjointOf),
    tangentOf: mapKeys(result.tangentOf),
  };
}

/** Every node a result is made of. */
export function rootsOf(result: ModeResult): Node[] {
  return [...result.outputs, ...result.derived.flatMap(({ rows }) => rows.flat())];
}
