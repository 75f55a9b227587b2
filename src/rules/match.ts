// Matches a pattern against a node, with backtracking. Knows nothing of what is done with the result.

import { isConstant } from "../ops/build.ts";
import { unreachable } from "../core/unreachable.ts";
import type { Node } from "../ir/graph.ts";
import type { Pattern, PatternTerm, ProductPattern } from "./pattern.ts";
import { asProduct, asSum, isNegatable, sameScaled, type Product, type Scaled, type Sum, type Term } from "./views.ts";

export interface Match {
  /** What each variable stands for; a scaled sum, since nothing is built before the whole pattern has matched. */
  readonly bindings: ReadonlyMap<string, Scaled>;
  /** The node is factor · pattern · Π over / Π under. */
  readonly factor: number;
  readonly over: readonly Node[];
  readonly under: readonly Node[];
  /** Nodes taken apart on the way, the root not among them. */
  readonly through: readonly Node[];
}

/** Longest sum that a plain variable inside a larger pattern takes in, as `x` in `log(1 + x)`. */
const ABSORBED_TERMS = 16;

type Next = () => boolean;

/** The first way in which `pattern` fits `node`, if any. By view, what fits −node or (for quotients) a factor of node counts too. */
export function matchNode(pattern: Pattern, node: Node, literal: boolean): Match | undefined {
  if (pattern.kind === "call" && !couldFit(pattern, node)) return undefined;
  const state: State = { literal, bindings: new Map(), through: [] };
  if (pattern.kind === "call") return matches(state, pattern, node, () => true) ? finish(state, node, WHOLE) : undefined;
  if (pattern.kind === "sum") return matchRootSum(state, pattern.terms, node);
  return pattern.kind === "product" ? matchRootProduct(state, pattern, node) : undefined;
}

/** A look at the arguments that turns most nodes away before anything is allocated. */
function couldFit(pattern: Pattern & { kind: "call" }, node: Node): boolean {
  if (node.kind !== "call" || node.op !== pattern.op || node.args.length !== pattern.args.length) return false;
  const [p, q] = pattern.args;
  const [a, b] = node.args;
  if (q === undefined || b === undefined) return looksLike(p, a);
  if (p?.kind === "any" && q.kind === "any" && p.name === q.name && a !== b) return false;
  return (looksLike(p, a) && looksLike(q, b)) || (pattern.commutative && looksLike(p, b) && looksLike(q, a));
}

function looksLike(pattern: Pattern | undefined, node: Node | undefined): boolean {
  if (pattern?.kind === "call") return node?.kind === "call" && node.op === pattern.op;
  if (pattern?.kind === "any") return !pattern.isConstant || node?.kind === "const";
  return pattern?.kind !== "number" || node?.kind === "const";
}

interface State {
  /** Two occurrences of a variable must then be one node; otherwise they may be the same sum in another order. */
  readonly literal: boolean;
  readonly bindings: Map<string, Scaled>;
  readonly through: Node[];
}

type Remainder = Pick<Match, "factor" | "over" | "under">;
const WHOLE: Remainder = { factor: 1, over: [], under: [] };

function finish(state: State, root: Node, remainder: Remainder): Match {
  return { ...remainder, bindings: state.bindings, through: state.through.filter((node) => node !== root) };
}

function matchRootSum(state: State, patterns: readonly PatternTerm[], node: Node): Match | undefined {
  const sum = sumFor(patterns, node);
  if (sum === undefined) return undefined;
  for (const factor of [1, -1]) {
    const found = looking(state, sum.through, () => matchTerms(state, patterns, sum.terms, factor, () => true));
    if (found) return finish(state, node, { ...WHOLE, factor });
  }
  return undefined;
}

function matchRootProduct(state: State, pattern: ProductPattern, node: Node): Match | undefined {
  const product = asProduct(node);
  const isQuotient = pattern.under.length > 0;
  let remainder: Remainder | undefined;
  looking(state, product.through, () =>
    matchFactors(state, pattern, product, (sign, over, under) => {
      const factor = (product.coefficient * sign) / pattern.coefficient;
      if (!isQuotient && (over.length > 0 || under.length > 0 || Math.abs(factor) !== 1)) return false;
      remainder = { factor, over, under };
      return true;
    }),
  );
  return remainder && finish(state, node, remainder);
}

function matches(state: State, pattern: Pattern, node: Node, next: Next): boolean {
  switch (pattern.kind) {
    case "any":
      if (pattern.isConstant && node.kind !== "const") return false;
      return bind(state, pattern.name, { terms: [{ sign: 1, node }], factor: 1 }, next);
    case "number":
      return isConstant(node, pattern.value) && next();
    case "call":
      if (node.kind !== "call" || node.op !== pattern.op || node.args.length !== pattern.args.length) return false;
      return looking(state, [node], () => matchArguments(state, pattern, node.args, next));
    case "sum":
      return matchSum(state, pattern.terms, node, 1, next);
    case "product":
      return matchProduct(state, pattern, node, 1, next);
    default:
      return unreachable(pattern);
  }
}

