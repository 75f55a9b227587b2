// Gives mathjs' tree its places back. mathjs keeps none, but its nodes follow the tokens from left to right, so a walk that takes
// the tokens each kind of node is written with always knows where it is.

import { unreachable } from "../../core/unreachable.ts";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Token } from "./lexer.ts";
import type { ParsedNode } from "./mathjs.ts";
import type { CallSyntax, IndexPart, Syntax } from "./syntax.ts";

type OperatorNode = Extract<ParsedNode, { kind: "operator" }>;
type Step = () => void;

/** What mathjs was given to read: tokens, and groups that were read before and stand in as one name. */
export type Piece = Token | Group;
export interface Group extends Span {
  readonly kind: "group";
  readonly text: string;
  readonly syntax: Syntax;
}

/** The tree does not follow the tokens: a bug of ours, or mathjs has skipped some (see `read.ts`). */
export class Misalignment extends Error {
  constructor(
    wanted: string,
    readonly index: number,
  ) {
    super(`mathjs' tree does not follow its text: wanted ${wanted} at piece ${index}`);
  }
}

/** The tree of `root`, which mathjs read from exactly `pieces`. */
export function align(root: ParsedNode, pieces: readonly Piece[], reporter: Reporter): Syntax {
  let cursor = 0;
  const values: Syntax[] = [];
  const work: Step[] = [];

  const visit = (node: ParsedNode) => () => expand(node);
  const next = (): Piece => pieces[cursor] ?? mismatch("the end");
  const take = (text: string) => () => {
    if (next().text !== text) mismatch(text);
    cursor++;
  };
  const schedule = (steps: readonly Step[]): void => {
    for (let index = steps.length - 1; index >= 0; index--) work.push(steps[index]!);
  };
  const separated = (nodes: readonly ParsedNode[]): Step[] =>
    nodes.flatMap((node, index) => (index === 0 ? [visit(node)] : [take(","), visit(node)]));
  const optional = (text: string) => () => {
    if (next().text === text) cursor++;
  };
  /** Replaces the last `count` values by one; its span runs from the node's first piece to the last taken. */
  const build = (count: number, make: (args: readonly Syntax[], span: Span) => Syntax): Step => {
    const first = cursor;
    return () => values.push(make(values.splice(values.length - count), spanFrom(first)));
  };
  const spanFrom = (first: number): Span => ({ start: pieces[first]!.start, end: pieces[cursor - 1]!.end });

  function expand(node: ParsedNode): void {
    switch (node.kind) {
      case "constant":
      case "symbol":
        return leaf(node);
      case "parenthesis":
        return schedule([take("("), visit(node.content), take(")")]);
      case "operator":
        return operator(node);
      case "function":
        return functionCall(node);
      case "conditional": {
        const [test, yes, no] = [node.condition, node.trueExpr, node.falseExpr];
        return schedule([visit(test), take("?"), visit(yes), take(":"), visit(no), build(3, conditional)]);
      }
      case "relational":
        return relational(node);
      case "array": {
        const list = build(node.items.length, (args, span) => ({ kind: "list", args, span, at: span }));
        if (hasRows(pieces, cursor)) return schedule([take("["), ...rows(node.items), optional(";"), take("]"), list]);
        return schedule([take("["), ...separated(node.items), optional(","), take("]"), list]);
      }
      case "range":
        return range(node);
      case "accessor": {
        const indices = node.index.dimensions;
        const make = build(1 + indices.length, ([object, ...axes], span) => indexed(object!, axes, span));
        return schedule([visit(node.object), take("["), ...separated(indices), take("]"), make]);
      }
      default:
        return unreachable(node);
    }
  }

  function leaf(node: Extract<ParsedNode, { kind: "constant" | "symbol" }>): void {
    const piece = next();
    cursor++;
    const span = { start: piece.start, end: piece.end };
    if (piece.kind === "group") values.push(piece.syntax);
    else if (piece.kind === "string") values.push({ kind: "text", text: piece.text.slice(1, -1), span, at: span });
    else if (piece.kind === "word") values.push({ kind: "name", name: piece.text.normalize("NFC"), span, at: span });
    else if (piece.kind === "number" && node.kind === "constant") {
      values.push({ kind: "number", value: Number(node.value), span, at: span });
    } else mismatch("a value");
  }

  function operator(node: OperatorNode): void {
    const [left, right] = node.args;
    const symbol = cursorOf();
    const make = build(node.args.length, (args, span) => operation(node, args, span, symbol.span ?? span));
    if (left === undefined) return mismatch("an operand");
    if (node.isPercentage) return schedule([visit(left), symbol.take("%"), build(1, percentage)]);
    if (right === undefined) {
      const postfix = node.fn === "factorial" || node.fn === "ctranspose";
      return schedule(postfix ? [visit(left), symbol.take(node.op), make] : [symbol.take(node.op), visit(left), make]);
    }
    const percent = shareOf(left, right);
    if (percent !== undefined) {
      const callee = `percent ${node.fn}`;
      const share = build(2, (args, span) => ({ kind: "call", callee, form: "operator", args, span, at: symbol.span ?? span }));
      return schedule([visit(left), symbol.take(node.op), visit(percent), share]);
    }
    // `in` is written for `to`, and mathjs' own inch at the end of an expression is an implicit product.
    if (node.fn === "to") return schedule([visit(left), symbol.takeAny(), visit(right), make]);
    return schedule(node.implicit ? [visit(left), visit(right), make] : [visit(left), symbol.take(node.op), visit(right), make]);
  }

  /** Takes one piece and remembers where it was. */
  function cursorOf(): { span: Span | undefined; take(text: string): Step; takeAny(): Step } {
    const taken = {
      span: undefined as Span | undefined,
      takeAny: () => () => {
        taken.span = { start: next().start, end: next().end };
        cursor++;
      },
      take: (text: string) => () => {
        if (next().text !== text) mismatch(text);
        taken.takeAny()();
      },
    };
    return taken;
  }

  function functionCall(node: Extract<ParsedNode, { kind: "function" }>): void {
    const { fn, args } = node;
    const make = build(1 + args.length, ([callee, ...rest], span) => called(callee!, rest, span, reporter));
    schedule([visit(fn), take("("), ...separated(args), take(")"), make]);
  }

  function relational(node: Extract<ParsedNode, { kind: "relational" }>): void {
    const symbols: Span[] = [];
    const takeComparison: Step = () => {
      symbols.push({ start: next().start, end: next().end });
      cursor++;
    };
    const operands = node.params.flatMap((param, index) => (index === 0 ? [visit(param)] : [takeComparison, visit(param)]));
    const operators = node.conditionals;
    const make = build(node.params.length, (args, span) => ({ kind: "chain", operators, args, span, at: symbols[0] ?? span }));
    schedule([...operands, make]);
  }

  /** The rows of a matrix, written without brackets of their own. */
  function rows(items: readonly ParsedNode[]): Step[] {
    const row = (item: ParsedNode): Step => {
      if (item.kind !== "array") return mismatch("a row");
      return () => {
        const list = build(item.items.length, (args, span) => ({ kind: "list", args, span, at: span }));
        schedule([...separated(item.items), optional(","), list]);
      };
    };
    return items.flatMap((item, index) => (index === 0 ? [row(item)] : [take(";"), row(item)]));
  }

  /** `a:b`, `a:step:b`, with ends that may be left out. */
  function range(node: Extract<ParsedNode, { kind: "range" }>): void {
    const first = cursor;
    const before = values.length;
    const written: IndexPart[] = [];
    const part =
      (inner: ParsedNode, name: IndexPart): Step =>
      () => {
        const text = pieces[cursor]?.text;
        if (text === undefined || [":", ")", "]", ",", ";"].includes(text)) return;
        written.push(name);
        expand(inner);
      };
    const step = node.step === undefined ? [] : [take(":"), part(node.step, "step")];
    const make: Step = () => {
      const span = spanFrom(first);
      values.push({ kind: "range", parts: written, args: values.splice(before), span, at: span });
    };
    schedule([part(node.start, "start"), ...step, take(":"), part(node.end, "end"), make]);
  }

  function mismatch(wanted: string): never {
    throw new Misalignment(wanted, cursor);
  }

  schedule([visit(root)]);
  for (let step = work.pop(); step !== undefined; step = work.pop()) step();
  if (cursor !== pieces.length || values.length !== 1) mismatch("the end");
  return values[0]!;
}

