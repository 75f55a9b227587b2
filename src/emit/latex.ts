// Nodes as LaTeX, from the templates of the op table. Parentheses follow from the shape of a template, so that an op says it once.

import type { CallNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
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
        return fill(templateOf(at.op), printArguments(at, depth + 1));
    }
  }

  function printArguments(call: CallNode, depth: number): Fragment[][] {
    const definition = opNamed(call.op);
    const printed = call.args.map((arg) => print(arg, depth));
    return definition.variadic ? [printed] : printed.map((each) => [each]);
  }

  return print(node, 0).text;
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
