// What the training worker does, apart from being one: answers requests, trains in slices so that the next request never waits long.

import { unreachable } from "../../core/unreachable.ts";
import { createBatches } from "./batches.ts";
import { checkNetwork } from "./check.ts";
import { dataSetNames, makeDataSet, type DataSet, type DataSetName } from "./data-sets.ts";
import { featuresOf, fitData } from "./fit.ts";
import { boundsOfRows, predictGrid } from "./grid.ts";
import type { LoadRequest, Range, Report, Request } from "./messages.ts";
import { prepareNetwork, type TrainableNetwork } from "./network.ts";
import { createSurfaceJob, type SurfaceJob } from "./surface-job.ts";
import { createTrainer, isContinued, type Trainer } from "./trainer.ts";

export interface Surroundings {
  readonly post: (report: Report) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back after so many milliseconds; with 0, when other messages have had their turn. */
  readonly later: (work: () => void, wait: number) => void;
}

/** Milliseconds of training between looks at the messages, and between reports. */
const SLICE = 12;
const REPORT_EVERY = 30;
/** Pictures cost as much as many steps: after one that took t, the next waits at least this many times t. */
const PICTURE_REST = 4;
const PICTURE_EVERY = 80;
/** Points along each axis of a grid of answers: while training goes on, and when it pauses. */
const MOVING_SIDE = 32;
const RESTING_SIDE = 64;

/** Milliseconds after which a paced run that cannot keep up stops trying to catch up, and of rest between looks at the clock. */
const MOST_BEHIND = 250;
const REST = 8;

/** How far and how fast to train: steps per second counted from `from`, taken at `since`; 0 for as fast as possible. */
interface Pace {
  readonly until: number | undefined;
  readonly perSecond: number;
  readonly from: number;
  readonly since: number;
}

interface Training {
  readonly trainers: readonly Trainer[];
  readonly perEpoch: number;
  readonly bounds: readonly Range[];
  readonly request: LoadRequest;
}

