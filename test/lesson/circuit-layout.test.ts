// Every example and two long chains as circuits: texts and gates lie apart, wires go through neither, nothing leaves the picture.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { backFlowsOf } from "../../src/lesson/circuit/back-flow.ts";
import { circuitOf, type CircuitOptions } from "../../src/lesson/circuit/circuit.ts";
import { drawSvg } from "../../src/lesson/circuit/draw-svg.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import { chain } from "../bench/sources.js";
import { overlaps, readDrawing, struck, type Drawing } from "./circuit-geometry.ts";

const folder = new URL("../../examples/", import.meta.url);
const files = readdirSync(folder).filter((file) => /\.math$|\.net\.yaml$/.test(file));

const sources = [
  ...files.map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") })),
  // One input that every third gate reads.
  { file: "chain of 150", text: chain(50) },
  { file: "chain of 300", text: chain(100) },
];

const lessons = sources.flatMap(({ file, text }) => {
  const compilation = compile(text, { name: file, verify: false });
  return compilation.functions.flatMap(({ derivation }, index) => {
    // A vector has a Jacobian only.
    if (derivation === undefined) return [];
    const lesson = lessonOf(compilation, index);
    return [{ file, name: lesson.name, lesson, numbers: numbersAt(compilation, samplePoint(compilation, { index }), index) }];
  });
});

test("there are lessons to draw", () => {
  expect(new Set(lessons.map(({ file }) => file)).size).toBeGreaterThan(files.length - 5);
});

describe.each(lessons)("$file, $name", ({ lesson, numbers }) => {
  const ways: readonly (readonly [string, CircuitOptions])[] = [
    ["with names", {}],
    ["with numbers", { numbers }],
    ["unfolded", { numbers, unfold: "all" }],
    ["folded as far as it goes", { numbers, maxNodes: 0 }],
  ];

  test.each(ways)("%s", (_, options) => {
    const drawing = readDrawing(drawSvg(circuitOf(lesson, options)));
    expect(overlaps(drawing)).toEqual([]);
    expect(struck(drawing)).toEqual([]);
    expect(outside(drawing)).toEqual([]);
    expect(drawing.wires.length).toBeGreaterThan(0);
  });
});

/** What parts at a fork adds up to what came to it. */
test.each(lessons.filter(({ lesson }) => lesson.inputs.every(({ shape }) => shape === "")))(
  "$file, $name: shares at a fork add up",
  ({ lesson, numbers }) => {
    const flows = backFlowsOf(lesson, numbers);
    const readers = (variable: string): number[] =>
      lesson.stages.filter(({ operands }) => operands.includes(variable)).map(({ number }) => number);
    for (const { variable } of [...lesson.inputs, ...lesson.stages]) {
      const complete = flows.complete(variable)?.measure;
      if (complete === undefined || variable === lesson.output) continue;
      const shares = readers(variable).map((stage) => Number(flows.along(variable, [stage])?.measure ?? 0));
      expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(Number(complete), 8);
    }
  },
);

/** Texts and gates beyond the picture's edge, and texts beyond their gate's. */
function outside({ width, height, boxes, inside }: Drawing): string[] {
  const beyond = boxes.filter(({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height);
  const wide = inside.filter(
    ({ text, gate }) => text.left < gate.left || text.right > gate.right || text.top < gate.top || text.bottom > gate.bottom,
  );
  return [...beyond.map(({ name }) => name), ...wide.map(({ text }) => text.name)];
}
