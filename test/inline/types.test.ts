// Types of tags, which `tsc -p .` checks under strict and noUncheckedIndexedAccess. What runs here is only to see that the types are true.

import { beforeAll, expect, test, vi } from "vitest";
import { grad, hessian, hvp, jacobian, jvp, type GradientFunction } from "../../src/inline/inline.ts";

beforeAll(() => void vi.spyOn(console, "warn").mockImplementation(() => undefined));

test("without a type argument short names are numbers", () => {
  const fGrad = grad`f(x, y) = x * y`;
  const { f, dx, dy } = fGrad(3, -4);
  const sum: number = f + dx * dy + fGrad(1, 2).dx;
  expect(sum).toBe(-22);
  const { L, dw1 } = grad`L = w1^2`(3);
  expect(L * dw1).toBe(54);
  const assignable: GradientFunction = fGrad;
  expect(assignable).toBe(fGrad);
});

test("longer names by the type of what takes the result", () => {
  const { loss, dweight }: { loss: number; dweight: number } = grad`loss = weight^2`(3);
  expect([loss, dweight]).toEqual([9, 6]);
  const step = ({ dweight }: { readonly dweight: number }): number => dweight / 2;
  expect(step(grad`loss = weight^2`(3))).toBe(3);
  const maybe: number | undefined = grad`loss = weight^2`(3)["dweight"];
  expect(maybe).toBe(6);
  // @ts-expect-error: a name that is not known may be missing
  const sure: number = grad`loss = weight^2`(3)["dweight"];
  expect(sure).toBe(6);
});

test("with a type argument the function is what it says", () => {
  const fGrad = grad<(x: number, y: number) => { f: number; dx: number; dy: number }>`f(x, y) = x * y`;
  const result: { f: number; dx: number; dy: number } = fGrad(3, -4);
  expect(result.dx).toBe(-4);
  // @ts-expect-error: it takes two numbers
  expect(() => fGrad("a")).not.toThrow();
  // @ts-expect-error: there is no dz
  expect(fGrad(1, 2).dz).toBeUndefined();
  const network = grad<(X: Float64Array, W: Float64Array) => { loss: number; dW: Float64Array }>`
    input X [m, 2]
    param W [2]
    loss = sum(X * W)`;
  expect(network(Float64Array.of(1, 2), Float64Array.of(3, 4)).dW[1]).toBe(2);
});

test("what may be interpolated", () => {
  const rate: number = 2;
  expect(grad`f(x) = ${rate} * x`(3).f).toBe(6);
  // @ts-expect-error: a value is a number
  expect(() => grad`f(x) = ${"2"} * x`).toThrow(TypeError);
  // @ts-expect-error: a type argument is the type of a function that returns an object
  expect(grad<(x: number) => number>`f(x) = x`(1)).toEqual({ f: 1, dx: 1 });
});

test("other modes", () => {
  const { f, J } = jacobian`f(x, y) = [x * y, x + y]`(3, 4);
  const first: number | undefined = f[0];
  expect([first, J[0]?.[1]]).toEqual([12, 3]);
  const { f: value, dx, H } = hessian`f(x, y) = x^2 * y`(3, 4);
  const entry: number | undefined = H[0]?.[1];
  expect([value + dx, entry]).toEqual([60, 6]);
  const { vf } = jvp`f(x, y) = x * y`(3, 4, 1, 2);
  const { hx, hy } = hvp`f(x, y) = x^2 * y`(3, 4, 1, 2);
  expect(vf + hx * hy).toBe(10 + 20 * 6);
});
