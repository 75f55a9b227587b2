// explanationOf(): a lesson told in words and formulas, with numbers put in where there are any. What is said is data; printers stand beside this.

import type { Lesson, Numbers } from "../types.ts";
import { backwardSection } from "./backward.ts";
import { flowSection } from "./flow.ts";
import { forwardSection } from "./forward.ts";
import { resultSection } from "./result.ts";
import { rewritesSection } from "./rewrites.ts";
import { summaryOf } from "./summary.ts";
import { createTeller } from "./teller.ts";
import type { Explanation, ExplanationOptions } from "./types.ts";

/** Formulas alone where there are no numbers. */
export function explanationOf(
  lesson: Lesson,
  numbers: Numbers | undefined = undefined,
  options: ExplanationOptions = {},
): Explanation {
  const teller = createTeller(lesson, numbers, options);
  const sections = [rewritesSection, forwardSection, backwardSection, flowSection, resultSection].map((tell) => tell(teller));
  return {
    name: lesson.name,
    title: titleOf(lesson),
    isFormula: lesson.kind === "function",
    summary: summaryOf(teller),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  };
}

const MOST_INPUTS = 8;

/** `f(x, y) = x * y`; a formula that already says what it defines stands as it is. */
function titleOf({ name, kind, formula, inputs }: Lesson): string {
  if (kind === "network") return `The network ${name}`;
  if (formula.startsWith(`${name} =`) || formula.startsWith(`${name}(`)) return formula;
  const names = inputs.map((input) => input.name);
  const shown = names.length > MOST_INPUTS ? [...names.slice(0, 3), `... ${names.length} inputs`] : names;
  const head = `${name}(${shown.join(", ")})`;
  return formula === "" ? head : `${head} = ${formula}`;
}
