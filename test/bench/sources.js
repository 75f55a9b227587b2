// The sources that benchmarks and figure tests are about, by size.

/** `count` statements, each three gates deeper than the one before. Its derivative neither vanishes nor explodes: all depths can be checked. */
export function chain(count) {
  return lines(count, (i) => `x${i} = sin(x${i - 1}) * 0.5 + x0`);
}

/** The same depth in nothing but products and sums, where a call to `sin` cannot hide what the rest costs. Takes x0, a and b. */
export function recurrence(count) {
  return lines(count, (i) => `x${i} = x${i - 1} * a + b`);
}

/** A product of `count` factors, each with an input of its own and near 1: that of 100,000 ordinary numbers is 0 or Infinity. */
export function product(count) {
  return lines(count, (i) => `p${i} = ${i === 1 ? "x0" : `p${i - 1}`} * (1 + x${i} / ${count})`);
}

/** A product of `count` + 1 inputs, where only operations count. */
export function plainProduct(count) {
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

export const sources = { chain, recurrence, product, plainProduct, nested, nestedStatements };

export const S7 = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)";

function lines(count, line) {
  const all = [];
  for (let i = 1; i <= count; i++) all.push(line(i));
  return all.join("\n");
}
