// Sources of gallery entries that show what no file in examples/ shows by itself.

export const LOSSES = `# S18: losses of a prediction p of y, side by side; the Jacobian has a row for each
param p in [0.05, 0.95]
input y in [0.05, 0.95]
squared = (p - y)^2
absolute = abs(p - y)
huber = absolute <= 0.5 ? squared / 2 : 0.5 * (absolute - 0.25)
hinge = max(0, 1 - (2 * y - 1) * (2 * p - 1))
crossEntropy = -(y * log(p) + (1 - y) * log(1 - p))
divergence = y * log(y / p) + (1 - y) * log((1 - y) / (1 - p))
losses = [squared, absolute, huber, hinge, crossEntropy, divergence]
`;

export const TRAINING_KIT = `# S24, S25: warm-up, a falling rate, dropout, an L2 penalty, clipping by the norm of all gradients
name: trainingKit
input: [batch, 2]
layers:
  - dense: 16
  - relu
  - dropout: 0.1
  - dense: 1
init: he
loss: binary-cross-entropy
regularization: { l2: 0.001 }
optimizer: { adam: { rate: 0.02 } }
schedule: { cosine: { steps: 600, minimum: 0.001, warmup: 50 } }
clip: { norm: 1 }
`;
