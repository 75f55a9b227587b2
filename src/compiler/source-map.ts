// The source map of a compilation's JavaScript: where in the source the generated lines come from, for debuggers and stack traces.

import { addSegment, GenMapping, setSourceContent, toEncodedMap } from "@jridgewell/gen-mapping";
import { createLocator } from "../diagnostics/locate.ts";
import { firstOfLine, lineEnd } from "../emit/typescript/writer.ts";
import type { Compilation } from "./types.ts";

/** A source map as its third revision has it. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A segment for each line that comes from somewhere, and one that leads nowhere where such lines end. */
export function sourceMap({ source, javascript, origins }: Pick<Compilation, "source" | "javascript" | "origins">): SourceMap {
  const map = new GenMapping();
  setSourceContent(map, source.name, source.text);
  const locate = createLocator(source.text);
  let [line, next, isMapped] = [0, 0, false];
  for (let start = 0; start < javascript.length; line++) {
    const origin = origins[next]?.line === line ? origins[next++] : undefined;
    const { line: sourceLine, column } = locate(origin?.span.start ?? 0);
    // Some readers of maps take what stands before a line that has no segment.
    if (origin !== undefined)
      addSegment(map, line, firstOfLine(javascript, start) - start, source.name, sourceLine - 1, column - 1);
    else if (isMapped) addSegment(map, line, 0);
    isMapped = origin !== undefined;
    start = lineEnd(javascript, start) + 1;
  }
  if (isMapped) addSegment(map, line, 0); // somebody may append lines
  const { mappings } = toEncodedMap(map);
  const closed = mappings === "" ? "" : `${mappings};`; // node reads a segment that leads nowhere only where a line end follows
  return { version: 3, sources: [source.name], sourcesContent: [source.text], names: [], mappings: closed };
}
