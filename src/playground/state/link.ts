// Between the page's state and the workers: what changes is asked for, what comes back is put in its place.

import { batch, effect } from "@preact/signals";
import { unreachable } from "../../core/unreachable.ts";
import { createEngine } from "../engine.ts";
import type { Reply } from "../protocol.ts";
import type { Answers, Playground } from "./playground.ts";

/** How long typing must rest before the full check starts. */
const CHECK_AFTER = 250;

/** Starts the workers and keeps asking; the answer stops it. */
export function linkWorkers(playground: Playground): () => void {
  const stops = [linkShowing(playground), linkChecking(playground)];
  return () => stops.forEach((stop) => stop());
}

function linkShowing({ choices, answers, unfolded, wantsExplanation }: Playground): () => void {
  const engine = createEngine({ onReply: (reply) => receive(answers, reply) });
  let id = 0;
  return effect(() => {
    const job = {
      id: id++,
      text: choices.text.value,
      options: choices.options.value,
      index: choices.index.value,
      point: choices.point.value,
      direction: choices.direction.value,
      sizes: choices.sizes.value,
      unfolded: unfolded.value,
      has: answers.compiled.peek()?.key,
      wantsExplanation: wantsExplanation.value,
    };
    performance.clearMarks("asked");
    performance.mark("asked");
    engine.send({ kind: "show", job });
  });
}

/** The check takes longer and answers later, in a worker of its own, so that it never stands in the way. */
function linkChecking({ answers }: Playground): () => void {
  const engine = createEngine({ onReply: (reply) => receive(answers, reply) });
  let id = 0;
  return effect(() => {
    const compiled = answers.compiled.value;
    if (compiled === undefined) return;
    answers.verdict.value = { kind: "checking" };
    const { key, text, options } = compiled;
    const timer = setTimeout(() => engine.send({ kind: "check", job: { id: id++, key, text, options } }), CHECK_AFTER);
    return () => clearTimeout(timer);
  });
}

function receive(answers: Answers, reply: Reply): void {
  switch (reply.kind) {
    case "shown":
      return batch(() => {
        if (reply.compiled !== undefined) answers.compiled.value = reply.compiled;
        answers.numbers.value = reply.numbers;
        answers.diagnostics.value = answers.compiled.value?.diagnostics ?? [];
        answers.failure.value = undefined;
      });
    case "rejected":
      answers.diagnostics.value = reply.diagnostics;
      return;
    case "circuit":
      answers.circuit.value = reply.circuit;
      return;
    case "explanation":
      answers.explanation.value = reply.explanation;
      return;
    case "checked":
      if (reply.key === answers.compiled.value?.key)
        answers.verdict.value = { kind: "checked", verifications: reply.verifications };
      return;
    case "failed":
      answers.failure.value = reply.message;
      return;
    case "settled":
      performance.clearMarks("answered");
      performance.mark("answered");
      return;
    case "reviewed":
    case "exercise":
    case "graded":
      return; // answers of other tabs' workers
    default:
      unreachable(reply);
  }
}
