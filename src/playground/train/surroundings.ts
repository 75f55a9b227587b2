// What the training page needs of a browser: a worker, the next frame, the colours of the day.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { Report, Request } from "./messages.ts";
import type { Port } from "./page.ts";

export function openTrainWorker(hear: (report: Report) => void): Port {
  const worker = new Worker(new URL("./train-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Report>) => hear(data));
  worker.addEventListener("error", ({ message }) =>
    hear({ kind: "failed", message: message || "the worker could not be started" }),
  );
  return { post: (request: Request) => worker.postMessage(request), close: () => worker.terminate() };
}

/** Milliseconds between drawings for those who want little to move. */
const CALM = 500;

/** A page in the background gets no frames, but its reports must not pile up. */
export function onFrame(draw: () => void): void {
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) setTimeout(draw, CALM);
  else requestAnimationFrame(draw);
}

/** Counts up whenever the colours of the page may have changed, for what is painted and not styled. */
export const colourChanges: ReadonlySignal<number> = countColourChanges();

function countColourChanges(): ReadonlySignal<number> {
  const changes = signal(0);
  const count = (): void => void changes.value++;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", count);
  new MutationObserver(count).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class", "style"],
  });
  return changes;
}
