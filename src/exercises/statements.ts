// Statements in generated text: where the line of a step stands, and what takes its place.

import type { Lesson, LessonStep } from "../lesson/types.ts";
import type { Blank, Language } from "./types.ts";

/** Lines of a text that make up one statement. */
export interface Place {
  readonly first: number;
  readonly last: number;
}

/** Where each of `statements` (in order, lines without indentation) stands in `lines`; throws where one is missing. */
export function placesOf(statements: readonly (readonly string[])[], lines: readonly string[]): Place[] {
  let from = 0;
  return statements.map((statement) => {
    const first = lines.findIndex((_, index) => index >= from && standsAt(statement, lines, index));
    if (first < 0) throw new Error(`the code has no line ${statement[0]}`);
    from = first + statement.length;
    return { first, last: from - 1 };
  });
}

function standsAt(statement: readonly string[], lines: readonly string[], index: number): boolean {
  return statement.every(
    (line, offset) => withoutMarks(withoutComment(lines[index + offset]?.trim() ?? "")) === withoutMarks(line),
  );
}

/** A statement less the `!` that TypeScript has behind an index. */
export function withoutMarks(text: string): string {
  return text.replace(/\]!(?!=)/g, "]");
}

/** A line of generated code less the comment at its end. None of its strings contains ` //`. */
export function withoutComment(line: string): string {
  return line.replace(/\s*\/\/ .*$/, "").trimEnd();
}

/** The lines of a step's statement without indentation. */
export function statementOf(step: LessonStep): string[] {
  return step.code.text
    .trimEnd()
    .split("\n")
    .map((line) => withoutComment(line.trim()));
}

/** Makes a blank of a step. */
export function blankOf(lesson: Lesson, step: LessonStep, number: number, hard: boolean): Blank {
  const answer = statementOf(step);
  return { number, step, asks: asks(lesson, step, hard), answer, placeholder: placeholderOf(lesson, step, number, hard) };
}

/** `what q receives from f`; in the harder form nothing but that a line is missing. */
function asks(lesson: Lesson, step: LessonStep, hard: boolean): string {
  const shape = shapeOf(lesson, step.target);
  const sized = shape === "" ? "" : ` ${shape}`;
  if (hard) return "your line";
  const given = `what ${step.target}${sized} receives from ${step.from ?? lesson.output}`;
  return addsInPlace(step) ? `add to ${step.adjoint} ${given}` : given;
}

function placeholderOf(lesson: Lesson, step: LessonStep, number: number, hard: boolean): Readonly<Record<Language, string>> {
  const statement = statementOf(step).join("\n");
  const declared = /^(const|let) (\S+) = /.exec(statement);
  if (declared !== null) {
    const [, keyword, name] = declared;
    const type = shapeOf(lesson, step.target) === "" ? "" : ": Float64Array";
    return {
      typescript: `${keyword} ${name}${type} = TODO(${number});`,
      javascript: `${keyword} ${name} = TODO(${number});`,
    };
  }
  const added = /^(\S+) [+-]= /.exec(statement);
  const text = added === null || hard ? `TODO(${number});` : `${added[1]} += TODO(${number});`;
  return { typescript: text, javascript: text };
}

/** A kernel that adds to what is there already. */
function addsInPlace(step: LessonStep): boolean {
  return !/^(?:(const|let) \S+ = |\S+ [+-]= )/.test(step.code.text.trimStart());
}

/** `[4, 3]` of a variable's tensor, empty for a number. */
export function shapeOf(lesson: Lesson, variable: string): string {
  const input = lesson.inputs.find((each) => each.variable === variable);
  return input?.shape ?? lesson.stages.find((stage) => stage.variable === variable)?.shape ?? "";
}

/** The names that code mentions. */
export function namesIn(code: string): string[] {
  return [...code.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)].map(([name]) => name);
}

/** Variables of gradients that the line reads. */
export function gradientsRead(lesson: Lesson, { adjoint, code }: LessonStep): string[] {
  const known = new Set([lesson.seed, ...lesson.steps.map((step) => step.adjoint)]);
  const words = new Set(namesIn(code.text));
  return [...known].filter((name) => name !== adjoint && words.has(name));
}
