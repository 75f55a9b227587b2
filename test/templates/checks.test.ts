// What is let in, and what is said to the rest.

import { expect, test } from "vitest";
import { checkIndices, checkNumber, checkReal, checkSize } from "../../templates/checks.ts";

const accepted: readonly (readonly [name: string, check: () => unknown])[] = [
  ["reals", () => checkReal("X", new Float64Array(6), 6, "[2, 3]")],
  ["NaN among reals", () => checkReal("X", Float64Array.of(NaN), 1, "[1]")],
  ["indices", () => checkIndices("y", Int32Array.of(0, 4), 2, 5, "[2]")],
  ["a number", () => checkNumber("x", 3)],
  ["NaN", () => checkNumber("x", NaN)],
];

test.each(accepted)("lets in: %s", (_, check) => expect(check()).toBeUndefined());

test("checkSize answers the size", () => {
  expect(checkSize("X", new Float64Array(21), 7, "[batch, 7]")).toBe(3);
  expect(checkSize("y", new Int32Array(5), 1, "[batch]")).toBe(5);
});

const refused: readonly (readonly [error: typeof TypeError | typeof RangeError, message: string, check: () => unknown])[] = [
  [TypeError, "X must be a Float64Array of shape [2], not undefined", () => checkReal("X", undefined, 2, "[2]")],
  [TypeError, "X must be a Float64Array of shape [2], not null", () => checkReal("X", null, 2, "[2]")],
  [TypeError, "X must be a Float64Array of shape [2], not a value of type Array", () => checkReal("X", [1, 2], 2, "[2]")],
  [
    TypeError,
    "X must be a Float64Array of shape [2], not a value of type Float32Array",
    () => checkReal("X", new Float32Array(2), 2, "[2]"),
  ],
  [TypeError, "X must be a Float64Array of shape [2], not a value of type number", () => checkReal("X", 2, 2, "[2]")],
  [
    TypeError,
    "X must be a Float64Array of shape [2], not a value of type Object",
    () => checkReal("X", Object.create(null), 2, "[2]"),
  ],
  [
    RangeError,
    "X must have batch * 784 = 7840 values for its shape [batch, 784], not 12",
    () => checkReal("X", new Float64Array(12), 7840, "[batch, 784]"),
  ],
  [RangeError, "b must have 3 values for its shape [3], not 2", () => checkReal("b", new Float64Array(2), 3, "[3]")],
  [
    RangeError,
    "b must have batch = 3 values for its shape [batch], not 2",
    () => checkReal("b", new Float64Array(2), 3, "[batch]"),
  ],
  [
    RangeError,
    "W must have 2 * (time+1) = 8 values for its shape [2, time+1], not 2",
    () => checkReal("W", new Float64Array(2), 8, "[2, time+1]"),
  ],
  [
    TypeError,
    "y must be an Int32Array of shape [2], not a value of type Float64Array",
    () => checkIndices("y", new Float64Array(2), 2, 5, "[2]"),
  ],
  [RangeError, "y must have 3 values for its shape [3], not 2", () => checkIndices("y", new Int32Array(2), 3, 5, "[3]")],
  [RangeError, "y[1] must be from 0 to 4, not 5", () => checkIndices("y", Int32Array.of(0, 5), 2, 5, "[2]")],
  [RangeError, "y[0] must be from 0 to 4, not -1", () => checkIndices("y", Int32Array.of(-1, 5), 2, 5, "[2]")],
  [
    TypeError,
    "X must be a typed array of shape [batch, 7], not undefined",
    () => checkSize("X", undefined as unknown as Float64Array, 7, "[batch, 7]"),
  ],
  [
    TypeError,
    "X must be a typed array of shape [batch, 7], not a value of type Array",
    () => checkSize("X", [1, 2], 7, "[batch, 7]"),
  ],
  [
    RangeError,
    "X must have a multiple of 7 values for its shape [batch, 7], not 20",
    () => checkSize("X", new Float64Array(20), 7, "[batch, 7]"),
  ],
  [
    RangeError,
    "X must have at least one value for its shape [batch, 7], not none",
    () => checkSize("X", new Float64Array(0), 7, "[batch, 7]"),
  ],
  [TypeError, "x must be a number, not a value of type string", () => checkNumber("x", "3")],
  [TypeError, "x must be a number, not undefined", () => checkNumber("x", undefined)],
];

test.each(refused)("%o: %s", (error, message, check) => {
  expect(check).toThrow(error);
  expect(check).toThrow(message);
});
