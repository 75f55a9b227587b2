// Takes one number of the emitted code, measures what it should be, and says what to make of the two.

import { isConfirmed, judgeProbe, type Probe } from "./confirm.ts";
import type { Outcome } from "./record.ts";
import type { Place, Trial } from "./trial.ts";
import { FAILS_ABOVE, type FailureKind } from "./verification.ts";

/** `what`: the name of a failure of this probe, unless it is that the number is not finite. */
export function examine(trial: Trial, probe: Probe, place: Place, what: FailureKind): Outcome {
  const { analytic, numeric, verdict } = judgeProbe(probe, place);
  if (verdict.kind !== "differ") return verdict;
  // Underflow and overflow on the way of the gradient, where the function itself is at the edge of the number range.
  if (place.isExtreme && (analytic === 0 || !Number.isFinite(analytic))) return { kind: "unclear" };
  if (place.isUnreliable) return { kind: "unclear" };
  if (!isConfirmed(trial, probe, place, analytic, numeric)) return { kind: "unclear" };
  if (place.standing !== "inside") return { kind: place.standing === "tie" ? "convention" : "unclear" };
  if (verdict.relative < FAILS_ABOVE) return { kind: "warn", relative: verdict.relative };
  return {
    kind: "fail",
    what: Number.isFinite(analytic) ? what : "nonfinite",
    expected: numeric.value,
    got: analytic,
    relative: verdict.relative,
  };
}
