// What a gate shows: a sign in a circle where one op reads its inputs alike, else its expression in a box.

import type { LessonStage } from "../types.ts";
import { numberText } from "./number-text.ts";

/** `circle` for a short sign, `box` for an expression or a word. */
export interface GateFace {
  readonly form: "circle" | "box";
  readonly lines: readonly string[];
}

const LONGEST_SIGN = 4;
const LONGEST_LINE = 22;
/** Of an expression that has no space to break it at. */
const LONGEST_WORD = 30;
const MOST_LINES = 3;
const MATRIX_PRODUCT = "@";
const NAME = String.raw`[A-Za-z_$]\w*`;
/** Functions whose arguments may change places. */
const SYMMETRIC = /^(?:max|min|hypot)$/;

/** The sign or expression of a stage. */
export function gateFace(stage: LessonStage): GateFace {
  const sign = signOf(stage);
  if (sign === undefined) return { form: "box", lines: breakLines(stageText(stage)) };
  return { form: [...sign].length <= LONGEST_SIGN ? "circle" : "box", lines: [sign] };
}

/** What a stage computes, to print: `w0 * x0^2 - b` becomes `w0·x0² − b`; a product of matrices `X @ W`, element by element `P ∘ Q`. */
export function stageText({ expression, symbol, operands }: LessonStage): string {
  const isProduct = symbol === MATRIX_PRODUCT;
  if (isProduct && expression.startsWith("einsum(")) return operands.join(` ${MATRIX_PRODUCT} `);
  return expression
    .replaceAll(" .* ", " ∘ ")
    .replaceAll(" * ", isProduct ? ` ${MATRIX_PRODUCT} ` : "·")
    .replaceAll(/ ?\.?\^ ?([23])(?![\d.])/g, (_, power: string) => (power === "2" ? "²" : "³"))
    .replaceAll(" ./ ", " / ")
    .replaceAll(/\d+\.\d{5,}/g, (digits) => numberText(Number(digits)))
    .replaceAll(/(?<=\w)'/g, "ᵀ")
    .replaceAll(/-(?!>)/g, "−");
}

function signOf({ expression, operands, op, symbol }: LessonStage): string | undefined {
  const parts = operationsOf(expression);
  // A constant beside the only operand is in the sign, as the course notes draw it: `×2`, `+1`, `1/x`.
  if (operands.length < 2) return parts.length <= 1 ? symbol : undefined;
  if (/\d/.test(expression.replaceAll(new RegExp(NAME, "g"), ""))) return undefined;
  if (parts.every((part) => part === "+")) return "+";
  if (parts.length === 1 && (parts[0] === "*" || parts[0] === ".*") && symbol === "×") return "×";
  return parts.length === 1 && SYMMETRIC.test(op) ? symbol : undefined;
}

/** Operators and called functions of an expression in mathjs syntax, in the order of the text. */
function operationsOf(expression: string): string[] {
  return [...expression.matchAll(/[A-Za-z_$]\w*(?=\()|\.?[-+*/^]|[<>=!]=?|'/g)].map(([part]) => part);
}

/** A few short lines, broken before operators and behind commas; what does not fit is left out. */
function breakLines(text: string): string[] {
  const lines: string[] = [""];
  for (const word of text.split(/ (?=[^\s\w(]+ )|(?<=,) /)) {
    const line = lines.at(-1)!;
    if (line === "" || line.length + 1 + word.length <= LONGEST_LINE) lines[lines.length - 1] = `${line} ${word}`.trimStart();
    else lines.push(word);
  }
  if (lines.length > MOST_LINES) lines.splice(MOST_LINES - 1, lines.length, `${lines[MOST_LINES - 1]} …`);
  return lines.map((line) => (line.length <= LONGEST_WORD ? line : `${line.slice(0, LONGEST_WORD - 1)}…`));
}
