// The set of exercises, from one gate to a two-layer network. Bundled as data: nothing of it is read from disk.

import type { BlankChoice } from "./choose.ts";

export interface SetEntry {
  /** 1-based, easiest first. */
  readonly number: number;
  /** What its files are called after, behind the number. */
  readonly name: string;
  readonly title: string;
  /** What one knows after it: a sentence. */
  readonly teaches: string;
  /** In the language of expressions. */
  readonly source: string;
  readonly blanks: BlankChoice;
  /** Points that are graded in any case. */
  readonly points: readonly Readonly<Record<string, number>>[];
}

const entries: readonly Omit<SetEntry, "number">[] = [
  {
    name: "multiply",
    title: "The multiply gate",
    teaches: "A product swaps: each factor receives the other one.",
    source: "f(x, y) = x * y\n",
    blanks: "all",
    points: [{ x: 4, y: -3 }],
  },
  {
    name: "add",
    title: "The add gate",
    teaches: "A sum hands the gradient on as it is; what is subtracted receives it with its sign turned.",
    source: "f(x, y, z) = x + y - z\n",
    blanks: "all",
    points: [{ x: 2, y: -1, z: 5 }],
  },
  {
    name: "max",
    title: "The max gate",
    teaches: "max gives the whole gradient to the larger operand and nothing to the other.",
    source: "f(x, y) = max(x, y)\n",
    blanks: "all",
    points: [
      { x: 4, y: 2 },
      { x: -1, y: 3 },
    ],
  },
  {
    name: "two-stages",
    title: "Two stages",
    teaches: "The gradient that arrives at a stage is a factor of all that leaves it: the chain rule.",
    source: "q = x + y\nf = q * z\n",
    blanks: "all",
    points: [{ x: -2, y: 5, z: -4 }],
  },
  {
    name: "square",
    title: "A square of a sum",
    teaches: "A gate that bends has a local gradient that depends on its input.",
    source: "u = x + 2\nf = u^2\n",
    blanks: "all",
    points: [{ x: 1 }],
  },
  {
    name: "one-input",
    title: "Gates of one input",
    teaches: "Four gates in a row, four local gradients multiplied. Constants get no gradient.",
    source: "const a, c\ns = a * x\nt = c + s\nr = 1 / t\nf = exp(r)\n",
    blanks: "all",
    points: [{ x: 0.5, a: 2, c: 1 }],
  },
  {
    name: "patterns",
    title: "Add, max and multiply together",
    teaches: "Each gate of a larger circuit does its own: sums distribute, max routes, products swap.",
    source: "p = x * y\nm = max(z, w)\nf = 2 * (p + m)\n",
    blanks: 5,
    points: [{ x: 3, y: -4, z: 2, w: -1 }],
  },
  {
    name: "neuron",
    title: "A sigmoid neuron",
    teaches: "The sigmoid's gradient is made of its output: σ′ = σ(1 − σ).",
    source: "dot = w0*x0 + w1*x1 + w2\nf = sigmoid(dot)\n",
    blanks: 4,
    points: [{ w0: 2, x0: -1, w1: -3, x1: -2, w2: -3 }],
  },
  {
    name: "fork",
    title: "A value that is read twice",
    teaches: "Where a value forks, the gradients that come back are added.",
    source: "z = w*x + b\nh = tanh(z)\nu = h * x\nf = u * h\n",
    blanks: 5,
    points: [{ w: 0.5, x: -2, b: 0.25 }],
  },
  {
    name: "staged",
    title: "Eight stages",
    teaches: "However long the expression: one stage at a time, last one first, adding up at forks.",
    source: "num = x + sigmoid(y)\nden = sigmoid(x) + (x + y)^2\nf = num / den\n",
    blanks: 6,
    points: [{ x: 3, y: -4 }],
  },
  {
    name: "squared-error",
    title: "The squared error of a neuron",
    teaches: "From the loss through the activation to the weight: the chain that trains a neuron.",
    source: "param w, b\ninput x, y\nz = w*x + b\na = sigmoid(z)\ne = y - a\nL = e^2\n",
    blanks: 5,
    points: [{ w: 0.5, b: -0.25, x: 2, y: 1 }],
  },
  {
    name: "log-sum-exp",
    title: "Softmax cross-entropy of three scores",
    teaches: "The loss of a classifier sends back the probabilities, less 1 at the right class.",
    source: "lse = log(exp(h1) + exp(h2) + exp(h3))\nloss = lse - h2\n",
    blanks: "all",
    points: [{ h1: 1, h2: -0.5, h3: 2 }],
  },
  {
    name: "relu-chain",
    title: "Two ReLU units in a row",
    teaches: "A unit that is off lets nothing through, and all weights before it receive nothing.",
    source: "param w1, b1, w2, b2\ninput x, y\nz1 = w1*x + b1\nh = relu(z1)\nz2 = w2*h + b2\no = relu(z2)\ne = y - o\nL = e^2\n",
    blanks: 6,
    points: [
      { w1: 0.5, b1: 0.25, w2: 2, b2: -0.5, x: 1.5, y: 1 },
      { w1: -0.5, b1: 0.25, w2: 2, b2: 0.5, x: 1.5, y: 1 },
    ],
  },
  {
    name: "softplus-network",
    title: "A network of two softplus units",
    teaches: "The same steps for each unit; softplus has the sigmoid for its derivative.",
    source: [
      "param w1, b1, w2, b2, w3, w4, b3",
      "input x, y",
      "z1 = w1*x + b1",
      "h1 = softplus(z1)",
      "z2 = w2*x + b2",
      "h2 = softplus(z2)",
      "r = y - (w3*h1 + w4*h2 + b3)",
      "L = r^2",
      "",
    ].join("\n"),
    blanks: 6,
    points: [{ w1: 2.5, b1: -1.5, w2: -3, b2: 0.5, w3: -1.25, w4: -2, b3: 1, x: 0.5, y: 1 }],
  },
  {
    name: "broadcast",
    title: "A number times a vector",
    teaches: "A gradient has the shape of its variable: a number that every element reads collects from all of them.",
    source: "param s\nparam w [4]\ninput x [4]\nu = s * w\nf = dot(u, x)\n",
    blanks: "all",
    points: [],
  },
  {
    name: "matrix-product",
    title: "A matrix product",
    teaches: "Products of matrices swap as well; the shapes say which operand is transposed and on which side it stands.",
    source: "param W [2, 3]\nparam X [3, 4]\ninput G [2, 4]\nD = W * X\nf = sum(G .* D)\n",
    blanks: "all",
    points: [],
  },
  {
    name: "linear-layer",
    title: "A linear layer over a batch",
    teaches: "The rows of a batch share weights and bias: their gradients are sums over the rows, here of a mean.",
    source: "input X [m, 3]\ninput Y [m, 2]\nparam W [3, 2]\nparam b [2]\nZ = X * W + b\nR = Z - Y\nloss = sum(R .^ 2) / m\n",
    blanks: "all",
    points: [],
  },
  {
    name: "softmax-regression",
    title: "Softmax regression",
    teaches: "p − y for every row, then a matrix product: a classifier is trained by two lines.",
    source:
      "input X [m, 4]\ninput y [m] integer\nparam W [4, 3]\nparam b [3]\nscores = X * W + b\nloss = mean(softmax_cross_entropy(scores, y))\n",
    blanks: "all",
    points: [],
  },
  {
    name: "hinge-loss",
    title: "A support vector machine",
    teaches: "Margins route, the right class collects from all others, and the penalty adds its own part to the weights.",
    source: [
      "input X [n, 4]",
      "input y [n] integer",
      "param W [4, 3]",
      "param b [3]",
      "const lambda = 0.1",
      "scores = X * W + b",
      "right = reshape(pick(scores, y), [n, 1])",
      "margins = max(0, scores - right + 1)",
      "loss = sum(margins) / n - 1 + lambda * sum(W .* W)",
      "",
    ].join("\n"),
    blanks: 5,
    points: [],
  },
  {
    name: "two-layers",
    title: "A network of two layers",
    teaches: "Everything at once: p − y, matrix products, the mask of ReLU. This is backpropagation.",
    source: [
      "input X [m, 5]",
      "input y [m] integer",
      "param W1 [5, 4]",
      "param b1 [4]",
      "param W2 [4, 3]",
      "param b2 [3]",
      "Z1 = X * W1 + b1",
      "H = relu(Z1)",
      "Z2 = H * W2 + b2",
      "loss = mean(softmax_cross_entropy(Z2, y))",
      "",
    ].join("\n"),
    blanks: "all",
    points: [],
  },
];

export const exerciseSet: readonly SetEntry[] = entries.map((entry, index) => ({ number: index + 1, ...entry }));

/** `07-patterns`: what the files of an entry are called after. */
export function stemOfEntry({ number, name }: SetEntry): string {
  return `${String(number).padStart(2, "0")}-${name}`;
}