/** Of `x + 10%` mathjs makes `x + x * (10 / 100)`, with `x` shared; here it stays one operator with `10%` to its right. */
function shareOf(left: ParsedNode, right: ParsedNode): ParsedNode | undefined {
  const isShare = right.kind === "operator" && right.args[0] === left && !right.implicit && right.fn === "multiply";
  const share = isShare ? right.args[1] : undefined;
  return share?.kind === "operator" && share.isPercentage ? share : undefined;
}

function percentage([value]: readonly Syntax[], span: Span): Syntax {
  const hundred: Syntax = { kind: "number", value: 100, span, at: span };
  return { kind: "call", callee: "divide", form: "operator", args: [value!, hundred], span, at: span };
}

function operation(node: OperatorNode, args: readonly Syntax[], span: Span, at: Span): CallSyntax {
  return { kind: "call", callee: node.fn, form: node.implicit ? "implicit" : "operator", args, span, at };
}

function conditional([test, yes, no]: readonly Syntax[], span: Span): Syntax {
  return { kind: "conditional", args: [test!, yes!, no!], span, at: span };
}

function called(callee: Syntax, args: readonly Syntax[], span: Span, reporter: Reporter): Syntax {
  if (callee.kind === "name") return { kind: "call", callee: callee.name, form: "function", args, span, at: callee.span };
  if (callee.kind === "index") return { kind: "called", args: [callee, ...args], span, at: callee.span };
  if (callee.kind !== "poison") reporter.report("WG1105", callee.span, { name: "this" });
  return { kind: "poison", span, at: callee.span, args };
}

/** `A[2, 1:3]`, with the parts of its ranges in a row. */
function indexed(object: Syntax, indices: readonly Syntax[], span: Span): Syntax {
  const axes = indices.map((index) => ({ parts: index.kind === "range" ? index.parts : (["at"] as const), span: index.span }));
  const parts = indices.flatMap((index) => (index.kind === "range" ? index.args : [index]));
  return { kind: "index", axes, args: [object, ...parts], span, at: span };
}

/** Whether a `;` stands in the bracket that opens at `open`, and not in one inside. */
function hasRows(pieces: readonly Piece[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < pieces.length; at++) {
    const { kind, text } = pieces[at]!;
    if (kind === "open") depth++;
    else if (kind === "close" && --depth === 0) return false;
    else if (depth === 1 && text === ";" && kind === "operator") return true;
  }
  return false;
}
