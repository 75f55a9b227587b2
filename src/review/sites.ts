// The places in a user's passes that are watched: where variables get their values, and where they are read.

import type { Node } from "@babel/types";

/** A place where a variable gets its value, or part of it. */
export interface SetSite {
  readonly id: number;
  readonly kind: "set";
  readonly variable: string;
  readonly how: "parameter" | "declaration" | "assignment" | "update" | "store" | "result";
  readonly pass: "forward" | "backward" | "both";
  /** The assignment itself: declarator, assignment, statement or property. */
  readonly node: Node;
  /** What is assigned or added, where that is one expression. */
  readonly right: Node | undefined;
  /** `=`, `+=`; undefined where something else changes the variable. */
  readonly operator: string | undefined;
  /** Declared inside the loop that it stands in: another variable each time around. */
  readonly isPerRound: boolean;
  /** A property of an object of gradients, where `x` means the gradient by x. */
  readonly isGradient: boolean;
  /** The outermost loop around it. */
  readonly loop: Node | undefined;
}

/** A place where a variable is read. */
export interface ReadSite {
  readonly id: number;
  readonly kind: "read";
  readonly variable: string;
  readonly node: Node;
  /** The statement of the pass's body that it stands in. */
  readonly statement: Node;
}

export type Site = SetSite | ReadSite;
