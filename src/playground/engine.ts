// The page's end of a worker: one job at a time, the newest wins, and a worker that keeps a newer job waiting is replaced.

import type { Message, Reply } from "./protocol.ts";

export interface Engine {
  /** Asks for it as soon as the worker is free; a job that still waits is forgotten. */
  send(message: Message): void;
  /** Ends the worker. */
  close(): void;
}

/** How long a newer job waits for an older one. */
const PATIENCE = 1000;

export interface EngineOptions {
  readonly onReply: (reply: Reply) => void;
}

/** Which replies end a job. */
const LAST: ReadonlySet<Reply["kind"]> = new Set(["settled", "rejected", "checked", "reviewed", "exercise", "graded", "failed"]);

export function createEngine({ onReply }: EngineOptions): Engine {
  let worker: Worker | undefined;
  let running: Message | undefined;
  let waiting: Message | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  /** Of the newest job that was begun: replies to older ones are late. */
  let newest = -1;

  const begin = (message: Message): void => {
    worker ??= start();
    running = message;
    newest = message.job.id;
    worker.postMessage(message);
  };
  const start = (): Worker => {
    const fresh = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    fresh.addEventListener("message", ({ data }: MessageEvent<Reply>) => receive(data));
    return fresh;
  };
  const receive = (reply: Reply): void => {
    if (reply.id !== newest) return;
    if (waiting === undefined || waiting.job.text === running?.job.text) onReply(reply); // else it is of a text that is gone
    if (!LAST.has(reply.kind)) return;
    running = undefined;
    next();
  };
  const next = (): void => {
    clearTimeout(deadline);
    deadline = undefined;
    const message = waiting;
    waiting = undefined;
    if (message !== undefined) begin(message);
  };
  const replace = (): void => {
    worker?.terminate();
    worker = undefined;
    running = undefined;
    next();
  };
  return {
    send(message) {
      if (running === undefined) return begin(message);
      waiting = message;
      deadline ??= setTimeout(replace, PATIENCE);
    },
    close() {
      waiting = undefined;
      replace();
    },
  };
}
