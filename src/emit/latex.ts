// Nodes as LaTeX, from the templates of the op table. Parentheses follow from the shape of a template, so that an op says it once.

import type { CallNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { productNotation, type Factor } from "./matrix-notation.ts";
import { rangesOf } from "./ranges.ts";
import { latexName, type Fragment } from "./latex-names.ts";
import { BINDING, templateOf, type Template } from "./latex-templates.ts";

export interface LatexOptions {
  /** LaTeX of a node that has a name; the root is written out even so. */
  readonly nameOf?: (node: Node) => Fragment | undefined;
  /** Nodes written before the rest becomes an ellipsis; default 400. */
  readonly most?: number;
}

/** Nested deeper than this is an ellipsis: no page shows it, and TeX's stack is not endless either. */
const DEEPEST = 60;
const ELLIPSIS: Fragment = { text: "\\cdots", binding: BINDING.atom };

/** The formula of `node`, in math mode. */
export function latexOf(node: Node, options: LatexOptions = {}): string {
  let budget = options.most ?? 400;

  function print(at: Node, depth: number): Fragment {
    const name = at === node ? undefined : options.nameOf?.(at);
    if (name !== undefined) return name;
    if (budget-- <= 0 || depth > DEEPEST) return ELLIPSIS;
    switch (at.kind) {
      case "const":
        return latexNumber(at.value);
      case "input":
        return options.nameOf?.(at) ?? latexName(at.name);
      case "call":
        return printView(at, depth) ?? printProduct(at, depth + 1) ?? printCall(at, depth + 1);
    }
  }

  /** What shows its argument as it is, or a letter. */
  function printView(node: CallNode, depth: number): Fragment | undefined {
    const { op, args, attrs } = node;
    if (op === "broadcast" || op === "reshape") return print(args[0]!, depth + 1);
    if (op === "slice")
      return {
        text: `{${enclose(print(args[0]!, depth + 1), BINDING.atom)}}_{${rangesOf(node).join(",\\,")}}`,
        binding: BINDING.power,
      };
    return op === "size" ? latexSize(String(attrs["dim"])) : undefined;
  }

  function printCall(call: CallNode, depth: number): Fragment {
    const filled = fill(templateOf(call.op), printArguments(call, depth));
    return { ...filled, text: filled.text.replace(REDUCTION, (sign) => sign + latexAxes(reducedAxes(call), call.args[0]!)) };
  }

  function printProduct({ op, args, attrs }: CallNode, depth: number): Fragment | undefined {
    if (op === "mul" && args.every((arg) => arg.type.shape.length > 0))
      return { text: args.map((arg) => enclose(print(arg, depth), BINDING.product)).join(" \\circ "), binding: BINDING.product };
    if (op !== "contract") return undefined;
    const notation = productNotation(attrs["spec"] as string); // every contraction has one
    if (notation?.kind !== "matrix") {
      const [a, b] = args.map((arg) => enclose(print(arg, depth), BINDING.product));
      const sign = notation === undefined ? "\\otimes" : notation.kind === "dot" ? "\\cdot" : "\\circ";
      const isSum = notation?.kind === "sum" && notation.axes.length > 0;
      return {
        text: `${isSum ? `\\sum${latexAxes(notation.axes, args[0]!)} ` : ""}${a} ${sign} ${b}`,
        binding: isSum ? BINDING.sum : BINDING.product,
      };
    }
    const factor = ({ argument, transposed }: Factor): string =>
      transposed
        ? `{${enclose(print(args[argument]!, depth), BINDING.atom)}}^\\top`
        : enclose(print(args[argument]!, depth), BINDING.product);
    return { text: `${factor(notation.left)} \\, ${factor(notation.right)}`, binding: BINDING.product };
  }

  function printArguments(call: CallNode, depth: number): Fragment[][] {
    const printed = call.args.map((arg) => print(arg, depth));
    return isVariadic(call.op) ? [printed] : printed.map((each) => [each]);
  }

  return print(node, 0).text;
}

/** The sign of a reduction at the start of its template: its axes go below it. */
const REDUCTION = /^\\(?:ln\\sum|sum|prod|max|min)(?= |\\exp)/;

function reducedAxes({ attrs }: CallNode): readonly number[] {
  const { axes, axis } = attrs as { readonly axes?: readonly number[]; readonly axis?: number };
  return axes ?? (axis === undefined ? [] : [axis]);
}

/** Which axes a reduction takes, where it does not take all: of a matrix its rows or columns, else by number from 1. */
function latexAxes(axes: readonly number[], { type }: Node): string {
  const rank = type.shape.length;
  if (axes.length === 0 || axes.length >= rank) return "";
  if (rank === 2) return `_{\\text{${axes[0] === 0 ? "rows" : "columns"}}}`;
  return `_{\\text{${axes.length === 1 ? "axis" : "axes"} ${axes.map((axis) => axis + 1).join(", ")}}}`;
}

/** `batch*time`, a polynomial. */
function latexSize(text: string): Fragment {
  if (!/[*+-]/.test(text)) return /^\d/.test(text) ? latexNumber(Number(text)) : latexName(text);
  const terms = text.replace(/[^*+-]+/g, (word) => latexSize(word).text).replaceAll("*", " \\cdot ");
  return { text: terms, binding: /[+-]/.test(text) ? BINDING.sum : BINDING.product };
}

function isVariadic(op: string): boolean {
  const tensorOp = tensorOps.get(op);
  return tensorOp === undefined ? opNamed(op).variadic : tensorOp.params[0]?.endsWith("...") === true;
}

/** The template with its holes filled; a variadic hole takes a list. */
function fill(template: Template, args: readonly (readonly Fragment[])[]): Fragment {
  const text = template.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const operands = args[piece.parameter] ?? [];
    return operands.map((operand) => enclose(operand, piece.minimum)).join(", ");
  });
  return { text: text.join(""), binding: template.binding };
}

function enclose({ text, binding }: Fragment, minimum: number): string {
  return binding < minimum ? `\\left(${text}\\right)` : text;
}

const NAMED_NUMBERS = new Map<number, string>([
  [Math.PI, "\\pi"],
  [Math.E, "e"],
  [Math.LN2, "\\ln 2"],
  [Math.LN10, "\\ln 10"],
  [Math.SQRT2, "\\sqrt{2}"],
  [Infinity, "\\infty"],
]);

/** `1.5 \cdot 10^{-7}` for 1.5e-7. */
export function latexNumber(value: number): Fragment {
  if (Number.isNaN(value)) return { text: "\\mathrm{NaN}", binding: BINDING.atom };
  if (value < 0 || Object.is(value, -0)) return { text: `-${latexNumber(-value).text}`, binding: BINDING.negation };
  const named = NAMED_NUMBERS.get(value);
  if (named !== undefined) return { text: named, binding: named.startsWith("\\ln") ? BINDING.negation : BINDING.atom };
  const [mantissa, exponent] = String(value).split("e") as [string, string | undefined];
  if (exponent === undefined) return { text: mantissa, binding: BINDING.atom };
  const power = `10^{${Number(exponent)}}`;
  return mantissa === "1"
    ? { text: power, binding: BINDING.power }
    : { text: `${mantissa} \\cdot ${power}`, binding: BINDING.product };
}
