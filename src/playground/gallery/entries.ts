// The gallery: the systems of the course notes, each with its source from examples/, a point, and what to look for.
/// <reference types="vite/types/importMeta.d.ts" />

import type { Mode, Style } from "../../emit/typescript/signature.ts";
import type { Point } from "../protocol.ts";
import type { TrainingState } from "../train/state.ts";
import { LOSSES, TRAINING_KIT } from "./own-sources.ts";

export interface GalleryEntry {
  /** File name below examples/; or a name that tells it apart, where the entry has a source of its own or is a part of the page. */
  readonly file: string;
  readonly text?: string;
  /** The part of the page that it opens, where there is no source to open. */
  readonly tab?: "exercises" | "check";
  readonly title: string;
  /** What to see, in one line. */
  readonly see: string;
  readonly group: string;
  readonly point?: Point;
  readonly mode?: Mode;
  readonly style?: Style;
  /** How a network is trained. */
  readonly training?: Partial<TrainingState>;
  /** Rows of the table of systems that it shows, beside those that the first line of its source names. */
  readonly systems?: readonly string[];
}

export const GATES = "Single gates";
export const EXPRESSIONS = "Expressions";
export const LEARNING = "Neurons and losses";
export const TENSORS = "Vectors and matrices";
export const NETWORKS = "Networks, to train";
export const CHECKS = "Checking";

const sources: Readonly<Record<string, string>> = import.meta.glob(["../../../examples/*.math", "../../../examples/*.net.yaml"], {
  query: "?raw",
  import: "default",
  eager: true,
});

