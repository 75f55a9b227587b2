// What a rule is: a named rewrite of one node, with a safety class. Rules are data; `passes/simplify.ts` applies them.

import { unreachable } from "../core/unreachable.ts";
import { parseExpression, type Expression } from "../core/syntax.ts";
import type { CallNode, Node, OpName } from "../ir/graph.ts";
import { CONSTANTS, OPERATOR_OPS } from "../ops/build.ts";
import type { Interval } from "../ops/define.ts";
import { matchNode, type Match } from "./match.ts";
import { literalPattern, neededOps, reachOf, rootOps, viewPattern } from "./pattern.ts";
import { negate, scale, type Builder, type Scaled, type Term } from "./views.ts";

/**
 * `exact`: the same bits for every input. `rounding`: the same real function, rounded otherwise. `stabilising`: the same real
 * function over a larger range or with fewer digits lost, in itself or in its gradient. `domain`: needs a condition, proved first.
 */
export type Safety = "exact" | "rounding" | "stabilising" | "domain";
export type Phase = "recognise" | "stabilise" | "simplify" | "cleanup";

/** What can be proved of a value, over the reals; all but `finite` leave NaN open. `integer` is asked of constants only. */
export type Property = "finite" | "nonzero" | "positive" | "nonnegative" | "negative" | "integer";

export interface Rewriting {
  readonly node: Node;
  /** Nodes the rule took apart, the root not among them: they must not be wanted elsewhere, or nothing is saved. */
  readonly through: readonly Node[];
}

export interface RuleContext extends Builder {
  proves(node: Node, property: Property): boolean;
}

export interface Rule {
  readonly name: string;
  readonly safety: Safety;
  /** `before -> after`, for people. */
  readonly text: string;
  /** Why it is worth having, in one line. */
  readonly why: string;
  /** What must be proved: an expression in the rule's variables, and its properties. */
  readonly when: Readonly<Record<string, readonly Property[]>>;
  /** Must not raise the op count; a stabilising rule may, unless it says so. */
  readonly frugal: boolean;
  readonly roots: readonly OpName[];
  /** Ops that must be found at most `reach` levels below the root. */
  readonly needs: readonly OpName[];
  readonly reach: number;
  /** Texts it rewrites and what they become; `k` constants are written as numbers. Empty for rules on tensors. */
  readonly examples: readonly (readonly [before: string, after: string])[];
  /** Where tests sample a variable; [−4, 4] where not said. */
  readonly sample: Readonly<Record<string, Interval>>;
  apply(node: CallNode, context: RuleContext): Rewriting | undefined;
}

export interface RuleOptions {
  readonly when?: Rule["when"];
  readonly frugal?: boolean;
  /** Match op by op as written (and build so); the default for exact rules. Otherwise sums and products match by view. */
  readonly literal?: boolean;
  readonly examples?: Rule["examples"];
  readonly sample?: Rule["sample"];
}

/** `rule("sigmoid", "stabilising", "1 / (1 + exp(-x)) -> sigmoid(x)", "its gradient does not overflow")`. Names like `k` are constants. */
export function rule(name: string, safety: Safety, text: string, why: string, options: RuleOptions = {}): Rule {
  const [left, right] = text.split("->").map((side) => side.trim()) as [string, string];
  const literal = options.literal ?? safety === "exact";
  const pattern = literal ? literalPattern(parseExpression(left)) : viewPattern(parseExpression(left));
  const result = parseExpression(right);
  const conditions = Object.entries(options.when ?? {}).map(([of, properties]) => ({ of: parseExpression(of), properties }));
  return {
    name,
    safety,
    text,
    why,
    when: options.when ?? {},
    frugal: options.frugal ?? safety !== "stabilising",
    roots: rootOps(pattern),
    needs: [...new Set(neededOps(pattern))],
    reach: reachOf(pattern),
    examples: options.examples ?? [[left, right]],
    sample: options.sample ?? {},
    apply(node, context) {
      const match = matchNode(pattern, node, literal);
      if (match === undefined) return undefined;
      const values = new Map<string, Node>();
      for (const [variable, value] of match.bindings) values.set(variable, materialise(context, value));
      const evaluate = (e: Expression): Node => instantiate(context, e, values, literal);
      const holds = conditions.every(({ of, properties }) => {
        const subject = evaluate(of);
        return properties.every((property) => context.proves(subject, property));
      });
      return holds ? { node: withRemainder(context, match, evaluate(result)), through: match.through } : undefined;
    },
  };
}

