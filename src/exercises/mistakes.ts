// The mistakes that a grader must find, planted in a right line: its sign turned, its contribution missing or counted twice, what arrives
// forgotten, a condition that is none or of another variable, a matrix transposed, a sum over the batch missing.

import { maskMistakes } from "./mask-mistakes.ts";
import { matrixMistakes } from "./matrix-mistakes.ts";
import { gradientsRead, shapeOf, withoutMarks } from "./statements.ts";
import type { Lesson } from "../lesson/types.ts";
import type { Blank, Mistake } from "./types.ts";

/** Each mistake that can be made in the line of a blank. Some are none: what differs only where it is multiplied by 0 is right. */
export function mistakesIn(lesson: Lesson, blank: Blank): Mistake[] {
  const isArray = shapeOf(lesson, blank.step.target) !== "";
  const statement = withoutMarks(blank.answer.join("\n"));
  return [
    ...(isArray ? arrayMistakes(blank, statement) : numberMistakes(statement)),
    ...withoutUpstream(lesson, blank, statement),
    ...maskMistakes(lesson, blank, statement),
    ...matrixMistakes(statement),
  ].filter((mistake) => mistake.statement !== statement);
}

function numberMistakes(statement: string): Mistake[] {
  const [, head, value] = /^((?:const|let) \S+ =|\S+ [+-]=) ([\s\S]*);$/.exec(statement)!; // both forms that a line over numbers has
  const isAdded = !/^(const|let) /.test(head!);
  const sign = head!.includes("-=") ? "-" : "";
  return [
    { kind: "sign", statement: `${head} -(${value});` },
    { kind: "missing", statement: isAdded ? "" : `${head} 0;` },
    { kind: "doubled", statement: `${head} 2 * (${value});` },
    ...(isAdded ? [{ kind: "replaced", statement: `${head!.replace(/ [+-]=$/, " =")} ${sign}(${value});` } as const] : []),
  ];
}

function arrayMistakes({ step }: Blank, statement: string): Mistake[] {
  const { adjoint } = step;
  if (!/^(const|let) /.test(statement))
    return [
      { kind: "sign", statement: `${turned(adjoint)} ${statement} ${turned(adjoint)}` },
      { kind: "missing", statement: "" },
      { kind: "doubled", statement: `${statement} ${statement}` },
    ];
  return [
    { kind: "sign", statement: `${statement} ${turned(adjoint)}` },
    { kind: "missing", statement: `${statement} ${adjoint}.fill(0);` },
    { kind: "doubled", statement: `${statement} ${eachOf(adjoint, "2 * each")}` },
  ];
}

function turned(array: string): string {
  return eachOf(array, "-each");
}

function eachOf(array: string, value: string): string {
  return `${array}.forEach((each, at) => { ${array}[at] = ${value}; });`;
}

/** What arrives taken for 1. Only where the line reads it from one variable. */
function withoutUpstream(lesson: Lesson, { step }: Blank, statement: string): Mistake[] {
  const [upstream, ...others] = gradientsRead(lesson, step);
  if (upstream === undefined || others.length > 0 || isOne(lesson, upstream)) return [];
  const [, head = "", value] = /^((?:const|let) \S+ = |\S+ [+-]= )?([\s\S]*);$/.exec(statement)!; // matches every statement
  const isArray = lesson.steps.some(({ adjoint, target }) => adjoint === upstream && shapeOf(lesson, target) !== "");
  const ones = isArray ? `${upstream}.map(() => 1)` : "1";
  return [{ kind: "upstream", statement: `${head}((${upstream}) => ${value})(${ones});` }];
}

/** Whether a gradient is 1 in the code, so that nobody can tell whether it was forgotten. */
function isOne({ steps, seed }: Lesson, gradient: string): boolean {
  return gradient === seed || steps.some(({ adjoint, code }) => adjoint === gradient && / = 1;?$/.test(code.text.trim()));
}
