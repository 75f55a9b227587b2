// The few lines around a span, cut to a width and made safe to show, with the span's columns in what is left.

import type { Span } from "../core/span.ts";
import { escapeControls } from "./escape.ts";
import type { Locator } from "./locate.ts";

export interface Excerpt {
  readonly text: string;
  /** Number of the first line of `text`. */
  readonly firstLine: number;
  readonly line: number;
  /** 1-based, in `text`. */
  readonly column: number;
  readonly endColumn: number;
}

const LINES_ABOVE = 2;
const LINES_BELOW = 1;
/** What a frame's gutter takes, `> 123456 | `. */
const GUTTER = 12;
const NARROWEST = 30;

/** A span over several lines is marked up to the end of its first line. */
export function excerpt(text: string, span: Span, locate: Locator, width: number): Excerpt {
  const place = locate(span.start);
  const room = Math.max(NARROWEST, width - GUTTER);
  const from = windowStart(place.column - 1, place.lineEnd - place.lineStart, room);
  const lines: string[] = [];
  let firstLine = place.line;
  let { lineStart } = place;
  for (let above = 0; above < LINES_ABOVE && lineStart > 0; above++) {
    const before = locate(lineStart - 1);
    lines.unshift(cut(text, before.lineStart, before.lineEnd, from, room));
    ({ lineStart } = before);
    firstLine--;
  }
  lines.push(cut(text, place.lineStart, place.lineEnd, from, room));
  let end = text.indexOf("\n", place.lineEnd);
  for (let below = 0; below < LINES_BELOW && end !== -1; below++) {
    const after = locate(end + 1);
    if (after.lineStart === text.length) break;
    lines.push(cut(text, after.lineStart, after.lineEnd, from, room));
    end = text.indexOf("\n", after.lineEnd);
  }

  const lead = from > 0 ? 3 : 0;
  const shownUpTo = (offset: number): number =>
    lead + escapeControls(text.slice(place.lineStart + from, Math.max(offset, place.lineStart + from))).length;
  const lastShown = Math.min(place.lineEnd, place.lineStart + from + room);
  const markEnd = Math.min(Math.max(span.end, span.start + 1), Math.max(lastShown, span.start + 1));
  const column = shownUpTo(span.start) + 1;
  return { text: lines.join("\n"), firstLine, line: place.line, column, endColumn: Math.max(column + 1, shownUpTo(markEnd) + 1) };
}

/** Where the shown part of a line starts: at its beginning if that shows the span, else a third of the room before the span. */
function windowStart(column: number, length: number, room: number): number {
  if (length <= room || column < room * 0.8) return 0;
  return Math.max(0, column - Math.floor(room / 3));
}

function cut(text: string, start: number, end: number, from: number, room: number): string {
  const shown = escapeControls(text.slice(Math.min(end, start + from), Math.min(end, start + from + room)));
  const isCutLeft = from > 0 && start + from < end;
  return `${isCutLeft ? "..." : ""}${shown}${start + from + room < end ? "..." : ""}`;
}
