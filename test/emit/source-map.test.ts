// Where generated lines say that they come from: forward lines and the backward lines that answer to them, in every style, whatever was rewritten.

import { SourceMap as NodeSourceMap } from "node:module";
import { runInThisContext } from "node:vm";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, test } from "vitest";
import { sourceMap, type SourceMap } from "../../src/compiler/source-map.ts";
import { createLocator } from "../../src/diagnostics/locate.ts";
import { compile, type Compilation } from "../../src/index.ts";
import templates from "../../generated/templates.json" with { type: "json" };
import { compileExample, compileText, examples, rarities } from "./modules.ts";

describe("staged.math", () => {
  const compilation = compileExample("staged.math");

  test.each([
    ["sigY", "sigmoid(y)) /"],
    ["num", "x + sigmoid(y)"],
    ["sigX", "sigmoid(x) +"],
    ["xPlusY", "x + y"],
    ["xPlusYSq", "(x + y)^2"],
    ["den", "sigmoid(x) + (x + y)^2"],
    ["invDen", "(x + sigmoid(y)) /"],
    ["f", "(x + sigmoid(y)) /"],
  ])("%s is where %s is written", (name, written) => {
    const lines = linesOf(compilation, "fGrad").filter(({ text }) => text.trim().startsWith(`const ${name} = `));
    expect(lines.map(({ source }) => source?.startsWith(written))).toEqual([true]);
  });

  test("heads and returns are where the function is defined", () => {
    for (const name of ["f", "fGrad", "fForward", "fBackward"]) {
      const lines = linesOf(compilation, name);
      expect(lines[0]!.source).toMatch(/^f\(x, y\) = /);
    }
    const returned = linesOf(compilation, "fGrad").find(({ text }) => text.includes("return"));
    expect(returned?.source).toMatch(/^f\(x, y\) = /);
    expect(linesOf(compilation, "f").find(({ text }) => text.includes("return"))?.source).toMatch(/^\(x \+ sigmoid\(y\)\) \//);
  });
});

const PROGRAM = `q = x * y
r  =  ((q + 1))
den =
  1 / (1 + exp(-r))
loss = (x * y)^2 / (r + den)`;

describe("stages that a person named", () => {
  test.each(["staged", "tidy", "fast"] as const)("are where they are assigned: %s", (style) => {
    const lines = linesOf(compileText(PROGRAM, { style }), "lossGrad");
    for (const [name, written] of [
      ["q", "q = x * y"],
      ["r", "r  =  ((q + 1))"],
      ["den", "den =\n  1 /"],
      ["loss", "loss = (x * y)^2"],
    ]) {
      const [line] = lines.filter(({ text }) => text.startsWith(`  const ${name} = `));
      expect(line?.source?.slice(0, written!.length), name).toBe(written);
    }
  });

  test("also where the name is written in other code points", () => {
    const lines = linesOf(compileText("e\u0301te\u0301 = x * y\nf = exp(\u00e9t\u00e9) + \u00e9t\u00e9"), "fGrad");
    expect(lines.find(({ text }) => text.startsWith("  const \u00e9t\u00e9 = "))?.source).toMatch(/^e\u0301te\u0301 = /);
  });
});

describe("what is rewritten stays where it was written", () => {
  test.each(["staged", "tidy", "fast"] as const)("a sigmoid written out: %s", (style) => {
    const lines = linesOf(compileText("f(x, y) = y * (1 / (1 + exp(-x))) + x", { style }), "fGrad");
    const [line] = lines.filter(({ text }) => text.includes("Math.exp(-x)"));
    expect(line?.text).toMatch(/^ {2}const sigX = /);
    expect(line?.source).toMatch(/^1 \/ \(1 \+ exp/);
  });

  test.each(["staged", "tidy", "fast"] as const)("log-sum-exp, whose help lines are where it is: %s", (style) => {
    const lines = linesOf(compileText("f(a, b) = a^2 * b + log(exp(a) + exp(b))", { style }), "fGrad");
    const help = lines.filter(({ text }) => /Math\.(max|exp)/.test(text));
    expect(help.length).toBeGreaterThan(1);
    for (const { source } of help) expect(source).toMatch(/^log\(exp\(a\)/);
    expect(lines.find(({ text }) => /const a\w* = /.test(text))?.source).toMatch(/^a\^2/);
  });

  test("in tensors", () => {
    const written = linesOf(compileExample("softmax-regression-written.math"), "lossGrad");
    expect(written.find(({ text }) => text.includes("crossEntropy("))?.source).toMatch(/^losses = -pick/);
    const squares = linesOf(compileExample("l-layer.math"), "lossGrad");
    expect(squares.find(({ text }) => text.includes("const Z4MinusYSq = "))?.source).toMatch(/^\(Z4 - Y\) \.\^ 2/);
    expect(squares.find(({ text }) => text.includes("const loss = "))?.source).toMatch(/^loss = sum/);
  });

  test("log-sum-exp of numbers made of tensors", () => {
    const source = "param W [3]\nparam v [3]\na = sum(W .* v)\nb = sum(v)\nc = log(exp(a) + exp(b))\nf = c * a + sin(b)";
    const lines = linesOf(compileText(source), "fGrad");
    for (const [name, written] of [
      ["max", /^c = log/],
      ["c", /^c = log/],
      ["cTimesA", /^c \* a/],
      ["dsum2", /^c = log/],
    ] as const)
      expect(lines.find(({ text }) => text.startsWith(`  const ${name} = `))?.source).toMatch(written);
  });

  test("divisions whose reciprocal is shared", () => {
    const lines = linesOf(compileText("f(x, y) = sin(x / y) * cos(x + y) + 3 * sin(x)", { style: "fast" }), "fGrad");
    expect(lines.some(({ text }) => text.includes("1 / y"))).toBe(true);
    for (const { text, source } of lines) {
      if (/Math\.cos\(x \+ y\)|const cosXPlusY/.test(text)) expect(source).toMatch(/^cos\(x \+ y\)/);
      if (/= Math\.sin\(x\)/.test(text)) expect(source).toMatch(/^sin\(x\)/);
      if (/1 \/ y/.test(text)) expect(source).toMatch(/^x \/ y/);
    }
  });
});

test("what is computed for a call is where the call is, whatever it calls", () => {
  const compilation = compileText("f(x, y) = (x * y + 1)^2\ng(x, y) = 3 + sin(f(x, y))\nh(x, z) = 3 + sin(f(z, x))");
  for (const [name, call] of [
    ["gForward", "f(x, y)"],
    ["hForward", "f(z, x)"],
  ] as const) {
    const inner = linesOf(compilation, name).filter(({ text }) => / \/\/ \([123]\)/.test(text));
    expect(inner.map(({ source }) => source?.slice(0, call.length))).toEqual([call, call, call]);
  }
});

test("every function has its lines where it was written itself", () => {
  const compilation = compileText("f(x, y) = x * y + x\ng(x, y) = exp(x * y) + f(x, y)\nh(x, z) = f(z, x)^2");
  const sources = (name: string): unknown[] =>
    linesOf(compilation, name).flatMap(({ text, source }) => (/ \/\/ \(\d/.test(text) ? [source?.split("\n")[0]] : []));
  expect(sources("fForward")).toEqual(["x * y + x", "x * y + x"]);
  expect(sources("gForward")).toEqual(["x * y) + f(x, y)", "exp(x * y) + f(x, y)", "exp(x * y) + f(x, y)"]);
  expect(sources("hForward")).toEqual(["f(z, x)^2", "f(z, x)^2", "f(z, x)^2"]);
});

describe("backward lines are where the forward lines are that they cite", () => {
  const staged = examples().filter(({ compilation }) => / \/\/ \(1\)/.test(compilation.javascript));

  test.each(staged)("$title", ({ compilation }) => {
    let compared = 0;
    for (const fn of compilation.functions) {
      const bodies = [...new Set(Object.values(fn.exports))].flatMap((name) => linesOf(compilation, name));
      const cited = bodies.flatMap((line) => {
        const number = / \/\/ \((\d+)\)/.exec(line.text)?.[1];
        return number === undefined ? [] : [{ number, place: line.place }];
      });
      const forward = new Map(
        linesOf(compilation, fn.exports["forward"]!).map(({ text, place }) => [/ \/\/ \((\d+)\)/.exec(text)?.[1], place]),
      );
      for (const { number, place } of cited) {
        expect(place).toEqual(forward.get(number));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});

describe("tidy code sees both passes at once", () => {
  test("an adjoint is where what it belongs to is", () => {
    const lines = linesOf(compileExample("staged.math", { style: "tidy" }), "fGrad");
    const sourceOf = (name: string): string | undefined =>
      lines.find(({ text }) => text.startsWith(`  const ${name} = `))?.source?.split("\n")[0];
    expect(sourceOf("dden")).toBe("sigmoid(x) + (x + y)^2)");
    expect(sourceOf("dxPlusY")).toBe("x + y)^2)");
    expect(sourceOf("dx")).toMatch(/^x, y\) = /);
  });

  test("in tensors too", () => {
    const lines = linesOf(compileExample("svm.math", { style: "tidy" }), "lossGrad");
    const sourceOf = (name: string): string | undefined => lines.find(({ text }) => text.includes(`const ${name} = `))?.source;
    expect(sourceOf("scores")).toMatch(/^scores = X \* W \+ b/);
    expect(sourceOf("dscores")).toMatch(/^scores = X \* W \+ b/);
    expect(sourceOf("dW")).toMatch(/^W \[4, 3\]/);
    expect(sourceOf("put")).toMatch(/^scores = X \* W \+ b/); // it belongs to no stage, but to the line that reads it
  });

  test("and what belongs to nothing is where its argument is", () => {
    const lines = linesOf(compileText("f(x, y) = [x + y, sin(x * y)]", { mode: "jacobian" }), "fJacobian");
    expect(lines.find(({ text }) => text.includes("Math.cos("))?.source).toMatch(/^x \* y/);
  });
});

test("in the fast style every statement of one forward node is where that was written", () => {
  const compilation = compileExample("rosenbrock.math", { style: "fast" });
  const sourceOf = (start: string): string | undefined =>
    linesOf(compilation, "fGrad").find(({ text }) => text.startsWith(`  ${start}`))?.source;
  expect(sourceOf("const oneMinusX = ")).toMatch(/^1 - x/);
  expect(sourceOf("const yMinusXSq = ")).toMatch(/^y - x\^2/);
  expect(sourceOf("const f = ")).toMatch(/^\(1 - x\)\^2 \+ 100/);
  expect(sourceOf("const dyMinusXSq = ")).toMatch(/^y - x\^2/);
  expect(sourceOf("return out")).toMatch(/^f\(x, y\) = /);
});

describe("networks", () => {
  const compilation = compileExample("convnet.net.yaml");
  const { text } = compilation.source;
  const layerOf = (role: string, start: string): string | undefined => {
    const line = linesOf(compilation, compilation.functions[0]!.exports[role]!).find((each) =>
      each.text.trim().startsWith(start),
    );
    return line?.place === undefined ? undefined : text.split("\n")[line.place.line - 1]?.trim();
  };

  test.each([
    ["forward", "const Y1 = ", "- conv2d: { filters: 8, kernel: 3, padding: same }"],
    ["forward", "const Y2 = ", "- conv2d: { filters: 16, kernel: 3, padding: same }"],
    ["forward", "const mask1 = ", "- dropout: 0.25"],
    ["forward", "const Z1 = ", "- dense: 10"],
    ["forward", "const loss = ", "loss: cross-entropy"],
    ["backward", "const dW1 = ", "- dense: 10"],
    ["backward", "const dK2 = ", "- conv2d: { filters: 16, kernel: 3, padding: same }"],
    ["backward", "const dZ1 = ", "loss: cross-entropy"],
    ["predict", "return ", "- dense: 10"],
    ["init", "K1: ", "- conv2d: { filters: 8, kernel: 3, padding: same }"],
    ["init", "b1: ", "- dense: 10"],
    ["initState", "mean1: ", "- batchNorm"],
    ["step", "function", "name: convnet"],
  ])("%s, %s: %s", (role, start, layer) => {
    expect(layerOf(role, start)).toBe(layer);
  });

  test("layers behind one that is rewritten, in training and predicting", () => {
    const layers = ["dense: 4", "dropout: 0.5", "transformerBlock: { heads: 2, hidden: 4 }", "dense: 2"].map(
      (each) => `  - ${each}\n`,
    );
    const net = compileText(`name: net\ninput: [batch, 5, 6]\nlayers:\n${layers.join("")}loss: cross-entropy\n`, {
      kind: "network",
    });
    for (const [name, start, written] of [
      ["netForward", "const Z4 = ", /^dense: 2/],
      ["netForward", "const loss = ", /^cross-entropy/],
      ["netBackward", "const dW4 = ", /^dense: 2/],
      ["netPredict", "return ", /^dense: 2/],
    ] as const)
      expect(linesOf(net, name).find(({ text: code }) => code.startsWith(`  ${start}`))?.source).toMatch(written);
  });

  test("a layer inside a repeat is where it is written", () => {
    const transformer = compileExample("transformer.net.yaml");
    const places = linesOf(transformer, transformer.functions[0]!.exports["forward"]!).flatMap(({ text: code, place }) =>
      /const A\d = /.test(code) ? [transformer.source.text.split("\n")[place!.line - 1]!.trim()] : [],
    );
    expect(places.length).toBe(2);
    for (const place of places) expect(place).toMatch(/^- transformerBlock: /);
    const parameters = linesOf(transformer, transformer.functions[0]!.exports["init"]!).slice(3, -2);
    expect(parameters.length).toBeGreaterThan(20);
    for (const { source } of parameters) expect(source).toMatch(/^(embedding|transformerBlock|layerNorm|dense)/);
  });
});

describe("a stack trace", () => {
  const compilation = compileExample("softmax-regression.math");
  const map = sourceMap(compilation);
  const run = runInThisContext(`(() => {${compilation.javascript}\nreturn lossGrad;})()`, { filename: "loss.js" }) as (
    ...args: unknown[]
  ) => unknown;
  const frames = framesOf(() => run(new Float64Array(8), new Int32Array(3), new Float64Array(12)), "loss.js");

  test("of what the door turned away leads to the function, and nowhere inside the kernels", () => {
    expect(frames.length).toBe(3);
    const [kernel, ...own] = frames.map(({ line, column }) =>
      originalPositionFor(new TraceMap({ ...map } as never), { line, column }),
    );
    expect(kernel).toMatchObject({ line: null });
    const { line, column } = createLocator(compilation.source.text)(compilation.source.text.indexOf("loss ="));
    for (const place of own) expect(place).toMatchObject({ source: "softmax-regression.math", line, column: column - 1 });
  });

  test("leads nowhere in lines that are appended", () => {
    const scalar = compileExample("staged.math");
    const node = new NodeSourceMap({ ...sourceMap(scalar), file: "f.js", sourceRoot: "" } as never);
    const lines = scalar.javascript.split("\n");
    expect(node.findEntry(lines.length - 2, 0)).toMatchObject({ originalSource: "staged.math" });
    expect(node.findEntry(lines.length + 3, 0)).not.toHaveProperty("originalLine", expect.anything());
  });

  test("also as node reads the map", () => {
    const node = new NodeSourceMap({ ...map, file: "loss.js", sourceRoot: "" } as never);
    const lines = frames.map(({ line, column }) => (node.findEntry(line - 1, column) as { originalLine?: number }).originalLine);
    const { line } = createLocator(compilation.source.text)(compilation.source.text.indexOf("loss ="));
    expect(lines).toEqual([undefined, line - 1, line - 1]);
  });
});

describe.each([...examples(), ...rarities()])("$title", ({ compilation }) => {
  const { javascript, origins, source } = compilation;
  const lines = javascript.split("\n");

  test("has its origins in order, inside the source, on lines with code", () => {
    let before = -1;
    for (const { line, span } of origins) {
      expect(line).toBeGreaterThan(before);
      expect(lines[line]).toMatch(/\S/);
      expect(span.start >= 0 && span.start < span.end && span.end <= source.text.length).toBe(true);
      before = line;
    }
  });

  test("maps its functions and none of the library", () => {
    const mapped = new Set(origins.map(({ line }) => line));
    const pieces = new Set(Object.keys(templates));
    let own = true;
    lines.forEach((text, line) => {
      const name = /^(?:function|const) ([\p{ID_Continue}$]+)/u.exec(text)?.[1];
      if (name !== undefined) own = text.startsWith("function") && !pieces.has(name);
      if (/^(function|  +\S|})/.test(text)) expect([text, mapped.has(line)]).toEqual([text, own]);
      else expect([text, mapped.has(line) && text !== ")" && text !== ") {"]).toEqual([text, false]);
    });
    for (const name of compilation.functions.flatMap((fn) => Object.values(fn.exports)))
      expect(mapped.has(lines.findIndex((text) => text.startsWith(`function ${name}(`)))).toBe(true);
  });

  test("has a map that says the same, and nothing of other lines", () => {
    const map = sourceMap(compilation);
    expect(map).toMatchObject({ version: 3, sources: [source.name], sourcesContent: [source.text], names: [] });
    const trace = new TraceMap(map as never);
    const locate = createLocator(source.text);
    const expected = new Map(origins.map(({ line, span }) => [line, locate(span.start)]));
    lines.forEach((text, index) => {
      const found = originalPositionFor(trace, { line: index + 1, column: text.search(/\S|$/) });
      const place = expected.get(index);
      expect([found.line, found.column]).toEqual(place === undefined ? [null, null] : [place.line, place.column - 1]);
    });
  });
});

test("what did not compile comes from nowhere", () => {
  const failed = compile("f(x) = y +", { name: "wrong.math" });
  expect(failed.origins).toEqual([]);
  expect(sourceMap(failed)).toEqual({
    version: 3,
    sources: ["wrong.math"],
    sourcesContent: ["f(x) = y +"],
    names: [],
    mappings: "",
  });
});

interface Line {
  readonly text: string;
  /** The source from where the line comes from, if from anywhere. */
  readonly source: string | undefined;
  readonly place: { readonly line: number; readonly column: number } | undefined;
}

const maps = new WeakMap<Compilation, TraceMap>();

function traceOf(compilation: Compilation): TraceMap {
  let trace = maps.get(compilation);
  if (trace === undefined) maps.set(compilation, (trace = new TraceMap(sourceMap(compilation) as SourceMap as never)));
  return trace;
}

/** The lines of one generated function, head included, as the map has them. */
function linesOf(compilation: Compilation, name: string): Line[] {
  const lines = compilation.javascript.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`function ${name}(`));
  expect(first).toBeGreaterThan(-1);
  const last = lines.indexOf("}", first);
  const trace = traceOf(compilation);
  const starts = compilation.source.text
    .split("\n")
    .reduce<number[]>((all, text) => [...all, all.at(-1)! + text.length + 1], [0]);
  return lines.slice(first, last + 1).map((text, index) => {
    const { line, column } = originalPositionFor(trace, { line: first + index + 1, column: text.search(/\S|$/) });
    if (line === null) return { text, source: undefined, place: undefined };
    return { text, source: compilation.source.text.slice(starts[line - 1]! + column), place: { line, column } };
  });
}

/** The places in `file` that an error went through. */
function framesOf(call: () => unknown, file: string): { line: number; column: number }[] {
  try {
    call();
  } catch (error) {
    const found = String((error as Error).stack).matchAll(new RegExp(`${file}:(\\d+):(\\d+)`, "g"));
    return [...found].map(([, line, column]) => ({ line: Number(line), column: Number(column) - 1 }));
  }
  throw new Error("nothing was thrown");
}
