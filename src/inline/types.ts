// Types of the functions that tags make, for those who do not say what theirs takes and returns. Nothing here runs.

type Letter =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z";
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

/** `x`, `W`, `x1`. */
type ShortName = `${Letter | Uppercase<Letter>}${"" | Digit}`;

/** What most results have; under `noUncheckedIndexedAccess` these may be read without a question whether they are there. */
type Known<Prefix extends string, Value> = { readonly [Name in `${Prefix}${ShortName}`]: Value };

/** What an argument may be: a number, or a tensor's elements in row-major order. */
export type Input = number | readonly number[] | Float64Array | Int32Array;

/** Properties by name, `f` and `dx`; those with longer names may be missing as far as TypeScript knows. */
export type GradientResult = Known<"" | "d", number> & { readonly [name: string]: number };

/** `f`, and `vf`: its derivative along the direction. */
export type DirectionalResult = Known<"" | "v", number> & { readonly [name: string]: number };

/** `f`, the outputs, and `J`: a row for each output, a column for each input. */
export type JacobianResult = { readonly J: readonly number[][] } & {
  readonly [Name in Exclude<ShortName, "J">]: readonly number[];
};

/** `f`, `dx`, and `H`: a row and a column for each input. */
export type HessianResult = { readonly H: readonly number[][] } & {
  readonly [Name in Exclude<ShortName, "H"> | `d${ShortName}`]: number;
};

/** `f`, `dx`, and `hx`: the component of the Hessian times the direction. */
export type ProductResult = Known<"" | "d" | "h", number> & { readonly [name: string]: number };

/**
 * The function of a `grad` template that does not say its own type. The inputs in order go in; value and partial derivatives come out, by
 * name. Where the result is used as an object of other properties, it is taken for one: `const { loss }: { loss: number } = lossGrad(1)`.
 */
export type GradientFunction = <Result extends object = GradientResult>(...inputs: readonly Input[]) => Result;

/** The function of a `jacobian` template: the inputs in order go in; outputs and Jacobian come out. */
export type JacobianFunction = <Result extends object = JacobianResult>(...inputs: readonly Input[]) => Result;

/** The function of a `hessian` template: the inputs in order go in; value, gradient and Hessian come out. */
export type HessianFunction = <Result extends object = HessianResult>(...inputs: readonly Input[]) => Result;

/** The function of a `jvp` template: the inputs in order go in, then a direction; value and derivative along it come out. */
export type DirectionalFunction = <Result extends object = DirectionalResult>(...inputs: readonly Input[]) => Result;

/** The function of an `hvp` template: the inputs in order go in, then a direction; value, gradient and product come out. */
export type ProductFunction = <Result extends object = ProductResult>(...inputs: readonly Input[]) => Result;

/**
 * Turns a template into a function. The type argument is the function's own type; without it names are not checked. Interpolated values
 * have to be numbers. Throws an Error that shows the place where the source is wrong, and a TypeError for a value that is no number.
 */
export type Tag<Default extends (...args: never[]) => object> = <Type extends (...args: never[]) => object = Default>(
  strings: TemplateStringsArray,
  ...values: readonly number[]
) => Type;
