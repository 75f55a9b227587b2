// Time per operation of emitted fast code by size, once the engine has optimised all of it. Engines do not optimise functions beyond a
// certain length; ours are split below it. Left to itself V8 takes ten thousand calls to get round to all parts of a large source, so here
// it is told to: with --allow-natives-syntax.

import { runInTurn } from "./contest.js";
import { digits, table } from "./markdown.js";
import { nanosecondsPerCall, smallest } from "./measure.js";
import { PACKAGE } from "./package.js";
import { sources } from "./sources.js";

const ROUNDS = 3;
const SIZES = [100, 1000, 10_000, 20_000, 50_000, 100_000];
const INPUTS = { chain: [0.7], recurrence: [0.7, 0.999, 0.001] };
const FLAGS = ["--allow-natives-syntax"];
const OPTIMISED_BY_TURBOFAN = 64; // a bit of %GetOptimizationStatus

export async function contest({ kind, size }) {
  const { compile } = await import(PACKAGE);
  const { ok, javascript, functions, opCount, diagnostics } = compile(sources[kind](size), { style: "fast", verify: false });
  if (!ok) return { failed: diagnostics[0].message };
  const { run, prepare, optimise, status } = withNatives(javascript, functions[0].exports.grad);
  const inputs = INPUTS[kind];
  const out = new Float64Array(inputs.length + 1);
  prepare.forEach((each) => each());
  for (let i = 0; i < 30; i++) run(...inputs, out);
  const start = performance.now();
  optimise.forEach((each) => each());
  run(...inputs, out);
  const optimising = (performance.now() - start) / 1000;
  const nanoseconds = nanosecondsPerCall(() => run(...inputs, out)[0], { warmUp: 1000, duration: 2000 });
  const optimised = status.filter((each) => (each() & OPTIMISED_BY_TURBOFAN) !== 0).length;
  const operations = opCount.forward + opCount.backward;
  return { operations, perOperation: nanoseconds / operations, parts: `${optimised} of ${status.length}`, optimising };
}

/** The module's function `name` and, for it and its parts, what tells the engine to optimise. */
function withNatives(javascript, name) {
  const parts = [...javascript.matchAll(new RegExp(`^function (${name}(?:Part\\d+)?)\\(`, "gm"))].map(([, part]) => part);
  const each = (native) => `[${parts.map((part) => `() => %${native}(${part})`).join(", ")}]`;
  const make = new Function(
    `"use strict";\n${javascript}\nreturn { run: ${name}, prepare: ${each("PrepareFunctionForOptimization")}, optimise: ${each(
      "OptimizeFunctionOnNextCall",
    )}, status: ${each("GetOptimizationStatus")} };`,
  );
  return make();
}

export async function report() {
  const requests = Object.keys(INPUTS).flatMap((kind) => SIZES.map((size) => ({ kind, size })));
  const answers = await runInTurn("run-time", requests, ROUNDS, { flags: FLAGS });
  const best = answers.map((runs) => smallest(runs.map(({ perOperation }) => perOperation ?? NaN)));
  const rows = requests.map(({ kind, size }, index) => {
    const reference = best[requests.findIndex((each) => each.kind === kind && each.size === SIZES[0])];
    const [first] = answers[index];
    if (first.failed !== undefined) return [kind, size, "–", "–", "–", "–", first.failed];
    const { operations, parts, optimising } = first;
    return [kind, size, operations, parts, digits(optimising), digits(best[index]), digits(best[index] / reference)];
  });
  const columns = [
    "source",
    "statements",
    "operations",
    "functions optimised",
    "s to optimise",
    "ns per operation",
    "× that of 100",
  ];
  return `## Run time of value and gradient in the fast style, least of ${ROUNDS} processes\n\n${table(columns, rows)}`;
}
