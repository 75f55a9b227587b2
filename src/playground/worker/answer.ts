// Answers one job: what has not changed since the last one is not made again, and not sent again either.

import { numbersAt } from "../../lesson/numbers.ts";
import type { Numbers } from "../../lesson/types.ts";
import type { Compiled, Job, PointNumbers, Reply } from "../protocol.ts";
import { make, type Made, type Rejected } from "./compile.ts";
import { completeDirection, completePoint, sizesOf } from "./fields.ts";
import { directedFields, resultsAt, type Call } from "./results.ts";

/** What the last job left behind. */
export interface Memory {
  key: string;
  made: Made | Rejected | undefined;
}

export function createMemory(): Memory {
  return { key: "", made: undefined };
}

export interface Desk {
  readonly memory: Memory;
  readonly post: (reply: Reply) => void;
  /** Whether a newer job has come. */
  readonly isStale: () => boolean;
}

export async function answer(job: Job, desk: Desk): Promise<void> {
  const made = await remembered(job, desk.memory);
  if (made.kind === "rejected") desk.post({ kind: "rejected", id: job.id, diagnostics: made.diagnostics });
  else await show(job, made, desk);
}

async function show(job: Job, made: Made, { memory, post, isStale }: Desk): Promise<void> {
  const { id } = job;
  const sizes = sizesOf(made.fields, job.sizes);
  const point = completePoint(made.fields, job.point, sizes, made.start);
  const direction = completeDirection(directedFields(made.fn, made.fields), job.direction, sizes);
  const numbers = numbersOf(made, { point, direction, sizes });
  post({ kind: "shown", id, compiled: job.has === memory.key ? undefined : described(memory.key, made), numbers });
  const lesson = made.told?.lesson;
  const { drawCircuit } = await import("./circuit.ts");
  const isConstant = lesson?.output === ""; // of which there is nothing to draw
  post({ kind: "circuit", id, circuit: lesson && !isConstant ? drawCircuit(lesson, numbers.numbers, job.unfolded) : undefined });
  post({ kind: "settled", id });
  if (!job.wantsExplanation) return;
  await nextTurn();
  if (isStale()) return;
  const { explain } = await import("./explanation.ts");
  post({
    kind: "explanation",
    id,
    explanation: made.told && (await explain({ ...made.told, index: made.index }, point, numbers.numbers)),
  });
}

async function remembered(job: Job, memory: Memory): Promise<Made | Rejected> {
  const key = JSON.stringify([job.text, job.options, job.index]);
  if (memory.made === undefined || memory.key !== key) {
    memory.made = await make(job);
    memory.key = key;
  }
  return memory.made;
}

function described(key: string, { text, options, index, shown, fn, fields, told }: Made): Compiled {
  return {
    key,
    text,
    options,
    code: shown.code,
    diagnostics: shown.diagnostics,
    functions: shown.functions.map(({ name }) => name),
    index,
    exports: fn.exports,
    inputs: fields,
    wrt: fn.wrt,
    opCount: fn.opCount,
    lesson: told?.lesson,
    lessonCode: told?.compilation.code ?? "",
  };
}

function numbersOf(made: Made, call: Call): PointNumbers {
  const given = { ...call, numbers: undefined, results: [], problem: undefined };
  try {
    const numbers: Numbers | undefined =
      made.told && numbersAt(made.told.compilation, { ...call.sizes, ...call.point }, made.index);
    return { ...given, numbers, results: made.options.kind === "network" ? [] : resultsAt(made, call) };
  } catch (error) {
    // What the generated code refuses at its door: a label too large, a size that does not fit.
    if (error instanceof RangeError || error instanceof TypeError) return { ...given, problem: error.message };
    throw error;
  }
}

/** Lets messages that wait come in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
