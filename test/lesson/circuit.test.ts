// Circuits: what they show of S7 and S8, what folds, what a page needs for stepping, what a reader who does not see them is told.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { circuitOf, type Circuit, type CircuitOptions } from "../../src/lesson/circuit/circuit.ts";
import { drawDot } from "../../src/lesson/circuit/draw-dot.ts";
import { drawSvg } from "../../src/lesson/circuit/draw-svg.ts";
import { gateFace } from "../../src/lesson/circuit/gate.ts";
import { numberText } from "../../src/lesson/circuit/number-text.ts";
import { PALETTES } from "../../src/lesson/circuit/svg-style.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import type { Lesson, LessonStage } from "../../src/lesson/types.ts";

const examples = join(import.meta.dirname, "../../examples");

function example(file: string): ReturnType<typeof compile> {
  return compile(readFileSync(join(examples, file), "utf8"), { name: file, verify: false });
}

function circuitAt(file: string, point: Readonly<Record<string, number>>, options: CircuitOptions = {}): Circuit {
  const compilation = example(file);
  return circuitOf(lessonOf(compilation), { numbers: numbersAt(compilation, point), ...options });
}

const staged = circuitAt("staged.math", { x: 3, y: -4 });
const patterns = circuitAt("patterns.math", { x: 3, y: -4, z: 2, w: -1 });

/** `x>stage:2`: its value and what flows back along it. */
function wireTexts({ wires }: Circuit): Record<string, string> {
  return Object.fromEntries(
    wires.map(({ id, label }) => [id, [...label.above, ...label.below].map(({ text }) => text).join(" ")]),
  );
}

describe("S8", () => {
  test("has the gates of the course notes", () => {
    const faces = patterns.nodes.flatMap((node) =>
      node.kind === "gate" ? [`${node.face.form} ${node.face.lines.join(" ")}`] : [],
    );
    expect(faces).toEqual(["circle ×", "circle max", "circle +", "circle ×2"]);
  });

  test("has values and gradients on its wires", () => {
    expect(wireTexts(patterns)).toEqual({
      "x>stage:1": "3 −8",
      "y>stage:1": "−4 6",
      "z>stage:2": "2 2",
      "w>stage:2": "−1 0",
      "xy>stage:3": "−12 2",
      "maxZW>stage:3": "2 2",
      "sum>stage:4": "−10 2",
      "f>result": "−20 1",
    });
  });
});

describe("S7", () => {
  test("shows the shares where x parts and their sum before", () => {
    const texts = wireTexts(staged);
    expect([texts["x>stage:2"], texts["x>stage:3"], texts["x>stage:4"]]).toEqual(["3 0.5121", "3 −0.03576", "3 1.583"]);
    const x = staged.nodes.find(({ id }) => id === "input:x")!;
    expect([...x.fork!.above, ...x.fork!.below].map(({ text }) => text)).toEqual(["3", "2.06"]);
  });

  test("connects every node and wire with the code", () => {
    for (const node of staged.nodes) {
      if (node.kind !== "gate") continue;
      expect(node.source).toMatchObject({ stages: [node.stage.number], variables: [node.stage.variable] });
      expect(node.source.code[0]).toBe(node.stage.code);
    }
    for (const { source, label } of staged.wires) expect(label.below[0]?.steps).toEqual(source.steps);
    const steps = staged.wires.flatMap(({ source }) => source.steps);
    expect(steps.toSorted((a, b) => a - b)).toEqual(staged.lesson.steps.map(({ index }) => index));
  });

  test("carries names where there are no numbers", () => {
    const texts = wireTexts(circuitOf(staged.lesson));
    expect(texts).toMatchObject({ "num>stage:8": "num dnum", "f>result": "f df", "x>stage:2": "" });
  });
});

