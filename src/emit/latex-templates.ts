// How an op's LaTeX template binds: read off the template itself. `{x} + {y}` is a sum, `\frac{{x}}{{y}}` needs no parentheses inside.

import type { OpName } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

/** How tightly things bind; larger binds tighter. A negation is a term of a sum: `a · (−b)`, `−a · b`. */
export const BINDING = {
  none: 0,
  or: 1,
  and: 2,
  comparison: 3,
  sum: 4,
  negation: 4,
  product: 5,
  power: 7,
  fraction: 8,
  atom: 9,
} as const;

export interface Hole {
  /** Index of the parameter. */
  readonly parameter: number;
  /** What an operand must bind like to stand here without parentheses. */
  readonly minimum: number;
}

export interface Template {
  readonly pieces: readonly (string | Hole)[];
  readonly binding: number;
}

const OPERATORS: Readonly<Record<string, number>> = {
  "\\lor": BINDING.or,
  "\\land": BINDING.and,
  "<": BINDING.comparison,
  ">": BINDING.comparison,
  "\\le": BINDING.comparison,
  "\\ge": BINDING.comparison,
  "=": BINDING.comparison,
  "\\ne": BINDING.comparison,
  "+": BINDING.sum,
  "-": BINDING.sum,
  "\\cdot": BINDING.product,
  "\\bmod": BINDING.product,
};

const templates = new Map<OpName, Template>();

export function templateOf(op: OpName): Template {
  let template = templates.get(op);
  if (template === undefined) templates.set(op, (template = parseTemplateOf(op)));
  return template;
}

function parseTemplateOf(op: OpName): Template {
  const tensorOp = tensorOps.get(op);
  if (tensorOp === undefined) return parseTemplate(opNamed(op).emit.latex, opNamed(op).params);
  return parseTemplate(
    tensorOp.latex,
    tensorOp.params.map((param) => param.replace("...", "")),
  );
}

/** A hole as it stands in the text: how deep inside braces and delimiters, and whether its braces carry an exponent or index. */
interface Found {
  readonly parameter: number;
  readonly depth: number;
  readonly isBase: boolean;
}

function parseTemplate(latex: string, params: readonly string[]): Template {
  const pieces = splitAtHoles(latex, params);
  const outer = pieces.filter((piece): piece is Found => typeof piece !== "string" && piece.depth === 0 && !piece.isBase);
  const shape = outer.length === 0 ? closedShape(latex) : openShape(pieces, outer.length);
  let seen = 0;
  return {
    binding: shape.binding,
    pieces: pieces.map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.isBase) return { parameter: piece.parameter, minimum: BINDING.atom };
      const minimum = piece.depth > 0 ? BINDING.none : shape.minimums[seen++]!;
      return { parameter: piece.parameter, minimum };
    }),
  };
}

interface Shape {
  readonly binding: number;
  /** For each hole outside all delimiters. */
  readonly minimums: readonly number[];
}

/** No operand is bare: what the whole is decides. */
function closedShape(latex: string): Shape {
  const binding = latex.startsWith("\\begin{cases}")
    ? BINDING.none
    : latex.startsWith("\\frac")
      ? BINDING.fraction
      : /^\S*\^\{\{?\w*\}?\}$/.test(latex)
        ? BINDING.power
        : /^\\(left|sqrt)/.test(latex)
          ? BINDING.atom
          : BINDING.fraction; // a function of something in parentheses: needs its own only under an exponent
  return { binding, minimums: [] };
}

/** `{x} op {y}`, or a prefix: a sign, or a function name in front of a bare operand. What is neither gets all parentheses. */
function openShape(pieces: readonly (string | Found)[], holes: number): Shape {
  const texts = pieces.filter((piece): piece is string => typeof piece === "string").map((text) => text.trim());
  const operator = OPERATORS[texts.join("")];
  if (holes === 2 && pieces.length === 3 && operator !== undefined)
    return { binding: operator, minimums: [operator, operator + 1] };
  if (holes === 1 && texts.join("") === "-") return { binding: BINDING.negation, minimums: [BINDING.negation + 1] };
  // Always in parentheses: in `\ln x \cdot y` nobody knows where the logarithm ends.
  if (holes === 1 && typeof pieces[0] === "string") return { binding: BINDING.fraction, minimums: [BINDING.atom + 1] };
  return { binding: BINDING.none, minimums: Array.from({ length: holes }, () => BINDING.atom) };
}

const TOKEN =
  /\\left\s*(?:\\[A-Za-z]+|\\.|.)|\\right\s*(?:\\[A-Za-z]+|\\.|.)|\\begin\{\w+\}|\\end\{\w+\}|\\[A-Za-z]+|\\.|\{([A-Za-z]+)(?:\.\.\.)?\}|[\s\S]/g;

/** Optional arguments hold brackets only inside braces: `\sqrt[{...}]`. */
function splitAtHoles(template: string, params: readonly string[]): (string | Found)[] {
  const latex = template.replace(/\[(\{\w+\})\]/g, "[{$1}]");
  const pieces: (string | Found)[] = [];
  let depth = 0;
  for (const match of latex.matchAll(TOKEN)) {
    const token = match[0];
    const parameter = match[1] === undefined ? -1 : params.indexOf(match[1]);
    if (parameter >= 0) {
      const after = latex.slice(match.index + token.length);
      const isBase = depth === 1 && /\{$/.test(latex.slice(0, match.index)) && /^\}[\^_]/.test(after);
      pieces.push({ parameter, depth, isBase });
      continue;
    }
    if (/^(\\left|\\begin|\{|\[|\($)/.test(token) && match[1] === undefined) depth++;
    else if (/^(\\right|\\end|\}|\]|\)$)/.test(token)) depth--;
    const last = pieces.at(-1);
    if (typeof last === "string") pieces[pieces.length - 1] = last + token;
    else pieces.push(token);
  }
  return pieces;
}
