// The mistakes that a grader must find, planted in a right line: its sign turned, its contribution missing or counted twice, what arrives forgotten.

import { gradientsRead, shapeOf } from "./statements.ts";
import type { Lesson } from "../lesson/types.ts";
import type { Blank } from "./types.ts";

export interface Mistake {
  readonly kind: "sign" | "missing" | "doubled" | "upstream" | "replaced";
  /** The statement with the mistake in it. */
  readonly statement: string;
}

/** Each mistake that can be made in the line of a blank. */
export function mistakesIn(lesson: Lesson, blank: Blank): Mistake[] {
  const isArray = shapeOf(lesson, blank.step.target) !== "";
  const statement = blank.answer.join("\n");
  return [
    ...(isArray ? arrayMistakes(blank, statement) : numberMistakes(statement)),
    ...withoutUpstream(lesson, blank, statement),
  ];
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
  if (upstream === undefined || others.length > 0) return [];
  const [, head = "", value] = /^((?:const|let) \S+ = |\S+ [+-]= )?([\s\S]*);$/.exec(statement)!; // matches every statement
  const isArray = lesson.steps.some(({ adjoint, target }) => adjoint === upstream && shapeOf(lesson, target) !== "");
  const ones = isArray ? `${upstream}.map(() => 1)` : "1";
  return [{ kind: "upstream", statement: `${head}((${upstream}) => ${value})(${ones});` }];
}
