// mathjs' own parser, and nothing else of mathjs: its factory is given plain node classes in place of the evaluating ones, so a
// bundle holds 50 kB instead of 370 and starts in a few milliseconds. Nothing here can evaluate.

import { createParse } from "mathjs/number";

export type ParsedNode =
  | AccessorNode
  | ArrayNode
  | ConditionalNode
  | ConstantNode
  | FunctionNode
  | OperatorNode
  | ParenthesisNode
  | RangeNode
  | RelationalNode
  | SymbolNode;

/** mathjs tells nodes apart by `isNode` on the prototype and one flag per class. */
class NodeBase {
  get isNode(): true {
    return true;
  }
}

class AccessorNode extends NodeBase {
  readonly kind = "accessor";
  readonly isAccessorNode = true;
  constructor(
    readonly object: ParsedNode,
    readonly index: IndexNode,
  ) {
    super();
  }
}
class IndexNode extends NodeBase {
  readonly kind = "index";
  constructor(readonly dimensions: readonly ParsedNode[]) {
    super();
  }
}
class ArrayNode extends NodeBase {
  readonly kind = "array";
  constructor(readonly items: readonly ParsedNode[]) {
    super();
  }
}
class ConditionalNode extends NodeBase {
  readonly kind = "conditional";
  constructor(
    readonly condition: ParsedNode,
    readonly trueExpr: ParsedNode,
    readonly falseExpr: ParsedNode,
  ) {
    super();
  }
}
class ConstantNode extends NodeBase {
  readonly kind = "constant";
  readonly isConstantNode = true;
  constructor(readonly value: number | boolean | null | undefined) {
    super();
  }
}
class FunctionNode extends NodeBase {
  readonly kind = "function";
  readonly isFunctionNode = true;
  constructor(
    readonly fn: ParsedNode,
    readonly args: readonly ParsedNode[],
  ) {
    super();
  }
}
class OperatorNode extends NodeBase {
  readonly kind = "operator";
  readonly isOperatorNode = true;
  constructor(
    readonly op: string,
    readonly fn: string,
    readonly args: readonly ParsedNode[],
    readonly implicit = false,
    readonly isPercentage = false,
  ) {
    super();
  }
}
class ParenthesisNode extends NodeBase {
  readonly kind = "parenthesis";
  constructor(readonly content: ParsedNode) {
    super();
  }
}
class RangeNode extends NodeBase {
  readonly kind = "range";
  constructor(
    readonly start: ParsedNode,
    readonly end: ParsedNode,
    readonly step?: ParsedNode,
  ) {
    super();
  }
}
class RelationalNode extends NodeBase {
  readonly kind = "relational";
  constructor(
    readonly conditionals: readonly string[],
    readonly params: readonly ParsedNode[],
  ) {
    super();
  }
}
class SymbolNode extends NodeBase {
  readonly kind = "symbol";
  readonly isSymbolNode = true;
  constructor(readonly name: string) {
    super();
  }
}

/** Stands for the nodes whose syntax `inspect.ts` turns down before mathjs sees it. */
class UnreachableNode extends NodeBase {
  constructor() {
    super();
    throw new Error("mathjs made a node that inspection should have turned down");
  }
}

/** A mathjs syntax error; `char` is the 1-based place where reading stopped. */
export interface MathSyntaxError extends SyntaxError {
  readonly char: number;
}

export function isMathSyntaxError(error: unknown): error is MathSyntaxError {
  return error instanceof SyntaxError && "char" in error && typeof error.char === "number";
}

/** mathjs calls each class with arguments of its own. */
type NodeClass = new (...args: never[]) => NodeBase;

/** What mathjs' factory asks for; the package's type declarations leave it out. */
interface ParseDependencies {
  readonly typed: ((name: string, signatures: { string: (text: string) => ParsedNode }) => (text: string) => ParsedNode) & {
    addConversion(): void;
  };
  readonly numeric: (text: string) => number;
  readonly config: { readonly number: "number"; readonly numberFallback: "number" };
  readonly [nodeClass: `${string}Node`]: NodeClass;
}

declare module "mathjs/number" {
  export function createParse(dependencies: ParseDependencies): (text: string) => ParsedNode;
}

/** Throws a `MathSyntaxError`, or a RangeError where unbracketed operators nest too deeply for the call stack. */
export const parseMath: (text: string) => ParsedNode = createParse({
  typed: Object.assign((_name: string, signatures: { string: (text: string) => ParsedNode }) => signatures.string, {
    addConversion: () => undefined,
  }),
  numeric: readNumber,
  config: { number: "number", numberFallback: "number" },
  AccessorNode,
  ArrayNode,
  AssignmentNode: UnreachableNode,
  BlockNode: UnreachableNode,
  ConditionalNode,
  ConstantNode,
  FunctionAssignmentNode: UnreachableNode,
  FunctionNode,
  IndexNode,
  ObjectNode: UnreachableNode,
  OperatorNode,
  ParenthesisNode,
  RangeNode,
  RelationalNode,
  SymbolNode,
});

/** `2.5e3`, and as in mathjs `0x1F` and `0b1.01`. NaN where the digits are not of the base. */
function readNumber(text: string): number {
  const pointed = /^0([box])([0-9a-f]+)\.([0-9a-f]*)$/i.exec(text);
  if (pointed === null) return Number(text);
  const [, letter, whole = "", fraction = ""] = pointed;
  const base = letter === "b" ? 2 : letter === "o" ? 8 : 16;
  let value = Number(`0${letter}${whole}`);
  let weight = 1;
  for (const digit of fraction) value += digitOf(digit, base) * (weight /= base);
  return value;
}

function digitOf(character: string, base: number): number {
  const digit = Number.parseInt(character, 16);
  return digit < base ? digit : NaN;
}
