// Code that cannot be compared says why; code that is only unusual is compared.

import { describe, expect, test } from "vitest";
import { reviewBackward } from "../../src/review/review.ts";
import { loadInterpreter } from "../../src/review/runner.ts";
import type { Review } from "../../src/review/types.ts";
import { truthOf } from "./sources.ts";

const SOURCE = "q = x + y\nf = q * z";
const BODY = "const q = x + y; const f = q * z; const dq = z; const dz = q; const dx = dq; const dy = dq;";
const RETURN = "return { f, dx, dy, dz };";

/** What the file holds, the diagnostic, the line it is on. */
const REFUSED: Readonly<Record<string, readonly [text: string, code: string, line?: number]>> = {
  "a syntax error": ["const q = x +\nconst f = ;", "WG5001", 2],
  "a name declared twice": ["const q = x;\nconst q = y;\nconst f = q; const dx = 1;", "WG5001", 2],
  "an import": ['import { x } from "./helpers";\nconst f = x;', "WG5002", 1],
  "an import at run time": ['const f = x * y;\nconst fs = import("node:fs"); const dx = y;', "WG5002", 2],
  "an enum": ["enum A { B }\nconst dx = 1;", "WG5003", 1],
  "a class": ["class A {}\nconst dx = 1;", "WG5003", 1],
  nothing: ["", "WG5004"],
  "only a comment": ["// to do", "WG5004"],
  "no backward pass": ["const q = x + y;\nconst f = q * z;", "WG5004"],
  "too few parameters": [`function g(x) { ${BODY} ${RETURN} }`, "WG5006", 1],
  "a throw": [`function f(x, y, z) {\n  const q = x + y;\n  throw new Error("not yet");\n  const dx = 1;\n}`, "WG5007", 3],
  "a name that is not there": [
    `function f(x, y, z) {\n  const q = x + y;\n  const f = q * w;\n  const dx = 1; ${RETURN} }`,
    "WG5007",
    3,
  ],
  "a change of a constant": [`function f(x, y, z) {\n ${BODY}\n dx += 1;\n ${RETURN} }`, "WG5007", 3],
  "no end": [`function f(x, y, z) {\n  ${BODY}\n  while (true) {}\n  ${RETURN} }`, "WG5008", 3],
  "no end that is caught": [
    `function f(x, y, z) {\n  ${BODY}\n  for (;;) { try { q.a.b; } catch {} }\n  ${RETURN} }`,
    "WG5008",
    3,
  ],
  "a recursion without end": [
    `const g = (a) => { return g(a); };\nfunction f(x, y, z) {\n  ${BODY}\n  g(1);\n  ${RETURN} }`,
    "WG5007",
    4,
  ],
  "random numbers": [`function f(x, y, z) { ${BODY.replace("= dq;", "= dq + Math.random();")} ${RETURN} }`, "WG5009", 1],
  "nothing returned": ["function f(x, y, z) { const dx = 1; }", "WG5022", 1],
  "no value returned": ["function f(x, y, z) { const dx = 1; return { dx }; }", "WG5011", 1],
  "process and require": [`function f(x, y, z) {\n  process.exit(1);\n  ${BODY} ${RETURN} }`, "WG5007", 2],
  fetching: [`function f(x, y, z) {\n  fetch("http://localhost");\n  ${BODY} ${RETURN} }`, "WG5007", 2],
};

