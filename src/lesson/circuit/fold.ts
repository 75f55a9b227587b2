// Which stages a picture shows one by one and which it folds into blocks, so that a large network stays readable.

import type { Lesson, LessonStage } from "../types.ts";

export interface FoldOptions {
  /** Blocks to open, by id; `all` shows every stage, up to MOST_DRAWN nodes. */
  readonly unfold: "all" | ReadonlySet<string>;
  /** Up to this many nodes nothing folds. */
  readonly maxNodes: number;
}

/** A stage by position, or stages that follow each other under one name. */
export type Part = StagePart | BlockPart;

export interface StagePart {
  readonly kind: "stage";
  readonly position: number;
}

export interface BlockPart {
  readonly kind: "block";
  /** Says which block to unfold; the same for the same lesson. */
  readonly id: string;
  readonly title: string;
  readonly members: readonly Part[];
}

export interface Folding {
  /** What is drawn, in the order of computation. */
  readonly parts: readonly Part[];
  /** Blocks that `unfold` opened. */
  readonly opened: readonly BlockPart[];
}

/** No picture shows more gates one by one, and the layout's recursion is as deep as they are. */
export const MOST_DRAWN = 1000;
/** A row of blocks longer than this shows its first and last ones, and one block for those between. */
const LONGEST_ROW = 26;
/** The same inside a block that somebody wants to see. */
const LONGEST_OPENED = 60;
const KEPT_FIRST = 5;
const KEPT_LAST = 4;

/** Stages stay in the order of computation and only neighbours join, so no path leaves a block and comes back. */
export function fold(lesson: Lesson, { unfold, maxNodes }: FoldOptions): Folding {
  const stages: StagePart[] = lesson.stages.map((_, position) => ({ kind: "stage", position }));
  const nodes = stages.length + readInputs(lesson).size + 1;
  if (nodes <= (unfold === "all" ? MOST_DRAWN : maxNodes)) return { parts: stages, opened: [] };

  const names: ReadonlySet<string> = unfold === "all" ? new Set() : unfold;
  const opened: BlockPart[] = [];
  const open = (parts: readonly Part[], longest: number): Part[] =>
    collapseMiddle(lesson, parts, longest).flatMap((part) => {
      if (part.kind === "stage" || !names.has(part.id)) return [part];
      opened.push(part);
      return open(part.members, LONGEST_OPENED);
    });
  return { parts: open(blocksOf(lesson), LONGEST_ROW), opened };
}

/** Positions of the stages in a part. */
export function positionsOf(part: Part): number[] {
  return part.kind === "stage" ? [part.position] : part.members.flatMap(positionsOf);
}

/** Variables of the inputs that a stage reads or that are the result themselves. */
export function readInputs(lesson: Lesson): Set<string> {
  const read = new Set(lesson.stages.flatMap(({ operands }) => operands)).add(lesson.output);
  return new Set(lesson.inputs.map(({ variable }) => variable).filter((variable) => read.has(variable)));
}

/** Runs of stages with the same block. A run of one stays a stage unless parameters of its own fold with it. */
function blocksOf(lesson: Lesson): Part[] {
  const runs: { block: string | undefined; stages: StagePart[] }[] = [];
  lesson.stages.forEach(({ block }, position) => {
    const last = runs.at(-1);
    if (last !== undefined && block !== undefined && last.block === block) last.stages.push({ kind: "stage", position });
    else runs.push({ block, stages: [{ kind: "stage", position }] });
  });
  const owners = new Set(ownParameters(lesson).values());
  const seen = new Map<string, number>();
  return runs.flatMap(({ block, stages }): Part[] => {
    if (block === undefined || (stages.length === 1 && !owners.has(stages[0]!.position))) return stages;
    const count = (seen.get(block) ?? 0) + 1;
    seen.set(block, count);
    return [{ kind: "block", id: count === 1 ? block : `${block}#${count}`, title: block, members: stages }];
  });
}

/** Parameters of a network that one stage alone reads, with its position. */
function ownParameters(lesson: Lesson): Map<string, number> {
  if (lesson.kind === "function") return new Map();
  const readers = new Map<string, number[]>();
  lesson.stages.forEach(({ operands }, position) => {
    for (const operand of operands) readers.set(operand, [...(readers.get(operand) ?? []), position]);
  });
  const parameters = lesson.inputs.filter(({ role, variable }) => role !== "data" && readers.get(variable)?.length === 1);
  return new Map(parameters.map(({ variable }) => [variable, readers.get(variable)![0]!]));
}

function collapseMiddle(lesson: Lesson, parts: readonly Part[], longest: number): readonly Part[] {
  if (parts.length <= longest) return parts;
  const members = parts.slice(KEPT_FIRST, -KEPT_LAST);
  const [first, last] = [stageAt(lesson, members[0]!, 0), stageAt(lesson, members.at(-1)!, -1)];
  const what = members.every((part) => part.kind === "block") ? "blocks" : "stages";
  const count = what === "blocks" ? members.length : members.flatMap(positionsOf).length;
  const block: BlockPart = { kind: "block", id: `${first.number}-${last.number}`, title: `… ${count} more ${what}`, members };
  return [...parts.slice(0, KEPT_FIRST), block, ...parts.slice(-KEPT_LAST)];
}

function stageAt(lesson: Lesson, part: Part, at: 0 | -1): LessonStage {
  return lesson.stages[positionsOf(part).at(at)!]!;
}
