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
  | (Placed & { readonly kind: "list"; readonly args: readonly Syntax[] })
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

export type CallSyntax = Extract<Syntax, { kind: "call" }>;

export function argumentsOf(syntax: Syntax): readonly Syntax[] {
  return "args" in syntax ? syntax.args : [];
}

export function poison(span: Span): Syntax {
  return { kind: "poison", span, at: span, args: [] };
}
