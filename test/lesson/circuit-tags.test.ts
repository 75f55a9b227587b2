// Wires that would run far among many: which become names, what is written at them, and that everything still goes from left to right.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { circuitOf, type Circuit, type CircuitOptions } from "../../src/lesson/circuit/circuit.ts";
import { depthsOf } from "../../src/lesson/circuit/depths.ts";
import { drawDot } from "../../src/lesson/circuit/draw-dot.ts";
import { drawSvg } from "../../src/lesson/circuit/draw-svg.ts";
import { layoutCircuit } from "../../src/lesson/circuit/layout.ts";
import { lineHeight } from "../../src/lesson/circuit/node-size.ts";
import { squeeze } from "../../src/lesson/circuit/squeeze.ts";
import { strandsOf } from "../../src/lesson/circuit/strands.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import { chain } from "../bench/sources.js";

const examples = join(import.meta.dirname, "../../examples");

function circuitOfSource(source: string, options: CircuitOptions, name = "chain.math"): Circuit {
  const compilation = compile(source, { name, verify: false });
  return circuitOf(lessonOf(compilation), { numbers: numbersAt(compilation, samplePoint(compilation)), ...options });
}

function example(file: string, options: CircuitOptions = {}): Circuit {
  return circuitOfSource(readFileSync(join(examples, file), "utf8"), options, file);
}

function lines(...all: readonly string[]): string {
  return all.join("\n");
}

/** b1 = sin(b0) and so on, each with more behind it. */
function sines(count: number, more: string, first = 1): string[] {
  return Array.from({ length: count }, (_, at) => `b${first + at} = sin(b${first + at - 1})${more}`);
}

/** How many readers get each variable by name. */
function taggedReads(circuit: Circuit): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { wire, tagged } of strandsOf(circuit, depthsOf(circuit)))
    if (tagged === "from") counts[wire.variable] = (counts[wire.variable] ?? 0) + 1;
  return counts;
}

const unfolded: CircuitOptions = { unfold: "all" };

test.each<[string, CircuitOptions, Record<string, number>]>([
  ["staged.math", unfolded, {}],
  ["patterns.math", unfolded, {}],
  ["neuron.math", unfolded, {}],
  ["softplus-network.math", unfolded, {}],
  ["cross-entropy.math", unfolded, {}],
  ["relu-exercise.math", unfolded, {}],
  ["two-layer.math", unfolded, {}],
  ["mlp.net.yaml", unfolded, {}],
  ["residual.net.yaml", {}, {}],
  ["camera.math", {}, { wx: 3, wy: 2, wz: 2, px: 3, py: 2, pz: 2 }],
  ["lstm.net.yaml", unfolded, { XW1: 5, Wh1: 4 }],
  // A mask that is read late is made late.
  ["convnet.net.yaml", unfolded, {}],
  ["transformer.net.yaml", unfolded, { tokenE: 1, X1: 1, B1: 1 }],
])("%s: values that go on by name", (file, options, expected) => {
  expect(taggedReads(example(file, options))).toEqual(expected);
});

test("the longer wires of one value are names when a shorter one is", () => {
  const circuit = circuitOfSource(chain(50), unfolded);
  const depths = depthsOf(circuit);
  const lengths = { drawn: [] as number[], named: [] as number[] };
  for (const { wire, tagged } of strandsOf(circuit, depths)) {
    if (wire.variable !== "x0" || tagged === "to") continue;
    lengths[tagged === "from" ? "named" : "drawn"].push(depths.get(wire.to)! - depths.get(wire.from)!);
  }
  expect(lengths.named.length).toBeGreaterThan(40);
  expect(lengths.drawn.length).toBeGreaterThan(0);
  expect(Math.max(...lengths.drawn)).toBeLessThan(Math.min(...lengths.named));
});

describe("a value that 50 gates read", () => {
  const circuit = circuitOfSource(chain(50), unfolded);
  const { document } = parseHTML(drawSvg(circuit));
  const wires = [...document.querySelectorAll(`.circuit-wire[data-from="input:x0"]`)];
  const named = wires.filter((wire) => wire.querySelector(".tag") !== null);
  const textsOf = (element: (typeof wires)[number], name: string): string[] =>
    [...element.querySelectorAll(`text.${name}`)].map(({ textContent }) => textContent!);

  test("has a wire to each of its readers, most of them by name", () => {
    const readers = circuit.wires.filter(({ variable }) => variable === "x0").map(({ to }) => to);
    expect(wires.map((wire) => wire.getAttribute("data-to"))).toEqual(readers);
    expect(named).toHaveLength(taggedReads(circuit)["x0"]!);
    for (const wire of named) expect(textsOf(wire, "tag")).toEqual(["x0"]);
  });

  test("has at each its value and what that read sends back, lit and stepped like any wire", () => {
    for (const wire of wires) {
      const { label, source } = circuit.wires.find(
        ({ to, variable }) => variable === "x0" && to === wire.getAttribute("data-to"),
      )!;
      expect(textsOf(wire, "value")).toEqual(label.above.map(({ text }) => text));
      expect(textsOf(wire, "gradient")).toEqual(label.below.map(({ text }) => text));
      expect(wire.getAttribute("data-variable")).toBe("x0");
      expect(wire.getAttribute("data-step")).toBe(source.steps.join(" "));
      expect(wire.querySelector(".gradient")!.getAttribute("data-step")).toBe(source.steps.join(" "));
      expect(wire.querySelector(".gradient")!.hasAttribute("data-moment")).toBe(true);
    }
  });

  test("has its complete gradient once, with the name below", () => {
    const node = document.querySelector(`[data-node="input:x0"]`)!;
    expect(textsOf(node, "value")).toHaveLength(1);
    expect(textsOf(node, "gradient")).toHaveLength(1);
    expect(textsOf(node, "tag")).toEqual(["x0"]);
  });

  test("gets together what its readers send back", () => {
    const numberOf = (text: string): number => Number(text.replaceAll("−", "-"));
    const shares = wires.map((wire) => numberOf(textsOf(wire, "gradient")[0]!));
    const complete = numberOf(textsOf(document.querySelector(`[data-node="input:x0"]`)!, "gradient")[0]!);
    expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(complete, 2);
  });

  test("keeps its edges in Graphviz text", () => {
    const forks = circuit.nodes.filter(({ fork }) => fork !== undefined).length;
    expect(drawDot(circuit).match(/->/g)).toHaveLength(circuit.wires.length + forks);
  });
});

