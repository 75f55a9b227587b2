// S19: a 2-2-1 network to follow with pencil and paper: every z, a, delta and gradient. Run after `npm run build`: node examples/hand-net.js
// delta is what arrives at a z: the derivative of the loss by it.

import { compile, evaluateAt } from "wengert";
import { loadSpec } from "./kit/load-spec.js";

// Neuron by neuron, as one would write it down; w21 goes from input 2 to hidden neuron 1.
const compilation = compile(`
  param w11, w21, b1, w12, w22, b2, v1, v2, c
  input x1, x2, y
  z1 = w11*x1 + w21*x2 + b1
  a1 = sigmoid(z1)
  z2 = w12*x1 + w22*x2 + b2
  a2 = sigmoid(z2)
  z3 = v1*a1 + v2*a2 + c
  a3 = sigmoid(z3)
  L = (a3 - y)^2
`);
const weights = { w11: 0.15, w21: 0.2, b1: 0.35, w12: 0.25, w22: 0.3, b2: 0.35, v1: 0.4, v2: 0.45, c: 0.6 };
const { value, gradient, stages } = evaluateAt(compilation, { ...weights, x1: 0.05, x2: 0.1, y: 0.01 });

const stage = Object.fromEntries(stages.map((each) => [each.name, each]));
const digits = (number) => number.toFixed(9).padStart(13);
console.log("neuron            z            a        delta");
for (const k of [1, 2, 3]) {
  const row = [stage[`z${k}`].value, stage[`a${k}`].value, stage[`z${k}`].gradient];
  console.log(`     ${k} ${row.map(digits).join("")}`);
}
console.log(`loss ${value.toFixed(9)}`);
console.log("\nparameter     value     gradient");
for (const [name, weight] of Object.entries(weights)) {
  console.log(`${name.padStart(9)}${String(weight).padStart(10)}${digits(gradient[name])}`);
}

// The same network as layers: matrices in place of neurons, the same numbers in them.
const { handNetGrad } = loadSpec(new URL("hand-net.net.yaml", import.meta.url));
const { w11, w12, w21, w22, b1, b2, v1, v2, c } = weights;
const params = {
  W1: Float64Array.of(w11, w12, w21, w22), // row by row: one row for each input
  b1: Float64Array.of(b1, b2),
  W2: Float64Array.of(v1, v2),
  b2: Float64Array.of(c),
};
const { gradients } = handNetGrad(params, Float64Array.of(0.05, 0.1), Float64Array.of(0.01));
console.log("\nas layers:");
for (const [name, values] of Object.entries(gradients))
  console.log(`d${name} = [${Array.from(values, (x) => x.toFixed(9)).join(", ")}]`);
