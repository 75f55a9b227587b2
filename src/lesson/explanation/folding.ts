// Which stages are told: a block that repeats (the layers of a deep network) once, and of a long function its beginning and its end.

import type { Lesson, LessonStage } from "../types.ts";

/** Stages first to last, by number, that are left out. */
export interface Fold {
  readonly first: number;
  readonly last: number;
  /** The block they repeat, and how often; undefined where they are only many. */
  readonly like: { readonly first: number; readonly last: number; readonly times: number } | undefined;
}

export interface Folding {
  readonly folds: readonly Fold[];
  readonly foldOf: (stage: number) => Fold | undefined;
}

/** Stages saved from which a repetition is worth a reference back. */
const WORTHWHILE = 8;
const LONGEST_PERIOD = 80;
/** Stages told where nothing repeats. */
const MOST = 80;

export function foldStages(lesson: Lesson, { all = false }: { readonly all?: boolean } = {}): Folding {
  const folds = all ? [] : findFolds(lesson);
  return { folds, foldOf: (stage) => folds.find(({ first, last }) => first <= stage && stage <= last) };
}

function findFolds(lesson: Lesson): Fold[] {
  const repeats = findRepeats(lesson);
  const told = lesson.stages.filter(({ number }) => !repeats.some(({ first, last }) => first <= number && number <= last));
  if (told.length <= MOST) return repeats;
  const cut: Fold = { first: told[MOST / 2]!.number, last: told.at(-MOST / 2 - 1)!.number, like: undefined };
  return [...repeats.filter(({ first, last }) => last < cut.first || first > cut.last), cut].sort((a, b) => a.first - b.first);
}

function findRepeats({ stages, inputs }: Lesson): Fold[] {
  const same = comparison(stages, inputs);
  const folds: Fold[] = [];
  for (let at = 0; at < stages.length;) {
    const found = longestRepeat(stages, at, same);
    if (found === undefined) {
      at++;
      continue;
    }
    const { period, times } = found;
    const like = { first: stages[at]!.number, last: stages[at + period - 1]!.number, times: times - 1 };
    folds.push({ first: stages[at + period]!.number, last: stages[at + times * period - 1]!.number, like });
    at += times * period;
  }
  return folds;
}

interface Repeat {
  readonly period: number;
  readonly times: number;
}

type Comparison = (index: number, other: number) => boolean;

function longestRepeat(stages: readonly LessonStage[], at: number, same: Comparison): Repeat | undefined {
  let best: Repeat | undefined;
  let saved = WORTHWHILE - 1;
  const longest = Math.min(LONGEST_PERIOD, Math.floor((stages.length - at) / 2));
  for (let period = 1; period <= longest; period++) {
    let end = at + period;
    while (end < stages.length && same(end, end - period)) end++;
    const times = Math.floor((end - at) / period);
    if ((times - 1) * period <= saved || !isWhole(stages, at, at + times * period)) continue;
    best = { period, times };
    saved = (times - 1) * period;
  }
  return best;
}

/** Repetitions of layers start where a layer does; within one layer, as the steps of a recurrent one, they start anywhere. */
function isWhole(stages: readonly LessonStage[], from: number, to: number): boolean {
  const { block } = stages[from]!;
  return block === undefined || block !== stages[from - 1]?.block || block === stages[to - 1]!.block;
}

/** Whether two stages do the same in two copies of a block: the same op on what stands as far before them, or on the very same value. */
function comparison(stages: readonly LessonStage[], inputs: Lesson["inputs"]): Comparison {
  const position = new Map(stages.map((stage, index) => [stage.variable, index]));
  const parameters = new Map(inputs.filter(({ role }) => role === "parameter").map(({ variable, shape }) => [variable, shape]));
  return (index, other) => {
    const [a, b] = [stages[index]!, stages[other]!];
    if (a.op !== b.op || a.shape !== b.shape || a.operands.length !== b.operands.length) return false;
    return a.operands.every((operand, at) => {
      const counterpart = b.operands[at]!;
      if (operand === counterpart) return true;
      const [here, there] = [position.get(operand), position.get(counterpart)];
      if (here !== undefined && there !== undefined) return index - here === other - there;
      const shape = parameters.get(operand);
      return shape !== undefined && shape !== "" && shape === parameters.get(counterpart);
    });
  };
}