export const gallery: readonly GalleryEntry[] = [
  {
    file: "multiply.math",
    group: GATES,
    title: "Multiply gate",
    see: "Each input receives the other's value: dx is y, dy is x.",
    point: { x: 4, y: -3 },
  },
  {
    file: "add.math",
    group: GATES,
    title: "Add gate",
    see: "Both inputs receive the gradient unchanged.",
    point: { x: 4, y: -3 },
  },
  {
    file: "max.math",
    group: GATES,
    title: "Max gate",
    see: "The larger input receives everything. Make them equal to see the convention at a tie.",
    point: { x: 4, y: 2 },
  },
  {
    file: "unary-gates.math",
    group: GATES,
    title: "Gates of one input",
    see: "1/x, c + x, exp(x) and a·x; the constants c and a get no gradient code.",
    point: { x: 2, a: 3, c: 1 },
  },
  {
    file: "compound.math",
    group: EXPRESSIONS,
    title: "A compound expression",
    see: "The chain rule in two stages: what reaches q goes on to x and y.",
    point: { x: -2, y: 5, z: -4 },
  },
  {
    file: "patterns.math",
    group: EXPRESSIONS,
    title: "Patterns in the backward flow",
    see: "Add distributes, max routes, multiply swaps.",
    point: { x: 3, y: -4, z: 2, w: -1 },
  },
  {
    file: "staged.math",
    group: EXPRESSIONS,
    title: "Staged computation",
    see: "Eight stages forward; x and y fork, so their gradients grow with +=.",
    systems: ["S27"],
    point: { x: 3, y: -4 },
  },
  {
    file: "shifted-square.math",
    group: EXPRESSIONS,
    title: "The chain rule on one line",
    see: "(x + 2)²: the square's slope, handed through the sum.",
    point: { x: 1 },
  },
  {
    file: "polynomial.math",
    group: EXPRESSIONS,
    title: "x² + 2x",
    see: "The slope at 1 is 4.",
    point: { x: 1 },
  },
  {
    file: "quadratic.math",
    group: EXPRESSIONS,
    title: "x² + 3x + 1",
    see: "The slope at 2 is 7.",
    point: { x: 2 },
  },
  {
    file: "rosenbrock.math",
    group: EXPRESSIONS,
    title: "Rosenbrock's valley, with its Hessian",
    see: "A gradient function, differentiated again.",
    point: { x: -1.2, y: 1 },
    mode: "hessian",
    style: "tidy",
  },
  {
    file: "camera.math",
    group: EXPRESSIONS,
    title: "A camera's reprojection error",
    see: "Ten unknowns; the backward pass still costs no more than a few forward passes.",
  },
  {
    file: "line.math",
    group: LEARNING,
    title: "A line",
    see: "What it passes back to slope and intercept.",
    point: { w: 3, x: 2, b: 1 },
  },
  {
    file: "neuron.math",
    group: LEARNING,
    title: "A sigmoid neuron",
    see: "1 / (1 + exp(−dot)) is recognised as one gate, with σ′ = σ(1 − σ).",
    point: { w0: 2, x0: -1, w1: -3, x1: -2, w2: -3 },
  },
  {
    file: "squared-error.math",
    group: LEARNING,
    title: "Squared error of one neuron",
    see: "dL/da, da/dz, dz/dw: the chain, step by step.",
    point: { w: 2, b: -1, x: 1.5, y: 1 },
  },
  {
    file: "tanh.math",
    group: LEARNING,
    title: "The tanh gate",
    see: "Its derivative reuses its output: 1 − t².",
    point: { w: 0.5, x: 2, b: -0.25 },
  },
  {
    file: "relu-exercise.math",
    group: LEARNING,
    title: "Two ReLU units",
    see: "Set w1 to −2: the gate closes, and nothing flows back to w1.",
    point: { w1: 2, b1: -1, w2: 3, b2: 0.5, x: 1, y: 1 },
  },
  {
    file: "softmax-cross-entropy.math",
    group: LEARNING,
    title: "Softmax cross-entropy, written out",
    see: "Rewritten so that it cannot overflow; the gradient comes out as p − y.",
    point: { h1: 1, h2: 2, h3: -0.5 },
  },
  {
    file: "softplus-network.math",
    group: LEARNING,
    title: "A 1-2-1 network with softplus",
    see: "Sum of squared residuals; its gradient by b3 is −15.7 at b3 = 0.",
    point: { w1: 3.34, b1: -1.43, w2: -3.53, b2: 0.57, w3: -1.22, w4: -2.3, b3: 0 },
  },
  {
    file: "entropy.math",
    group: LEARNING,
    title: "Entropy",
    see: "Of three probabilities, in bits.",
    point: { p1: 0.5, p2: 0.25, p3: 0.25 },
  },
  {
    file: "cross-entropy.math",
    group: LEARNING,
    title: "Cross-entropy",
    see: "Of q relative to p: the gradient is −p/q.",
    point: { p1: 0.5, p2: 0.25, p3: 0.25, q1: 0.25, q2: 0.25, q3: 0.5 },
  },
  {
    file: "zipf.math",
    group: LEARNING,
    title: "Zipf's law",
    see: "How badly an exponent explains the counts of five words.",
    point: { s: 1, n1: 60, n2: 30, n3: 20, n4: 15, n5: 12 },
  },
  {
    file: "categorical.math",
    group: LEARNING,
    title: "Categorical normalisation",
    see: "Three outputs: a Jacobian, one row for each.",
    point: { a: 1, b: 2, c: 5 },
    mode: "jacobian",
  },
  {
    file: "losses",
    text: LOSSES,
    group: LEARNING,
    title: "Six losses of one prediction",
    see: "Which of them pull harder the further p is from y, and which do not.",
    point: { p: 0.8, y: 0.1 },
    mode: "jacobian",
  },
  {
    file: "matmul.math",
    group: TENSORS,
    title: "A matrix product",
    see: "dW = dD Xᵀ and dX = Wᵀ dD, without a transpose in memory.",
  },
  {
    file: "layer.math",
    group: TENSORS,
    title: "The Jacobian of a layer",
    see: "A vector-valued function: every output by every input.",
    mode: "jacobian",
  },
  {
    file: "least-squares.math",
    group: TENSORS,
    title: "Least squares with a ridge",
    see: "dot(r, r) reads r twice, so r's gradient is 2r/m.",
  },
  {
    file: "softmax-regression.math",
    group: TENSORS,
    title: "Softmax regression",
    see: "The gradient at the scores is S − I_y.",
  },
  {
    file: "softmax-regression-written.math",
    group: TENSORS,
    title: "Softmax regression, written out",
    see: "−h_y + log Σ exp h comes to the same gradient.",
  },
  {
    file: "softmax-regression-one-hot.math",
    group: TENSORS,
    title: "Softmax regression, one-hot labels",
    see: "The logarithm of a softmax, made stable.",
  },
  {
    file: "svm.math",
    group: TENSORS,
    title: "Multiclass SVM",
    see: "The hinge loss routes; the penalty adds 2λW.",
  },
  {
    file: "two-layer.math",
    group: TENSORS,
    title: "A two-layer ReLU network",
    see: "G2 = S − I_y, then G1 = 1{Z1 > 0} ∘ (G2 W2ᵀ).",
  },
  {
    file: "l-layer.math",
    group: TENSORS,
    title: "Three layers",
    see: "The same recursion at every layer.",
  },
  {
    file: "gaussian.math",
    group: TENSORS,
    title: "A normal density",
    see: "Gradients through a solve and a log-determinant.",
  },
  { file: "xor.net.yaml", group: NETWORKS, title: "XOR", see: "The smallest problem that needs a hidden layer." },
  { file: "hand-net.net.yaml", group: NETWORKS, title: "A 2-2-1 network", see: "Small enough to follow by hand." },
  { file: "two-layer.net.yaml", group: NETWORKS, title: "Two layers", see: "The network of the notes, as a list of layers." },
  {
    file: "deep-sigmoid.net.yaml",
    group: NETWORKS,
    title: "Twelve sigmoid layers",
    see: "The gradient vanishes on its way back.",
  },
  { file: "deep-relu.net.yaml", group: NETWORKS, title: "Twelve ReLU layers", see: "The same depth; the gradient arrives." },
  {
    file: "sequential.net.yaml",
    group: NETWORKS,
    title: "A classifier of digits",
    see: "784-256-10 with cross-entropy and Adam.",
  },
  { file: "mlp.net.yaml", group: NETWORKS, title: "784-128-64-10", see: "A stack of layers with He initialisation." },
  {
    file: "residual.net.yaml",
    group: NETWORKS,
    title: "A residual network",
    see: "A skip connection is an add gate: it distributes.",
  },
  {
    file: "convnet.net.yaml",
    group: NETWORKS,
    title: "A convolutional network",
    see: "The backward of a convolution is another one.",
  },
  { file: "lstm.net.yaml", group: NETWORKS, title: "An LSTM", see: "Backpropagation through time, written out." },
  { file: "transformer.net.yaml", group: NETWORKS, title: "A transformer block", see: "Attention, normalisation, residuals." },
  {
    file: "training-kit.net.yaml",
    text: TRAINING_KIT,
    training: { data: "moons", batch: 16, pace: 60, until: 600, smoothing: 20 },
    group: NETWORKS,
    title: "A whole training kit",
    see: "Adam, warm-up, a schedule, dropout, a penalty, clipping; the loss surface with the way that training took.",
  },
  {
    file: "squared-error.math, checked",
    text: exampleNamed("squared-error.math"),
    group: CHECKS,
    title: "A gradient check",
    see: "Press the verdict beside Code: every input with its largest error, and at how many points.",
    point: { w: 2, b: -1, x: 1.5, y: 1 },
    systems: ["S21"],
  },
  {
    file: "check",
    tab: "check",
    group: CHECKS,
    title: "Check a backward pass of your own",
    see: "The first wrong line, and the mistake that it probably is.",
    systems: ["S21"],
  },
  {
    file: "exercises",
    tab: "exercises",
    group: CHECKS,
    title: "Twenty exercises",
    see: "Backward lines to fill in, from one gate to a network.",
    systems: ["S20"],
  },
];

export const groups: readonly string[] = [GATES, EXPRESSIONS, LEARNING, TENSORS, NETWORKS, CHECKS];

/** Rows of the table of systems, as the first line of an example names them: `# S20, S23: ...`. */
export function systemsOf(entry: GalleryEntry): readonly string[] {
  const [, named = ""] = /^# (S\d+(?:, S\d+)*):/.exec(sourceOf(entry)) ?? [];
  return [...new Set([...named.split(", ").filter((name) => name !== ""), ...(entry.systems ?? [])])];
}

/** Empty for a part of the page. */
export function sourceOf({ file, text, tab }: GalleryEntry): string {
  return text ?? (tab === undefined ? exampleNamed(file) : "");
}

function exampleNamed(file: string): string {
  const text = sources[`../../../examples/${file}`];
  if (text === undefined) throw new Error(`no example ${file}`);
  return text;
}

export function isNetwork({ file }: GalleryEntry): boolean {
  return file.endsWith(".net.yaml");
}
