// What the page and the training worker say to each other: plain data, both ways.

import type { Diagnostic } from "../../diagnostics/report.ts";
import type { DataRequest, DataSet, DataSetName } from "./data-sets.ts";
import type { LayerFlow } from "./gradient-flow.ts";
import type { Verdict } from "./check.ts";

export type Request =
  | LoadRequest
  /** Trains until told otherwise, or until so many steps have been taken in all. `pace`: steps per second; 0 for as fast as possible. */
  | { readonly kind: "run"; readonly until: number | undefined; readonly pace: number }
  | { readonly kind: "pause" }
  | { readonly kind: "advance"; readonly steps: number }
  /** Fresh parameters from a seed. */
  | { readonly kind: "reset"; readonly seed: number }
  | ({ readonly kind: "surface" } & SurfaceRequest)
  | { readonly kind: "stop-surface" }
  /** Compiles and verifies, which takes longer than compiling to train; asked of a worker of its own. */
  | { readonly kind: "check"; readonly id: number; readonly specs: readonly string[] };

export interface LoadRequest {
  readonly kind: "load";
  /** Comes back in what answers it. */
  readonly id: number;
  /** One network, or two to train side by side on the same batches. */
  readonly specs: readonly string[];
  /** Without a name: the first data set that fits. */
  readonly data: Omit<DataRequest, "name"> & { readonly name: DataSetName | undefined };
  readonly seed: number;
  /** Rows of a mini-batch; 0 for all rows at once. */
  readonly batch: number;
  /** Go on with the parameters there are, where the new networks have the same. */
  readonly keep: boolean;
}

export interface SurfaceRequest {
  readonly id: number;
  readonly network: number;
  readonly plane: PlaneRequest;
  /** How far it reaches to each side of where the parameters are, in lengths of the directions. */
  readonly span: number;
}

export type PlaneRequest =
  | { readonly kind: "random"; readonly seed: number }
  | { readonly kind: "weights"; readonly first: WeightPlace; readonly second: WeightPlace }
  /** From the start to here, and across that to where training strayed farthest. */
  | { readonly kind: "path" };

/** One element of a parameter array. */
export interface WeightPlace {
  readonly parameter: string;
  readonly element: number;
}

export type Report =
  | {
      readonly kind: "loaded";
      readonly id: number;
      readonly networks: readonly NetworkFacts[];
      readonly data: DataSet;
      /** Whether training goes on where it was. */
      readonly kept: boolean;
    }
  | { readonly kind: "rejected"; readonly id: number; readonly network: number; readonly diagnostics: readonly Diagnostic[] }
  /** The spec is right but cannot be trained here: no optimizer, other inputs than the data has. */
  | {
      readonly kind: "unfit";
      readonly id: number;
      readonly network: number;
      readonly networks: readonly NetworkFacts[];
      readonly problem: string;
    }
  | ProgressReport
  | PictureReport
  | SurfaceReport
  | {
      readonly kind: "checked";
      readonly id: number;
      readonly verdicts: readonly Verdict[];
    }
  /** Something threw. */
  | { readonly kind: "failed"; readonly message: string };

export interface ProgressReport {
  readonly kind: "progress";
  readonly running: boolean;
  /** Steps taken in all. */
  readonly steps: number;
  readonly epoch: number;
  /** Per network, the losses of the steps since the last report, each before its step. */
  readonly losses: readonly (readonly number[])[];
  /** Of the last slices; 0 while paused. */
  readonly stepsPerSecond: number;
  /** Why training stopped by itself. */
  readonly stopped: "limit" | "diverged" | undefined;
}

/** What the networks are like after so many steps. Costs more than a step, so it comes less often. */
export interface PictureReport {
  readonly kind: "picture";
  readonly steps: number;
  readonly networks: readonly NetworkPicture[];
}

export interface NetworkPicture {
  /** On all rows. */
  readonly loss: number;
  readonly flow: readonly LayerFlow[];
  /** What predict answers for each row of the data. */
  readonly answers: Float64Array;
  readonly grid: PredictionGrid | undefined;
}

/** What predict answers over the plane of the inputs, or along its line. */
export interface PredictionGrid {
  readonly bounds: readonly Range[];
  /** Points along each axis. */
  readonly side: number;
  /** [side * side, outputs] with the first input varying fastest, or [side, outputs]. */
  readonly values: Float64Array;
}

export type Range = readonly [low: number, high: number];

export interface SurfaceReport {
  readonly kind: "surface";
  readonly id: number;
  /** Share that is done. */
  readonly done: number;
  /** When all is. */
  readonly surface: LossSurface | undefined;
}

export interface LossSurface {
  readonly network: number;
  readonly steps: number;
  readonly plane: PlaneRequest["kind"];
  /** What the axes are, in words. */
  readonly axes: readonly [string, string];
  readonly bounds: readonly [Range, Range];
  readonly side: number;
  /** [side, side], the first direction varying fastest. */
  readonly losses: Float64Array;
  /** Loss where the parameters are, and along which way they came: places in the plane. */
  readonly here: number;
  readonly path: readonly (readonly [number, number])[];
}

/** What the page shows of a compiled network. */
export interface NetworkFacts {
  readonly name: string;
  /** The TypeScript text. */
  readonly code: string;
  readonly parameters: readonly ParameterFacts[];
  readonly optimizer: { readonly kind: string; readonly rate: number; readonly changes: boolean } | undefined;
  readonly answer: AnswerKind;
  /** Numbers per answer. */
  readonly outputs: number;
  readonly operations: { readonly forward: number; readonly backward: number; readonly ratio: number };
}

export interface ParameterFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layer: string;
  readonly isWeight: boolean;
}

/** How an answer is read: as a number, as the probability of yes, or as what makes one. */
export type AnswerKind = "number" | "probability" | "logit" | "sign" | "scores" | "probabilities" | "log-probabilities";
