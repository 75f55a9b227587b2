// Where the characters of a template's cooked text stand in the file, escapes and line ends seen through.

import type { TemplateElement, TemplateLiteral } from "@babel/types";
import type { Shown } from "../inline/places.ts";

/** The strings of a template as its tag gets them; a false escape is left as it is written. */
export function stringsOf({ quasis }: TemplateLiteral): string[] {
  return quasis.map(({ value }) => value.cooked ?? value.raw);
}

/** For each string, the offset in `code` of each of its UTF-16 units, and of its end. */
export function placesOf({ quasis }: TemplateLiteral, code: string): Shown {
  return quasis.map((element) => [...unitsOf(element, code), element.end!]); // what was parsed has places
}

const LINE_END = String.raw`\r\n|[\n\r\u2028\u2029]`;
const ESCAPE = String.raw`u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|${LINE_END}|[\s\S]`;
/** A character that stands for itself, a line end, or an escape. */
const UNIT = new RegExp(String.raw`\\(${ESCAPE})|\r\n|[\s\S]`, "g");

function unitsOf({ start, end, value }: TemplateElement, code: string): number[] {
  const text = code.slice(start!, end!);
  const pattern = value.cooked == null ? /\r\n|[\s\S]/g : UNIT;
  return Array.from(text.matchAll(pattern)).flatMap(({ index, 1: escape }) =>
    Array<number>(lengthOf(escape)).fill(start! + index),
  );
}

/** How many UTF-16 units an escape stands for; without one, one. */
function lengthOf(escape: string | undefined): number {
  if (escape === undefined) return 1;
  if (new RegExp(`^(?:${LINE_END})$`).test(escape)) return 0;
  return escape.startsWith("u{") && Number.parseInt(escape.slice(2, -1), 16) > 0xffff ? 2 : 1;
}
