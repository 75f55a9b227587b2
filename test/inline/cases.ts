// Templates as data: what stands in each, what is interpolated, and where its function is called.

import type { Mode } from "../../src/emit/typescript/signature.ts";

export interface InlineCase {
  readonly name: string;
  readonly tags: readonly Mode[];
  /** The strings of the template, cooked. */
  readonly strings: readonly string[];
  readonly values?: readonly number[];
  /** Arguments; directional modes take as many again for the direction. */
  readonly calls: readonly (readonly unknown[])[];
  /** Arguments of directional modes where they are not those twice. */
  readonly directed?: readonly (readonly unknown[])[];
}

const SCALAR = ["grad", "jacobian", "hessian", "jvp", "hvp"] as const;
const PAIRS = [
  [3, -4],
  [0.1, 0.2],
  [-0, 0],
  [1e-300, 1e300],
  [-2.5, 7.25],
];

const reals = (...values: number[]): Float64Array => Float64Array.from(values);

export const cases: readonly InlineCase[] = [
  {
    name: "the course notes' example",
    tags: SCALAR,
    strings: ["f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)"],
    calls: [...PAIRS, [NaN, 1], [Infinity, -1]],
  },
  { name: "a bare expression", tags: SCALAR, strings: ["sin(x) * exp(-y^2) + x^3"], calls: PAIRS },
  {
    name: "several statements",
    tags: SCALAR,
    strings: ["\n  q = x + y\n  r = tanh(q) # squashed\n\n  L = log(1 + exp(r * x)) + max(q, y)\n"],
    calls: PAIRS,
  },
  {
    name: "functions that call functions",
    tags: SCALAR,
    strings: ["g(t) = t^2 + sqrt(abs(t)); f(x, y) = g(x) * g(y - 1) + g(g(x))"],
    calls: PAIRS,
  },
  { name: "special functions", tags: SCALAR, strings: ["gamma(x) + erf(y) * lgamma(x^2 + 1)"], calls: PAIRS },
  { name: "choices", tags: SCALAR, strings: ["f(x, y) = x > y ? hypot(x, y) : abs(x) ^ 1.5 + relu(y)"], calls: PAIRS },
  { name: "no differentiated input is used", tags: SCALAR, strings: ["f(x, y) = 7"], calls: PAIRS },
  {
    name: "names that JavaScript reserves",
    tags: SCALAR,
    strings: ["f(then, constructor) = then * constructor^2"],
    calls: PAIRS,
  },
  { name: "names of other alphabets", tags: SCALAR, strings: ["f(α, β) = α * exp(β)"], calls: PAIRS },
  { name: "log-sum-exp", tags: SCALAR, strings: ["log(exp(x) + exp(y)) - x"], calls: PAIRS },
  { name: "a vector", tags: ["jacobian", "jvp"], strings: ["f(x, y) = [x * y, gamma(x), 3]"], calls: PAIRS },
  {
    name: "many inputs",
    tags: ["grad", "hvp"],
    strings: [`f(${range(101, (index) => `x${index}`).join(", ")}) = ${range(101, (index) => `x${index}^2`).join(" + ")}`],
    calls: [[range(101, (index) => index / 7)]],
    directed: [[range(101, (index) => index / 7), range(101, (index) => index - 50)]],
  },

  {
    name: "values in parameters' company",
    tags: SCALAR,
    strings: ["f(x, y) = ", " * x * y^", " + x"],
    values: [0.1, 3],
    calls: PAIRS,
  },
  { name: "values in a bare expression", tags: SCALAR, strings: ["", " * x + y / ", ""], values: [2.5, -0.3], calls: PAIRS },
  {
    name: "values in every kind of statement",
    tags: SCALAR,
    strings: ["g(t) = ", "*t\nh(u) = g(u) + ", " # ", "\nq = h(x) * ", "\nL = g(q)^2 + h(h(y)) + ", ""],
    values: [1.5, 0.25, 99, -2, 1e-3],
    calls: PAIRS,
  },
  {
    name: "values in functions that call each other, one of them without parameters left",
    tags: SCALAR,
    strings: ["a(t, u) = t - u * ", "\nb(t) = a(t, a(", ", t)) + t\nf(x, y) = b(x) * a(y, (x + 1))"],
    values: [3, 4],
    calls: PAIRS,
  },
  {
    name: "the same value twice, and names like ours",
    tags: SCALAR,
    strings: ["f(value1, value2) = ", " * value1 - ", " * value2 * value1"],
    values: [7, 7],
    calls: PAIRS,
  },
  {
    name: "a function of nothing but values",
    tags: ["grad"],
    strings: ["c() = ", "^2; d() = c(); f(x, y) = c() * x + d( ) * y + c (\n)"],
    values: [3],
    calls: PAIRS,
  },
  {
    name: "values of declared constants",
    tags: SCALAR,
    strings: ["const a = ", ", two = 2, b = ", "; const c=", "\ng(t) = a * t + b\nf(x, y) = g(x)^two * c + ", " * a * y"],
    values: [1.5, -3, 0.25, 7],
    calls: PAIRS,
  },
  {
    name: "the value of a declared constant among stages",
    tags: SCALAR,
    strings: ["param x\nconst rate = ", " # per cent\nparam y\nq = x * rate\nL = q^2 + y * rate"],
    values: [0.05],
    calls: PAIRS,
  },
  {
    name: "values that are not finite",
    tags: SCALAR,
    strings: ["f(x, y) = x * y + ", " * x + ", ""],
    values: [NaN, -Infinity],
    calls: PAIRS,
  },
  {
    name: "a value beside declared names",
    tags: SCALAR,
    strings: ["param x > 0\ninput y\nz = ", " * y * log(abs(x))"],
    values: [4],
    calls: PAIRS,
    directed: PAIRS.map(([x, y]) => [x, y, 2]),
  },
  {
    name: "values among many inputs",
    tags: ["grad"],
    strings: [
      `f(${range(101, (index) => `x${index}`).join(", ")}) = `,
      ` * (${range(101, (index) => `x${index}^2`).join(" + ")})`,
    ],
    values: [0.5],
    calls: [[range(101, (index) => index / 7)], [Float64Array.from({ length: 101 }, (_, index) => index)]],
  },
  {
    name: "values before many inputs",
    tags: ["grad"],
    strings: [`${range(101, (index) => `x${index}^2`).join(" + ")} + x0 * `, " - x1 / ", ""],
    values: [0.5, 4],
    calls: [[range(101, (index) => index / 7)]],
  },

  {
    name: "a two-layer network",
    tags: ["grad", "hvp"],
    strings: [
      "\ninput X [m, 3]\ninput y [m] integer\nparam W1 [3, 4]\nparam W2 [4, 3]\nZ1 = relu(X * W1)\nH = Z1 * W2\nloss = sum(log(sum(exp(H), 2)) - pick(H, y)) / m\n",
    ],
    calls: [[reals(1, 2, 3, -1, 0, 0.5), Int32Array.of(0, 2), ramp(12), ramp(12)]],
    directed: [[reals(1, 2, 3, -1, 0, 0.5), Int32Array.of(0, 2), ramp(12), ramp(12), ramp(12), ramp(12)]],
  },
  {
    name: "a layer",
    tags: ["jacobian", "jvp"],
    strings: ["input X [m, 3]\nparam W [3, 2]\nparam b [2]\ntanh(X * W + b)"],
    calls: [[reals(1, 2, 3, -1, 0, 0.5), ramp(6), ramp(2)]],
    directed: [[reals(1, 2, 3, -1, 0, 0.5), ramp(6), ramp(2), ramp(6), ramp(2)]],
  },
  {
    name: "a tensor and a number",
    tags: ["grad", "hessian", "hvp"],
    strings: ["param w [n], s\nsum(exp(s * w) .* w)"],
    calls: [[ramp(3), 0.5]],
    directed: [[ramp(3), 0.5, ramp(3), 2]],
  },
  {
    name: "a value in a tensor source",
    tags: ["grad", "hvp"],
    strings: ["input X [m, 3]\nparam W [3, 2]\nloss = ", " * sum((X * W).^2) + ", ""],
    values: [0.5, 2],
    calls: [[reals(1, 2, 3, -1, 0, 0.5), ramp(6)]],
    directed: [[reals(1, 2, 3, -1, 0, 0.5), ramp(6), ramp(6)]],
  },
];

function range<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

function ramp(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => (index - length / 2) / 3);
}

/** Each case with each of its tags, and the arguments for that. */
export function taggedCases(): {
  readonly title: string;
  readonly tag: Mode;
  readonly each: InlineCase;
  readonly calls: readonly (readonly unknown[])[];
}[] {
  return cases.flatMap((each) =>
    each.tags.map((tag) => {
      const isDirected = tag === "jvp" || tag === "hvp";
      const calls = isDirected ? (each.directed ?? each.calls.map((args) => [...args, ...args])) : each.calls;
      return { title: `${tag}: ${each.name}`, tag, each, calls };
    }),
  );
}

/** A template's strings as its tag gets them. */
export function templateStrings(strings: readonly string[]): TemplateStringsArray {
  return Object.assign([...strings], { raw: strings.map((text) => text.replaceAll("\\", "\\\\")) });
}

/** Results down to the last bit, in a form that compares and prints. */
export function bits(value: unknown): unknown {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value); // String tells all others apart
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...Array.from(value as Float64Array, bits)];
  if (Array.isArray(value)) return value.map(bits);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([key, part]) => [key, bits(part)]);
}
