// Time per operation of emitted fast code by size. Engines do not optimise functions beyond a certain length; ours are split below it.

import { runInTurn } from "./contest.js";
import { digits, table } from "./markdown.js";
import { smallest } from "./measure.js";
import { PACKAGE } from "./package.js";
import { sources } from "./sources.js";

const ROUNDS = 2;
const SIZES = [100, 1000, 10_000, 100_000];
const INPUTS = { chain: [0.7], recurrence: [0.7, 0.999, 0.001] };
/** Optimising the parts of a hundred thousand statements takes the engine a minute or more, in the background. */
const MOST_WARM_UP = 400_000;
const steadyFor = (size) => (size >= 10_000 ? 25_000 : 3000);

export async function contest({ kind, size, steady = steadyFor(size) }) {
  const { compile, load } = await import(PACKAGE);
  const compilation = compile(sources[kind](size), { style: "fast", verify: false });
  const run = load(compilation)[compilation.functions[0].exports.grad];
  const inputs = INPUTS[kind];
  const out = new Float64Array(inputs.length + 1);
  const least = warmUp(() => run(...inputs, out), steady);
  const { forward, backward } = compilation.opCount;
  return { operations: forward + backward, nanoseconds: least, perOperation: least / (forward + backward) };
}

/** Runs until no batch has been faster for a while: the engine is done optimising. Answers the least nanoseconds per call. */
function warmUp(run, steady) {
  const started = performance.now();
  let best = Infinity;
  let improvedAt = started;
  let count = 1;
  for (let now = started; now - improvedAt < steady && now - started < MOST_WARM_UP; now = performance.now()) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) run();
    const time = Number(process.hrtime.bigint() - start) / count;
    if (time < 0.98 * best) improvedAt = now;
    best = Math.min(best, time);
    count = Math.max(1, Math.min(1e5, Math.round(2e7 / best))); // batches of some 20 ms
  }
  return best;
}

export async function report() {
  const requests = Object.keys(INPUTS).flatMap((kind) => SIZES.map((size) => ({ kind, size })));
  const answers = await runInTurn("run-time", requests, ROUNDS);
  const best = answers.map((runs) => smallest(runs.map(({ perOperation }) => perOperation ?? NaN)));
  const rows = requests.map(({ kind, size }, index) => {
    const reference = best[requests.findIndex((each) => each.kind === kind && each.size === 100)];
    const [first] = answers[index];
    if (first.failed !== undefined) return [kind, size, "–", "–", first.failed];
    return [kind, size, first.operations, digits(best[index]), digits(best[index] / reference)];
  });
  const columns = ["source", "statements", "operations", "ns per operation", "× that of 100"];
  return `## Run time of value and gradient in the fast style, least of ${ROUNDS} processes\n\n${table(columns, rows)}`;
}
