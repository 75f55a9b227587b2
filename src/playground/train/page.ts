// What the training page knows: what was chosen, what the worker reported. Holds the workers; knows nothing of how it looks.

import { batch, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Diagnostic } from "../../diagnostics/report.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { Verdict } from "./check.ts";
import type { DataSet } from "./data-sets.ts";
import type { LayerFlow } from "./gradient-flow.ts";
import { appended, EMPTY_HISTORY, type LossHistory } from "./loss-history.ts";
import type { NetworkFacts, PictureReport, ProgressReport, Report, Request, SurfaceReport, SurfaceRequest } from "./messages.ts";
import type { TrainingState } from "./state.ts";

/** A worker, or what stands for one in a test. */
export interface Port {
  post(request: Request): void;
  close(): void;
}

export interface PageSurroundings {
  /** Starts a worker whose reports come to `hear`. */
  readonly open: (hear: (report: Report) => void) => Port;
  /** Calls back when the screen is next drawn. */
  readonly onFrame: (draw: () => void) => void;
}

/** Why the spec on the screen is not the one in training. */
export type Problem =
  | { readonly kind: "rejected"; readonly network: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "unfit"; readonly network: number; readonly text: string; readonly lacksOptimizer: boolean };

export interface TrainingPage {
  readonly state: ReadonlySignal<TrainingState>;
  /** Those in training. */
  readonly networks: Signal<readonly NetworkFacts[]>;
  /** Those of the last specs that compiled, whether or not they can be trained. */
  readonly compiled: Signal<readonly NetworkFacts[]>;
  readonly data: Signal<DataSet | undefined>;
  readonly progress: Signal<ProgressReport | undefined>;
  readonly histories: Signal<readonly LossHistory[]>;
  readonly picture: Signal<PictureReport | undefined>;
  /** Gradient flow before the first step. */
  readonly firstFlows: Signal<readonly (readonly LayerFlow[])[]>;
  readonly surface: Signal<SurfaceReport | undefined>;
  readonly verdicts: Signal<readonly Verdict[]>;
  readonly problem: Signal<Problem | undefined>;
  readonly failure: Signal<string | undefined>;
  /** Whether anything is there to train. */
  readonly isReady: Signal<boolean>;
  choose(change: Partial<TrainingState>): void;
  run(): void;
  pause(): void;
  advance(steps: number): void;
  reset(): void;
  drawSurface(request: Omit<SurfaceRequest, "id">): void;
  close(): void;
}

/** Changes that training notices without starting again, if the parameters stay the same. */
const GOES_ON: ReadonlySet<keyof TrainingState> = new Set(["spec", "rival"]);
/** Changes that the worker need not know of. */
const ONLY_SHOWN: ReadonlySet<keyof TrainingState> = new Set(["until", "pace", "logScale", "smoothing"]);

