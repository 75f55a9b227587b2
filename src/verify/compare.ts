// Judges a derivative against a numerical one whose error is known. Never takes a difference for more than it is worth.

import type { Estimate } from "./differences.ts";
import { FAILS_ABOVE, PASSES_BELOW } from "./verification.ts";

export type Verdict =
  /** The difference is exact enough, and agrees. */
  | { readonly kind: "agree"; readonly relative: number }
  /** Both are zero, as far as the conditioning of the function lets anyone see. `isExact`: the emitted one is 0 and not just small. */
  | { readonly kind: "zero"; readonly isExact: boolean }
  /** The difference is too rough to tell. */
  | { readonly kind: "unclear" }
  | { readonly kind: "differ"; readonly relative: number };

const CONCLUSIVE = 1e-6;
/** Gaps below this are underflow. */
const NOTHING = 1e-305;

/** ‖a − n‖ / (‖a‖ + ‖n‖), 0 where both are 0. */
export function relativeError(analytic: number, numeric: number): number {
  const size = Math.abs(analytic) + Math.abs(numeric);
  return size === 0 ? 0 : Math.abs(analytic - numeric) / size;
}

export interface Scale {
  /** How small a derivative is nothing beside the function's own size. */
  readonly zero: number;
  /** For a sum: the size its terms would have if they had met with random signs. That they nearly cancel is no error of theirs. */
  readonly terms: number;
}

export function judge(analytic: number, numeric: Estimate, scale: Scale): Verdict {
  const { value, error } = numeric;
  if (!Number.isFinite(error)) return { kind: "unclear" };
  if (!Number.isFinite(analytic)) {
    const known = error <= FAILS_ABOVE * Math.abs(value) || error <= scale.zero;
    return known ? { kind: "differ", relative: 1 } : { kind: "unclear" };
  }
  const size = Math.max(Math.abs(analytic) + Math.abs(value), 2 * scale.terms);
  const gap = Math.abs(analytic - value);
  const relative = size === 0 ? 0 : gap / size;
  if (size > 0 && error <= CONCLUSIVE * size) {
    return relative < PASSES_BELOW || gap <= NOTHING ? { kind: "agree", relative } : { kind: "differ", relative };
  }
  if (relative > FAILS_ABOVE && gap > 10 * error) return { kind: "differ", relative };
  const isNothing = error <= scale.zero && Math.abs(analytic) <= 10 * error;
  return isNothing || (size === 0 && error === 0) ? { kind: "zero", isExact: analytic === 0 } : { kind: "unclear" };
}
