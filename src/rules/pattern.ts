// What a rule's left side says, parsed. Two readings of one text: literal (op by op as written) and by view (sums of signed terms,
// products of factors), the latter for rules that must see through how a person happened to write a formula.

import { unreachable } from "../core/unreachable.ts";
import type { Expression } from "../core/syntax.ts";
import { OPERATOR_OPS } from "../ops/build.ts";

export type Pattern =
  | { readonly kind: "any"; readonly name: string; readonly isConstant: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "call"; readonly op: string; readonly args: readonly Pattern[]; readonly commutative: boolean }
  | { readonly kind: "sum"; readonly terms: readonly PatternTerm[] }
  | ProductPattern;

/** coefficient · pattern, or a number alone. Plain variables stand last: they take what is left. */
export interface PatternTerm {
  readonly coefficient: number;
  readonly pattern: Pattern | undefined;
}

export interface ProductPattern {
  readonly kind: "product";
  readonly coefficient: number;
  readonly over: readonly Pattern[];
  readonly under: readonly Pattern[];
}

const COMMUTATIVE = new Set(["add", "mul", "max", "min"]);

/** Names like `k`, `k1` match constants only. */
function isConstantName(name: string): boolean {
  return /^k\d*$/.test(name);
}

/** Op by op, as written; add, mul, max and min in either order. */
export function literalPattern(e: Expression): Pattern {
  switch (e.kind) {
    case "number":
      return { kind: "number", value: e.value };
    case "name":
      return nameOrNumber(e.name);
    case "unary":
      if (e.operator === "-" && e.operand.kind === "number") return { kind: "number", value: -e.operand.value };
      return callPattern(e.operator === "-" ? "neg" : "not", [literalPattern(e.operand)]);
    case "binary":
      return callPattern(OPERATOR_OPS[e.operator], [literalPattern(e.left), literalPattern(e.right)]);
    case "conditional":
      return callPattern("select", [literalPattern(e.test), literalPattern(e.yes), literalPattern(e.no)]);
    case "call":
      return callPattern(e.callee, e.args.map(literalPattern));
    default:
      return unreachable(e);
  }
}

function callPattern(op: string, args: readonly Pattern[]): Pattern {
  return { kind: "call", op, args, commutative: args.length === 2 && COMMUTATIVE.has(op) };
}

function nameOrNumber(name: string): Pattern {
  return name === "Math.E" ? { kind: "number", value: Math.E } : { kind: "any", name, isConstant: isConstantName(name) };
}

/** By view: `+` and `-` make sums, `*`, `/` and `** 2` make products, all else calls. */
export function viewPattern(e: Expression): Pattern {
  switch (e.kind) {
    case "number":
      return { kind: "number", value: e.value };
    case "name":
      return nameOrNumber(e.name);
    case "call":
      return callPattern(e.callee, e.args.map(viewPattern));
    case "unary":
      return productOf(e);
    case "binary":
      return e.operator === "+" || e.operator === "-" ? sumOf(e) : productOf(e);
    case "conditional":
      return literalPattern(e);
    default:
      return unreachable(e);
  }
}

function sumOf(e: Expression): Pattern {
  const terms = signedTerms(e, 1).map(({ sign, term }): PatternTerm => {
    const pattern = viewPattern(term);
    if (pattern.kind === "number") return { coefficient: sign * pattern.value, pattern: undefined };
    if (pattern.kind !== "product") return { coefficient: sign, pattern };
    const single = pattern.over.length === 1 && pattern.under.length === 0 ? pattern.over[0] : undefined;
    return { coefficient: sign * pattern.coefficient, pattern: single ?? { ...pattern, coefficient: 1 } };
  });
  return { kind: "sum", terms: variablesLast(terms, (term) => term.pattern) };
}

function signedTerms(e: Expression, sign: 1 | -1): { sign: 1 | -1; term: Expression }[] {
  const flipped = sign === 1 ? -1 : 1;
  if (e.kind === "unary" && e.operator === "-") return signedTerms(e.operand, flipped);
  if (e.kind !== "binary" || (e.operator !== "+" && e.operator !== "-")) return [{ sign, term: e }];
  return [...signedTerms(e.left, sign), ...signedTerms(e.right, e.operator === "-" ? flipped : sign)];
}

function productOf(e: Expression): Pattern {
  const product = { kind: "product" as const, coefficient: 1, over: [] as Pattern[], under: [] as Pattern[] };
  const collect = (part: Expression, inverted: boolean): void => {
    if (part.kind === "unary" && part.operator === "-") {
      product.coefficient = -product.coefficient;
      collect(part.operand, inverted);
    } else if (part.kind === "binary" && (part.operator === "*" || part.operator === "/")) {
      collect(part.left, inverted);
      collect(part.right, inverted !== (part.operator === "/"));
    } else if (part.kind === "binary" && part.operator === "**") {
      collect(part.left, inverted); // the only power written in a view pattern is the square
      collect(part.left, inverted);
    } else if (part.kind === "number") {
      product.coefficient = inverted ? product.coefficient / part.value : product.coefficient * part.value;
    } else (inverted ? product.under : product.over).push(viewPattern(part));
  };
  collect(e, false);
  return { ...product, over: variablesLast(product.over, (factor) => factor) };
}

function variablesLast<T>(items: readonly T[], patternOf: (item: T) => Pattern | undefined): T[] {
  const isPlain = (item: T): boolean => patternOf(item)?.kind === "any";
  return [...items.filter((item) => !isPlain(item)), ...items.filter(isPlain)];
}

/** The ops a node must have for the pattern to be worth trying on it. */
export function rootOps(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case "call":
      return [pattern.op];
    case "sum":
      return ["add", "sub"];
    case "product":
      return pattern.under.length > 0 ? ["div", "mul", "recip"] : ["mul", "div"];
    default:
      throw new Error(`a rule cannot start at a ${pattern.kind}`);
  }
}

/** Ops below the root that the pattern cannot do without, whichever way its sums and products are written. */
export function neededOps(pattern: Pattern | undefined): string[] {
  switch (pattern?.kind) {
    case "call":
      return [pattern.op, ...pattern.args.flatMap(neededOps)];
    case "sum":
      return pattern.terms.flatMap((term) => neededOps(term.pattern));
    case "product":
      return [...pattern.over, ...pattern.under].flatMap(neededOps);
    default:
      return [];
  }
}

/** How many levels below the root those ops can stand: a sum of n terms is n − 1 deep, and a coefficient or a sign adds two. */
export function reachOf(pattern: Pattern | undefined): number {
  const deepest = (parts: readonly (Pattern | undefined)[]): number => Math.max(0, ...parts.filter(hasOps).map(reachOf));
  switch (pattern?.kind) {
    case "call":
      return pattern.args.some(hasOps) ? 1 + deepest(pattern.args) : 0;
    case "sum":
      return pattern.terms.length + 1 + deepest(pattern.terms.map((term) => term.pattern));
    case "product":
      return pattern.over.length + pattern.under.length + 1 + deepest([...pattern.over, ...pattern.under]);
    default:
      return 0;
  }
}

function hasOps(pattern: Pattern | undefined): boolean {
  return neededOps(pattern).length > 0;
}