test("a value with one far reader has value and gradient at both ends", () => {
  const circuit = circuitOfSource(lines("a = sin(x)", "b0 = cos(x)", ...sines(30, ""), "f = b30 * a"), unfolded);
  expect(taggedReads(circuit)).toEqual({ a: 1 });
  const { document } = parseHTML(drawSvg(circuit));
  const { from, to, label } = circuit.wires.find(({ variable }) => variable === "a")!;
  const texts = [...label.above, ...label.below].map(({ text }) => text);
  expect(texts).toHaveLength(2);
  for (const ends of [`[data-from="${from}"][data-to="tag:a"]`, `[data-from="${from}"][data-to="${to}"]`]) {
    const wire = document.querySelector(`.circuit-wire${ends}`)!;
    expect([...wire.querySelectorAll("text")].map(({ textContent }) => textContent)).toEqual([...texts, "a"]);
  }
});

/** Ways to draw in which something is joined by name, small and large enough for each of the two rankers. */
test.each<[string, () => Circuit]>([
  ["camera.math", () => example("camera.math")],
  ["camera.math unfolded", () => example("camera.math", unfolded)],
  ["lstm.net.yaml", () => example("lstm.net.yaml", unfolded)],
  ["convnet.net.yaml", () => example("convnet.net.yaml", unfolded)],
  ["transformer.net.yaml", () => example("transformer.net.yaml", unfolded)],
  ["a chain of 150", () => circuitOfSource(chain(50), unfolded)],
  ["a chain of 300", () => circuitOfSource(chain(100), unfolded)],
  // a is read early by name, and by wire for gates that are read late: wires alone would pull all to the right.
  [
    "early and late readers",
    () =>
      circuitOfSource(
        lines(
          "a = sin(z)",
          "c = cos(a)",
          "d = exp(a)",
          "b0 = cos(x)",
          ...sines(3, ""),
          ...sines(4, " * a", 4),
          "f = sin(b7 * c) * c + sin(b7 * d) * d",
        ),
        unfolded,
      ),
  ],
])("%s: what is read stands to the left of its readers", (_, make) => {
  const circuit = make();
  const places = new Map(layoutCircuit(circuit, Infinity).nodes.map(({ node, x }) => [node.id, x]));
  expect(circuit.wires.filter(({ from, to }) => places.get(from)! >= places.get(to)!)).toEqual([]);
});

test("a name below a fork has its room", () => {
  const { nodes } = layoutCircuit(example("camera.math"), 1400);
  const named = nodes.filter(({ size }) => size.drop !== undefined);
  expect(named).toHaveLength(6);
  for (const { size } of named) expect(size.height / 2).toBeGreaterThanOrEqual(size.drop!.height + lineHeight("tag"));
});

const interval = (top: number, bottom: number): { top: number; bottom: number } => ({ top, bottom });

test.each([
  ["nothing", [], [], 0],
  ["one thing", [interval(40, 60)], [[40, 0] as const, [60, 20] as const], 20],
  ["narrow bands stay", [interval(0, 10), interval(14, 20)], [[14, 14] as const], 20],
  ["wide bands become narrow", [interval(50, 60), interval(0, 10)], [[5, 5] as const, [50, 15] as const, [60, 25] as const], 25],
  ["what overlaps moves together", [interval(0, 30), interval(2, 4), interval(33, 40)], [[33, 33] as const], 40],
  ["twice", [interval(0, 1), interval(11, 12), interval(22, 23)], [[11, 6] as const, [23, 13] as const], 13],
])("squeezing: %s", (_, intervals, heights, height) => {
  const squeezed = squeeze(intervals, 5);
  expect(heights.map(([y]) => squeezed.heightOf(y))).toEqual(heights.map(([, moved]) => moved));
  expect(squeezed.height).toBe(height);
});
