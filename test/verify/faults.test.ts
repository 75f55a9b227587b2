// Faults planted in the text of a backward pass: all kinds, in the right places, and each caught by the check.

import { describe, expect, it } from "vitest";
import { isEquivalent, plantFaults } from "../../src/verify/faults.ts";
import { verifyFunction } from "../../src/verify/check.ts";
import type { EmittedFunction } from "../../src/verify/verification.ts";
import { all, sourceOf } from "./sources.ts";

const CODE = `
  const sum = x + y; // forward
  const f = sum * z + Math.sin(x);
  // backward
  const dsum = z; // d(sum * z)
  const dz = sum;
  let dx = Math.cos(x); // sin(x); a "string" in a comment
  dx += dsum;
  let dy = 0;
  dy += 1 * dsum;
  return { f, dx, dy, dz: dz * 1e0 };
`;
const range = { start: CODE.indexOf("// backward"), end: CODE.length };
const source = sourceOf(["x", "y", "z"], "(x + y) * z + sin(x)");

type Run = (x: number, y: number, z: number) => { f: number; dx: number; dy: number; dz: number };
const running = (code: string): Run => new Function("x", "y", "z", code) as Run; // test code: runs the text of a mutant
const emittedOf = (run: Run): EmittedFunction => ({
  mode: "grad",
  value: ([x, y, z]) => [(x! + y!) * z! + Math.sin(x!)],
  gradient: ([x, y, z]) => {
    const { f, dx, dy, dz } = run(x!, y!, z!);
    return { value: [f], rows: [[dx, dy, dz]] };
  },
});

describe("plantFaults", () => {
  const faults = plantFaults(CODE, [range]);

  it("plants each kind", () => {
    expect(faults.map((fault) => `${fault.line}: ${fault.description}`)).toEqual([
      "5: sign of dsum flipped",
      "5: dsum set to 0",
      "6: sign of dz flipped",
      "6: dz set to 0",
      "6: sum replaced by z in dz",
      "7: sign of dx flipped",
      "7: dx set to 0",
      "7: x replaced by z in dx",
      "8: sign of dx flipped",
      "8: contribution to dx dropped",
      "8: += of dx turned into =",
      "8: dsum replaced by z in dx",
      "10: sign of dy flipped",
      "10: contribution to dy dropped",
      "10: += of dy turned into =",
      "10: dsum replaced by z in dy",
      "11: sign of f flipped",
      "11: f set to 0",
      "11: sign of dx flipped",
      "11: dx set to 0",
      "11: sign of dy flipped",
      "11: dy set to 0",
      "11: sign of dz flipped",
      "11: dz set to 0",
      "11: dz replaced by z in dz",
    ]);
  });

  it("the original passes, and every mutant that is not equivalent is caught", () => {
    expect(verifyFunction({ source, wrt: all(source), emitted: emittedOf(running(CODE)) })).toMatchObject({ status: "passed" });
    const points = [
      [0.3, -1.2, 2.5],
      [1.1, 0.4, -0.7],
      [-2, 3, 1],
    ] as [number, number, number][];
    const answers = (code: string): number[][] => points.map((point) => Object.values(running(code)(...point)));
    let equivalent = 0;
    for (const fault of faults) {
      if (isEquivalent(answers(CODE), answers(fault.code))) {
        equivalent++;
        continue;
      }
      const result = verifyFunction({ source, wrt: all(source), emitted: emittedOf(running(fault.code)) });
      expect(result.status, fault.description).toBe("failed");
    }
    expect(equivalent).toBe(3); // dy starts at 0, so = is +=; dsum is z, twice
  });

  it("is bounded, spread, and deterministic", () => {
    const some = plantFaults(CODE, [range], { limit: 5 });
    expect(some).toHaveLength(5);
    expect(some.at(-1)!.line).toBe(11);
    expect(plantFaults(CODE, [range], { limit: 5 })).toEqual(some);
  });

  it("reads loops, typed declarations, arrays, and leaves unpacking and headers alone", () => {
    const code = `
  const { a, b } = kept;
  for (let i = 0; i < n; i++) {
    const dq: number = out[i] * w[i];
    out[i + 1] += dq;
    if (a > 0) {
      out[0] = dq;
    }
  }
  out[1] = Math.max(a, b);
`;
    const faults = plantFaults(code, [{ start: 0, end: code.length }]);
    expect(faults.map((fault) => `${fault.line}: ${fault.description}`)).toEqual([
      "4: sign of dq flipped",
      "4: dq set to 0",
      "4: out replaced by w in dq",
      "4: w replaced by out in dq",
      "5: sign of out[i+1] flipped",
      "5: contribution to out[i+1] dropped",
      "5: += of out[i+1] turned into =",
      "5: dq replaced by i in out[i+1]",
      "7: sign of out[0] flipped",
      "7: out[0] set to 0",
      "7: dq replaced by i in out[0]",
      "10: sign of out[1] flipped",
      "10: out[1] set to 0",
      "10: a replaced by b in out[1]",
      "10: b replaced by a in out[1]",
    ]);
  });
});
