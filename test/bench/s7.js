// S7, the course notes' staged example: value and both partial derivatives, by everything one might use for it today.

import { runInTurn } from "./contest.js";
import { digits, table } from "./markdown.js";
import { median, nanosecondsPerCall, samplePoints, smallest } from "./measure.js";
import { PACKAGE } from "./package.js";
import { S7 } from "./sources.js";
import { createTape, Value } from "./tapes.js";

const ROUNDS = 7;
const WRITTEN_OUT = "(x + 1/(1 + exp(-y))) / (1/(1 + exp(-x)) + (x + y)^2)";

/** Name to what answers, once made, a function (x, y) that leaves f, dx and dy in the array it is given. */
const contestants = {
  "hand-written, out array": () => handWritten,
  "wengert fast": () => ours("fast"),
  "wengert fast, no out given": async () => intoOut(await ours("fast"), (result) => result),
  "wengert tidy": async () => objectIntoOut(await ours("tidy")),
  "wengert staged": async () => objectIntoOut(await ours("staged")),
  "course notes, word for word": () => courseNotes,
  "hand-written, fresh array": () => intoOut(freshArray, (result) => result),
  "central differences": () => centralDifferences,
  "tape in typed arrays": typedTape,
  "Rose 0.4 (WebAssembly)": rose,
  "micrograd-style tape": () => objectTape,
  "nerdamer 1.1, diff and buildFunction": nerdamer,
  "algebrite 1.4, derivative as JavaScript": algebrite,
  "mathjs 15, derivative, compile, evaluate": mathjs,
};

export async function contest({ name }) {
  const run = await contestants[name]();
  const [xs, ys] = samplePoints(2);
  const out = new Float64Array(3);
  run(3, -4, out);
  const answer = [...out];
  const nanoseconds = nanosecondsPerCall((i) => {
    run(xs[i], ys[i], out);
    return out[0] + out[1] + out[2];
  });
  return { nanoseconds, answer };
}

export async function report() {
  const names = Object.keys(contestants);
  const answers = await runInTurn(
    "s7",
    names.map((name) => ({ name })),
    ROUNDS,
  );
  const reference = smallest(answers[0].map(({ nanoseconds }) => nanoseconds));
  const rows = names.map((name, index) => rowOf(name, answers[index], answers[0], reference));
  const columns = ["contestant", "ns, least", "ns, median", "least × hand-written", "differs by"];
  return `## S7: value and both partials, ${ROUNDS} processes each\n\n${table(columns, rows)}`;
}

function rowOf(name, answers, references, reference) {
  const failed = answers.find((answer) => answer.failed !== undefined);
  if (failed !== undefined) return [name, "–", "–", "–", failed.failed];
  const times = answers.map(({ nanoseconds }) => nanoseconds);
  const error = Math.max(...answers[0].answer.map((value, at) => Math.abs(value - references[0].answer[at])));
  return [name, digits(smallest(times)), digits(median(times)), digits(smallest(times) / reference), error.toExponential(0)];
}

/** What a numerical programmer writes when it has to be fast. */
function handWritten(x, y, out) {
  const sigY = 1 / (1 + Math.exp(-y));
  const sigX = 1 / (1 + Math.exp(-x));
  const sum = x + y;
  const inverse = 1 / (sigX + sum * sum);
  const f = (x + sigY) * inverse;
  const dDenominator = -f * inverse;
  const dSum = 2 * sum * dDenominator;
  out[0] = f;
  out[1] = inverse + dDenominator * sigX * (1 - sigX) + dSum;
  out[2] = inverse * sigY * (1 - sigY) + dSum;
}

function freshArray(x, y) {
  const sigY = 1 / (1 + Math.exp(-y));
  const sigX = 1 / (1 + Math.exp(-x));
  const sum = x + y;
  const inverse = 1 / (sigX + sum * sum);
  const f = (x + sigY) * inverse;
  const dDenominator = -f * inverse;
  const dSum = 2 * sum * dDenominator;
  return [f, inverse + dDenominator * sigX * (1 - sigX) + dSum, inverse * sigY * (1 - sigY) + dSum];
}

/** The code of the notes, `+=` and all. */
function courseNotes(x, y, out) {
  const sigy = 1.0 / (1 + Math.exp(-y)); // (1)
  const num = x + sigy; // (2)
  const sigx = 1.0 / (1 + Math.exp(-x)); // (3)
  const xpy = x + y; // (4)
  const xpysqr = xpy ** 2; // (5)
  const den = sigx + xpysqr; // (6)
  const invden = 1.0 / den; // (7)
  const f = num * invden; // (8)
  const dnum = invden; // (8)
  const dinvden = num; // (8)
  const dden = (-1.0 / den ** 2) * dinvden; // (7)
  const dsigx = 1 * dden; // (6)
  const dxpysqr = 1 * dden; // (6)
  const dxpy = 2 * xpy * dxpysqr; // (5)
  let dx = 1 * dxpy; // (4)
  let dy = 1 * dxpy; // (4)
  dx += (1 - sigx) * sigx * dsigx; // (3)
  dx += 1 * dnum; // (2)
  const dsigy = 1 * dnum; // (2)
  dy += (1 - sigy) * sigy * dsigy; // (1)
  out[0] = f;
  out[1] = dx;
  out[2] = dy;
}