describe("the picture", () => {
  const svg = drawSvg(staged);
  const { document } = parseHTML(svg);

  test("is the same every time", () => {
    drawSvg(patterns);
    expect(drawSvg(circuitAt("staged.math", { x: 3, y: -4 }))).toBe(svg);
  });

  test("has a name and says in words what it shows", () => {
    const root = document.querySelector("svg")!;
    expect(root.getAttribute("role")).toBe("img");
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      expect(document.getElementById(root.getAttribute(name)!)!.textContent!.length).toBeGreaterThan(5);
    }
    const words = document.querySelector("desc")!.textContent;
    expect(words).toContain("In: x = 3 and y = −4.");
    expect(words).toContain("(7) invDen = 1 / den = 0.5121");
    expect(words).toContain("x receives dx = 2.06 from num, sigX and xPlusY");
  });

  test("shows by its moments what is known so far", () => {
    const texts = [...document.querySelectorAll("text[data-moment]")];
    const shownAt = (moment: number): number => texts.filter((text) => Number(text.getAttribute("data-moment")) <= moment).length;
    const { stages, steps } = staged.lesson;
    const last = stages.length + 1 + steps.length;
    expect(shownAt(0)).toBe(7); // x and y before and behind their forks
    expect(shownAt(stages.length)).toBe(texts.filter((text) => text.getAttribute("data-pass") === "forward").length);
    expect(shownAt(stages.length + 1)).toBe(shownAt(stages.length) + 1);
    for (let moment = stages.length + 1; moment <= last; moment++) expect(shownAt(moment)).toBeGreaterThan(shownAt(moment - 1));
    expect(shownAt(last)).toBe(texts.length);
    for (const text of texts) {
      const step = text.getAttribute("data-step")?.split(" ").at(-1);
      if (step !== undefined) expect(Number(text.getAttribute("data-moment"))).toBe(stages.length + 2 + Number(step));
    }
  });

  test("stays whole with odd names", () => {
    const lesson = JSON.parse(JSON.stringify(staged.lesson).replaceAll("sigX", `<a&b`)) as Lesson;
    const odd = drawSvg(circuitOf(lesson), { title: `"<&>"` });
    expect(odd).toContain("&quot;&lt;&amp;&gt;&quot;");
    expect(odd).not.toContain("<a&b");
    expect(drawDot(circuitOf(lesson))).not.toContain("<a&b");
  });

  test.each(["light", "dark"] as const)("has enough contrast when %s", (theme) => {
    const { background, gate, block, lit, ink, quiet, value, gradient } = PALETTES[theme];
    for (const text of [ink, quiet, value, gradient]) expect(contrast(text, background)).toBeGreaterThanOrEqual(4.5);
    for (const behind of [gate, block])
      for (const text of [ink, quiet]) expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ink, lit)).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of the relative luminances. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const channel = (at: number): number => {
      const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  };
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe("folding", () => {
  const network = `name: deep\ninput: [batch, 8]\nlayers:\n${"  - dense: 8\n  - relu\n".repeat(100)}  - dense: 1\nloss: mse\n`;
  const deep = lessonOf(compile(network, { name: "deep.net.yaml", verify: false }));
  const blocks = (circuit: Circuit): string[] => circuit.nodes.flatMap((node) => (node.kind === "block" ? [node.block] : []));

  test("keeps a network of 100 layers short", () => {
    const circuit = circuitOf(deep);
    expect(circuit.nodes.length).toBeLessThan(40);
    expect(circuit.nodes.flatMap((node) => (node.kind === "block" ? [node.title] : []))).toEqual(
      expect.arrayContaining(["dense 1", expect.stringMatching(/^… \d+ more/), "dense 101"]),
    );
    const stages = circuit.nodes.flatMap(({ source }) => source.stages);
    expect(stages.toSorted((a, b) => a - b)).toEqual(deep.stages.map(({ number }) => number));
  });

  test("opens what is asked for, and says what it opened", () => {
    const closed = circuitOf(deep);
    for (const block of blocks(closed)) {
      const open = circuitOf(deep, { unfold: new Set([block]) });
      expect(open.opened.map(({ id }) => id)).toEqual([block]);
      expect(open.nodes.length).toBeGreaterThan(closed.nodes.length);
      expect(open.opened[0]!.nodes.every((id) => open.nodes.some((node) => node.id === id))).toBe(true);
    }
  });

  test("opens everything, and draws it", () => {
    const circuit = circuitOf(deep, { unfold: "all" });
    expect(blocks(circuit)).toEqual([]);
    expect(circuit.nodes.filter(({ kind }) => kind === "gate")).toHaveLength(deep.stages.length);
    expect(drawSvg(circuit)).toContain("</svg>");
  });

  test.each(["transformer.net.yaml", "residual.net.yaml", "camera.math"])("%s has no wire that runs back", (file) => {
    const circuit = circuitOf(lessonOf(example(file)), { maxNodes: 0 });
    const order = new Map(circuit.nodes.map(({ id }, at) => [id, at]));
    for (const { from, to } of circuit.wires) expect(order.get(from)!).toBeLessThan(order.get(to)!);
  });
});

test("Graphviz text has the same nodes and labels", () => {
  const dot = drawDot(staged);
  expect(dot).toContain(`"stage:1" -> "stage:2" [label=<<font color="${PALETTES.light.value}">0.01799</font><br/>`);
  for (const { id } of staged.nodes) expect(dot).toContain(`"${id}"`);
  expect(dot.match(/->/g)).toHaveLength(staged.wires.length + 2);
  expect(drawDot(circuitOf(lessonOf(example("svm.math"))))).toContain(`label="margins"`);
});

test.each([
  [3, "3"],
  [-4, "−4"],
  [0.5259999, "0.526"],
  [-0.035764, "−0.03576"],
  [0.000018, "1.8e−5"],
  [-123456, "−1.23e5"],
  [99999.6, "1e5"],
  [1e100, "1e100"],
  [-0, "0"],
  [NaN, "NaN"],
  [-Infinity, "−∞"],
])("%d is written %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

test.each([
  ["a + b + c", "add", "+", "circle +"],
  ["a * b", "mul", "×", "circle ×"],
  ["P .* Q", "mul", "×", "circle ×"],
  ["a - b", "sub", "−", "box a − b"],
  ["a^2", "square", "x²", "circle x²"],
  ["2 * a", "mul", "×2", "circle ×2"],
  ["X * W1", "contract", "@", "box X @ W1"],
  [`einsum("abj,kj->abk", X, W)`, "contract", "@", "box X @ W"],
  ["max(a, b)", "max", "max", "circle max"],
  ["a * b + c * d", "add", "+", "box a·b + c·d"],
  ["sqrt(v + 0.00001234)", "sqrt", "√", "box sqrt(v + 1.23e−5)"],
  [
    "alpha * beta + gamma * delta + epsilon * zeta + eta * theta + iota",
    "add",
    "+",
    "box alpha·beta | + gamma·delta | + epsilon·zeta …",
  ],
  ["a * cosTheta + s * dot2 + cTimesDot * b + c", "add", "+", "box a·cosTheta + s·dot2 | + cTimesDot·b + c"],
])("%s shows as %s", (expression, op, symbol, face) => {
  const calls = /[A-Za-z]\w*(?=\()/;
  const operands = [
    ...new Set(
      expression
        .replaceAll(/"[^"]*"/g, "")
        .replace(calls, "")
        .match(/[A-Za-z]\w*/g),
    ),
  ];
  const { form, lines } = gateFace({ expression, op, symbol, operands } as unknown as LessonStage);
  expect(`${form} ${lines.join(" | ")}`).toBe(face);
});
