// What a person chose: plain data that fits into the address of the page. Everything else follows from it.

import { dataSets, type DataSetName } from "./data-sets.ts";

export interface TrainingState {
  readonly spec: string;
  /** A second network, trained side by side on the same batches. */
  readonly rival: string | undefined;
  /** Undefined: the first one that fits. */
  readonly data: DataSetName | undefined;
  /** Of the parameters, and of the order of mini-batches. */
  readonly seed: number;
  readonly dataSeed: number;
  /** Undefined: as the data set has it. */
  readonly rows: number | undefined;
  readonly noise: number | undefined;
  /** Rows per step; 0 for all. */
  readonly batch: number;
  /** Steps after which a run pauses; 0 for never. */
  readonly until: number;
  /** Steps per second; 0 for as fast as possible. */
  readonly pace: number;
  readonly logScale: boolean;
  /** Steps over which the loss curve is averaged; 1 for not. */
  readonly smoothing: number;
}

const LONGEST_SPEC = 20_000;

/** What training a spec from elsewhere starts with. */
export function stateFor(spec: string): TrainingState {
  return {
    spec,
    rival: undefined,
    data: undefined,
    seed: 1,
    dataSeed: 1,
    rows: undefined,
    noise: undefined,
    batch: 0,
    until: 1000,
    pace: 200,
    logScale: false,
    smoothing: 1,
  };
}

/** What came by an address or from elsewhere, with what does not hold put right from `usual`. */
export function readState(given: unknown, usual: TrainingState): TrainingState {
  const from = typeof given === "object" && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const text = (value: unknown): string | undefined =>
    typeof value === "string" && value.length <= LONGEST_SPEC ? value : undefined;
  const within = (value: unknown, low: number, high: number): number | undefined =>
    typeof value === "number" && value >= low && value <= high ? value : undefined;
  const whole = (value: unknown, low: number, high: number): number | undefined =>
    Number.isInteger(value) ? within(value, low, high) : undefined;
  const spec = text(from["spec"]);
  return {
    spec: spec ?? usual.spec,
    rival: spec === undefined ? usual.rival : text(from["rival"]),
    data: isDataSet(from["data"]) ? from["data"] : spec === undefined ? usual.data : undefined,
    seed: whole(from["seed"], 0, 1e9) ?? usual.seed,
    dataSeed: whole(from["dataSeed"], 0, 1e9) ?? usual.dataSeed,
    rows: whole(from["rows"], 2, MOST_ROWS) ?? (spec === undefined ? usual.rows : undefined),
    noise: within(from["noise"], 0, 1) ?? (spec === undefined ? usual.noise : undefined),
    batch: whole(from["batch"], 0, MOST_ROWS) ?? usual.batch,
    until: whole(from["until"], 0, MOST_STEPS) ?? usual.until,
    pace: whole(from["pace"], 0, MOST_PACE) ?? usual.pace,
    logScale: typeof from["logScale"] === "boolean" ? from["logScale"] : usual.logScale,
    smoothing: whole(from["smoothing"], 1, MOST_SMOOTHING) ?? usual.smoothing,
  };
}

export const MOST_ROWS = 400;
export const MOST_PACE = 100_000;
export const MOST_STEPS = 1_000_000;
export const MOST_SMOOTHING = 1000;

function isDataSet(value: unknown): value is DataSetName {
  return typeof value === "string" && Object.hasOwn(dataSets, value);
}
