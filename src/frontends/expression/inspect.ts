// Turns down, token by token, what is not part of the language of numbers and tensors: strings, objects, bits, odd characters.
// What passes can be read by mathjs without naming anything but numbers, words, brackets and operators.

import type { Reporter } from "../../diagnostics/report.ts";
import type { Token } from "./lexer.ts";

const BITWISE: ReadonlyMap<string, string | undefined> = new Map([
  ["&", "write 'and' for a logical and"],
  ["|", "write 'or' for a logical or"],
  ["~", "write 'not' for a negation"],
  ["^|", "write 'xor' for a logical exclusive or"],
  ["<<", undefined],
  [">>", undefined],
  [">>>", undefined],
]);

/** Characters that people paste from papers, and what to type for them. */
const PASTED: ReadonlyMap<string, string> = new Map([
  ["×", "*"],
  ["·", "*"],
  ["⋅", "*"],
  ["∙", "*"],
  ["•", "*"],
  ["∗", "*"],
  ["\u0387", "*"],
  ["÷", "/"],
  ["∕", "/"],
  ["⁄", "/"],
  ["−", "-"],
  ["–", "-"],
  ["—", "-"],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["≈", "=="],
  ["²", "^2"],
  ["³", "^3"],
  ["√", "sqrt(...)"],
  ["∛", "cbrt(...)"],
  ["∧", "and"],
  ["∨", "or"],
  ["¬", "not"],
  ["‘", "nothing"],
  ["’", "nothing"],
  ["“", "nothing"],
  ["”", "nothing"],
  ["（", "("],
  ["）", ")"],
  ["，", ","],
  ["\u2003", "a blank"],
  ["\u2009", "a blank"],
  ["\u3000", "a blank"],
]);

const INVISIBLE = /\p{Default_Ignorable_Code_Point}|[\u2028\u2029]/u;

/** Reports each token that has no place in an expression; whether there was none. */
export function inspect(tokens: readonly Token[], reporter: Reporter): boolean {
  let clean = true;
  let quoted = false;
  const open: string[] = [];
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (token.kind === "open") open.push(token.text);
    if (token.kind === "close") open.pop();
    if (quoted) {
      if (token.kind === "quote") quoted = false;
      return; // inside '...': one report for the text is enough
    }
    quoted = token.kind === "quote" && !endsValue(before);
    if (token.kind === "string" && isSpecification(tokens, index)) return;
    if (reportToken(token, before, open.at(-1), reporter)) clean = false;
  });
  return clean;
}

/** The text of `einsum("ij,jk->ik", A, B)`. */
function isSpecification(tokens: readonly Token[], index: number): boolean {
  const [callee, bracket, token] = tokens.slice(Math.max(0, index - 2), index + 1);
  return (
    callee?.text === "einsum" && bracket?.text === "(" && token !== undefined && token.text.length > 1 && token.text.endsWith('"')
  );
}

function reportToken(token: Token, before: Token | undefined, bracket: string | undefined, reporter: Reporter): boolean {
  switch (token.kind) {
    case "string":
      reporter.report("WG1205", token);
      return true;
    case "quote":
      if (endsValue(before)) return false;
      reporter.report("WG1205", token);
      return true;
    case "open":
      if (token.text === "{") reporter.report("WG1204", token);
      return token.text === "{";
    case "word":
      return reportInvisible(token, reporter);
    case "unknown":
      reportCharacter(token, reporter);
      return true;
    case "operator":
      return reportOperator(token, before, bracket, reporter);
    default:
      return false;
  }
}

function reportOperator(token: Token, before: Token | undefined, bracket: string | undefined, reporter: Reporter): boolean {
  const { text } = token;
  if (BITWISE.has(text)) {
    const isSecond = before?.text === text && before.end === token.start; // of `&&`: said at the first
    if (!isSecond) reporter.report("WG1212", token, { operator: text }, BITWISE.get(text));
    return true;
  }
  if (text === "." || text === "?.") reporter.report("WG1213", token);
  else if (text === "??") reporter.report("WG1214", token, { operator: text }, "there is always a value here");
  else if (text === ";" && bracket !== "[") reporter.report("WG1001", token, { detail: "';' cannot stand inside brackets" });
  else return false;
  return true;
}

function reportInvisible(token: Token, reporter: Reporter): boolean {
  const found = INVISIBLE.exec(token.text);
  if (found === null) return false;
  const start = token.start + found.index;
  reporter.report("WG1004", { start, end: start + found[0].length }, { code: codeOf(found[0]) });
  return true;
}

function reportCharacter(token: Token, reporter: Reporter): void {
  if (INVISIBLE.test(token.text)) return reporter.report("WG1004", token, { code: codeOf(token.text) });
  const instead = PASTED.get(token.text);
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(token.text) ? `'${token.text}' (${codeOf(token.text)})` : codeOf(token.text);
  reporter.report(
    "WG1003",
    token,
    { character: shown },
    instead && `write ${instead === "nothing" ? "no quotes" : `'${instead}'`}`,
  );
}

function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return ["number", "word", "close", "quote"].includes(token.kind) || token.text === "!";
}
