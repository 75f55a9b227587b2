// The source that `gen init` writes where there is none.

/** A line through points: small, useful, and with all three kinds of lines that a source has. */
export const EXAMPLE = {
  file: "loss.math",
  /** What the module of it exports. */
  gradient: "lossGrad",
  call: "const { loss, dw, db } = lossGrad(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6), 1, 0);",
  text: `# How far a line is from n points: the mean of the squares of what it misses them by.
input x [n]
input y [n]
param w, b

residual = w * x + b - y
loss = mean(residual .^ 2)
`,
} as const;
