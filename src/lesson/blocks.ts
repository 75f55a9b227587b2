// Which stages belong together: of a network those of a layer, of a function those that only lead up to a stage that a person named.

import type { Derivation } from "../compiler/derivation.ts";
import type { Compilation } from "../compiler/types.ts";
import type { Span } from "../core/span.ts";
import type { Node } from "../ir/graph.ts";
import type { Stage } from "../passes/stage.ts";
import type { CodeIndex } from "./code.ts";
import { readsOf, type Told } from "./told.ts";

/** Names of blocks by stage number. */
export function findBlocks(
  compilation: Compilation,
  derivation: Derivation,
  told: Told,
  code: CodeIndex,
): ReadonlyMap<number, string> {
  return derivation.kind === "tensors" && derivation.isNetwork
    ? layersOf(compilation, told, code)
    : namedStagesOf(derivation, told);
}

/** Stages whose only readers are of one block belong to it. */
function namedStagesOf({ given }: Derivation, told: Told): Map<number, string> {
  const { stages, output } = told;
  const blocks = new Map<number, string>();
  const readers = readersOf(told);
  for (const stage of stages.toReversed()) {
    if (stage.node === output) continue;
    if (given.has(stage.name)) blocks.set(stage.number, stage.name);
    else {
      const of = new Set((readers.get(stage) ?? []).map(({ number }) => blocks.get(number)));
      const [only] = of;
      if (of.size === 1 && only !== undefined) blocks.set(stage.number, only);
    }
  }
  return blocks;
}

function readersOf(told: Told): Map<Stage, Stage[]> {
  const { stages } = told;
  const stageOf = new Map<Node, Stage>(stages.map((stage) => [stage.node, stage]));
  const readers = new Map<Stage, Stage[]>();
  for (const reader of stages) {
    for (const node of readsOf(told, reader.node)) {
      const read = stageOf.get(node);
      if (read !== undefined) readers.set(read, [...(readers.get(read) ?? []), reader]);
    }
  }
  return readers;
}

/** Stages that come from one layer, whose copies have spans of their own: `dense 1`, `relu 1`, `dense 2`. */
function layersOf(compilation: Compilation, { stages }: Told, code: CodeIndex): Map<number, string> {
  const entryAt = entries(compilation);
  const blocks = new Map<number, string>();
  const counts = new Map<string, number>();
  const names = new Map<Span, string>();
  for (const { number } of stages) {
    const place = code.stages.get(number)?.at(-1);
    const entry = place && entryAt(place.start);
    if (entry === undefined) continue;
    let name = names.get(entry);
    if (name === undefined) {
      const word = compilation.source.text.slice(entry.start, entry.end);
      const count = (counts.get(word) ?? 0) + 1;
      counts.set(word, count);
      names.set(entry, (name = `${word} ${count}`));
    }
    blocks.set(number, name);
  }
  return blocks;
}

/** The place in the source of the line of the JavaScript that begins at an offset; offsets asked for in order. */
function entries({ origins, javascript }: Compilation): (offset: number) => Span | undefined {
  let line = 0;
  let at = 0;
  let next = 0;
  return (offset) => {
    for (let end = javascript.indexOf("\n", at); end !== -1 && end < offset; end = javascript.indexOf("\n", at)) {
      at = end + 1;
      line++;
    }
    while (next < origins.length && origins[next]!.line < line) next++;
    return origins[next]?.line === line ? origins[next]!.span : undefined;
  };
}
