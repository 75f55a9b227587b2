// The checker of tensors checked: it lets right gradients pass, whatever the seed, and catches every fault planted in them.

import { describe, expect, it, test } from "vitest";
import type { Node } from "../../src/ir/graph.ts";
import { NO_REAL_POINT } from "../../src/verify/check.ts";
import { verifyTensors } from "../../src/verify/tensor-check.ts";
import type { EmittedTensors, Point } from "../../src/verify/tensor-verification.ts";
import type { Verification } from "../../src/verify/verification.ts";
import { createBuilder, TENSOR_CASES, type Builder } from "./tensor-cases.ts";

const SEEDS = process.env["LONG"] === undefined ? 6 : 300;

describe.each(TENSOR_CASES)("$name", ({ name, spec, emit, faults }) => {
  test("passes where it is right, at every seed", () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { status, failures, notes, maxRelativeError } = verifyTensors({ ...spec, name, seed, emitted: emit() });
      expect({ seed, status, failures, notes, maxRelativeError }).toMatchObject({ status: "passed", failures: [] });
    }
  });

  test.each(faults)("%s", (fault) => {
    for (let seed = 0; seed < 3; seed++) {
      const { status, failures } = verifyTensors({ ...spec, name, seed, emitted: emit(fault) });
      expect(status).toBe("failed");
      expect(failures).not.toEqual([]);
    }
  });
});

describe("what a failure says", () => {
  const failuresOf = (fault: string): Verification["failures"] => {
    const { name, spec, emit } = TENSOR_CASES[0]!;
    return verifyTensors({ ...spec, name, emitted: emit(fault) }).failures;
  };

  it("names the input and the element", () => {
    const [failure] = failuresOf("sign of one element");
    expect(failure).toMatchObject({ what: "gradient", input: "W", index: 7, at: [2, 1] });
    expect(failure!.got).toBeCloseTo(-failure!.expected, 6);
    expect(Object.keys(failure!.point)).toEqual(["W[2, 1]", "batch"]);
  });

  it("says that the backward pass ignores its seed", () => {
    expect(new Set(failuresOf("seed ignored").map(({ what }) => what))).toEqual(new Set(["seed"]));
  });

  it("says where a number is not finite", () => {
    expect(failuresOf("NaN in one element")[0]).toMatchObject({ what: "nonfinite", input: "V", index: 3, at: [0, 3] });
  });

  it("says that a value is wrong", () => {
    expect(failuresOf("value without 1/batch")[0]).toMatchObject({ what: "value" });
  });
});

/** Checks `make` of one vector x against the gradient that is given. */
function verifyVector(
  make: (builder: Builder, x: Node) => Node,
  gradient: (x: Float64Array) => ArrayLike<number>,
  value: (x: Float64Array) => number,
): Verification {
  const builder = createBuilder();
  const output = make(builder, builder.input("x", ["n"]));
  const emitted: EmittedTensors = {
    gradient: ([x]) => ({
      value: [{ shape: [], data: Float64Array.of(value(x!.data)) }],
      gradients: [{ shape: x!.shape, data: Float64Array.from(gradient(x!.data)) }],
    }),
  };
  return verifyTensors({ name: "f", inputs: builder.inputs, wrt: [0], outputs: [output], emitted });
}

const sumOf = ({ op }: Builder, x: Node): Node => op("sum", [x], { axes: [0] });
const total = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, each) => sum + each, 0);

describe("kinks", () => {
  it("are looked at from both sides", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("abs", [x])),
      (x) => x.map(Math.sign),
      (x) => total(x.map(Math.abs)),
    );
    expect(verdict).toMatchObject({ status: "passed", kinks: [{ op: "abs", count: 1, sides: "both" }] });
  });

  it("are not straddled, and what is wrong on one side is caught", () => {
    const relu = (slope: number): Verification =>
      verifyVector(
        (builder, x) => sumOf(builder, builder.op("relu", [builder.op("sub", [x, builder.constant(2.5)])])),
        (x) => x.map((each) => (each > 2.5 ? 1 : slope)),
        (x) => total(x.map((each) => Math.max(0, each - 2.5))),
      );
    expect(relu(0).status).toBe("passed");
    expect(relu(0.01).status).toBe("failed");
  });

  it("that are never met are said to be", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("relu", [builder.op("add", [x, builder.constant(1000)])])),
      (x) => x.map(() => 1),
      (x) => total(x) + 1000 * x.length,
    );
    expect(verdict.notes).toContain("a kink of relu was seen only from above");
    expect(verdict.status).toBe("passed");
  });

  it("of a maximum over an axis route to the winner", () => {
    const verdict = (sign: number): Verification =>
      verifyVector(
        ({ op }, x) => op("reduceMax", [x], { axes: [0] }),
        (x) => x.map((each) => (each === Math.max(...x) ? sign : 0)),
        (x) => Math.max(...x),
      );
    expect(verdict(1).status).toBe("passed");
    expect(verdict(-1).status).toBe("failed");
  });

  it("where equals stay equal leave the gradient to convention", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("max", [x, builder.op("mul", [x, builder.constant(1)])])),
      (x) => x.map(() => 1),
      total,
    );
    expect(verdict.status).toBe("passed");
    const tied = verifyVector(
      ({ op }, x) => op("reduceMax", [op("concat", [x, x], { axis: 0 })], { axes: [0] }),
      (x) => x.map((each) => (each === Math.max(...x) ? 2 : 0)),
      (x) => Math.max(...x),
    );
    expect(tied).toMatchObject({ status: "warned", failures: [] });
    expect(tied.notes.join()).toContain("convention");
  });
});