function value(x, y) {
  return (x + 1 / (1 + Math.exp(-y))) / (1 / (1 + Math.exp(-x)) + (x + y) ** 2);
}

function centralDifferences(x, y, out) {
  const h = 6e-6;
  out[0] = value(x, y);
  out[1] = (value(x + h, y) - value(x - h, y)) / (2 * h);
  out[2] = (value(x, y + h) - value(x, y - h)) / (2 * h);
}

function objectIntoOut(run) {
  return (x, y, out) => {
    const result = run(x, y);
    out[0] = result.f;
    out[1] = result.dx;
    out[2] = result.dy;
  };
}

function intoOut(run, read) {
  return (x, y, out) => {
    const result = read(run(x, y));
    out[0] = result[0];
    out[1] = result[1];
    out[2] = result[2];
  };
}

/** The emitted function itself. */
async function ours(style) {
  const { compile, load } = await import(PACKAGE);
  return load(compile(S7, { style })).fGrad;
}

function typedTape() {
  const tape = createTape();
  return (x, y, out) => {
    tape.reset();
    const [a, b] = [tape.input(x), tape.input(y)];
    const numerator = tape.add(a, tape.sigmoid(b));
    const f = tape.divide(numerator, tape.add(tape.sigmoid(a), tape.square(tape.add(a, b))));
    tape.backward(f);
    out[0] = tape.valueOf(f);
    out[1] = tape.gradientOf(a);
    out[2] = tape.gradientOf(b);
  };
}

function objectTape(xValue, yValue, out) {
  const [x, y] = [new Value(xValue), new Value(yValue)];
  const one = new Value(1);
  const sigmoid = (v) => one.over(one.plus(v.negated().exp()));
  const f = x.plus(sigmoid(y)).over(sigmoid(x).plus(x.plus(y).power(2)));
  f.backward();
  out[0] = f.data;
  out[1] = x.grad;
  out[2] = y.grad;
}

async function rose() {
  const { Dual, Real, Vec, add, compile, div, fn, mul, neg, opaque, vjp } = await import("rose");
  const exp = opaque([Real], Real, Math.exp);
  exp.jvp = fn([Dual], Dual, ({ re, du }) => {
    const value = exp(re);
    return { re: value, du: mul(du, value) };
  });
  const sigmoid = (x) => div(1, add(1, exp(neg(x))));
  const pair = Vec(2, Real);
  const f = fn([pair], Real, ([x, y]) => {
    const sum = add(x, y);
    return div(add(x, sigmoid(y)), add(sigmoid(x), mul(sum, sum)));
  });
  const both = fn([pair], { value: Real, gradient: pair }, (point) => {
    const { ret, grad } = vjp(f)(point);
    return { value: ret, gradient: grad(1) };
  });
  const run = await compile(both);
  return (x, y, out) => {
    const result = run([x, y]);
    out[0] = result.value;
    out[1] = result.gradient[0];
    out[2] = result.gradient[1];
  };
}

async function nerdamer() {
  const { default: algebra } = await import("nerdamer/all.min.js");
  const [f, dx, dy] = [WRITTEN_OUT, `diff(${WRITTEN_OUT}, x)`, `diff(${WRITTEN_OUT}, y)`].map((text) =>
    algebra(text).buildFunction(["x", "y"]),
  );
  return threeFunctions(f, dx, dy);
}

async function algebrite() {
  const { default: algebra } = await import("algebrite");
  const build = (text) => {
    const javascript = algebra
      .run(text)
      .replaceAll("^", "**")
      .replace(/\(-(\w+)\*\*/g, "((-$1)**")
      .replaceAll("exp(", "Math.exp(");
    return new Function("x", "y", `return ${javascript};`);
  };
  const [f, dx, dy] = [WRITTEN_OUT, `d(${WRITTEN_OUT}, x)`, `d(${WRITTEN_OUT}, y)`].map(build);
  return threeFunctions(f, dx, dy);
}

function threeFunctions(f, dx, dy) {
  return (x, y, out) => {
    out[0] = f(x, y);
    out[1] = dx(x, y);
    out[2] = dy(x, y);
  };
}

async function mathjs() {
  const { derivative, parse } = await import("mathjs");
  const tree = parse(WRITTEN_OUT);
  const [f, dx, dy] = [tree, derivative(tree, "x"), derivative(tree, "y")].map((each) => each.compile());
  return (x, y, out) => {
    const scope = { x, y };
    out[0] = f.evaluate(scope);
    out[1] = dx.evaluate(scope);
    out[2] = dy.evaluate(scope);
  };
}
