// Which lines of a backward pass are left out: those that teach most, of different kinds, the same ones for the same seed.

import type { Lesson, LessonStep } from "../lesson/types.ts";
import { createRandom } from "../verify/prng.ts";

/** How many lines are blank, all that can be, or which: indices of the lesson's steps, lines of the code, variables of gradients. */
export type BlankChoice =
  | number
  | "all"
  | readonly number[]
  /** Counted from 1, of the code as the compiler writes it. */
  | { readonly kind: "lines"; readonly lines: readonly number[] }
  | { readonly kind: "variables"; readonly variables: readonly string[] };

/** The steps that become blanks, in the order of the code. Fewer than asked for where the lesson has no more. */
export function chooseSteps(lesson: Lesson, choice: BlankChoice, seed: number): LessonStep[] {
  const eligible = lesson.steps.filter((step) => step.action !== "help");
  if (choice === "all") return eligible;
  if (typeof choice === "object") return eligible.filter((step) => isNamed(step, choice));
  const random = createRandom(seed);
  const left = eligible.map((step) => ({ step, kind: kindOf(lesson, step), worth: worthOf(step) + 0.5 * random.next() }));
  const taken: typeof left = [];
  while (taken.length < choice && left.length > 0) {
    const value = ({ kind, worth }: (typeof left)[number]): number =>
      worth - 3 * taken.filter((other) => other.kind === kind).length;
    const best = left.reduce((a, b) => (value(b) > value(a) ? b : a));
    left.splice(left.indexOf(best), 1);
    taken.push(best);
  }
  return taken.map(({ step }) => step).sort((a, b) => a.index - b.index);
}

function isNamed({ index, adjoint, code }: LessonStep, choice: Exclude<BlankChoice, number | "all">): boolean {
  if (!("kind" in choice)) return choice.includes(index);
  return choice.kind === "variables"
    ? choice.variables.includes(adjoint)
    : choice.lines.some((line) => code.first < line && line <= code.last + 1);
}

/** Of lines and variables that were asked for, those that are none of the backward pass. */
export function unknownIn(lesson: Lesson, choice: BlankChoice): (number | string)[] {
  if (typeof choice !== "object" || !("kind" in choice)) return [];
  const isKnown = (one: Exclude<BlankChoice, number | "all">): boolean => chooseSteps(lesson, one, 1).length > 0;
  return choice.kind === "variables"
    ? choice.variables.filter((name) => !isKnown({ kind: "variables", variables: [name] }))
    : choice.lines.filter((line) => !isKnown({ kind: "lines", lines: [line] }));
}

/** Lines of one kind teach the same. */
function kindOf(lesson: Lesson, step: LessonStep): string {
  const op = lesson.stages.find((stage) => stage.number === step.stage)?.op ?? "";
  return `${step.flow} ${step.flow === "scales" ? op : ""} ${step.action === "grow" ? "adds" : "sets"}`;
}

/** A sum at a fork, a product and a chain through a gate that bends teach more than a line that hands on what it gets. */
function worthOf(step: LessonStep): number {
  const fork = step.action === "grow" ? 1.5 : 0;
  switch (step.flow) {
    case "swaps":
      return 3 + fork;
    case "scales":
      return (step.identity === undefined ? 2.5 : 3) + fork;
    case "routes":
      return 2.75 + fork;
    case "collects":
      return 2.25 + fork;
    case "distributes":
      return 1 + fork;
  }
}
