// The checker of tensors checked: it lets right gradients pass, whatever the seed, and catches every fault planted in them.

import { describe, expect, test } from "vitest";
import { verifyTensors } from "../../src/verify/tensor-check.ts";
import { createBuilder, TENSOR_CASES } from "./tensor-cases.ts";

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
