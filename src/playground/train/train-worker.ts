// The worker that trains: the session behind a message port. Text is never run as code here.

import "../worker/plain-schemas.ts";
import { forbidEval } from "../worker/forbid-eval.ts";
import type { Report, Request } from "./messages.ts";
import { createSession } from "./session.ts";

/** What this file uses of a worker's global scope, whose types exclude those of a page. */
interface WorkerScope {
  addEventListener(kind: "message", hear: (event: { readonly data: Request }) => void): void;
  postMessage(report: Report): void;
}

forbidEval();

const scope = globalThis as unknown as WorkerScope;
// A message to oneself is behind those that have come meanwhile, and is not held back as timers are.
const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.addEventListener("message", () => waiting.shift()?.());
turns.port1.start();

const receive = createSession({
  post: (report) => scope.postMessage(report),
  now: () => performance.now(),
  later: (work, wait) => {
    if (wait > 0) return void setTimeout(work, wait);
    waiting.push(work);
    turns.port2.postMessage(undefined);
  },
});

scope.addEventListener("message", ({ data }) => receive(data));