function matchArguments(state: State, pattern: Pattern & { kind: "call" }, args: readonly Node[], next: Next): boolean {
  const inOrder = (from: readonly Node[], index: number): boolean =>
    index === from.length ? next() : matches(state, pattern.args[index]!, from[index]!, () => inOrder(from, index + 1));
  return inOrder(args, 0) || (pattern.commutative && args[0] !== args[1] && inOrder([args[1]!, args[0]!], 0));
}

/** node = factor · Σ terms. */
function matchSum(state: State, patterns: readonly PatternTerm[], node: Node, factor: number, next: Next): boolean {
  const sum = sumFor(patterns, node);
  return sum !== undefined && looking(state, sum.through, () => matchTerms(state, patterns, sum.terms, factor, next));
}

function sumFor(patterns: readonly PatternTerm[], node: Node): Sum | undefined {
  const absorbs = patterns.at(-1)!.pattern?.kind === "any";
  const sum = asSum(node, absorbs ? ABSORBED_TERMS : patterns.length);
  return sum !== undefined && sum.terms.length >= patterns.length ? sum : undefined;
}

function matchTerms(state: State, patterns: readonly PatternTerm[], terms: readonly Term[], factor: number, next: Next): boolean {
  const [first, ...others] = patterns;
  if (first === undefined) return terms.length === 0 && next();
  const coefficient = first.coefficient * factor;
  const { pattern } = first;
  if (pattern?.kind === "any")
    return others.length === 0 && matchScaled(state, pattern.name, { terms, factor: 1 / coefficient }, next);
  return terms.some((term) => {
    const rest = (): boolean =>
      matchTerms(
        state,
        others,
        terms.filter((other) => other !== term),
        factor,
        next,
      );
    if (pattern === undefined) return term.node.kind === "const" && term.sign * term.node.value === coefficient && rest();
    return matchTerm(state, pattern, term, coefficient, rest);
  });
}

/** sign · node = coefficient · pattern. */
function matchTerm(state: State, pattern: Pattern, term: Term, coefficient: number, next: Next): boolean {
  if (pattern.kind === "product")
    return matchProduct(state, { ...pattern, coefficient: coefficient * term.sign }, term.node, 1, next);
  const product = asProduct(term.node);
  const [factor] = product.over;
  if (product.over.length !== 1 || product.under.length > 0 || term.sign * product.coefficient !== coefficient) return false;
  return looking(state, product.through, () => matches(state, pattern, factor!, next));
}

/** node = pattern, both products; `2 * x` alone matches whatever can be halved, `-x` whatever is visibly negative. */
function matchProduct(state: State, pattern: ProductPattern, node: Node, factor: number, next: Next): boolean {
  const [only] = pattern.over;
  if (only?.kind === "any" && pattern.over.length === 1 && pattern.under.length === 0) {
    return matchScaled(state, only.name, { terms: [{ sign: 1, node }], factor: factor / pattern.coefficient }, next);
  }
  const product = asProduct(node);
  return looking(state, product.through, () =>
    matchFactors(state, pattern, product, (sign, over, under) => {
      const isWhole = over.length === 0 && under.length === 0;
      return isWhole && product.coefficient * sign * factor === pattern.coefficient && next();
    }),
  );
}

type WithRest = (sign: number, over: readonly Node[], under: readonly Node[]) => boolean;

/** Finds each factor of the pattern among those of the product; factors that are sums may be there negated, hence the sign. */
function matchFactors(state: State, pattern: ProductPattern, product: Product, next: WithRest): boolean {
  const pick = (
    patterns: readonly Pattern[],
    from: readonly Node[],
    sign: number,
    then: (sign: number, rest: readonly Node[]) => boolean,
  ): boolean => {
    const [first, ...others] = patterns;
    if (first === undefined) return then(sign, from);
    return from.some((node, index) => {
      const rest = from.filter((_, other) => other !== index);
      const go = (flip: number) => (): boolean => pick(others, rest, sign * flip, then);
      if (first.kind !== "sum") return matches(state, first, node, go(1));
      return matchSum(state, first.terms, node, 1, go(1)) || matchSum(state, first.terms, node, -1, go(-1));
    });
  };
  return pick(pattern.under, product.under, 1, (sign, under) =>
    pick(pattern.over, product.over, sign, (bothSigns, over) => next(bothSigns, over, under)),
  );
}

function matchScaled(state: State, name: string, value: Scaled, next: Next): boolean {
  if (!state.bindings.has(name) && value.factor < 0 && !value.terms.every((term) => isVisiblyNegative(term))) return false;
  return bind(state, name, value, next);
}

function isVisiblyNegative(term: Term): boolean {
  return term.sign === -1 || isNegatable(term.node);
}

function bind(state: State, name: string, value: Scaled, next: Next): boolean {
  const bound = state.bindings.get(name);
  if (bound !== undefined) return (state.literal ? isSameNode(bound, value) : sameScaled(bound, value)) && next();
  state.bindings.set(name, value);
  if (next()) return true;
  state.bindings.delete(name);
  return false;
}

/** Notes the nodes taken apart for as long as the attempt lasts. */
function looking(state: State, through: readonly Node[], attempt: Next): boolean {
  const before = state.through.length;
  state.through.push(...through);
  if (attempt()) return true;
  state.through.length = before;
  return false;
}

function isSameNode(a: Scaled, b: Scaled): boolean {
  return a.terms[0]!.node === b.terms[0]!.node;
}
