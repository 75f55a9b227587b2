// Plants one mistake at a time in the text of a backward pass, as a person would make it. Who verifies the mutants checks the check.

import type { Span } from "../core/span.ts";
import { createLocator } from "../diagnostics/locate.ts";
import { splitStatements, tokenizeRange, type Statement, type Token } from "./tokens.ts";

export interface Fault {
  readonly description: string;
  /** 1-based. */
  readonly line: number;
  /** The whole text, with the fault in it. */
  readonly code: string;
}

export interface FaultOptions {
  /** At most so many, spread evenly; default 200. */
  readonly limit?: number;
}

/** A change of the text: `[start, end)` becomes `text`. */
interface Edit extends Span {
  readonly text: string;
  readonly description: string;
}

/** What a statement gives to what: `dx += expr`, or a property of a returned object. */
interface Assignment {
  readonly target: string;
  readonly isAccumulation: boolean;
  /** The `+=` or `=` itself; undefined for a property. */
  readonly operator: Token | undefined;
  readonly value: readonly Token[];
  /** From the first token of the target on. */
  readonly whole: Span;
  /** A property written short, `{ dx }`, needs its name before a new value. */
  readonly isShorthand: boolean;
}

const NOT_OPERANDS = new Set([
  "Math",
  "true",
  "false",
  "new",
  "const",
  "let",
  "return",
  "NaN",
  "Infinity",
  "undefined",
  "Float64Array",
  "Float32Array",
  "as",
  "number",
]);

/** Every mutant of the statements inside `backwardRanges`, in order of the text. */
export function plantFaults(code: string, backwardRanges: readonly Span[], options: FaultOptions = {}): readonly Fault[] {
  const edits = backwardRanges.flatMap((range) => editsIn(code, range));
  const locate = createLocator(code);
  return spreadEvenly(edits, options.limit ?? 200).map(({ start, end, text, description }) => ({
    description,
    line: locate(start).line,
    code: code.slice(0, start) + text + code.slice(end),
  }));
}

/**
 * Whether a mutant answered exactly as the original at every point, as when an operand is replaced by one of the same value: such a
 * one is no fault and is not counted.
 */
export function isEquivalent(original: readonly (readonly number[])[], mutant: readonly (readonly number[])[]): boolean {
  return (
    original.length === mutant.length &&
    original.every((row, i) => {
      const other = mutant[i]!;
      return row.length === other.length && row.every((value, k) => Object.is(value, other[k]));
    })
  );
}

function spreadEvenly<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!);
}

function editsIn(code: string, range: Span): Edit[] {
  const statements = splitStatements(tokenizeRange(code, range.start, range.end));
  return statements.flatMap((statement, index) =>
    assignmentsOf(statement).flatMap((assignment) => editsOf(code, assignment, operandsBefore(statements, index))),
  );
}

function editsOf(code: string, assignment: Assignment, candidates: readonly Operand[]): Edit[] {
  const { target, operator, value } = assignment;
  const span = { start: value[0]!.start, end: value.at(-1)!.end };
  const text = code.slice(span.start, span.end);
  const lead = assignment.isShorthand ? `${target}: ` : "";
  const edits: Edit[] = [];
  if (text !== "0") edits.push({ ...span, text: `${lead}-(${text})`, description: `sign of ${target} flipped` });
  if (assignment.isAccumulation) {
    edits.push({ ...assignment.whole, text: "", description: `contribution to ${target} dropped` });
    edits.push({ start: operator!.start, end: operator!.end, text: "=", description: `+= of ${target} turned into =` });
  } else if (text !== "0") {
    edits.push({ ...span, text: `${lead}0`, description: `${target} set to 0` });
  }
  return assignment.isShorthand ? edits : [...edits, ...wrongOperands(target, value, candidates)];
}

