// Runs a training session without a worker and without waiting: time is what the test says, and work is done as soon as it is asked for.

import type { Report, Request } from "../../src/playground/train/messages.ts";
import { createSession } from "../../src/playground/train/session.ts";
import type { TrainingState } from "../../src/playground/train/state.ts";

export interface TrainingRun {
  /** Sends a request and does all the work that follows, with `between` after each slice. */
  send(request: Request, between?: () => void): void;
  /** All reports of a kind so far. */
  reports<Kind extends Report["kind"]>(kind: Kind): Extract<Report, { readonly kind: Kind }>[];
}

/** `tick`: milliseconds that pass with each look at the clock. */
export function startRun(tick = 1): TrainingRun {
  const all: Report[] = [];
  const work: (() => void)[] = [];
  let time = 0;
  const receive = createSession({
    post: (report) => all.push(report),
    now: () => (time += tick),
    later: (next, wait) => {
      time += wait;
      work.push(next);
    },
  });
  return {
    send(request, between) {
      receive(request);
      while (work.length > 0) {
        work.shift()!();
        between?.();
      }
    },
    reports: <Kind extends Report["kind"]>(kind: Kind) =>
      all.filter((report): report is Extract<Report, { readonly kind: Kind }> => report.kind === kind),
  };
}

export function loadRequest(
  state: TrainingState,
  change: Partial<Extract<Request, { kind: "load" }>> = {},
): Extract<Request, { kind: "load" }> {
  const { spec, rival, data, dataSeed, rows, noise, seed, batch } = state;
  const specs = rival === undefined ? [spec] : [spec, rival];
  return { kind: "load", id: 1, specs, data: { name: data, seed: dataSeed, rows, noise }, seed, batch, keep: false, ...change };
}

/** The losses of all steps of a network. */
export function lossesOf(run: TrainingRun, network = 0): number[] {
  return run.reports("progress").flatMap(({ losses }) => losses[network] ?? []);
}
