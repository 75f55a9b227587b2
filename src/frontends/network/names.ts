// Which words may be names in a spec: identifiers that the generated code can use. They are the only texts of a spec that reach it.

import type { Span } from "../../core/span.ts";
import { isReserved } from "../../core/words.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { foundText } from "./problems.ts";
import type { SpecNode } from "./read.ts";

/** A name, and where it stands. */
export interface Reference {
  readonly name: string;
  readonly span: Span;
}

const LONGEST = 60;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

export function isName(word: string): boolean {
  return word.length <= LONGEST && IDENTIFIER.test(word) && !isReserved(word);
}

/** The name that `node` is; undefined, and reported, where it is none. `what` is for messages: `'name'`. */
export function readName(node: SpecNode, what: string, reporter: Reporter): Reference | undefined {
  const { span, value } = node;
  if (typeof value !== "string") {
    reporter.report("WG1412", span, { name: what, wanted: "a name", found: foundText(node) });
    return undefined;
  }
  if (isName(value)) return { name: value, span };
  reportName(value, span, reporter);
  return undefined;
}

export function reportName(word: string, span: Span, reporter: Reporter): void {
  const shown = word.length > LONGEST ? `${word.slice(0, LONGEST)}...` : word;
  const plain = word.replace(/[^\p{L}\p{Nd}_]+(.?)/gu, (_, next: string) => next.toUpperCase());
  reporter.report("WG1420", span, { name: shown }, isName(plain) ? `'${plain}' would do` : undefined);
}
