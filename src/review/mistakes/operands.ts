// The gradient of a stage's other operand.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import { agreeEverywhere, isNothing, isProduct, type PerPoint } from "../per-point.ts";
import type { Site } from "../sites.ts";
import { namesRead } from "../syntax.ts";
import { largest, scale } from "../vectors.ts";

export function swappedOperands(wrong: Case): Explained | undefined {
  const { got, adjoint, contributions, all, probe } = wrong;
  const statements = new Set((contributions.length > 0 ? contributions : all).map(({ read }) => read.statement));
  const others = probe.trial.instrumented.sites.filter(
    (site) => site.kind === "read" && statements.has(site.statement) && site.variable !== adjoint.of,
  );
  const { seed } = probe.trial;
  for (const other of others) {
    const slopes = probe.points.map((_, point) => {
      const own = probe.derivative(other, point);
      return own && scale(own, seed);
    });
    if (isNothing(slopes) || !agreeEverywhere(got, slopes)) continue;
    if (isRouted(wrong))
      return {
        name: "mask-inverted",
        explanation: `the condition is the wrong way round: the gradient goes to ${adjoint.of} where the forward pass took ${other.variable}`,
        nudge: "Put numbers in: which side did the forward pass take there?",
      };
    const partner = partnerOf(other, slopes, wrong);
    if (partner !== undefined)
      return {
        explanation: `this uses ${partner}, the partner of ${other.variable}; ${adjoint.of} has another one`,
        nudge: `In the forward pass, what is ${adjoint.of} multiplied by?`,
      };
    return {
      explanation: `this is the gradient of ${other.variable}, not of ${adjoint.of}: the operands are swapped`,
      nudge: `In a product each factor gets the other factor times the upstream gradient. Which one is the other of ${adjoint.of}?`,
    };
  }
  return undefined;
}

/** `w1` on the line, where the forward pass has w1 * x1 and the line is about x0. */
function partnerOf({ variable }: Site, slopes: PerPoint, wrong: Case): string | undefined {
  const { write, adjoint, contributions, all } = wrong;
  const names = namesRead(write.right ?? write.node);
  if (names.has(adjoint.of)) return undefined; // then the two stand in one product
  const upstream = (contributions[0] ?? all[0])?.upstream;
  if (upstream === undefined) return undefined;
  const candidates = wrong.quantities().filter(({ kind, text }) => kind === "stage" && text !== variable && names.has(text));
  return candidates.find(({ values }) => isProduct(upstream, values, slopes))?.text;
}

/** Whether the stage takes one of two, and at each point the gradient belongs to the one that the line leaves out. */
function isRouted({ got, wanted, forwardText }: Case): boolean {
  if (!/Math\.(max|min)|\?/.test(forwardText)) return false;
  return wanted.every(
    (each, point) => each === undefined || got[point] === undefined || largest(each) === 0 || largest(got[point]) === 0,
  );
}
