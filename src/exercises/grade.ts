// gradeExercise(): a verdict for every blank by itself. What the learner wrote there stands alone among right lines, so that one mistake is
// found where it is and not wherever it shows. explainMistake() says what the mistake probably is.

import { runModule, type Exports } from "../compiler/load.ts";
import type { Compilation } from "../compiler/types.ts";
import { reviewBackward } from "../review/review.ts";
import type { Finding } from "../review/types.ts";
import type { Attempt, Attempts } from "./learner.ts";
import { bounded, ENDLESS } from "./bounded.ts";
import { lengthsOf, type Lengths } from "./lengths.ts";
import { callAt, firstOff, type Off, type RunModule } from "./run.ts";
import { substitute } from "./substitute.ts";
import type { Blank, Exercise, Language } from "./types.ts";

export type Verdict =
  | { readonly kind: "open" }
  | { readonly kind: "right" }
  /** Where numbers differ first; and how long the line's array is, where that is wrong. */
  | { readonly kind: "wrong"; readonly off: Off; readonly lengths: Lengths | undefined }
  /** It does not run, or does not end. */
  | { readonly kind: "broken"; readonly message: string; readonly lengths: Lengths | undefined };

export interface Grade {
  readonly verdicts: readonly { readonly attempt: Attempt; readonly verdict: Verdict }[];
  /** Nothing is open, and all lines together give the right numbers. */
  readonly isRight: boolean;
}

/** Grades what readAttempts() found. `run` is how JavaScript is run here; default: as the compiler runs it. */
export function gradeExercise(exercise: Exercise, { attempts }: Pick<Attempts, "attempts">, run: RunModule = runModule): Grade {
  const verdicts = attempts.map((attempt) => ({ attempt, verdict: verdictOn(exercise, attempts, attempt, run) }));
  const isComplete = attempts.length === exercise.blanks.length && attempts.every(({ statement }) => statement !== undefined);
  const isRight = isComplete && judge(exercise, statementsOf(attempts), run).kind === "right";
  // A statement may have been taken for a part of its neighbour: where all is right together, each is.
  return { verdicts: isRight ? attempts.map((attempt) => ({ attempt, verdict: { kind: "right" } })) : verdicts, isRight };
}

function statementsOf(attempts: readonly Attempt[]): Map<Blank, string> {
  return new Map(attempts.flatMap(({ blank, statement }) => (statement === undefined ? [] : [[blank, statement] as const])));
}

function verdictOn(exercise: Exercise, attempts: readonly Attempt[], { blank, statement }: Attempt, run: RunModule): Verdict {
  if (statement === undefined) return { kind: "open" };
  const alone = judge(exercise, new Map([[blank, statement]]), run);
  if (alone.kind === "right") return alone;
  const verdict = { ...alone, lengths: lengthsOf(exercise, { blank, statement }, run) };
  if (alone.kind === "wrong" || alone.message === ENDLESS) return verdict;
  // It may read a variable that the learner made in a line above.
  const withOthers = judge(exercise, statementsOf(attempts.filter((each) => each.blank.number <= blank.number)), run);
  switch (withOthers.kind) {
    case "broken":
      return verdict;
    case "right":
      return withOthers;
    case "wrong":
      return { ...withOthers, lengths: undefined };
  }
}

type Judgement =
  | { readonly kind: "right" }
  | { readonly kind: "wrong"; readonly off: Off }
  | { readonly kind: "broken"; readonly message: string };

function judge(exercise: Exercise, statements: ReadonlyMap<Blank, string>, run: RunModule): Judgement {
  try {
    const off = firstDifference(exercise, run(bounded(substitute(exercise, statements)), [exercise.grading.call]));
    return off === undefined ? { kind: "right" } : { kind: "wrong", off };
  } catch (error) {
    return { kind: "broken", message: isTooDeep(error) ? ENDLESS : error instanceof Error ? error.message : String(error) };
  }
}

/** A function that calls itself without end spends the stack before the budget. Engines say it in their own words. */
function isTooDeep(error: unknown): boolean {
  return error instanceof Error && /call stack|recursion/i.test(error.message);
}

function firstDifference({ grading }: Exercise, exports: Exports): Off | undefined {
  for (const { inputs, wanted } of grading.points) {
    const off = firstOff(callAt(exports, grading, inputs), wanted);
    if (off !== undefined) return off;
  }
  return undefined;
}

export interface MistakeRequest {
  readonly exercise: Exercise;
  readonly compilation: Compilation;
  /** The exercise's text as it was written, whose line numbers are the learner's. */
  readonly written: string;
  readonly language: Language;
}

/** What the review of hand-written code says of a wrong line; undefined where it sees nothing wrong or cannot read the line. */
export async function explainMistake(request: MistakeRequest, { blank, statement = "" }: Attempt): Promise<Finding | undefined> {
  const { exercise, compilation, written, language } = request;
  const text = exercise.blanks.reduce(
    (filled, each) => filled.replace(each.placeholder[language], () => (each === blank ? statement : each.answer.join(" "))),
    written,
  );
  const { call, isNested } = exercise.grading;
  const review = await reviewBackward(text, compilation, { function: isNested ? exercise.lesson.name : call });
  return review.kind === "wrong" ? review.finding : undefined;
}
