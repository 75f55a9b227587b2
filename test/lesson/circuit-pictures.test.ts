// Circuits kept in generated/ to be looked at: the staged computation, the patterns of the backward flow, a network of two layers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { circuitOf } from "../../src/lesson/circuit/circuit.ts";
import { drawSvg } from "../../src/lesson/circuit/draw-svg.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";

const root = join(import.meta.dirname, "../..");

/** Points of the table of systems; the network's is a sample. */
const pictures = [
  { name: "staged", point: { x: 3, y: -4 } },
  { name: "patterns", point: { x: 3, y: -4, z: 2, w: -1 } },
  { name: "two-layer", point: undefined },
] as const;

test.each(pictures)("generated/$name.circuit.svg is fresh", async ({ name, point }) => {
  const compilation = compile(readFileSync(join(root, `examples/${name}.math`), "utf8"), { name: `${name}.math`, verify: false });
  const numbers = numbersAt(compilation, point ?? samplePoint(compilation));
  const svg = drawSvg(circuitOf(lessonOf(compilation), { numbers }));
  await expect(svg).toMatchFileSnapshot(join(root, `generated/${name}.circuit.svg`));
});
