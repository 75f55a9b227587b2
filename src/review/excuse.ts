// Gradients that are kept in another scale on purpose.

import type { Judging } from "./contributions.ts";
import { agreeEverywhere, factorBetween } from "./per-point.ts";
import type { Probe } from "./probe.ts";
import type { Adjoint } from "./roles.ts";
import type { Move } from "./recorder.ts";
import { run, type Run } from "./trial.ts";

/**
 * Gradients that are off by one factor throughout and yet lead to right results are kept in another scale on purpose (1/m may come last), and so
 * are those that are off by the same factor as such a one.
 */
export function isExcused(adjoint: Adjoint, { probe, gradients, judged }: Judging): boolean {
  const { totalOf, gradientOf, isRight } = gradients;
  if (adjoint.input !== undefined) return false;
  const factor = factorBetween(totalOf(adjoint), gradientOf(adjoint.of));
  if (factor === undefined) return false;
  const isLeading = (from: Adjoint): boolean =>
    judged.some((other) => other.input !== undefined && isRight(other) && leadsTo(from, other, probe));
  if (isLeading(adjoint)) return true;
  return judged.some((other) => {
    if (other === adjoint || other.input !== undefined || isRight(other) || !leadsTo(other, adjoint, probe)) return false;
    const own = factorBetween(totalOf(other), gradientOf(other.of));
    return own !== undefined && agreeEverywhere(own, factor) && isLeading(other);
  });
}

/** Whether what one gradient holds has an effect on another. */
function leadsTo(from: Adjoint, to: Adjoint, { trial, points, runs }: Probe): boolean {
  const ids = new Set(to.writes.map(({ id }) => id));
  const lastOf = ({ events }: Run): string => String(events.findLast(({ site }) => ids.has(site))?.value);
  const write = from.writes.at(-1)!;
  return points.some((point, index) => {
    const base = runs[index]!;
    const value = base.events.findLast(({ site }) => site === write.id)?.value;
    if (value === undefined) return false;
    return value.some((_, element) => {
      const passing = base.passings.get(write.id)?.count;
      const move: Move = { site: write.id, passing, change: { kind: "shift", element, amount: 0.5 } };
      return lastOf(run(trial, point, { move, isRecording: true })) !== lastOf(base);
    });
  });
}
