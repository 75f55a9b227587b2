// A solution with other statements in the place of some of its own: what a learner wrote, or a mistake planted to see whether it would be found.

import { placesOf } from "./statements.ts";
import type { Blank, Exercise } from "./types.ts";

/** The body of `exercise` with these statements, by blank; whatever is not named stays right. */
export function substitute({ body, blanks }: Pick<Exercise, "body" | "blanks">, statements: ReadonlyMap<Blank, string>): string {
  const lines = body.split("\n");
  const places = placesOf(
    blanks.map(({ answer }) => answer),
    lines,
  );
  const replaced = new Map<number, string>();
  const dropped = new Set<number>();
  blanks.forEach((blank, index) => {
    const statement = statements.get(blank);
    if (statement === undefined) return;
    const { first, last } = places[index]!;
    for (let line = first; line <= last; line++) dropped.add(line);
    replaced.set(first, `  ${statement}`);
  });
  return lines.flatMap((line, at) => (dropped.has(at) ? (replaced.has(at) ? [replaced.get(at)!] : []) : [line])).join("\n");
}
