// S24, S25: what can be said about training in a spec, each on the same small network, data and number of steps: optimizers, schedules, clipping,
// accumulated gradients, penalties, dropout; and a run that is interrupted and goes on from a checkpoint.
// Run after `npm run build`: node examples/training-kit.js

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "wengert";
import { accuracy, batches } from "./kit/batches.js";
import { loadCheckpoint, saveCheckpoint } from "./kit/checkpoint.js";
import { movingAverage } from "./kit/convergence.js";
import { compileSpec } from "./kit/load-spec.js";
import { colors, drawPlot, Plot, savePicture, thin } from "./kit/picture.js";
import { makeSpirals } from "./kit/points.js";

const EPOCHS = 40;
const BATCH = 25;
const training = makeSpirals(300, 1);
const unseen = makeSpirals(300, 2);

/** The spec with more sections; the hidden layer may be followed by another. */
const specOf = (sections, after = "") => `
name: kit
input: [batch, 2]
layers:
  - dense: 24
  - relu${after}
  - dense: 3
init: he
loss: cross-entropy
${sections}
`;

const runs = [
  ["gradient descent", specOf("optimizer: { sgd: { rate: 0.1 } }")],
  ["momentum", specOf("optimizer: { sgd: { rate: 0.1, momentum: 0.9 } }")],
  ["Nesterov momentum", specOf("optimizer: { sgd: { rate: 0.1, momentum: 0.9, nesterov: true } }")],
  ["Adam", specOf("optimizer: { adam: { rate: 0.02 } }")],
  ["AdamW", specOf("optimizer: { adamw: { rate: 0.02, weightDecay: 0.01 } }")],
  ["RMSProp", specOf("optimizer: { rmsprop: { rate: 0.01 } }")],
  ["Adam, exponential schedule", specOf("optimizer: { adam: { rate: 0.02 } }\nschedule: { exponential: { decay: 0.995 } }")],
  ["Adam, step schedule", specOf("optimizer: { adam: { rate: 0.02 } }\nschedule: { step: { every: 160, factor: 0.3 } }")],
  ["Adam, cosine with warm-up", specOf("optimizer: { adam: { rate: 0.02 } }\nschedule: { cosine: { steps: 440, warmup: 40 } }")],
  ["rate 30", specOf("optimizer: { sgd: { rate: 30 } }")],
  ["rate 30, clipped to norm 0.05", specOf("optimizer: { sgd: { rate: 30 } }\nclip: { norm: 0.05 }")],
  ["rate 30, clipped to values 0.01", specOf("optimizer: { sgd: { rate: 30 } }\nclip: { value: 0.01 }")],
  ["momentum, 4 batches a step", specOf("optimizer: { sgd: { rate: 0.1, momentum: 0.9 } }\naccumulate: 4")],
  ["Adam, L2 0.001", specOf("optimizer: { adam: { rate: 0.02 } }\nregularization: { l2: 0.001 }")],
  ["Adam, dropout 0.1", specOf("optimizer: { adam: { rate: 0.02 } }", "\n  - dropout: 0.1")],
];

console.log(`${EPOCHS} epochs of ${training.y.length / BATCH} batches`);
console.log(`${"".padEnd(34)}last loss   seen  unseen`); // the loss with its penalty, the shares of points that are decided for rightly
const curves = [];
for (const [title, spec] of runs) {
  const functions = load(compileSpec(spec, "kit.net.yaml"));
  const { params, losses } = train(functions);
  const share = ({ X, y }) => accuracy(functions.kitPredict(params, X), y).toFixed(2);
  const smooth = movingAverage(losses, training.y.length / BATCH);
  console.log(`${title.padEnd(34)}${smooth.at(-1).toFixed(4).padStart(9)}   ${share(training)}    ${share(unseen)}`);
  curves.push({ title, smooth });
}
resumeFromCheckpoint();
drawCurves(["gradient descent", "momentum", "Adam", "Adam, cosine with warm-up"]);

/** Trains from the start, or goes on where `from` was saved; the losses before each step. */
function train({ kitInit, kitOptimizer, kitStep }, { from = undefined, epochs = EPOCHS } = {}) {
  const params = from?.params ?? kitInit(1);
  const optimizer = from?.optimizer ?? kitOptimizer();
  const losses = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    // Only a network with dropout takes a seed: a new one, and so a new mask, for each step.
    for (const { X, y } of batches(training, BATCH)) losses.push(kitStep(params, optimizer, X, y, losses.length));
  }
  return { params, optimizer, losses };
}

/** Ten epochs, a checkpoint, ten more: the same bits as twenty in a row. */
function resumeFromCheckpoint() {
  const functions = load(compileSpec(runs.find(([title]) => title === "Adam")[1], "kit.net.yaml"));
  const folder = mkdtempSync(join(tmpdir(), "wengert-"));
  const path = join(folder, "checkpoint.json");
  const { params, optimizer } = train(functions, { epochs: 10 });
  saveCheckpoint(path, { params, optimizer });
  const resumed = train(functions, { from: loadCheckpoint(path), epochs: 10 });
  rmSync(folder, { recursive: true });
  const whole = train(functions, { epochs: 20 });
  const isSame = Object.keys(whole.params).every((name) =>
    whole.params[name].every((w, i) => Object.is(w, resumed.params[name][i])),
  );
  console.log(`interrupted and resumed from a checkpoint: ${isSame ? "the same bits" : "different"} as in one go`);
}

function drawCurves(titles) {
  const points = titles.flatMap((title) => {
    const { smooth } = curves.find((curve) => curve.title === title);
    return thin(
      smooth.map((loss, index) => ({ title, step: index + 1, loss })),
      120,
    );
  });
  savePicture(
    "training-kit.svg",
    drawPlot({
      title: "Ways to train a 2-24-3 network on spirals",
      subtitle: "cross-entropy, averaged over the last 12 steps",
      width: 720,
      marginRight: 175,
      x: { label: "step" },
      y: { label: "loss", type: "log", grid: true, domain: [0.03, 2], ticks: [0.05, 0.1, 0.2, 0.5, 1], tickFormat: String },
      color: { domain: titles, range: colors },
      marks: [
        Plot.lineY(points, { x: "step", y: "loss", stroke: "title", strokeWidth: 2 }),
        Plot.text(
          points,
          Plot.selectLast({ x: "step", y: "loss", z: "title", text: "title", fill: "title", textAnchor: "start", dx: 6 }),
        ),
        Plot.frame(),
      ],
    }),
  );
}
