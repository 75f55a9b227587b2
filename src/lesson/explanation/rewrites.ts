// What was rewritten before differentiating: before, after, which class of rewrite it is, and why it is worth having.

import type { LessonRewrite } from "../types.ts";
import { code, listed, type Teller } from "./teller.ts";
import type { Block, Prose, Section } from "./types.ts";

/** Rewrites told; a long source has hundreds, mostly of the same rules. */
const MOST = 12;

export function rewritesSection(teller: Teller): Section {
  const { lesson, options } = teller;
  const told = options.all === true ? lesson.rewrites : lesson.rewrites.slice(0, MOST);
  const rest = lesson.rewrites.length - told.length;
  const more: Block[] = rest > 0 ? [{ kind: "folded", prose: [`${rest} more rewrites are left out here.`] }] : [];
  const blocks: Block[] = told.length === 0 ? [] : [{ kind: "list", items: told.map(rewriteProse) }, ...more, outcome(teller)];
  return { id: "rewrites", title: "Rewritten first", blocks };
}

/** What came of it: stages that the source names and that are gone. */
function outcome({ lesson, options }: Teller): Block {
  const there = new Set([lesson.name, lesson.output, ...[...lesson.stages, ...lesson.inputs].map(({ variable }) => variable)]);
  const gone = (options.assigned ?? []).filter((name) => !there.has(name));
  const lost: Prose =
    gone.length === 0
      ? []
      : [
          ...listed(gone.map(code)),
          gone.length === 1
            ? " has no stage any more: the rewrites took it up"
            : " have no stage any more: the rewrites took them up",
          " in the formulas above. ",
        ];
  return {
    kind: "paragraph",
    prose: [...lost, "The stages below compute the last form; any step not listed is only collecting terms and naming parts."],
  };
}

function rewriteProse({ rule, before, after, safety, text, why }: LessonRewrite): Prose {
  const isGeneral = text !== "" && text.replace(/\s+/g, "") !== `${before}->${after}`.replace(/\s+/g, "");
  return [
    code(before),
    " became ",
    code(after),
    ", by the rule ",
    code(rule),
    ...(safety === "" ? [] : [` (${safety})`]),
    ...(isGeneral ? [", ", code(text)] : []),
    ".",
    ...(CLASSES[safety] === undefined ? [] : [` ${CLASSES[safety]}`]),
    ...(why === "" ? [] : [` Why: ${why}.`]),
  ];
}

/** What each safety class of the rule table promises. */
const CLASSES: Readonly<Record<string, string>> = {
  exact: "It is exact: the same bits for every input.",
  rounding: "It is the same function of real numbers; only the rounding may differ.",
  stabilising: "It is the same function of real numbers, and keeps its digits, or stays finite, for more inputs.",
  domain: "It holds under a condition, which the declared domains prove.",
};
