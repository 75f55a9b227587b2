// The explanation of what was compiled, as HTML for the page and as Markdown to keep. Loaded with KaTeX when somebody asks.

import { explanationOf } from "../../lesson/explanation/explanation.ts";
import { explanationFragment } from "../../lesson/explanation/html.ts";
import { explanationMarkdown } from "../../lesson/explanation/markdown.ts";
import { loadMath } from "../../lesson/explanation/math.ts";
import { surroundingsOf } from "../../lesson/explanation/surroundings.ts";
import type { LessonPoint, Numbers } from "../../lesson/types.ts";
import type { ExplanationText } from "../protocol.ts";
import type { Told } from "./compile.ts";

export async function explain(
  { lesson, compilation, index }: Told & { readonly index: number },
  point: LessonPoint,
  numbers: Numbers | undefined,
): Promise<ExplanationText> {
  const surroundings = numbers && surroundingsOf(compilation, point, numbers, index);
  const explanation = explanationOf(lesson, numbers, surroundings && { surroundings });
  const math = await loadMath();
  return {
    html: explanationFragment(explanation, { math: (latex) => withoutStyles(math(latex)), prefix: "told-" }),
    markdown: explanationMarkdown(explanation),
  };
}

/** The page's policy forbids style attributes in markup; the page sets them from the data. In KaTeX's text quotes never stand bare. */
function withoutStyles(html: string): string {
  return html.replaceAll(' style="', ' data-style="');
}
