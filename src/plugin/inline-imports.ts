// What is left of an import of `wengert/inline` when its templates are compiled.

import type { ImportDeclaration } from "@babel/types";
import type MagicString from "magic-string";
import { isTypeSpecifier, type Binding } from "./inline-tags.ts";

/** Takes `gone` out of their import declarations, and declarations out of the module where nothing is left of them. */
export function removeImports(text: MagicString, code: string, gone: readonly Binding[]): void {
  for (const declaration of new Set(gone.map((binding) => binding.declaration))) {
    const specifiers = new Set(gone.map(({ specifier }) => specifier));
    const left = declaration.specifiers.filter((specifier) => !specifiers.has(specifier));
    if (left.length === 0) text.remove(declaration.start!, endOfLine(declaration.end!, code));
    else text.update(declaration.start!, declaration.source.start!, `${headOf(left, code)} from `);
  }
}

/** The start of the next line, where nothing but a comment follows in this one; else the offset itself. */
export function endOfLine(offset: number, code: string): number {
  const rest = /[ \t]*(?:\/\/[^\r\n]*)?(?:\r\n|\n|\r|$)/y;
  rest.lastIndex = offset;
  return offset + (rest.exec(code)?.[0].length ?? 0);
}

/** `import a, { b, type C }`; of types alone an import that does not load the module. */
function headOf(specifiers: ImportDeclaration["specifiers"], code: string): string {
  const onlyTypes = specifiers.every(isTypeSpecifier);
  const texts = specifiers.map((specifier) => ({ specifier, text: code.slice(specifier.start!, specifier.end!) }));
  const named = texts
    .filter(({ specifier }) => specifier.type === "ImportSpecifier")
    .map(({ text }) => (onlyTypes ? text.replace(/^type(of)?\s+/, "") : text));
  const others = texts.filter(({ specifier }) => specifier.type !== "ImportSpecifier").map(({ text }) => text);
  const parts = [...others, ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : [])];
  return `import ${onlyTypes ? "type " : ""}${parts.join(", ")}`;
}
