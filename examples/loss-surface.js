// S25: the loss of XOR around the trained parameters, along two random directions. Run after `npm run build`: node examples/loss-surface.js
// Each direction is scaled to the length of the parameters it moves, array by array, so that 1 means "as far as the parameters are from zero"
// (after Li et al., "Visualizing the loss landscape of neural nets", 2018).

import { norm } from "./kit/gradients.js";
import { loadSpec } from "./kit/load-spec.js";
import { drawPlot, Plot, savePicture } from "./kit/picture.js";
import { createRandom, normal } from "./kit/random.js";

const { xorInit, xorOptimizer, xorStep, xorForward } = loadSpec(new URL("xor.net.yaml", import.meta.url));
const X = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const y = Float64Array.of(0, 1, 1, 0);

const params = xorInit(1);
const optimizer = xorOptimizer();
for (let step = 0; step < 4000; step++) xorStep(params, optimizer, X, y);
const trained = xorForward(params, X, y).loss;

const random = createRandom(2);
const [first, second] = [randomDirection(), randomDirection()];

const SIDE = 61;
const LIMIT = 1.5;
const losses = Array.from({ length: SIDE * SIDE }, (_, at) => lossAt(position(at % SIDE), position(Math.floor(at / SIDE))));
console.log(`loss where training ended ${trained.toExponential(2)}`);
console.log(`least on the grid ${Math.min(...losses).toExponential(2)}, largest ${Math.max(...losses).toFixed(3)}`);

const area = { width: SIDE, height: SIDE, x1: -LIMIT, y1: -LIMIT, x2: LIMIT, y2: LIMIT };
const thresholds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5];
savePicture(
  "loss-surface.svg",
  drawPlot({
    title: "The loss around the trained XOR network",
    subtitle: "darker is less; the cross is where training ended",
    width: 560,
    height: 600,
    colorLegend: true,
    x: { label: "along a first random direction", domain: [-LIMIT, LIMIT] },
    y: { label: "along a second random direction", domain: [-LIMIT, LIMIT] },
    color: { label: "mean squared error", type: "threshold", domain: thresholds, range: greens(thresholds.length + 1) },
    marks: [
      Plot.contour(losses, { ...area, thresholds: [0, ...thresholds], fill: (loss) => loss, stroke: "#333", strokeWidth: 0.4 }),
      Plot.dot([[0, 0]], { symbol: "times", r: 6, stroke: "#d55e00", strokeWidth: 2.5 }),
      Plot.frame(),
    ],
  }),
);

/** A direction for each array, as long as that array. */
function randomDirection() {
  return Object.fromEntries(
    Object.entries(params).map(([name, values]) => {
      const direction = values.map(() => normal(random));
      const scale = norm(values) / norm(direction);
      return [name, direction.map((value) => value * scale)];
    }),
  );
}

function position(index) {
  return LIMIT * ((2 * index) / (SIDE - 1) - 1);
}

function lossAt(a, b) {
  const moved = Object.entries(params).map(([name, values]) => [
    name,
    values.map((value, i) => value + a * first[name][i] + b * second[name][i]),
  ]);
  return xorForward(Object.fromEntries(moved), X, y).loss;
}

/** Shades from dark to light. */
function greens(count) {
  return Array.from({ length: count }, (_, index) => {
    const share = index / (count - 1);
    const channel = (dark, light) => Math.round(dark + (light - dark) * share);
    return `rgb(${channel(0, 240)},${channel(68, 250)},${channel(60, 235)})`;
  });
}
