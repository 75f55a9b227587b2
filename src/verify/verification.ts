// What goes into a verification and what comes out. No behaviour.

import type { Span } from "../core/span.ts";
import type { FrontendResult, SourceFunction } from "../frontends/source.ts";

/**
 * The emitted code, running. A point has a number for every input of the source, a direction one for every input of `wrt`, in order;
 * so have rows.
 */
export interface EmittedFunction {
  readonly mode: "grad" | "jvp" | "jacobian" | "hessian" | "hvp";
  /** The function itself; one number where the source is scalar. */
  value(point: readonly number[]): readonly number[];
  /** A row per output. */
  gradient?(point: readonly number[]): { readonly value: readonly number[]; readonly rows: readonly (readonly number[])[] };
  /** Forward, then backward with `seed` as the adjoint of the (scalar) result. */
  backward?(point: readonly number[], seed: number): readonly number[];
  jvp?(
    point: readonly number[],
    direction: readonly number[],
  ): { readonly value: readonly number[]; readonly tangent: readonly number[] };
  hessian?(point: readonly number[]): {
    readonly value: number;
    readonly gradient: readonly number[];
    readonly rows: readonly (readonly number[])[];
  };
  hvp?(
    point: readonly number[],
    direction: readonly number[],
  ): { readonly value: number; readonly gradient: readonly number[]; readonly product: readonly number[] };
}

export interface VerifySpec {
  readonly source: SourceFunction;
  /** Indices into `source.inputs`. */
  readonly wrt: readonly number[];
  readonly emitted: EmittedFunction;
  readonly seed?: number;
  /** How much to spend, as a multiple of the usual; default 1. */
  readonly thoroughness?: number;
  readonly origins?: FrontendResult["origins"];
}

export type FailureKind = "value" | "gradient" | "tangent" | "second" | "symmetry" | "nonfinite" | "dot-product" | "seed";

export interface Failure {
  readonly what: FailureKind;
  readonly input?: string;
  /** Where the input is a tensor: the element, counted in row-major order. */
  readonly index?: number;
  /** The same, one number per axis. */
  readonly at?: readonly number[];
  /** Scalar inputs by name; of tensors only the element in question, as `W[2, 0]`. */
  readonly point: Readonly<Record<string, number>>;
  readonly expected: number;
  readonly got: number;
  readonly span?: Span;
}

export interface InputReport {
  readonly name: string;
  readonly maxRelativeError: number;
  /** Points at which the derivative with respect to this input alone was checked and the difference was exact enough to tell. */
  readonly checkedAt: number;
}

export interface KinkReport {
  readonly op: string;
  /** How many nodes of this op were seen from just these sides. */
  readonly count: number;
  readonly sides: "both" | "below" | "above" | "none";
  /** The first of them. */
  readonly span?: Span;
}

export interface Verification {
  readonly status: "passed" | "warned" | "failed" | "skipped";
  /** Points where something could be told; 0 is a failure, with `noRealPoint` where none was found in the domain. */
  readonly points: number;
  readonly maxRelativeError: number;
  readonly perInput: readonly InputReport[];
  readonly coordinatesChecked: number;
  readonly coordinatesTotal: number;
  readonly directions: number;
  readonly kinks: readonly KinkReport[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  readonly noRealPoint?: true;
  /** What symbolic dimensions stood for, one setting after the other. */
  readonly sizes?: readonly Readonly<Record<string, number>>[];
}

/** Relative errors below the first pass, up to the second warn, above it fail. */
export const PASSES_BELOW = 1e-5;
export const FAILS_ABOVE = 1e-3;