/** Each operand once replaced by another that is in scope. */
function wrongOperands(target: string, value: readonly Token[], candidates: readonly Operand[]): Edit[] {
  const own = operandsIn(value);
  return own.flatMap(({ token, isIndexed }, at) => {
    const others = [...own, ...candidates].filter((other) => other.token.text !== token.text && other.isIndexed === isIndexed);
    const other = others[at % Math.max(1, others.length)]?.token.text;
    if (other === undefined) return [];
    const description = `${token.text} replaced by ${other} in ${target}`;
    return [{ start: token.start, end: token.end, text: other, description }];
  });
}

interface Operand {
  readonly token: Token;
  /** Followed by `[`: an array, to be replaced by an array only. */
  readonly isIndexed: boolean;
}

/** Variables read in an expression: not properties, not keys, not functions. */
function operandsIn(tokens: readonly Token[]): Operand[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1]?.text;
    const after = tokens[at + 1]?.text;
    const isOperand = token.kind === "name" && !NOT_OPERANDS.has(token.text) && before !== "." && after !== "(" && after !== ".";
    return isOperand ? [{ token, isIndexed: after === "[" }] : [];
  });
}

/** Variables that statements above have read or made, and that are still in scope. */
function operandsBefore(statements: readonly Statement[], index: number): Operand[] {
  const here = statements[index]!;
  const found: Operand[] = [];
  for (const statement of statements.slice(Math.max(0, index - 8), index)) {
    const isAround = statement.blocks.every((block, depth) => here.blocks[depth] === block);
    if (!isAround || ["for", "if", "while", "function", "export"].includes(statement.tokens[0]!.text)) continue;
    for (const { value } of assignmentsOf(statement)) found.push(...operandsIn(value));
  }
  return found;
}

function assignmentsOf({ tokens }: Statement): Assignment[] {
  const first = tokens[0]!;
  if (first.text === "return") return returnedProperties(tokens.slice(1));
  if (["for", "if", "while", "function", "export", "else", "import", "throw"].includes(first.text)) return [];
  const at = outermost(tokens, (token) => token.text === "=" || token.text === "+=");
  if (at === undefined || at === tokens.length - 1) return [];
  const isDeclaration = first.text === "const" || first.text === "let";
  const targetTokens = tokens.slice(isDeclaration ? 1 : 0, at);
  // Taking kept stages apart, `const { x, y } = kept`, is no backward step.
  if (targetTokens[0]?.kind !== "name") return [];
  const operator = tokens[at]!;
  return [
    {
      target: targetName(targetTokens),
      isAccumulation: operator.text === "+=",
      operator,
      value: tokens.slice(at + 1),
      whole: { start: first.start, end: tokens.at(-1)!.end },
      isShorthand: false,
    },
  ];
}

/** `dx: number` and `out[1]` without their types and blanks. */
function targetName(tokens: readonly Token[]): string {
  const colon = tokens.findIndex((token) => token.text === ":");
  return (colon < 0 ? tokens : tokens.slice(0, colon)).map((token) => token.text).join("");
}

function returnedProperties(tokens: readonly Token[]): Assignment[] {
  if (tokens[0]?.text !== "{" || tokens.at(-1)?.text !== "}") return [];
  return splitAtCommas(tokens.slice(1, -1)).flatMap((property) => {
    const key = property[0];
    if (key?.kind !== "name") return [];
    const isShorthand = property.length === 1;
    if (!isShorthand && property[1]!.text !== ":") return [];
    const value = isShorthand ? property : property.slice(2);
    const whole = { start: key.start, end: property.at(-1)!.end };
    return [{ target: key.text, isAccumulation: false, operator: undefined, value, whole, isShorthand }];
  });
}

function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let rest = tokens;
  while (rest.length > 0) {
    const at = outermost(rest, (token) => token.text === ",") ?? rest.length;
    if (at > 0) parts.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return parts;
}

/** The first token outside all brackets that `matches`. */
function outermost(tokens: readonly Token[], matches: (token: Token) => boolean): number | undefined {
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== "punctuation") continue;
    if (depth === 0 && matches(token)) return at;
    if ("([{".includes(token.text)) depth++;
    if (")]}".includes(token.text)) depth--;
  }
  return undefined;
}
