// Cuts the tokens of a source into statements at line ends and semicolons outside brackets, as mathjs would: a line that ends in
// an operator goes on in the next. Brackets that do not match are reported here.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { OPERATOR_WORDS, type Token } from "./lexer.ts";

export interface TokenLine {
  /** Not empty, without line ends. */
  readonly tokens: readonly Token[];
  readonly span: Span;
  /** A bracket does not match: reported, and not to be read any further. */
  readonly broken: boolean;
}

const PARTNERS: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

export function splitStatements(tokens: readonly Token[], reporter: Reporter): TokenLine[] {
  const lines: TokenLine[] = [];
  let current: Token[] = [];
  let open: Token[] = [];
  let broken = false;

  const finish = (): void => {
    const first = current[0];
    if (first !== undefined) {
      lines.push({ tokens: current, span: { start: first.start, end: current.at(-1)!.end }, broken });
    }
    current = [];
    open = [];
    broken = false;
  };
  const closeBracket = (token: Token): void => {
    const opener = open.pop();
    if (opener !== undefined && PARTNERS.get(opener.text) === token.text) return;
    broken = true;
    const wanted = opener === undefined ? "closes nothing" : `does not close the '${opener.text}' before it`;
    reporter.report("WG1007", token, { bracket: token.text, problem: wanted });
  };

  for (const token of tokens) {
    if (token.kind === "newline") {
      if (open.length === 0 && !goesOn(current.at(-1))) finish();
      continue;
    }
    if (token.text === ";" && token.kind === "operator" && open.length === 0) {
      finish();
      continue;
    }
    current.push(token);
    if (token.kind === "open") open.push(token);
    else if (token.kind === "close") closeBracket(token);
  }
  if (open[0] !== undefined) {
    broken = true;
    reporter.report("WG1006", open[0], { bracket: open[0].text, wanted: PARTNERS.get(open[0].text)! });
  }
  finish();
  return lines;
}

/** Whether a line that ends in `token` continues: after an operator that wants another operand. */
function goesOn(token: Token | undefined): boolean {
  if (token?.kind === "operator") return token.text !== "!";
  return token?.kind === "word" && OPERATOR_WORDS.has(token.text);
}
