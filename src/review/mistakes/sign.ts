// A sign turned round: the line gives the right number with the other sign.

import type { Node } from "@babel/types";
import type { Case, Edit } from "../case.ts";
import { endOf, startOf } from "../syntax.ts";
import { show } from "../words.ts";
import type { Explained } from "./types.ts";
import { agreeEverywhere, isNothing, negate } from "../per-point.ts";

export function sign(wrong: Case): Explained | undefined {
  const { got, wanted, write } = wrong;
  if (!agreeEverywhere(got, negate(wanted)) || isNothing(wanted)) return undefined;
  const { right, operator } = write;
  const edits = right === undefined || write.how === "store" ? undefined : editsFor(wrong, right);
  const point = got.findIndex((each, index) => each?.length === 1 && wanted[index]?.[0] !== 0 && wanted[index] !== undefined);
  const isShown = (operator === "+=" || operator === "-=") && point >= 0;
  return {
    explanation: isShown
      ? `the sign is turned round: this line adds ${show(got[point]![0])} where ${show(wanted[point]![0])} is to be added`
      : "the sign is turned round",
    nudge: "Does the stage grow or shrink when this variable grows?",
    ...(edits !== undefined && { edits }),
  };
}

function editsFor({ write, text }: Case, right: Node): Edit[] {
  const at = write.operator === "-=" ? text.lastIndexOf("-=", startOf(right)) : -1;
  return at > startOf(write.node) ? [{ start: at, end: at + 2, text: "+=" }] : negated(startOf(right), endOf(right));
}

function negated(start: number, end: number): Edit[] {
  return [
    { start, end: start, text: "-(" },
    { start: end, end, text: ")" },
  ];
}
