// Several exercises graded at once, as one does for a class: a line for each file, or all of it as data.

import { gradeExercise, type Verdict } from "../exercises/grade.ts";
import { languageOf } from "../exercises/file-text.ts";
import { readAttempts } from "../exercises/learner.ts";
import { verdictLines, type AnswerRequest } from "./exercise-answers.ts";

export interface ReportRow {
  readonly file: string;
  readonly isRight: boolean;
  readonly right: number;
  readonly of: number;
  /** Why the file was not graded. */
  readonly problem?: string;
  readonly todos: readonly ReportedTodo[];
  /** Lines of the exercise itself, counted from 1, that are not what they were. */
  readonly changed: readonly number[];
}

interface ReportedTodo {
  readonly todo: number;
  /** Counted from 1. */
  readonly line: number;
  readonly verdict: Verdict["kind"];
  /** What `--grade` says of the line; only where it was asked for, as it takes a while. */
  readonly message?: string;
}

export async function reportRow(request: AnswerRequest, isExplained: boolean): Promise<ReportRow> {
  const { exercise, file, text, written, options } = request;
  const language = languageOf(options);
  const read = readAttempts(written, text, exercise.blanks, language);
  const { verdicts, isRight } = gradeExercise(exercise, read);
  const todos: ReportedTodo[] = [];
  for (const { attempt, verdict } of verdicts) {
    const isTold = isExplained && (verdict.kind === "wrong" || verdict.kind === "broken");
    const message = isTold ? (await verdictLines({ ...request, language }, attempt, verdict)).join("\n") : undefined;
    todos.push({
      todo: attempt.blank.number,
      line: attempt.line + 1,
      verdict: verdict.kind,
      ...(message !== undefined && { message }),
    });
  }
  return {
    file,
    isRight: isRight && read.changed.length === 0,
    right: todos.filter(({ verdict }) => verdict === "right").length,
    of: exercise.blanks.length,
    todos,
    changed: read.changed.map(({ line }) => line + 1),
  };
}

/** `anna/neuron.exercise.ts  3 of 4 right  wrong: TODO(2)`, and how many are all right. */
export function reportLines(rows: readonly ReportRow[]): string[] {
  const width = Math.max(...rows.map(({ file }) => file.length));
  const done = rows.filter(({ isRight }) => isRight).length;
  return [
    ...rows.map((row) => `${row.file.padEnd(width)}  ${row.problem ?? outcome(row)}`),
    `${done} of ${rows.length} files all right`,
  ];
}

const TOLD = [
  { verdict: "wrong", words: "wrong" },
  { verdict: "broken", words: "does not run" },
  { verdict: "open", words: "not filled in" },
] as const satisfies readonly { readonly verdict: Verdict["kind"]; readonly words: string }[];

function outcome({ right, of, todos, changed }: ReportRow): string {
  const parts = TOLD.flatMap(({ verdict, words }) => {
    const numbers = todos.filter((each) => each.verdict === verdict).map(({ todo }) => todo);
    return numbers.length === 0 ? [] : [`${words}: TODO ${numbers.join(", ")}`];
  });
  const lines = changed.length === 0 ? [] : [`line ${changed.join(", ")} is not what it was`];
  return [`${right} of ${of} right`, ...parts, ...lines].join("; ");
}