export function createTrainingPage(initial: TrainingState, { open, onFrame }: PageSurroundings): TrainingPage {
  const state = signal(initial);
  const networks = signal<readonly NetworkFacts[]>([]);
  const compiled = signal<readonly NetworkFacts[]>([]);
  const data = signal<DataSet | undefined>(undefined);
  const progress = signal<ProgressReport | undefined>(undefined);
  const histories = signal<readonly LossHistory[]>([]);
  const picture = signal<PictureReport | undefined>(undefined);
  const firstFlows = signal<readonly (readonly LayerFlow[])[]>([]);
  const surface = signal<SurfaceReport | undefined>(undefined);
  const verdicts = signal<readonly Verdict[]>([]);
  const problem = signal<Problem | undefined>(undefined);
  const failure = signal<string | undefined>(undefined);
  const isReady = signal(false);
  let loads = 0;
  let surfaces = 0;
  let waiting: Report[] = [];
  let isChecking = false;

  const trainer = open((report) => {
    waiting.push(report);
    if (waiting.length === 1) onFrame(draw);
  });
  // Verification takes longer than training may wait: in a worker of its own.
  const checker = open((report) => {
    isChecking = false;
    take(report);
  });

  function draw(): void {
    const reports = waiting;
    waiting = [];
    batch(() => reports.forEach(take));
  }

  function take(report: Report): void {
    switch (report.kind) {
      case "loaded":
        return loaded(report);
      case "rejected":
        if (report.id === loads) problem.value = report;
        return;
      case "unfit":
        if (report.id !== loads) return;
        compiled.value = report.networks;
        problem.value = {
          kind: "unfit",
          network: report.network,
          text: report.problem,
          lacksOptimizer: report.networks[report.network]!.optimizer === undefined,
        };
        return;
      case "progress":
        histories.value = report.losses.map((losses, at) => appended(histories.value[at] ?? EMPTY_HISTORY, losses));
        progress.value = report;
        return;
      case "picture":
        if (report.steps === 0) firstFlows.value = report.networks.map(({ flow }) => flow);
        picture.value = report;
        return;
      case "surface":
        if (report.id === surfaces) surface.value = report;
        return;
      case "checked":
        if (report.id === loads) verdicts.value = report.verdicts;
        else check();
        return;
      case "failed":
        failure.value = report.message;
        return;
      default:
        return unreachable(report);
    }
  }

  function loaded(report: Extract<Report, { kind: "loaded" }>): void {
    networks.value = report.networks;
    compiled.value = report.networks;
    data.value = report.data;
    isReady.value = true;
    if (report.id === loads) {
      problem.value = undefined;
      failure.value = undefined;
      if (state.value.data === undefined) state.value = { ...state.value, data: report.data.name };
    }
    if (report.kept) return;
    histories.value = report.networks.map(() => EMPTY_HISTORY);
    surfaces++; // one that is still being drawn is of other parameters
    surface.value = undefined;
  }

  function load(keep: boolean): void {
    const { data: name, dataSeed, rows, noise, seed, batch: size } = state.value;
    loads++;
    verdicts.value = [];
    trainer.post({
      kind: "load",
      id: loads,
      specs: specsOf(state.value),
      data: { name, seed: dataSeed, rows, noise },
      seed,
      batch: size,
      keep,
    });
    check();
  }

  /** One check at a time: what is typed meanwhile makes only the last one worth doing. */
  function check(): void {
    if (isChecking) return;
    isChecking = true;
    checker.post({ kind: "check", id: loads, specs: specsOf(state.value) });
  }

  function run(): void {
    const { until, pace } = state.value;
    const steps = progress.value?.steps ?? 0;
    const goal = until === 0 ? undefined : until * (Math.floor(steps / until) + 1);
    trainer.post({ kind: "run", until: goal, pace });
  }

  load(false);
  return {
    state,
    networks,
    compiled,
    data,
    progress,
    histories,
    picture,
    firstFlows,
    surface,
    verdicts,
    problem,
    failure,
    isReady,
    choose(change) {
      const before = state.value;
      const changed = (Object.keys(change) as (keyof TrainingState)[]).filter((key) => change[key] !== before[key]);
      if (changed.length === 0) return;
      state.value = { ...before, ...change };
      if (changed.some((key) => !ONLY_SHOWN.has(key))) load(changed.every((key) => GOES_ON.has(key) || ONLY_SHOWN.has(key)));
      else if (progress.value?.running === true && changed.some((key) => key === "pace" || key === "until")) run();
    },
    run,
    pause: () => trainer.post({ kind: "pause" }),
    advance: (steps) => trainer.post({ kind: "advance", steps }),
    reset: () => trainer.post({ kind: "reset", seed: state.value.seed }),
    drawSurface(request) {
      surfaces++;
      surface.value = { kind: "surface", id: surfaces, done: 0, surface: undefined };
      trainer.post({ kind: "surface", id: surfaces, ...request });
    },
    close() {
      trainer.close();
      checker.close();
    },
  };
}

/** Calls back with each state after the first. */
export function watchState(page: TrainingPage, onChange: (state: TrainingState) => void): () => void {
  let isFirst = true;
  return effect(() => {
    const state = page.state.value;
    if (!isFirst) onChange(state);
    isFirst = false;
  });
}

export function specsOf({ spec, rival }: TrainingState): readonly string[] {
  return rival === undefined ? [spec] : [spec, rival];
}
