// Ready-made trainings: a spec or two, the data they learn, and how far to go.

import type { TrainingState } from "./state.ts";

export interface Preset {
  readonly name: string;
  readonly label: string;
  /** Rows of the system table it shows: S16. */
  readonly systems: readonly string[];
  /** What to look at. */
  readonly doc: string;
  readonly state: TrainingState;
}

const common = { seed: 1, dataSeed: 1, rows: undefined, noise: undefined, batch: 0, logScale: false, smoothing: 1 } as const;

export const presets: readonly Preset[] = [
  {
    name: "xor",
    label: "XOR, 2-4-1",
    systems: ["S16"],
    doc: "The smallest problem that needs a hidden layer. After a long flat stretch the loss falls, and all four answers are right.",
    state: {
      ...common,
      data: "xor",
      until: 4000,
      pace: 1000,
      spec: spec(`
# S16: XOR, the smallest problem that needs a hidden layer.
name: xor
input: [batch, 2]
layers:
  - dense: 4
  - sigmoid
  - dense: 1
  - sigmoid
init: xavier
loss: mse
optimizer: { sgd: { rate: 2 } }
`),
      rival: undefined,
    },
  },
  {
    name: "spirals",
    label: "Spirals",
    systems: [],
    doc: "Three arms around each other: watch the boundary bend, arm by arm, on mini-batches.",
    state: {
      ...common,
      data: "three-spirals",
      until: 1500,
      pace: 300,
      batch: 32,
      smoothing: 20,
      spec: spec(`
# Three arms, told apart by two layers of tanh
name: spirals
input: [batch, 2]
layers:
  - dense: 16
  - tanh
  - dense: 16
  - tanh
  - dense: 3
init: xavier
loss: cross-entropy
optimizer: { adam: { rate: 0.01 } }
`),
      rival: undefined,
    },
  },
  {
    name: "vanishing",
    label: "Vanishing gradients: 10 sigmoid layers against ReLU",
    systems: ["S20", "S23"],
    doc: "The same depth, the same data. Through ten sigmoids hardly any gradient comes back to the first layer; through ten ReLUs it arrives.",
    state: {
      ...common,
      data: "moons",
      until: 400,
      pace: 60,
      rows: 60,
      logScale: true,
      spec: deep("deepSigmoid", "sigmoid", "xavier"),
      rival: deep("deepRelu", "relu", "he"),
    },
  },
  {
    name: "two-layer",
    label: "Two-layer ReLU net, softmax cross-entropy",
    systems: ["S11"],
    doc: "ReLU(X W1) W2 without biases: G2 = S − I_y, G1 = 1{Z1 > 0} ∘ (G2 W2ᵀ). The lines of the boundary all pass through the origin.",
    state: {
      ...common,
      data: "three-blobs",
      until: 300,
      pace: 60,
      batch: 20,
      smoothing: 10,
      spec: spec(`
# S11: ReLU(X W1) W2 with softmax cross-entropy, labels as class indices
name: twoLayer
input: [batch, 2]
layers:
  - dense: { units: 32, bias: false }
  - relu
  - dense: { units: 3, bias: false }
init: he
loss: cross-entropy
optimizer: { sgd: { rate: 0.5 } }
`),
      rival: undefined,
    },
  },
  {
    name: "softplus",
    label: "Regression: softplus net",
    systems: [],
    doc: "A curve put together from bent lines: each hidden unit adds one soft corner to the fit.",
    state: {
      ...common,
      data: "sine",
      until: 1500,
      pace: 300,
      logScale: true,
      spec: spec(`
# A curve of softplus corners through noisy points
name: softplusNet
input: [batch, 1]
layers:
  - dense: 8
  - softplus
  - dense: 1
init: xavier
loss: mse
optimizer: { adam: { rate: 0.03 } }
`),
      rival: undefined,
    },
  },
  {
    name: "residual",
    label: "Deep residual",
    systems: ["S29"],
    doc: "Eight blocks deep, yet the first layer gets its gradient: every block adds to what passes by.",
    state: {
      ...common,
      data: "circles",
      until: 200,
      pace: 40,
      rows: 60,
      logScale: true,
      spec: spec(`
# Skip connections: each block adds to what passes by
name: residualNet
input: [batch, 2]
layers:
  - dense: 8
  - repeat: 8
    layers:
      - residual:
          - dense: 8
          - tanh
          - dense: 8
  - dense: 1
init: xavier
loss: binary-cross-entropy
optimizer: { adam: { rate: 0.003 } }
`),
      rival: undefined,
    },
  },
];

export const firstPreset = presets[0]!;

function deep(name: string, activation: string, init: string): string {
  return spec(`
# Ten hidden layers of ${activation}
name: ${name}
input: [batch, 2]
layers:
  - repeat: 10
    layers:
      - dense: 8
      - ${activation}
  - dense: 1
  - sigmoid
init: ${init}
loss: binary-cross-entropy
optimizer: { sgd: { rate: 0.1 } }
`);
}

function spec(text: string): string {
  return text.slice(1);
}
