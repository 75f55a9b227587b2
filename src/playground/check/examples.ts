// Backward passes with a mistake each, to see what is said of them.

export interface CheckExample {
  readonly title: string;
  readonly against: string;
  readonly text: string;
}

const COMPOUND = "f(x, y, z) = (x + y) * z";
const FORK = "f(x, y) = x * y + sin(x)";
const NEURON = "dot = w * x + b\nf = sigmoid(dot)";
const LAYER = "param W [2, 3]\nparam X [3, 4]\ninput G [2, 4]\nD = W * X\nf = sum(G .* D)";

export const firstExample: CheckExample = {
  title: "Operands swapped",
  against: COMPOUND,
  text: `function fGrad(x, y, z) {
  const q = x + y;
  const f = q * z;

  const dq = q; // what does a product hand to q?
  const dz = q;
  const dx = dq;
  const dy = dq;
  return { f, dx, dy, dz };
}
`,
};

export const checkExamples: readonly CheckExample[] = [
  firstExample,
  {
    title: "= where the gradients meet",
    against: FORK,
    text: `function fGrad(x, y) {
  const p = x * y;
  const s = Math.sin(x);
  const f = p + s;

  const dp = 1;
  const ds = 1;
  let dx = y * dp;
  const dy = x * dp;
  dx = Math.cos(x) * ds;
  return { f, dx, dy };
}
`,
  },
  {
    title: "The upstream gradient forgotten",
    against: NEURON,
    text: `function fGrad(w, x, b) {
  const dot = w * x + b;
  const f = 1 / (1 + Math.exp(-dot));

  const ddot = f * (1 - f);
  const dw = x;
  const dx = w * ddot;
  const db = ddot;
  return { f, dw, dx, db };
}
`,
  },
  {
    title: "A matrix not transposed",
    against: LAYER,
    text: `function fGrad(W, X, G) {
  let f = 0;
  const dW = [[0, 0, 0], [0, 0, 0]];
  const dX = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
  for (let i = 0; i < 2; i++)
    for (let j = 0; j < 4; j++)
      for (let k = 0; k < 3; k++) {
        f += G[i][j] * W[i][k] * X[k][j];
        dW[i][k] += G[i][j] * X[k][j];
        dX[k][j] += W[j % 2][k] * G[i][j];
      }
  return { f, dW, dX };
}
`,
  },
];
