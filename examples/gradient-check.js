// S21: gradients against central differences, for a generated network and for the same one with planted faults.
// Run after `npm run build`: node examples/gradient-check.js
// The compiler made this check before it wrote anything; here is how to make it yourself, on your data.

import { readFileSync } from "node:fs";
import { load } from "wengert";
import { centralDifferences, compareGradients } from "./kit/gradients.js";
import { compileSpec } from "./kit/load-spec.js";

const name = "xor.net.yaml";
const compilation = compileSpec(readFileSync(new URL(name, import.meta.url), "utf8"), name);
const X = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const y = Float64Array.of(0, 1, 1, 0);

check("as generated", load(compilation));
check("sigmoid' without its factor h", load(withFault("(1 - h) * h * dh", "(1 - h) * dh")));
check("gradients of the biases 0.05 % too large", scaled(load(compilation), 1.0005));
check("0 / 0 somewhere", scaled(load(compilation), NaN));

function check(title, { xorInit, xorForward, xorGrad }) {
  const params = xorInit(1);
  const { gradients } = xorGrad(params, X, y);
  const numeric = centralDifferences(() => xorForward(params, X, y).loss, params);
  console.log(`\n${title}`);
  for (const parameter of Object.keys(params)) {
    const { error, verdict } = compareGradients(gradients[parameter], numeric[parameter]);
    console.log(`  ${parameter}: relative error ${error.toExponential(1)}, ${verdict}`);
  }
}

/** The compilation with a mistake in the text of its backward pass. */
function withFault(right, wrong) {
  const start = compilation.javascript.indexOf("function xorBackward");
  const at = compilation.javascript.indexOf(right, start);
  if (at < 0) throw new Error(`the backward pass has no ${right}`);
  return {
    ...compilation,
    javascript: compilation.javascript.slice(0, at) + wrong + compilation.javascript.slice(at + right.length),
  };
}

/** Functions whose gradients by the biases are this many times too large. */
function scaled(functions, factor) {
  const xorGrad = (...args) => {
    const { loss, gradients } = functions.xorGrad(...args);
    const scale = (array) => array.map((value) => value * factor);
    return { loss, gradients: { ...gradients, b1: scale(gradients.b1), b2: scale(gradients.b2) } };
  };
  return { ...functions, xorGrad };
}