describe("scope", () => {
  it("says that a gradient is 0 everywhere", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("sign", [x])),
      (x) => x.map(() => 0),
      (x) => total(x.map(Math.sign)),
    );
    expect(verdict.status).toBe("passed");
    expect(verdict.notes).toEqual(["the derivative with respect to x is 0 wherever it was checked"]);
  });

  it("finds points where the function is real", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("log", [x])),
      (x) => x.map((each) => 1 / each),
      (x) => total(x.map(Math.log)),
    );
    expect(verdict.status).toBe("passed");
  });

  it("says where it finds none", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, builder.op("log", [builder.op("neg", [builder.op("square", [x])])])),
      (x) => x,
      total,
    );
    expect(verdict).toMatchObject({ status: "failed", noRealPoint: true, notes: [NO_REAL_POINT] });
  });

  it("counts a number that is not finite as wrong only where it should be", () => {
    const verdict = verifyVector(
      (builder, x) => sumOf(builder, x),
      (x) => x.map(() => Infinity),
      total,
    );
    expect(verdict.failures[0]).toMatchObject({ what: "nonfinite", input: "x" });
  });

  it("reads code that throws or answers too little as wrong", () => {
    const { name, spec } = TENSOR_CASES[0]!;
    const thrown = (): never => {
      throw new Error("no");
    };
    expect(verifyTensors({ ...spec, name, emitted: { gradient: thrown } }).status).toBe("failed");
    const short = (point: Point) => ({ value: [], gradients: point.slice(0, 1) });
    expect(verifyTensors({ ...spec, name, emitted: { gradient: short } }).status).toBe("failed");
  });

  it("checks values alone where there is nothing to differentiate by", () => {
    const { name, spec, emit } = TENSOR_CASES[0]!;
    const verify = (fault?: string): Verification => {
      const { value } = emit(fault);
      return verifyTensors({ ...spec, name, wrt: [], emitted: { value: value! } });
    };
    expect(verify()).toMatchObject({ status: "passed", notes: [], perInput: [] });
    expect(verify("value without 1/batch").status).toBe("failed");
  });

  it("keeps to sizes that are given, and gives others that differ", () => {
    const { name, spec, emit } = TENSOR_CASES[1]!;
    const { sizes } = verifyTensors({ ...spec, name, sizes: new Map([["time", 4]]), emitted: emit() });
    expect(sizes!.map(({ time }) => time)).toEqual(sizes!.map(() => 4));
    expect(new Set(sizes!.map(({ batch }) => batch)).size).toBe(sizes!.length);
    expect(sizes!.length).toBeGreaterThan(1);
  });

  it("stays within domains, indices below their limit, distributions and signs", () => {
    const { op, input, inputs } = createBuilder();
    const a = input("a", ["n"], { domain: [2, 3] });
    const k = input("k", ["n"], { dtype: "integer", below: 4, role: "input" });
    const p = input("p", ["n", 3], { sample: "distribution", role: "input" });
    const s = input("s", ["n"], { sample: "sign", role: "input" });
    const m = input("m", ["n", 3], { dtype: "boolean", role: "input" });
    const output = op("sum", [a], { axes: [0] });
    const seen = new Set<boolean>();
    const emitted: EmittedTensors = {
      gradient: ([x, indices, rows, signs, mask]) => {
        seen.add(x!.data.every((each) => each >= 2 && each <= 3));
        seen.add(indices!.data.every((each) => Number.isInteger(each) && each >= 0 && each < 4));
        seen.add(signs!.data.every((each) => Math.abs(each) === 1));
        for (let row = 0; row < rows!.data.length; row += 3) {
          seen.add(Math.abs(total(rows!.data.slice(row, row + 3)) - 1) < 1e-12);
          seen.add(mask!.data.slice(row, row + 3).includes(1));
        }
        return {
          value: [{ shape: [], data: Float64Array.of(total(x!.data)) }],
          gradients: [{ shape: x!.shape, data: x!.data.map(() => 1) }],
        };
      },
    };
    expect([a, k, p, s, m]).toHaveLength(inputs.length);
    expect(verifyTensors({ name: "f", inputs, wrt: [0], outputs: [output], emitted }).status).toBe("passed");
    expect([...seen]).toEqual([true]);
  });

  it("gives the same verdict every time", () => {
    const { name, spec, emit } = TENSOR_CASES[2]!;
    const [first, second] = [0, 1].map(() => verifyTensors({ ...spec, name, emitted: emit() }));
    expect(first).toEqual(second);
  });

  it("does with less where there is little to spend, and says so", () => {
    const { name, spec, emit } = TENSOR_CASES[2]!;
    const verify = (fault?: string): Verification => verifyTensors({ ...spec, name, thoroughness: 2e-4, emitted: emit(fault) });
    expect(verify().failures).toEqual([]);
    expect(verify().points).toBeLessThan(3);
    expect(verify().notes.join()).toContain("sampled");
    expect(verify("kernel flipped").status).toBe("failed");
  });
});