/** Right, if unusual. */
const RIGHT: Readonly<Record<string, string>> = {
  var: BODY.replaceAll("const", "var"),
  "no declarations": BODY.replaceAll("const ", ""),
  "inputs set by the script": `const x = 3, y = -4, z = 2; ${BODY}`,
  "a console": `${BODY} console.log(dx, dy);`,
  closures: `function f(x, y, z) { const q = x + y; const f = (() => q * z)(); const times = (d) => d * z; const dq = times(1); const dx = dq, dy = dq, dz = (() => q)(); ${RETURN} }`,
  "a name that is shadowed": `function f(x, y, z) { { const q = 7; } ${BODY} { const dq = 3; } ${RETURN} }`,
  destructuring: `function f(x, y, z) { const [q] = [x + y]; const { f } = { f: q * z }; const [dq, dz] = [z, q]; const { dx, dy } = { dx: dq, dy: dq }; ${RETURN} }`,
  "an early return": `function f(x, y, z) { ${BODY} if (x > 1e9) return { f: 0, dx: 0, dy: 0, dz: 0 }; ${RETURN} }`,
  ternaries: `function f(x, y, z) { const q = x > 0 ? x + y : y + x; const f = q * z; const dq = z; const dz = q; const dx = x > 0 ? dq : dq; const dy = dq; ${RETURN} }`,
  "a name used again": `function f(x, y, z) { let h = x + y; h = h * z; const f = h; let dh = 1; const dz = (x + y) * dh; dh = z * dh; const dx = dh; const dy = dh; ${RETURN} }`,
  "an order of its own": `function f(x, y, z) { const q = x + y; const f = q * z; const dz = q; let dy = 0, dx = 0; const dq = z; dy += dq; dx = dx + dq; ${RETURN} }`,
  "other names": `function g(a, b, c) { const s = a + b; const out = s * c; const gradS = c; const grad_c = s; return { value: out, gradient: [gradS, gradS, grad_c] }; }`,
  "names as Leibniz wrote them": `function g(x, y, z) { const q = x + y; const L = q * z; const dL_dq = z; const dLdz = q; return { L, dL_dx: dL_dq, dL_dy: dL_dq, dL_dz: dLdz }; }`,
  "a gradient object": `function f(x, y, z) { const q = x + y; const f = q * z; const grads = {}; grads.q = z; grads.x = grads.q; grads.y = grads.q; grads.z = q; return { f, grads }; }`,
  "names of objects": `function f(x, y, z) { const __proto__ = x + y; const constructor = __proto__ * z; const dx = z, dy = z, dz = __proto__; return { f: constructor, dx, dy, dz }; }`,
  "forward names that begin with d": `function f(x, y, z) { const d = x + y; const den = d * z; const dd = z; const dx = dd, dy = dd, dz = d; return { f: den, dx, dy, dz }; }`,
  types: `type N = number;\nexport const f = (x: N, y: N, z: N): { f: N } & Record<string, N> => { const q = (x + y) as N; const f: N = q! * z; let dq!: N; dq = z satisfies N; const dz = <N>q; const dx = dq, dy = dq; ${RETURN} };`,
};

function codes(review: Review): unknown {
  return review.kind === "right" ? "right" : review.diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

describe("what cannot be compared", () => {
  test.each(Object.entries(REFUSED))("%s", async (_, [text, code, line]) => {
    const review = await reviewBackward(text, truthOf(SOURCE));
    expect(review.kind === "unreadable" ? review.diagnostics[0]?.code : codes(review)).toBe(code);
    const span = review.diagnostics[0]?.span;
    if (line !== undefined) expect(span && lineOf(text, span.start)).toBe(line);
  });

  test("a source without a single value", async () => {
    const review = await reviewBackward("const dx = 1;", truthOf("[x * y, x + y]"));
    expect(review.kind === "unreadable" && review.diagnostics[0]?.code).toBe("WG5010");
  });

  test("a function that is not there", async () => {
    const review = await reviewBackward(BODY, truthOf(SOURCE), { function: "grad" });
    expect(review.kind === "unreadable" && review.diagnostics[0]?.code).toBe("WG5005");
  });
});

describe("what is unusual and right", () => {
  test.each(Object.entries(RIGHT))("%s", async (_, text) => {
    expect(codes(await reviewBackward(text, truthOf(SOURCE)))).toBe("right");
    expect(codes(await reviewBackward(text, truthOf(SOURCE), { runner: await loadInterpreter() }))).toBe("right");
  });
});

describe("what comes out wrong", () => {
  test("a gradient that is not there", async () => {
    const review = await reviewBackward(`function f(x, y, z) { ${BODY} return { f, dx, dy }; }`, truthOf(SOURCE));
    expect(review.kind === "wrong" && [review.finding.message, review.diagnostics[0]?.code]).toEqual([
      "no gradient by z comes out: dz is computed on line 1, and not returned",
      "WG5022",
    ]);
  });

  test("a forward pass of another function", async () => {
    const review = await reviewBackward(BODY.replace("q * z", "q / z"), truthOf(SOURCE));
    expect(review.kind === "wrong" && [review.finding.pass, review.diagnostics[0]?.code]).toEqual(["forward", "WG5020"]);
  });
});
