// Goes through the backward pass line by line: what each line sets or adds against the derivatives that the value really has by what it is the
// gradient of. The first line that fits no reading is the first wrong one.

import type { Contribution, Judging } from "./contributions.ts";
import { isExcused } from "./excuse.ts";
import { createGradients, type Gradients } from "./gradients.ts";
import type { Probe } from "./probe.ts";
import type { Roles } from "./roles.ts";
import { suspectOf, type Suspect } from "./suspect.ts";
import { startOf } from "./syntax.ts";

export interface Walk {
  /** The first wrong line. */
  readonly suspect: Suspect | undefined;
  readonly gradientOf: Gradients["gradientOf"];
}

export function walkBackward(probe: Probe, roles: Roles): Walk {
  const gradients = createGradients(probe, roles);
  const judged = roles.adjoints.filter(({ writes }) => !writes.every(({ isPerRound }) => isPerRound));
  return { suspect: findFirst({ probe, roles, gradients, judged }), gradientOf: gradients.gradientOf };
}

/** Gradients are looked at in the order in which they are first set, no further than a line that is wrong. */
function findFirst(judging: Judging): Suspect | undefined {
  const inOrder = [...judging.judged].sort((a, b) => startOf(a.writes[0]!.node) - startOf(b.writes[0]!.node));
  let found: Suspect | undefined;
  let later: Suspect | undefined;
  for (const adjoint of inOrder) {
    if (found !== undefined && startOf(found.write.node) < startOf(adjoint.writes[0]!.node)) break;
    if (judging.gradients.isRight(adjoint) || isExcused(adjoint, judging)) continue;
    const suspect = suspectOf(adjoint, judging);
    if (suspect === undefined) continue;
    if (suspect.verdict === "missing" && comesFromWrong(suspect.contributions, judging)) {
      later ??= suspect;
      continue;
    }
    if (found === undefined || startOf(suspect.write.node) < startOf(found.write.node)) found = suspect;
  }
  return found ?? later;
}

/** What is missing may be there, and be nothing because of a wrong gradient further up. */
function comesFromWrong(contributions: readonly Contribution[], { judged, gradients }: Judging): boolean {
  return contributions.some(({ stage }) =>
    judged.some((other) => other.of === stage && !other.isResult && !gradients.isRight(other)),
  );
}
