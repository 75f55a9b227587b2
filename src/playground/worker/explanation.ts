// The explanation of what was compiled, as HTML for the page and as Markdown to keep. Loaded with KaTeX when somebody asks.

import { explanationOf } from "../../lesson/explanation/explanation.ts";
import { explanationFragment } from "../../lesson/explanation/html.ts";
import { explanationMarkdown } from "../../lesson/explanation/markdown.ts";
import { loadMath } from "../../lesson/explanation/math.ts";
import type { Lesson, Numbers } from "../../lesson/types.ts";
import type { ExplanationText } from "../protocol.ts";

export async function explain(lesson: Lesson, numbers: Numbers | undefined): Promise<ExplanationText> {
  const explanation = explanationOf(lesson, numbers);
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
