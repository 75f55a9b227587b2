// The inputs of a network: their section of the spec, as input nodes.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { dimSymbols } from "../../ir/dims.ts";
import type { Graph, InputNode } from "../../ir/graph.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import { postOrder } from "../../ir/walk.ts";
import type { Node } from "../../ir/graph.ts";
import type { FunctionInput } from "../source.ts";
import { isName, readName, reportName } from "./names.ts";
import { check, didYouMean, foundText } from "./problems.ts";
import { headOf, type SpecEntry, type SpecMap, type SpecNode } from "./read.ts";
import { DIM_NAME, input as inputSchema } from "./schema.ts";

export interface NetworkInput {
  readonly name: string;
  /** None where its type could not be read. */
  readonly node: InputNode | undefined;
  readonly below: number | undefined;
  readonly span: Span;
  /** Where `below` stands, else the name. */
  readonly place: Span;
}

/** In order. One without a node stands for an input that was meant, and was reported. */
export function readInputs(root: SpecMap, graph: Graph, reporter: Reporter): readonly NetworkInput[] {
  const short = root.entries.get("input");
  const long = root.entries.get("inputs");
  if (short !== undefined && long !== undefined)
    reporter.report("WG1416", long.key, { problem: "'input' is short for 'inputs'; give one of them" });
  if (long !== undefined) return readAll(long, graph, reporter);
  if (short !== undefined) return [readInput("X", short, graph, reporter)];
  reporter.report("WG1411", headOf(root), { owner: "a network", name: "input" }, "as in `input: [batch, 784]`");
  return [];
}

function readAll({ node }: SpecEntry, graph: Graph, reporter: Reporter): NetworkInput[] {
  if (node.kind !== "map" || node.entries.size === 0) {
    const found = node.kind === "map" ? "an empty one" : foundText(node);
    reporter.report("WG1412", node.span, { name: "'inputs'", wanted: "a mapping of names to shapes", found });
    return [];
  }
  return [...node.entries].map(([name, entry]) => {
    readName({ kind: "scalar", value: name, span: entry.key, size: 1 }, "an input", reporter);
    return readInput(name, entry, graph, reporter);
  });
}

function readInput(name: string, { key, node }: SpecEntry, graph: Graph, reporter: Reporter): NetworkInput {
  const subject = { name: `'${name}'`, span: key };
  const read = check(inputSchema, node, subject, reporter);
  const broken = { name, node: undefined, below: undefined, span: key, place: key };
  if (read === undefined) return broken;
  const { shape, dtype = "real", below } = Array.isArray(read) ? { shape: read } : read;
  const belowEntry = node.kind === "map" ? node.entries.get("below") : undefined;
  if (belowEntry !== undefined && dtype !== "integer") {
    reporter.report("WG1413", belowEntry.key, { problem: `'below' is for integers, and '${name}' is ${dtype}` });
  }
  const dims = node.kind === "map" ? node.entries.get("shape")!.node : node;
  if (!checkDims(dims, reporter) || !isName(name)) return broken;
  const type: TensorType = { dtype, shape };
  return { name, node: graph.input(name, type), below, span: key, place: belowEntry?.node.span ?? key };
}

/** Dimensions become names in the output too. */
function checkDims(shape: SpecNode, reporter: Reporter): boolean {
  let isGood = true;
  for (const { value, span } of shape.kind === "list" ? shape.items : []) {
    if (typeof value !== "string" || isName(value)) continue;
    reportName(value, span, reporter);
    isGood = false;
  }
  return isGood;
}

/** Sizes for checking, of dimensions that occur. */
export function readSizes(
  entry: SpecEntry | undefined,
  sizes: Readonly<Record<string, number>>,
  inputs: readonly NetworkInput[],
  reporter: Reporter,
): ReadonlyMap<string, number> {
  if (entry === undefined) return new Map();
  const shapes = inputs.flatMap(({ node }): readonly Dim[] => node?.type.shape ?? []);
  const known = new Set(shapes.flatMap(dimSymbols));
  for (const [name, { key }] of entry.node.kind === "map" ? entry.node.entries : []) {
    if (!known.has(name) && DIM_NAME.test(name) && inputs.every(({ node }) => node !== undefined))
      reporter.report("WG1433", key, { name }, didYouMean(name, known));
  }
  return new Map(Object.entries(sizes).filter(([name]) => known.has(name)));
}

/** Which argument holds indices, and what they must stay below. */
const INDEX_OPS: Readonly<Record<string, (args: readonly Node[]) => Dim | undefined>> = {
  gather: ([table]) => table?.type.shape[0],
  pick: ([x]) => x?.type.shape.at(-1),
};

/** Inputs as functions take them: those that `roots` need. Integers get the bound that the tables they index set. */
export function functionInputs(inputs: readonly NetworkInput[], roots: readonly Node[], reporter: Reporter): FunctionInput[] {
  const nodes = postOrder(roots);
  const used = new Set<Node>(nodes);
  const bounds = new Map<Node, number>();
  for (const node of nodes) {
    const bound = node.kind === "call" ? INDEX_OPS[node.op]?.(node.args) : undefined;
    const indices = node.kind === "call" ? node.args[1] : undefined;
    if (typeof bound === "number" && indices?.kind === "input")
      bounds.set(indices, Math.min(bound, bounds.get(indices) ?? Infinity));
  }
  return inputs.flatMap(({ name, node, below, span, place }) => {
    if (node === undefined) return [];
    if (!used.has(node)) {
      reporter.report("WG1117", span, { name });
      return [];
    }
    const bound = bounds.get(node);
    if (bound !== undefined && below !== undefined && below > bound) {
      reporter.report("WG1413", place, { problem: `'${name}' goes up to ${below - 1}, and indexes a table of ${bound} rows` });
    }
    const limit = below ?? bound;
    const role = node.type.dtype === "real" ? "input" : "const";
    return [{ name, node, role, ...(limit !== undefined && { below: limit }), span }];
  });
}
