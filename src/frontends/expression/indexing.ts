// `A[2, :]`, `x[1:2:end]`, `E[y, :]`: parts of a tensor. As in mathjs: written indices count from 1, ranges hold their end, a single
// index drops its axis. Integer inputs as indices count from 0, as class indices in data do.

import { addDims, dimText, divideDims, sameShape, subtractDims } from "../../ir/dims.ts";
import type { Graph, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";
import type { Conversion, Value } from "./convert.ts";
import { describe, type Operand } from "./operand.ts";
import { sizeNode, sizeOf } from "./sizes.ts";
import { argumentsOf, type IndexAxis, type Syntax } from "./syntax.ts";

type IndexSyntax = Extract<Syntax, { kind: "index" }>;

/** What is taken of one axis. */
type Taken =
  | { readonly kind: "range"; readonly start: Dim; readonly step: number; readonly count: Dim; readonly drops: boolean }
  | { readonly kind: "list"; readonly positions: readonly number[] }
  | { readonly kind: "gather"; readonly indices: Node };

const MOST_LISTED = 1000;

/** The value of an index expression, given those of its object and of the parts of its indices. */
export function buildIndex(syntax: IndexSyntax, values: readonly Value[], conversion: Conversion): Value {
  const [node, ...parts] = values;
  if (node === undefined) return undefined;
  const object: Operand = { node, syntax: argumentsOf(syntax)[0]! };
  const { shape } = node.type;
  if (shape.length === 0) return reportScalar(object, syntax, conversion);
  if (shape.length !== syntax.axes.length) return reportCount(object, syntax, conversion);
  if (parts.some((part) => part === undefined)) return undefined;
  const taken = readAxes(object, syntax, parts as readonly Node[], conversion); // none is undefined, as said above
  return taken === undefined ? undefined : take(node, taken, syntax, conversion);
}

/** What `end` is: the size of the axis that is being indexed. */
export function endValue(syntax: IndexSyntax, values: readonly Value[], { graph, sizes }: Conversion): Value {
  let part = values.length - 1;
  const axis = syntax.axes.findIndex(({ parts }) => (part -= parts.length) < 0);
  const dim = values[0]?.type.shape[axis];
  return dim === undefined ? undefined : sizeNode(dim, graph, sizes);
}

function reportScalar(object: Operand, syntax: IndexSyntax, { reporter }: Conversion): undefined {
  const isName = object.syntax.kind === "name";
  reporter.report(
    "WG1203",
    syntax.span,
    {},
    isName ? `declare its shape if it has one: 'param ${nameOf(object)} [3]'` : undefined,
  );
}

function nameOf({ syntax }: Operand): string {
  return syntax.kind === "name" ? syntax.name : "x";
}

function reportCount(object: Operand, syntax: IndexSyntax, conversion: Conversion): undefined {
  const rank = object.node.type.shape.length;
  const count = syntax.axes.length;
  const values = { operand: describe(object, conversion), wanted: rank === 1 ? "one index" : `${rank} indices`, count };
  const all = `${nameOf(object)}[${Array(rank).fill(":").fill("1", 0, 1).join(", ")}]`;
  conversion.reporter.report("WG1226", syntax.span, values, rank === 1 ? undefined : `write '${all}' for all of its first row`);
}

function readAxes(object: Operand, syntax: IndexSyntax, parts: readonly Node[], conversion: Conversion): Taken[] | undefined {
  const taken: (Taken | undefined)[] = [];
  let at = 0;
  for (const [axis, index] of syntax.axes.entries()) {
    const own = parts.slice(at, (at += index.parts.length));
    const dim = object.node.type.shape[axis]!;
    const problem = (text: string, code: "WG1227" | "WG1228" | "WG1229"): undefined => {
      conversion.reporter.report(code, index.span, { problem: text, operand: describe(object, conversion) });
    };
    taken.push(
      index.parts[0] === "at" ? readSingle(own[0]!, dim, problem, conversion) : readRange(index, own, dim, problem, conversion),
    );
  }
  const gathers = taken.filter((one) => one?.kind === "gather").length;
  if (gathers > 1)
    conversion.reporter.report(
      "WG1227",
      syntax.span,
      { problem: "only one axis can be indexed by data" },
      "write 'pick(A, y)' to take one element of each row",
    );
  return gathers > 1 || taken.includes(undefined) ? undefined : (taken as Taken[]); // no undefined among them
}

type ReportProblem = (problem: string, code: "WG1227" | "WG1228" | "WG1229") => undefined;

function readSingle(node: Node, dim: Dim, problem: ReportProblem, { sizes, entries }: Conversion): Taken | undefined {
  if (node.type.dtype === "integer") return { kind: "gather", indices: node };
  if (node.type.shape.length > 0) return readPositions(entries.get(node), dim, problem);
  const index = sizeOf(node, sizes);
  if (index === undefined) return problem(notAnIndex(node), "WG1227");
  if (!isWithin(index, dim)) return problem(outside(index, dim), "WG1228");
  return { kind: "range", start: subtractDims(index, 1), step: 1, count: 1, drops: true };
}

function notAnIndex(node: Node): string {
  if (node.kind === "const") return `an index is a whole number, not ${node.value}`;
  return "an index is a whole number known when compiling, a range, or an input declared integer";
}

function outside(index: Dim, dim: Dim): string {
  return `${dimText(index)} is out of range: indices ${typeof dim === "number" ? `go from 1 to ${dim}` : "count from 1"}`;
}

/** False where an index is certainly out of range; one against a dimension without a number may be in. */
function isWithin(index: Dim, dim: Dim): boolean {
  const [before, after] = [subtractDims(index, 1), subtractDims(dim, index)];
  return !(typeof before === "number" && before < 0) && !(typeof after === "number" && after < 0);
}

function readPositions(listed: readonly Node[] | undefined, dim: Dim, problem: ReportProblem): Taken | undefined {
  const positions = listed?.map((entry) => (entry.kind === "const" && Number.isInteger(entry.value) ? entry.value : undefined));
  if (positions === undefined || positions.includes(undefined)) return problem("a list of indices holds whole numbers", "WG1227");
  if (positions.length > MOST_LISTED) return problem(`at most ${MOST_LISTED} indices can be listed`, "WG1227");
  const wrong = positions.find((position) => !isWithin(position!, dim));
  if (wrong !== undefined) return problem(outside(wrong, dim), "WG1228");
  return { kind: "list", positions: positions.map((position) => position! - 1) };
}

function readRange(
  index: IndexAxis,
  own: readonly Node[],
  dim: Dim,
  problem: ReportProblem,
  { sizes }: Conversion,
): Taken | undefined {
  const given = (part: "start" | "step" | "end", otherwise: Dim): Dim | undefined => {
    const at = index.parts.indexOf(part);
    return at === -1 ? otherwise : sizeOf(own[at]!, sizes);
  };
  const [start, step, end] = [given("start", 1), given("step", 1), given("end", dim)];
  if (start === undefined || end === undefined || step === undefined)
    return problem("a range goes from one whole number to another", "WG1227");
  if (typeof step !== "number" || step === 0) return problem("the step of a range is a whole number other than 0", "WG1227");
  const length = step > 0 ? subtractDims(end, start) : subtractDims(start, end);
  const count = countOf(length, Math.abs(step));
  if (count === undefined)
    return problem("how many elements this range has is not known before it runs: let its step be 1 or -1", "WG1229");
  if (typeof count === "number" && count < 1) return problem("this range is empty", "WG1228");
  const last = typeof count === "number" ? addDims(start, (count - 1) * step) : end;
  const wrong = [start, last].find((edge) => !isWithin(edge, dim));
  if (wrong !== undefined) return problem(outside(wrong, dim), "WG1228");
  return { kind: "range", start: subtractDims(start, 1), step, count, drops: false };
}

function countOf(length: Dim, step: number): Dim | undefined {
  if (typeof length === "number") return Math.floor(length / step) + 1;
  if (step === 1) return addDims(length, 1);
  const steps = divideDims(length, step);
  return steps === undefined ? undefined : addDims(steps, 1);
}

function take(node: Node, taken: readonly Taken[], syntax: IndexSyntax, { graph }: Conversion): Node {
  let part = slice(node, taken, graph);
  taken.forEach((one, axis) => {
    if (one.kind === "list") part = listed(part, axis, one.positions, graph);
  });
  const drops = taken.map((one) => one.kind === "range" && one.drops);
  const axis = taken.findIndex(({ kind }) => kind === "gather");
  const kept = part.type.shape.filter((_, at) => !drops[at]);
  if (axis === -1) return call(graph, "reshape", [part], { shape: kept });
  const dropped = call(graph, "reshape", [part], { shape: kept });
  const at = axis - drops.slice(0, axis).filter(Boolean).length;
  const one = taken[axis] as Extract<Taken, { kind: "gather" }>; // found by its kind
  return gathered(dropped, at, one.indices, graph);
}

function slice(node: Node, taken: readonly Taken[], graph: Graph): Node {
  const { shape } = node.type;
  const ranges = taken.map((one, axis) => (one.kind === "range" ? one : { start: 0, step: 1, count: shape[axis]! }));
  const isWhole = ranges.every(({ start, step }) => start === 0 && step === 1);
  const counts = ranges.map(({ count }) => count);
  if (isWhole && sameShape(counts, shape)) return node;
  return call(graph, "slice", [node], {
    starts: ranges.map(({ start }) => start),
    steps: ranges.map(({ step }) => step),
    counts,
  });
}

function listed(node: Node, axis: number, positions: readonly number[], graph: Graph): Node {
  const { shape } = node.type;
  const parts = positions.map((position) =>
    call(graph, "slice", [node], {
      starts: shape.map((_, at) => (at === axis ? position : 0)),
      steps: shape.map(() => 1),
      counts: shape.map((dim, at) => (at === axis ? 1 : dim)),
    }),
  );
  return call(graph, "concat", parts, { axis });
}

/** Along `axis` the elements that `indices` say; its axes take the place of that one. */
function gathered(node: Node, axis: number, indices: Node, graph: Graph): Node {
  if (axis === 0) return call(graph, "gather", [node, indices]);
  const others = node.type.shape.map((_, at) => at).filter((at) => at !== axis);
  const rows = call(graph, "gather", [call(graph, "transpose", [node], { perm: [axis, ...others] }), indices]);
  const rank = indices.type.shape.length;
  const own = Array.from({ length: rank }, (_, at) => at);
  const behind = others.map((_, at) => rank + at);
  return call(graph, "transpose", [rows], { perm: [...behind.slice(0, axis), ...own, ...behind.slice(axis)] });
}
