// The sources that benchmarks and figure tests are about, by size.

/** `count` statements, each a gate or three deeper than the one before. */
export function chain(count) {
  return lines(count, (i) => `x${i} = sin(x${i - 1}) * 0.5 + x${i - 1}`);
}

/** The same depth in nothing but products and sums, where a call to `sin` cannot hide what the rest costs. Takes x0, a and b. */
export function recurrence(count) {
  return lines(count, (i) => `x${i} = x${i - 1} * a + b`);
}

/** A product of `count` + 1 inputs, a factor a statement. */
export function product(count) {
  return lines(count, (i) => `p${i} = ${i === 1 ? "x0" : `p${i - 1}`} * x${i}`);
}

/** `count` factors nested in one expression: x * sin(x * sin(x * ...)). */
export function nested(count) {
  return `${"x * sin(".repeat(count)}x${")".repeat(count)}`;
}

/** The same, a factor a statement. */
export function nestedStatements(count) {
  return lines(count, (i) => `u${i} = x * sin(${i === 1 ? "x" : `u${i - 1}`})`);
}

export const sources = { chain, recurrence, product, nested, nestedStatements };

export const S7 = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)";

function lines(count, line) {
  const all = [];
  for (let i = 1; i <= count; i++) all.push(line(i));
  return all.join("\n");
}
