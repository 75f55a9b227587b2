// A sign turned round: the line gives the right number with the other sign.

import type { Case, Edit } from "../case.ts";
import type { Explained } from "./types.ts";
import { agreeEverywhere, isNothing, negate } from "../per-point.ts";

export function sign({ got, wanted, write }: Case): Explained | undefined {
  if (!agreeEverywhere(got, negate(wanted)) || isNothing(wanted)) return undefined;
  const { right } = write;
  const edits = right === undefined || write.how === "store" ? undefined : negated(right.start ?? 0, right.end ?? 0);
  return {
    explanation: "the sign is turned round",
    nudge: "Does the stage grow or shrink when this variable grows?",
    ...(edits !== undefined && { edits }),
  };
}

function negated(start: number, end: number): Edit[] {
  return [
    { start, end: start, text: "-(" },
    { start: end, end, text: ")" },
  ];
}
