// The syntax tree of one expression: what mathjs read, with the places it read it from. Walks over it are iterative, for sums
// have 100,000 terms.

import type { Span } from "../../core/span.ts";

export interface Placed {
  /** All of it. */
  readonly span: Span;
  /** The symbol to point at: an operator, the name of what is called. */
  readonly at: Span;
}

export type Syntax =
  | (Placed & { readonly kind: "number"; readonly value: number })
  | (Placed & { readonly kind: "name"; readonly name: string })
  | (Placed & CallPart)
  | (Placed & { readonly kind: "conditional"; readonly args: readonly [test: Syntax, yes: Syntax, no: Syntax] })
  /** `a < b <= c`: one operator fewer than operands. */
  | (Placed & { readonly kind: "chain"; readonly operators: readonly string[]; readonly args: readonly Syntax[] })
  /** `[a, b]`; of a matrix the rows, each a list. */
  | (Placed & { readonly kind: "list"; readonly args: readonly Syntax[] })
  /** `a:b`, `a:step:b`: the parts that are written. */
  | (Placed & { readonly kind: "range"; readonly parts: readonly IndexPart[]; readonly args: readonly Syntax[] })
  /** `A[2, 1:3]`: the object, then the parts of all axes. */
  | (Placed & { readonly kind: "index"; readonly axes: readonly IndexAxis[]; readonly args: readonly [Syntax, ...Syntax[]] })
  /** `"ij,jk->ik"`, which stands only first in a call of einsum. */
  | (Placed & { readonly kind: "text"; readonly text: string })
  /** A call of what is no name: `x[1](2)`. */
  | (Placed & { readonly kind: "called"; readonly args: readonly [Syntax, ...Syntax[]] })
  /** Already reported; swallows what follows from it. */
  | (Placed & { readonly kind: "poison"; readonly args: readonly Syntax[] });

interface CallPart {
  readonly kind: "call";
  /** A function's name, or mathjs' name of an operator: `add` for `x + y`, `percent add` for `x + 10%`. */
  readonly callee: string;
  /** How it is written. Operators always mean mathjs' functions, whatever the user has defined. */
  readonly form: "function" | "operator" | "implicit";
  readonly args: readonly Syntax[];
}

export type IndexPart = "at" | "start" | "step" | "end";

/** One index: a single value, `at`, or what is written of a range; `:` has no parts. */
export interface IndexAxis {
  readonly parts: readonly IndexPart[];
  readonly span: Span;
}

export type CallSyntax = Extract<Syntax, { kind: "call" }>;

export function argumentsOf(syntax: Syntax): readonly Syntax[] {
  return "args" in syntax ? syntax.args : [];
}

export function poison(span: Span): Syntax {
  return { kind: "poison", span, at: span, args: [] };
}
