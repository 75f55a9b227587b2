// Functions for arrays in an exercise: all three products of matrices where one is asked for, so that which one it is stays a question, and a
// short description of each.

import { piecesNamed, writePieces } from "../emit/typescript/library.ts";
import { createWriter, eraseTypes } from "../emit/typescript/writer.ts";
import { declarationsOf, type Declaration } from "./declarations.ts";
import { namesIn } from "./statements.ts";
import type { Blank, Language } from "./types.ts";

/** The products of two matrices: as they are, the first transposed, the second. */
export const PRODUCTS = ["matmul", "matmulAt", "matmulBt"];

/** The declarations and, where a product of matrices is to be filled in, the products that are not among them. */
export function withProducts(declarations: readonly Declaration[], blanks: readonly Blank[], language: Language): Declaration[] {
  const isAsked = blanks.some(({ answer }) => namesIn(answer.join(" ")).some((name) => PRODUCTS.includes(name)));
  if (!isAsked) return [...declarations];
  const taken = new Set(declarations.map(({ name }) => name));
  const writer = createWriter();
  writePieces(writer, piecesNamed(PRODUCTS));
  const emitted = writer.finish();
  const pieces = declarationsOf(`\n${language === "typescript" ? emitted.text : eraseTypes(emitted)}`);
  const last = declarations.findLastIndex(({ name }) => PRODUCTS.includes(name));
  return [...declarations.slice(0, last + 1), ...pieces.filter(({ name }) => !taken.has(name)), ...declarations.slice(last + 1)];
}

/** `matmulAt(A, B, k, m, n)  Aᵀ B: A [k, m], B [k, n]` for each of the functions that the lines call. */
export function legend(declarations: readonly Declaration[], lines: string): string[] {
  const called = new Set(namesIn(lines));
  const rows = declarations.flatMap(({ name, text }) => {
    const isProduct = PRODUCTS.includes(name);
    const doc = /^\/\*\* (.*?)\.? \*\//.exec(text)?.[1];
    return (called.has(name) || isProduct) && doc !== undefined
      ? [{ call: `${name}(${parametersOf(text).join(", ")})`, doc }]
      : [];
  });
  const width = Math.max(0, ...rows.map(({ call }) => call.length));
  return rows.map(({ call, doc }) => `  ${call.padEnd(width)}  ${doc}`);
}

/** Names of the parameters; one that has a default is marked. */
function parametersOf(text: string): string[] {
  const head = /^(?:export )?function [^(]+\(([\s\S]*?)\)(?:: [^\n{]+)? \{$/m.exec(text)?.[1] ?? "";
  const top = head.replace(/\([^()]*\)/g, ""); // types of functions have parameters of their own
  return top
    .split(/,\s*(?=[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?:[:=,]|$))/u)
    .map((each) => each.trim().replace(/,$/, ""))
    .filter((each) => each !== "")
    .map((each) => (each.includes("=") && !each.includes("=>") ? `${namesIn(each)[0]}?` : namesIn(each)[0]!));
}
