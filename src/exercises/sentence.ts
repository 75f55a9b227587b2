// Sentences about code: each begins with a capital letter, unless it begins with code, whose case means something.

import { namesIn } from "./statements.ts";

/** `text` as a sentence. The first word stays as it is where it is a name in `code`. */
export function asSentence(text: string, code: string): string {
  const [first = ""] = namesIn(text);
  const isCode = !/^\p{L}/u.test(text) || namesIn(withoutComments(code)).includes(first);
  return `${isCode ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`}${/[.?!]$/.test(text) ? "" : "."}`;
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
