// Formulas over the variables of a lesson: from mathjs syntax to Unicode text, and numbers put in for names, in text and in LaTeX.

import { latexName } from "../../emit/latex-names.ts";
import { figure, isPlain } from "./figures.ts";
import type { Formula } from "./types.ts";

/** What stands for a variable; undefined leaves its name. */
export type Substitution = (name: string) => Formula | undefined;

/** A formula in mathjs syntax and the same in LaTeX. */
export interface Written {
  readonly expression: string;
  readonly latex: string;
}

export function formulaOf(written: Written, numberOf: Substitution = () => undefined): Formula {
  const loss = CROSS_ENTROPY_BACKWARD.exec(written.expression)?.groups;
  if (loss !== undefined) return errorOfSoftmax(loss as unknown as ErrorParts, numberOf); // its groups are these
  if (NAME.test(written.expression)) return numberOf(written.expression) ?? nameFormula(written.expression);
  return { text: textOf(written.expression, numberOf), latex: latexWith(written.latex, namesIn(written.expression), numberOf) };
}

const CROSS_ENTROPY_BACKWARD =
  /^(?<kind>softmaxCrossEntropy|crossEntropy)Backward\((?<arrives>[\p{L}\p{N}_$ /*]+), (?<logits>[\p{L}_$][\p{L}\p{N}_$]*), (?<targets>[\p{L}_$][\p{L}\p{N}_$]*)\)$/u;

interface ErrorParts {
  readonly kind: string;
  readonly arrives: string;
  readonly logits: string;
  readonly targets: string;
}

/** `(softmax(Z) − onehot(y)) / m`: what the gate of softmax and cross-entropy sends back. */
function errorOfSoftmax({ kind, arrives, logits, targets }: ErrorParts, numberOf: Substitution): Formula {
  const isIndex = kind === "crossEntropy";
  const target = isIndex ? `onehot(${targets})` : textOf(targets, numberOf);
  const text = `softmax(${textOf(logits, numberOf)}) − ${target}`;
  const call = (name: string, argument: string): string => `\\operatorname{${name}}\\left(${latexName(argument).text}\\right)`;
  const latex = `${call("softmax", logits)} - ${isIndex ? call("onehot", targets) : latexName(targets).text}`;
  if (arrives === "1") return { text, latex };
  const [, divisor] = /^1 \/ ([\p{L}\p{N}_]+)$/u.exec(arrives) ?? [];
  if (divisor !== undefined)
    return {
      text: `(${text}) / ${divisor}`,
      latex: `\\frac{${latex}}{${/^\d/.test(divisor) ? divisor : latexName(divisor).text}}`,
    };
  const factor = NAME.test(arrives) ? latexName(arrives).text : `\\left(${arrives.replaceAll("*", "\\cdot")}\\right)`;
  const shown = textOf(arrives, numberOf);
  return { text: `${isLooser(shown) ? `(${shown})` : shown} · (${text})`, latex: `${factor} \\cdot \\left(${latex}\\right)` };
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** Formulas joined by `=`, each once: `dx = 2 · x = 6`. */
export function chain(parts: readonly Formula[], relation: Formula = { text: " = ", latex: " = " }): Formula {
  return {
    text: joined(
      parts.map(({ text }) => (parts.length === 1 ? text : withinChain(text))),
      relation.text,
    ),
    latex: joined(
      parts.map(({ latex }) => latex),
      relation.latex,
    ),
  };
}

function joined(parts: readonly string[], relation: string): string {
  const [first, ...rest] = parts.filter((part, index) => index === 0 || part !== parts[index - 1]) as [string, ...string[]];
  return rest.length === 0 ? first : first + relation + rest.join(" = ");
}

/** A comparison or a choice is not to be read together with the equals signs around it; LaTeX writes choices as cases. */
function withinChain(text: string): string {
  return / [?<>=≤≥≠] /.test(outermost(text)) ? `(${text})` : text;
}

export const GROWS: Formula = { text: " += ", latex: " \\mathrel{+}= " };

/** a · b, with parentheses where either needs them. */
export function product(left: Formula, right: Formula): Formula {
  const a = enclosed(left, isLooser);
  const b = enclosed(right, isLooserOnTheRight);
  return { text: `${a.text} · ${b.text}`, latex: `${a.latex} \\cdot ${b.latex}` };
}

export function nameFormula(name: string): Formula {
  return { text: name, latex: latexName(name).text };
}

/** ∂of/∂by */
export function partialFormula(of: string, by: string): Formula {
  return { text: `∂${of}/∂${by}`, latex: `\\frac{\\partial ${latexName(of).text}}{\\partial ${latexName(by).text}}` };
}

/** Variables that a formula mentions; what stands before a parenthesis is a function. */
export function namesIn(expression: string): Set<string> {
  return new Set(tokensOf(expression).flatMap(({ kind, text }) => (kind === "name" ? [text] : [])));
}

/** Operators and functions in a formula: more than one, and a line holds several gates. */
export function countOperations(expression: string): number {
  return tokensOf(expression).filter(({ kind, text }) => kind === "function" || (kind === "sign" && OPERATION.test(text))).length;
}

/** `Z1 * W2`, `A' * B` */
export function isMatrixProduct(expression: string): boolean {
  return /^[\p{L}\p{N}_$]+'? \* [\p{L}\p{N}_$]+'?$/u.test(expression);
}

const OPERATION = /^(\.?[*/]|[-+^?]|[<>]=?|[=!]=)$/;

interface Token {
  readonly kind: "name" | "function" | "number" | "quoted" | "sign" | "space";
  readonly text: string;
}

const TOKEN =
  /(?<quoted>"[^"]*")|(?<number>(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|(?<function>[\p{L}_$][\p{L}\p{N}_$]*(?=\())|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<space>\s+)|(?<sign>\.[*/]|[<>=!]=|[\s\S])/gu;

function tokensOf(expression: string): Token[] {
  return [...expression.matchAll(TOKEN)].map(({ groups = {}, 0: text }) => {
    const kind = Object.keys(groups).find((key) => groups[key] !== undefined) as Token["kind"]; // the groups are named after the kinds
    return { kind: kind === "name" && WORDS.has(text) ? "sign" : kind, text };
  });
}

const WORDS: ReadonlySet<string> = new Set(["and", "or", "not", "Infinity", "NaN"]);

const SIGNS: Readonly<Record<string, string>> = {
  "*": "·",
  ".*": "∘",
  "./": "/",
  "-": "−",
  "'": "ᵀ",
  "<=": "≤",
  ">=": "≥",
  "==": "=",
  "!=": "≠",
};

function textOf(expression: string, numberOf: Substitution): string {
  const tokens = tokensOf(expression);
  const text = tokens.map((token, index) => {
    if (token.kind === "sign") return SIGNS[token.text] ?? token.text;
    if (token.kind === "number") return shortNumber(token.text);
    const number = token.kind === "name" ? numberOf(token.text) : undefined;
    if (number === undefined) return token.text;
    const isFirst = isOpening(tokens.slice(0, index).findLast(({ kind }) => kind !== "space")?.text);
    const isPower = tokens[index + 1]?.text === "^";
    return isPlain(number) || (isFirst && !isPower) ? number.text : `(${number.text})`;
  });
  return text
    .join("")
    .replace(/\^2(?![\d.^])/g, "²")
    .replace(/\^3(?![\d.^])/g, "³");
}

/** Constants like √½ have more digits in the code than anybody reads. */
function shortNumber(text: string): string {
  return text.length > LONGEST_NUMBER ? figure(Number(text)).text : text;
}

const LONGEST_NUMBER = 8;
const LONG_NUMBER = /\d+\.\d{7,}/g;

/** Behind these a sign needs no parentheses. */
function isOpening(before: string | undefined): boolean {
  return before === undefined || /^([(,?:<>]|[<>=!]=)$/.test(before);
}

/** A name as latexName() writes it; a function's name has its argument behind it, e its exponent. Words of LaTeX's own are passed as a whole. */
const LATEX_NAME =
  /\\(?:begin|end|operatorname)\{[^{}]*\}|(?:\\(?:mathrm|text)\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z])(?:_\{(?:[^{}]|\{[^{}]*\})*\})?(?!\s*\\left\(|\^)/g;

/** Behind these a sign needs no parentheses. */
const LATEX_OPENING = /(^|\(|[{&,<>=]|\\(le|ge|ne))\s*$/;

function latexWith(original: string, names: ReadonlySet<string>, numberOf: Substitution): string {
  const latex = original.replace(LONG_NUMBER, (digits) => figure(Number(digits)).latex);
  const numbers = new Map<string, Formula>();
  for (const name of names) {
    const number = numberOf(name);
    if (number !== undefined) numbers.set(latexName(name).text, number);
  }
  if (numbers.size === 0) return latex;
  return latex.replace(LATEX_NAME, (found: string, offset: number) => {
    const number = numbers.get(found);
    if (number === undefined) return found;
    if (isPlain(number) || found.length === latex.length) return number.latex;
    const isFirst = LATEX_OPENING.test(latex.slice(0, offset)) && !/^\}?\^/.test(latex.slice(offset + found.length));
    return isFirst ? number.latex : `\\left(${number.latex}\\right)`;
  });
}

function enclosed({ text, latex }: Formula, isLoose: (text: string) => boolean): Formula {
  if (!isLoose(text)) return { text, latex };
  return { text: `(${text})`, latex: latex.startsWith("\\begin{cases}") ? latex : `\\left(${latex}\\right)` };
}

/** A sum, a comparison or a choice outside all parentheses. */
function isLooser(text: string): boolean {
  const flat = text.replace(/^−/, "");
  return / [-+−?:<>=≤≥≠] | (and|or) |^not /.test(outermost(flat));
}

/** Also a sign in front. */
function isLooserOnTheRight(text: string): boolean {
  return text.startsWith("−") || isLooser(text);
}

/** The text without what stands in parentheses. */
function outermost(text: string): string {
  let depth = 0;
  let kept = "";
  for (const sign of text) {
    if (sign === ")" || sign === "]") depth--;
    if (depth === 0) kept += sign;
    if (sign === "(" || sign === "[") depth++;
  }
  return kept;
}
