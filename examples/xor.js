// S16: a 2-4-1 network learns XOR. Run after `npm run build`: node examples/xor.js
// The spec is compiled when the script starts, which needs no second command and no generated file. `npx gen examples/xor.net.yaml` shows the code;
// in a project you would write it to a file once (-o src/) and import the same functions from there.

import { describeSummary, summarise } from "./kit/convergence.js";
import { loadSpec } from "./kit/load-spec.js";
import { colors, drawPlot, Plot, savePicture, thin } from "./kit/picture.js";

const { xorInit, xorOptimizer, xorStep, xorPredict } = loadSpec(new URL("xor.net.yaml", import.meta.url));

const X = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const y = Float64Array.of(0, 1, 1, 0);

const params = xorInit(1); // the same seed gives the same weights
const optimizer = xorOptimizer();
const losses = [];
for (let step = 1; step <= 4000; step++) losses.push(xorStep(params, optimizer, X, y));

console.log(describeSummary(summarise(losses)));
xorPredict(params, X).forEach((answer, row) => {
  console.log(`${X[2 * row]} xor ${X[2 * row + 1]} = ${answer.toFixed(3)}, should be ${y[row]}`);
});

savePicture(
  "xor-loss.svg",
  drawPlot({
    title: "A 2-4-1 sigmoid network learns XOR",
    subtitle: "gradient descent on all four rows, rate 2",
    x: { label: "step" },
    y: { label: "mean squared error", grid: true, domain: [0, 0.3] },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(thin(losses.map((loss, index) => ({ step: index + 1, loss }))), {
        x: "step",
        y: "loss",
        stroke: colors[0],
        strokeWidth: 2,
      }),
    ],
  }),
);
