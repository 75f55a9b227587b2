// The gallery: every row of the table of systems that can be shown in a page has an entry, and every entry a source.

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import { gallery, groups, isNetwork, sourceOf, systemsOf } from "../../src/playground/gallery/entries.ts";

/** S30 and later are none; S23 to S25 are networks in training. */
const ROWS = Array.from({ length: 29 }, (_, at) => `S${at + 1}`);

test("shows every row", () => {
  const shown = new Set(gallery.flatMap(systemsOf));
  expect(ROWS.filter((row) => !shown.has(row))).toEqual([]);
});

test("every entry is told apart and stands in a group", () => {
  expect(new Set(gallery.map(({ file }) => file)).size).toBe(gallery.length);
  expect(gallery.filter(({ group }) => !groups.includes(group))).toEqual([]);
});

describe("sources of its own", () => {
  test.each(gallery.filter(({ text }) => text !== undefined))("$title", (entry) => {
    const source = sourceOf(entry);
    const { diagnostics } = isNetwork(entry)
      ? compileNetwork(source, { verify: false })
      : compile(source, { mode: entry.mode ?? "grad", verify: false });
    expect(diagnostics).toEqual([]);
  });
});