export interface FunctionRuleSpec extends RuleOptions {
  readonly roots: readonly OpName[];
  readonly needs?: readonly OpName[];
  /** Levels below the root at which they must be found; anywhere near where not said. */
  readonly reach?: number;
  /** None for rules on tensors, which no formula can say: tests build theirs. */
  readonly examples: Rule["examples"];
  readonly apply: Rule["apply"];
}

/** A rule that text cannot say, as for sums of any length. */
export function functionRule(name: string, safety: Safety, text: string, why: string, spec: FunctionRuleSpec): Rule {
  const { roots, needs = [], examples, when = {}, sample = {}, apply } = spec;
  const described = { name, safety, text, why, when, sample, examples };
  return { ...described, roots, needs, reach: spec.reach ?? Infinity, apply, frugal: spec.frugal ?? safety !== "stabilising" };
}

/** The node a variable stands for. */
function materialise(builder: Builder, { terms, factor }: Scaled): Node {
  const [only] = terms;
  if (terms.length === 1) return scale(builder, only!.node, only!.sign * factor);
  if (factor !== 1 && factor !== -1) return scale(builder, buildSum(builder, terms), factor);
  return buildSum(builder, factor === 1 ? terms : terms.map(flipped));
}

function flipped(term: Term): Term {
  return { ...term, sign: term.sign === 1 ? -1 : 1 };
}

/** The sum of signed terms, left to right, starting from a positive one if there is any. */
export function buildSum(builder: Builder, terms: readonly Term[]): Node {
  const start = Math.max(
    0,
    terms.findIndex((term) => term.sign === 1),
  );
  const first = terms[start]!;
  let sum = first.sign === 1 ? first.node : negate(builder, first.node);
  terms.forEach((term, index) => {
    if (index !== start) sum = builder.call(term.sign === 1 ? "add" : "sub", [sum, term.node]);
  });
  return sum;
}

/** factor · Π over · core / Π under. */
export function withRemainder(
  builder: Builder,
  { factor, over, under }: Pick<Match, "factor" | "over" | "under">,
  core: Node,
): Node {
  let product = core;
  if (over.length > 0) product = [...over.slice(1), core].reduce((left, right) => builder.call("mul", [left, right]), over[0]!);
  product = scale(builder, product, factor);
  for (const divisor of under) product = builder.call("div", [product, divisor]);
  return product;
}

function instantiate(builder: Builder, formula: Expression, values: ReadonlyMap<string, Node>, literal: boolean): Node {
  const go = (e: Expression): Node => {
    switch (e.kind) {
      case "number":
        return builder.constant(e.value);
      case "name":
        return values.get(e.name) ?? builder.constant(CONSTANTS[e.name] ?? unknownName(e.name));
      case "unary":
        if (e.operator === "!") return builder.call("not", [go(e.operand)]);
        return literal ? builder.call("neg", [go(e.operand)]) : negate(builder, go(e.operand));
      case "binary":
        return combine(builder, e.operator, go(e.left), go(e.right), literal);
      case "conditional":
        return builder.call("select", [go(e.test), go(e.yes), go(e.no)]);
      case "call":
        return builder.call(e.callee, e.args.map(go));
      default:
        return unreachable(e);
    }
  };
  return go(formula);
}

function combine(builder: Builder, operator: keyof typeof OPERATOR_OPS, left: Node, right: Node, literal: boolean): Node {
  if (!literal && operator === "*" && left.kind === "const") return scale(builder, right, left.value);
  if (!literal && operator === "/" && right.kind === "const") return scale(builder, left, 1 / right.value);
  return builder.call(OPERATOR_OPS[operator], [left, right]);
}

function unknownName(name: string): never {
  throw new Error(`unknown name '${name}' on the right side of a rule`);
}