export function createSession({ post, now, later }: Surroundings): (request: Request) => void {
  let training: Training | undefined;
  let running = false;
  let pace: Pace = { until: undefined, perSecond: 0, from: 0, since: 0 };
  let isScheduled = false;
  let pending: number[][] = [];
  let surface: SurfaceJob | undefined;
  let reported = { at: 0, steps: 0 };
  let pictureDue = 0;

  function receive(request: Request): void {
    try {
      answer(request);
    } catch (error) {
      fail(error);
    }
  }

  function answer(request: Request): void {
    switch (request.kind) {
      case "load":
        return load(request);
      case "run":
        return run(request);
      case "pause":
        return pause(undefined);
      case "advance":
        return advance(request.steps);
      case "reset":
        return reset(request.seed);
      case "surface":
        surface = training && createSurfaceJob(request, training.trainers[request.network]!);
        return schedule(0);
      case "stop-surface":
        surface = undefined;
        return;
      case "check":
        return post({ kind: "checked", id: request.id, verdicts: request.specs.map(checkNetwork) });
      default:
        return unreachable(request);
    }
  }

  function load(request: LoadRequest): void {
    surface = undefined;
    const prepared = request.specs.map(prepareNetwork);
    const networks: TrainableNetwork[] = [];
    for (const [network, one] of prepared.entries()) {
      if (one.kind === "rejected") return post({ kind: "rejected", id: request.id, network, diagnostics: one.diagnostics });
      networks.push(one.network);
    }
    const data = chooseData(request.data, networks);
    const made = makeTraining(request, networks, data);
    if ("problem" in made) {
      const facts = networks.map((network) => network.facts);
      return post({ kind: "unfit", id: request.id, network: made.network, networks: facts, problem: made.problem });
    }
    training = made.training;
    if (!made.kept) halt();
    post({ kind: "loaded", id: request.id, networks: networks.map(({ facts }) => facts), data, kept: made.kept });
    show(undefined, RESTING_SIDE);
  }

  /** The data set that is asked for, or else the first that fits all networks; XOR where none does, to say why. */
  function chooseData({ name, ...rest }: LoadRequest["data"], networks: readonly TrainableNetwork[]): DataSet {
    const { facts, source } = networks[0]!;
    const sizes = { features: featuresOf(source) ?? 2, classes: Math.max(2, facts.outputs) };
    const make = (one: DataSetName): DataSet => makeDataSet({ ...rest, name: one }, sizes);
    if (name !== undefined) return make(name);
    const fitting = dataSetNames.filter((one) => networks.every(({ source }) => fitData(source, make(one)).kind === "fits"));
    // More outputs than there are classes would do too, but some would never be right.
    return make(fitting.find((one) => facts.outputs === 1 || make(one).classes === facts.outputs) ?? fitting[0] ?? "xor");
  }

  function makeTraining(
    request: LoadRequest,
    networks: readonly TrainableNetwork[],
    data: DataSet,
  ): { training: Training; kept: boolean } | { problem: string; network: number } {
    const old = training?.trainers;
    const kept =
      request.keep && old?.length === networks.length && networks.every((network, at) => isContinued(old[at]!, network));
    const trainers: Trainer[] = [];
    let perEpoch = 1;
    for (const [at, network] of networks.entries()) {
      if (network.problem !== undefined) return { problem: network.problem, network: at };
      const fit = fitData(network.source, data);
      if (fit.kind === "unfit") return { problem: fit.problem, network: at };
      const batches = createBatches(fit.data, request.batch, request.seed);
      perEpoch = batches.perEpoch;
      trainers.push(createTrainer({ network, data: fit.data, batches, seed: request.seed, from: kept ? old[at] : undefined }));
    }
    return { training: { trainers, perEpoch, bounds: boundsOfRows(data.X, data.features), request }, kept };
  }

  function run({ until, pace: perSecond }: { readonly until: number | undefined; readonly pace: number }): void {
    if (training === undefined) return;
    const { steps } = training.trainers[0]!;
    running = true;
    pace = { until, perSecond, from: steps, since: now() };
    reported = { at: now(), steps };
    schedule(0);
  }

  /** Stops without a word. */
  function halt(): void {
    running = false;
    pending = [];
    surface = undefined;
  }

  function pause(stopped: "limit" | "diverged" | undefined): void {
    running = false;
    show(stopped, RESTING_SIDE);
  }

  function advance(steps: number): void {
    if (training === undefined) return;
    running = false;
    let stopped: "diverged" | undefined;
    for (let step = 0; step < steps && stopped === undefined; step++) stopped = takeStep(training);
    show(stopped, RESTING_SIDE);
  }

  function reset(seed: number): void {
    if (training === undefined) return;
    load({ ...training.request, seed, keep: false });
  }

  function schedule(wait: number): void {
    if (isScheduled) return;
    isScheduled = true;
    later(() => {
      isScheduled = false;
      try {
        work();
      } catch (error) {
        fail(error);
      }
    }, wait);
  }

  function work(): void {
    if (training !== undefined && running) trainSlice(training);
    if (surface !== undefined) drawSlice(surface);
    if (running || surface !== undefined) schedule(surface === undefined && pace.perSecond > 0 ? REST : 0);
  }

  function trainSlice(current: Training): void {
    const end = now() + SLICE;
    const allowed = stepsAllowed();
    while (current.trainers[0]!.steps < allowed && now() < end) {
      const stopped = takeStep(current);
      if (stopped !== undefined) return pause(stopped);
    }
    const { steps } = current.trainers[0]!;
    if (pace.until !== undefined && steps >= pace.until) return pause("limit");
    if (steps < allowed && now() - pace.since > MOST_BEHIND) pace = { ...pace, from: steps, since: now() };
    if (now() - reported.at >= REPORT_EVERY) report(current, undefined);
    if (now() >= pictureDue) picture(current, MOVING_SIDE);
  }

  /** Steps in all that may have been taken by now. */
  function stepsAllowed(): number {
    const limit = pace.until ?? Infinity;
    if (pace.perSecond === 0) return limit;
    return Math.min(limit, pace.from + Math.floor(((now() - pace.since) * pace.perSecond) / 1000));
  }

  function takeStep({ trainers }: Training): "diverged" | undefined {
    trainers.forEach((trainer, at) => (pending[at] ??= []).push(trainer.step()));
    return trainers.some(({ diverged }) => diverged) ? "diverged" : undefined;
  }

  function drawSlice(job: SurfaceJob): void {
    const end = now() + SLICE;
    while (now() < end && !job.isDone) job.drawRow(now);
    post(job.report());
    if (job.isDone) surface = undefined;
  }

  function show(stopped: "limit" | "diverged" | undefined, side: number): void {
    if (training === undefined) return;
    report(training, stopped);
    picture(training, side);
  }

  function report({ trainers, perEpoch }: Training, stopped: "limit" | "diverged" | undefined): void {
    const { steps } = trainers[0]!;
    const elapsed = now() - reported.at;
    const stepsPerSecond = running && elapsed > 0 ? (1000 * (steps - reported.steps)) / elapsed : 0;
    const losses = trainers.map((_, at) => pending[at] ?? []);
    pending = [];
    reported = { at: now(), steps };
    post({ kind: "progress", running, steps, epoch: Math.floor(steps / perEpoch), losses, stepsPerSecond, stopped });
  }

  function picture({ trainers, bounds }: Training, side: number): void {
    const start = now();
    const networks = trainers.map((trainer) =>
      trainer.picture((network, point) => predictGrid(network, point, { bounds, side: bounds.length === 1 ? 4 * side : side })),
    );
    post({ kind: "picture", steps: trainers[0]!.steps, networks });
    const end = now();
    pictureDue = end + Math.max(PICTURE_EVERY, PICTURE_REST * (end - start));
  }

  function fail(error: unknown): void {
    halt();
    post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }

  return receive;
}
