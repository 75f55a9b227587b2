// The tags of `wengert/inline`. The bundler plugin compiles their templates away; without it they compile when they are first evaluated.

import { createTag } from "./run-time.ts";
import type { DirectionalFunction, GradientFunction, HessianFunction, JacobianFunction, ProductFunction, Tag } from "./types.ts";

export type {
  DirectionalFunction,
  DirectionalResult,
  GradientFunction,
  GradientResult,
  HessianFunction,
  HessianResult,
  Input,
  JacobianFunction,
  JacobianResult,
  ProductFunction,
  ProductResult,
  Tag,
} from "./types.ts";

/**
 * The value and the gradient of a function: ``grad`f(x, y) = x * y` `` is `(x, y) => ({ f, dx, dy })`. Throws an Error where the source is
 * wrong, a TypeError where an interpolated value is not a number.
 */
export const grad: Tag<GradientFunction> = /* @__PURE__ */ tag("grad");

/**
 * The outputs and the Jacobian of a function: ``jacobian`f(x, y) = [x * y, x + y]` `` is `(x, y) => ({ f, J })`, `J[i][j]` being the
 * derivative of output i by input j; of tensors, one row-major array. Throws an Error where the source is wrong, a TypeError where an
 * interpolated value is not a number.
 */
export const jacobian: Tag<JacobianFunction> = /* @__PURE__ */ tag("jacobian");

/**
 * The value, the gradient and the Hessian of a function: ``hessian`f(x, y) = x^2 * y` `` is `(x, y) => ({ f, dx, dy, H })`. Throws an Error
 * where the source is wrong, a TypeError where an interpolated value is not a number.
 */
export const hessian: Tag<HessianFunction> = /* @__PURE__ */ tag("hessian");

/**
 * The value of a function and its derivative along a direction: ``jvp`f(x, y) = x * y` `` is `(x, y, vx, vy) => ({ f, vf })`. Throws an
 * Error where the source is wrong, a TypeError where an interpolated value is not a number.
 */
export const jvp: Tag<DirectionalFunction> = /* @__PURE__ */ tag("jvp");

/**
 * The value and the gradient of a function, and its Hessian times a direction: ``hvp`f(x, y) = x^2 * y` `` is
 * `(x, y, vx, vy) => ({ f, dx, dy, hx, hy })`. Throws an Error where the source is wrong, a TypeError where an interpolated value is not a
 * number.
 */
export const hvp: Tag<ProductFunction> = /* @__PURE__ */ tag("hvp");

/** What a tag makes has the type that its user says, which no checker can see. */
function tag<Default extends (...args: never[]) => object>(mode: "grad" | "jacobian" | "hessian" | "jvp" | "hvp"): Tag<Default> {
  return createTag(mode) as Tag<Default>;
}
