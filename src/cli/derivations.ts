// The lessons of a compiled source, and its derivation as LaTeX.

import type { Lesson } from "../lesson/types.ts";
import type { CompiledSource } from "./compile.ts";
import { usageError } from "./exit.ts";

/** Only the staged gradient has stages to explain. */
export const EXPLAINED = { mode: "grad", style: "staged" } as const;

/** Of every function, in source order. */
export async function lessonsIn({ compilation }: CompiledSource): Promise<Lesson[]> {
  const { lessonOf } = await import("../lesson/lesson.ts");
  return (compilation?.functions ?? []).map((fn, index) => {
    if (fn.derivation === undefined)
      throw usageError(`a derivation is of the gradient of one number, in the staged style, which ${fn.name} does not have`);
    return lessonOf(compilation!, index);
  });
}

export async function derivationsLatex(source: CompiledSource): Promise<string> {
  const { derivationLatex } = await import("../lesson/explanation/latex.ts");
  return (await lessonsIn(source)).map(derivationLatex).join("\n");
}
