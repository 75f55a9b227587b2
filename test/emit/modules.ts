// Modules to look at as texts: every example as it is kept in generated/, and what no example has. Not checked: other tests do that.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compile, type Compilation, type CompileOptions } from "../../src/index.ts";
import { systems } from "../systems.ts";
import { tensorSystems } from "../tensor-systems.ts";

export interface Sample {
  readonly title: string;
  readonly compilation: Compilation;
}

const folder = join(import.meta.dirname, "../../examples");

/** The compilation of a file in examples/. */
export function compileExample(file: string, options: CompileOptions = {}): Compilation {
  return compileText(readFileSync(join(folder, file), "utf8"), { name: file, ...options });
}

export function compileText(text: string, options: CompileOptions = {}): Compilation {
  const compilation = compile(text, { verify: false, ...options });
  if (!compilation.ok)
    throw new Error(`${options.name ?? text}: ${compilation.diagnostics.map(({ message }) => message).join("; ")}`);
  return compilation;
}

/** Every example, with all the options it is kept with. */
export function examples(): Sample[] {
  const expressions = [...systems, ...tensorSystems].flatMap(({ name, options = {}, also = [] }) =>
    [options, ...also].map((each) => ({ file: `${name}.math`, options: each })),
  );
  const networks = readdirSync(folder)
    .filter((file) => file.endsWith(".net.yaml"))
    .map((file) => ({ file, options: {} }));
  return [...expressions, ...networks].map(({ file, options }) => ({
    title: `${file} ${JSON.stringify(options)}`,
    compilation: compileExample(file, options),
  }));
}

const STYLES = ["staged", "tidy", "fast"] as const;
const MODES = ["grad", "jvp", "jacobian", "hessian", "hvp"] as const;

const xs = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}`);

/** A sum of squares of differences, of as many terms as asked for: long code. */
function chain(count: number): string {
  const terms = Array.from({ length: count }, (_, index) => `(x * ${index + 1} - y ^ 2 + sin(x * ${index}))^2`);
  return `f(x, y) = ${terms.join(" + ")}`;
}

const MANY = `f(${xs(120).join(", ")}) = ${xs(120).join(" * x3 + ")}`;
const MATRIX = "param W [3, n]\nparam b [3]\ninput X [n]\ny = sum((W * X + b) .^ 2)";
const LAYER = "param W [3, 4]\nparam b [3]\nparam x [4]\ny = tanh(W * x + b)";

const NETWORK = `name: aNetworkOfANameThatIsAsLongAsALineOfGeneratedCode
input: [batch, 3, 2]
layers:
  - flatten
  - dense: 4
  - batchNorm
  - relu
  - dropout: 0.5
  - dense: 2
loss: cross-entropy
optimizer: { adam: { rate: 0.001 } }
accumulate: 4
clip: { norm: 1 }
`;

/** What the examples leave out: every style in every mode, packed inputs, parts, single precision, long names. */
export function rarities(): Sample[] {
  const sample = (title: string, text: string, options: CompileOptions = {}): Sample => ({
    title: `${title} ${JSON.stringify(options)}`,
    compilation: compileText(text, options),
  });
  const both = STYLES.flatMap((style) => MODES.map((mode): CompileOptions => ({ style, mode })));
  const directed = STYLES.flatMap((style) => (["jvp", "jacobian"] as const).map((mode): CompileOptions => ({ style, mode })));
  const orders = MODES.flatMap((mode) => (["staged", "tidy"] as const).map((style): CompileOptions => ({ style, mode })));
  const spec = (options: CompileOptions): Sample => sample("a network", NETWORK, { kind: "network", ...options });
  return [
    ...both.map((options) => sample("two functions", "f(x, y) = x * y\ng(x, y) = f(x, y) + exp(x)^2", options)),
    ...directed.map((options) => sample("a vector", "f(x, y) = [x * y, sin(x), x + y]", options)),
    ...both.filter(({ mode }) => mode !== "hessian").map((options) => sample("many inputs", MANY, options)),
    sample("long code", chain(280), { style: "staged" }),
    ...(["grad", "jvp", "hvp"] as const).map((mode) => sample("long code", chain(280), { style: "fast", mode })),
    sample("long code of many inputs", `${MANY} + ${xs(120).join(" ^ 3 * sin(x5) + ")}`, { style: "fast", mode: "jvp" }),
    ...orders.filter(({ mode }) => mode !== "jacobian").map((options) => sample("a matrix", MATRIX, options)),
    sample("a matrix", MATRIX, { precision: "f32" }),
    ...directed.filter(({ style }) => style !== "fast").map((options) => sample("a layer", LAYER, options)),
    ...[{}, { style: "tidy" }, { wrt: ["X"] }, { precision: "f32" }].map((options) => spec(options as CompileOptions)),
    sample("a network without a loss", "input: [batch, 2]\nlayers: [{ dense: 3 }]\n", { kind: "network" }),
    sample("names that JavaScript has", "new(class, π) = class ^ π + sin(class * π)"),
    sample("no input", "f() = 2"),
    sample("nothing to differentiate by", "input x\nf(x) = x ^ 2"),
    ...Array.from({ length: 8 }, (_, index) => sample("names as long as a line", `${"f".repeat(54 + index)}(x, y) = x * y`)),
    ...Array.from({ length: 8 }, (_, index) =>
      sample("names as long as a line", `${"f".repeat(46 + index)}(x, y) = x * y`, { style: "fast" }),
    ),
  ];
}
