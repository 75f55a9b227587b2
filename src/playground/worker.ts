// The worker behind the page: compiles, calculates and draws, so that typing never waits. Answers the newest job; knows nothing of the page.

import { unreachable } from "../core/unreachable.ts";
import { answer, createMemory } from "./worker/answer.ts";
import { check } from "./worker/check.ts";
import { forbidEval } from "./worker/forbid-eval.ts";
import type { Message, Reply } from "./protocol.ts";

/** What this file uses of a worker's global scope, whose types exclude those of a page. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: { readonly data: Message }) => void): void;
  postMessage(reply: Reply): void;
}

forbidEval();

const scope = globalThis as unknown as WorkerScope;
const memory = createMemory();
let newest = -1;

scope.addEventListener("message", ({ data }) => {
  newest = data.job.id;
  work(data).catch((error: unknown) => post({ kind: "failed", id: data.job.id, message: messageOf(error) }));
});

function post(reply: Reply): void {
  scope.postMessage(reply);
}

/** What only some tabs ask for is loaded when they do. */
async function work(message: Message): Promise<void> {
  const { kind, job } = message;
  switch (kind) {
    case "show":
      return answer(job, { memory, post, isStale: () => newest !== job.id });
    case "check":
      return check(job, post);
    case "review":
      return (await import("./worker/review.ts")).review(job, post);
    case "exercise":
      return (await import("./worker/exercise.ts")).showExercise(job, post);
    case "grade":
      return (await import("./worker/exercise.ts")).grade(job, post);
    default:
      return unreachable(kind);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
