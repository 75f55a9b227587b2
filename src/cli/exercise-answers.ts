// What `gen exercise` prints for a learner: hints on a TODO, and a verdict on each line.

import type { Compilation } from "../compiler/types.ts";
import { unreachable } from "../core/unreachable.ts";
import { explainMistake, gradeExercise, type MistakeRequest, type Verdict } from "../exercises/grade.ts";
import { ENDLESS } from "../exercises/bounded.ts";
import type { Lengths } from "../exercises/lengths.ts";
import { asSentence } from "../exercises/sentence.ts";
import { hintsFor } from "../exercises/hints.ts";
import { readAttempts, type Attempt } from "../exercises/learner.ts";
import { languageOf, type FileOptions } from "../exercises/file-text.ts";
import type { Exercise } from "../exercises/types.ts";
import { usageError } from "./exit.ts";

export interface AnswerRequest {
  readonly exercise: Exercise;
  readonly compilation: Compilation;
  /** As the learner would name it. */
  readonly file: string;
  /** What is on disk, and what was written there at first. */
  readonly text: string;
  readonly written: string;
  readonly options: FileOptions;
}

export interface HintChoice {
  /** How many of the hints, from 1. */
  readonly level: number;
  readonly todo: number | undefined;
  readonly line: number | undefined;
}

export function hintLines(request: AnswerRequest, choice: HintChoice): string[] {
  const { exercise, file } = request;
  const { attempts } = readAttempts(request.written, request.text, exercise.blanks, languageOf(request.options));
  const chosen = chooseAttempt(request, attempts, choice);
  if (chosen === undefined) return ["Every line is right."];
  const { blank } = chosen;
  const hints = hintsFor(exercise, blank);
  const level = Math.min(Math.max(1, choice.level), hints.length);
  const which = choice.todo === undefined && choice.line === undefined ? "" : `--todo ${blank.number} `;
  return [
    `TODO(${blank.number}), line ${chosen.line + 1}: what ${blank.step.target} receives from ${blank.step.from ?? exercise.lesson.output}`,
    "",
    ...hints.slice(0, level).map((hint, index) => `${index + 1}. ${hint}`),
    ...(level < hints.length ? ["", `More:  npx gen exercise --hint ${level + 1} ${which}${file}`] : []),
  ];
}

/** The one asked for; else the first that is not right. */
function chooseAttempt(request: AnswerRequest, attempts: readonly Attempt[], { todo, line }: HintChoice): Attempt | undefined {
  const { exercise } = request;
  if (todo !== undefined) {
    const found = attempts.find(({ blank }) => blank.number === todo);
    if (found === undefined) throw usageError(`there is no TODO(${todo}); they go from 1 to ${exercise.blanks.length}`);
    return found;
  }
  if (line !== undefined) {
    const found = attempts.find((attempt) => attempt.line + 1 === line);
    const lines = attempts.map((attempt) => attempt.line + 1).join(", ");
    if (found === undefined) throw usageError(`line ${line} was no TODO; these lines were: ${lines}`);
    return found;
  }
  return gradeExercise(exercise, { attempts }).verdicts.find(({ verdict }) => verdict.kind !== "right")?.attempt;
}

export async function gradeLines(request: AnswerRequest): Promise<{ readonly lines: string[]; readonly isRight: boolean }> {
  const { exercise, file } = request;
  const language = languageOf(request.options);
  const read = readAttempts(request.written, request.text, exercise.blanks, language);
  const { verdicts, isRight } = gradeExercise(exercise, read);
  const heads = verdicts.map(({ attempt }) => `TODO(${attempt.blank.number})  line ${attempt.line + 1}  `);
  const width = Math.max(...heads.map((head) => head.length));
  const lines: string[] = [];
  for (const [index, { attempt, verdict }] of verdicts.entries()) {
    const [first, ...more] = await verdictLines({ ...request, language }, attempt, verdict);
    lines.push(`${heads[index]!.padEnd(width)}${first}`, ...more.map((line) => `${" ".repeat(width)}${line}`));
  }
  const changed = read.changed.map(({ line, was }) => `line ${line + 1} is not what it was: ${was}`);
  const right = verdicts.filter(({ verdict }) => verdict.kind === "right").length;
  const more = right < verdicts.length ? `; a hint:  npx gen exercise --hint ${file}` : "";
  return {
    lines: [...lines, ...changed, `${right} of ${verdicts.length} right${more}`],
    isRight: isRight && changed.length === 0,
  };
}

/** One word, then what the learner wrote and what is wrong with it. */
export async function verdictLines(request: MistakeRequest, attempt: Attempt, verdict: Verdict): Promise<string[]> {
  switch (verdict.kind) {
    case "open":
      return ["not filled in"];
    case "right":
      return ["right"];
    case "broken":
      if (verdict.message === ENDLESS) return [`does not end: ${attempt.statement}`];
      return [`does not run: ${attempt.statement}`, verdict.message, ...lengthLines(verdict.lengths)];
    case "wrong": {
      if (verdict.lengths !== undefined) return [`wrong: ${attempt.statement}`, ...lengthLines(verdict.lengths)];
      const finding = await explainMistake(request, attempt);
      const { property, at, found, wanted } = verdict.off;
      const place = at === undefined ? property : `${property}[${at}]`;
      const explained = [finding?.explanation, finding?.nudge].flatMap((sentence) =>
        sentence === undefined ? [] : [asSentence(sentence, `${request.written}\n${attempt.statement}`)],
      );
      return [
        `wrong: ${attempt.statement}`,
        finding?.message ?? `with it, ${place} becomes ${found} and must be ${wanted}`,
        ...explained,
      ];
    }
    default:
      return unreachable(verdict);
  }
}

function lengthLines(lengths: Lengths | undefined): string[] {
  if (lengths === undefined) return [];
  const { variable, shape, found, wanted } = lengths;
  const count = (number: number): string => `${number} ${number === 1 ? "value" : "values"}`;
  const got = found === undefined ? "is no array" : `has ${count(found)}`;
  return [`${variable} ${got}; expected the shape ${shape}, here ${count(wanted)}`];
}
