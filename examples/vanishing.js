// S20, S23: how much gradient arrives at each of twelve hidden layers, with sigmoid and with ReLU.
// Run after `npm run build`: node examples/vanishing.js

import { magnitudes } from "./kit/gradients.js";
import { loadSpec } from "./kit/load-spec.js";
import { colors, drawPlot, Plot, savePicture } from "./kit/picture.js";
import { createRandom, normal } from "./kit/random.js";

const { deepSigmoidInit, deepSigmoidGrad } = loadSpec(new URL("deep-sigmoid.net.yaml", import.meta.url));
const { deepReluInit, deepReluGrad } = loadSpec(new URL("deep-relu.net.yaml", import.meta.url));

const LAYERS = 12;
const random = createRandom(1);
const X = Float64Array.from({ length: 64 * 8 }, () => normal(random));
const y = Float64Array.from({ length: 64 }, (_, row) => X[8 * row] - X[8 * row + 1]);

const flow = [
  ...gradientFlow("sigmoid", deepSigmoidGrad(deepSigmoidInit(1), X, y).gradients),
  ...gradientFlow("ReLU", deepReluGrad(deepReluInit(1), X, y).gradients),
];

console.log("layer       sigmoid: norm    mean |g|    max |g|          ReLU: norm    mean |g|    max |g|");
for (let layer = 1; layer <= LAYERS; layer++) {
  const cells = ["sigmoid", "ReLU"].map((kind) => {
    const { norm, mean, max } = flow.find((row) => row.kind === kind && row.layer === layer);
    return [norm, mean, max].map((value) => value.toExponential(2).padStart(12)).join("");
  });
  console.log(`${String(layer).padStart(5)}    ${cells.join("      ")}`);
}
for (const kind of ["sigmoid", "ReLU"]) {
  const norms = flow.filter((row) => row.kind === kind).map(({ norm }) => norm);
  console.log(`${kind}: norm in the first layer / norm in the last: ${(norms[0] / norms.at(-1)).toExponential(2)}`);
}

savePicture(
  "vanishing.svg",
  drawPlot({
    title: "Gradients in a network of twelve layers",
    subtitle: "mean (wide bars) and largest (narrow bars) absolute gradient of each layer's weights, at the start",
    width: 720,
    x: { label: "hidden layer, the first next to the input", type: "band" },
    y: { label: "absolute gradient", type: "log", grid: true, domain: [1e-10, 1], tickFormat: (value) => value.toExponential(0) },
    fx: { label: null, domain: ["sigmoid", "ReLU"], axis: null },
    color: { domain: ["sigmoid", "ReLU"], range: colors },
    marks: [
      Plot.barY(flow, { fx: "kind", x: "layer", y1: 1e-10, y2: "mean", fill: "kind", fillOpacity: 0.45 }),
      Plot.barY(flow, { fx: "kind", x: "layer", y1: 1e-10, y2: "max", fill: "kind", insetLeft: 6, insetRight: 6 }),
      Plot.text(["sigmoid", "ReLU"], {
        fx: (kind) => kind,
        text: (kind) => kind,
        frameAnchor: "top-left",
        dx: 6,
        dy: 6,
        fontSize: 14,
      }),
      Plot.frame(),
    ],
  }),
);

/** The size of the gradients of W1 to W12. */
function gradientFlow(kind, gradients) {
  return Array.from({ length: LAYERS }, (_, index) => ({ kind, layer: index + 1, ...magnitudes(gradients[`W${index + 1}`]) }));
}
