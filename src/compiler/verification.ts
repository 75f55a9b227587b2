// Hands running code to the checker: the exports of a function as the plain calls that verify/ knows.

import type { Mode } from "../emit/typescript/signature.ts";
import type { FrontendResult, SourceFunction } from "../frontends/source.ts";
import { verifyFunction } from "../verify/check.ts";
import type { EmittedFunction, Verification } from "../verify/verification.ts";
import type { Caller } from "./load.ts";

/** What stands in a compilation whose output was not checked. */
export const SKIPPED: Verification = {
  status: "skipped",
  points: 0,
  maxRelativeError: NaN,
  perInput: [],
  coordinatesChecked: 0,
  coordinatesTotal: 0,
  directions: 0,
  kinks: [],
  failures: [],
  notes: ["not checked"],
};

export interface VerifyRequest {
  readonly source: SourceFunction;
  readonly wrt: ReadonlySet<number>;
  readonly mode: Mode;
  readonly caller: Caller;
  readonly seed: number | undefined;
  readonly origins: FrontendResult["origins"];
}

export function verifyCompiled({ source, wrt, mode, caller, seed, origins }: VerifyRequest): Verification {
  if (wrt.size === 0) return { ...SKIPPED, notes: ["there is no input to differentiate by"] };
  return verifyFunction({
    source,
    wrt: [...wrt].sort((a, b) => a - b),
    emitted: emittedFunction(mode, caller, wrt.size),
    origins,
    ...(seed !== undefined && { seed }),
  });
}

function emittedFunction(mode: Mode, caller: Caller, inputs: number): EmittedFunction {
  const value = (point: readonly number[]): number[] => caller.value(point);
  switch (mode) {
    case "grad": {
      const { backward } = caller;
      const gradient = (point: readonly number[]) => {
        const result = caller.derivative(point);
        return { value: result.value, rows: [result.gradient] };
      };
      return backward === undefined ? { mode, value, gradient } : { mode, value, gradient, backward };
    }
    case "jvp":
      return {
        mode,
        value,
        jvp: (point, direction) => {
          const result = caller.derivative(point, direction);
          return { value: result.value, tangent: result.rest };
        },
      };
    case "jacobian":
      return {
        mode,
        value,
        gradient: (point) => {
          const result = caller.derivative(point);
          return { value: result.value, rows: rowsOf(result.rest, inputs) };
        },
      };
    case "hessian":
      return {
        mode,
        value,
        hessian: (point) => {
          const result = caller.derivative(point);
          return { value: result.value[0]!, gradient: result.gradient, rows: rowsOf(result.rest, inputs) };
        },
      };
    case "hvp":
      return {
        mode,
        value,
        hvp: (point, direction) => {
          const result = caller.derivative(point, direction);
          return { value: result.value[0]!, gradient: result.gradient, product: result.rest };
        },
      };
  }
}

function rowsOf(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, row) => flat.slice(row * width, (row + 1) * width));
}
