// A line inside a loop that is wrong in each round: seen by what the loop leaves behind, found by writing it otherwise.

import { mentionsIn, type Case } from "../case.ts";
import { exchanges, slips, type Line } from "../forward/rewrites.ts";
import type { SetSite } from "../sites.ts";
import { lineAt, namesRead, startOf } from "../syntax.ts";
import type { Explained } from "./types.ts";

export function wrongRound(wrong: Case): Explained | undefined {
  const { write, text } = wrong;
  for (const site of roundsBefore(wrong)) {
    const line = lineOf(site, wrong);
    for (const rewrite of [...slips(line), ...exchanges(line)]) {
      if (!wrong.solves(rewrite.edits)) continue;
      return {
        name: rewrite.name,
        explanation: `${site.variable} on line ${lineAt(text, startOf(site.node))} is wrong in each round: ${rewrite.explanation}`,
        nudge: `Write down ${site.variable} for one round: the derivative of each step by the one before. Which part of line ${lineAt(text, startOf(site.node))} differs?`,
      };
    }
    if (site === write) break;
  }
  return undefined;
}

/** Variables of one round that the line reads, directly or not, in source order. */
function roundsBefore({ write, probe }: Case): SetSite[] {
  if (write.loop === undefined) return [];
  const names = namesRead(write.right ?? write.node);
  const rounds = probe.trial.instrumented.sites.filter(
    (site): site is SetSite & { right: NonNullable<SetSite["right"]> } =>
      site.kind === "set" && site.isPerRound && site.loop === write.loop && site.right !== undefined,
  );
  const read = rounds.toReversed().filter(({ variable, right, node }) => {
    if (!names.has(variable) || startOf(node) > startOf(write.node)) return false;
    for (const name of namesRead(right)) names.add(name);
    return true;
  });
  return read.toReversed();
}

function lineOf(site: SetSite, { roles, text, write }: Case): Line {
  const helpers = mentionsIn(write.loop!).flatMap(({ name, isCallee }) => (isCallee ? [name] : []));
  return { root: site.right!, text, names: [...roles.stages.keys()], helpers: [...new Set(helpers)] };
}
