// Compile time and memory by size, verification included; and how far symbolic differentiation gets in ten seconds.

import { digits, table } from "./markdown.js";
import { runContestant } from "./contest.js";
import { PACKAGE } from "./package.js";
import { sources } from "./sources.js";

const SIZES = [10, 100, 1000, 10_000, 100_000];
const KINDS = ["chain", "product", "nestedStatements", "nested"];
const RIVALS = ["mathjs", "nerdamer", "algebrite"];
const RIVAL_SECONDS = 10;
const RIVAL_SIZES = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

export async function contest({ tool, kind, size, style, verify = true }) {
  const source = sources[kind](size);
  if (tool !== "wengert") return rival(tool, kind, size);
  const { compile } = await import(PACKAGE);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const compilation = compile(source, { style, verify });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const { ok, diagnostics, opCount, code } = compilation;
  const verified = compilation.verification.status;
  const message = ok ? undefined : (diagnostics[0]?.message ?? diagnostics[0]?.code);
  return { seconds, cpuSeconds: (user + system) / 1e6, megabytes, ok, verified, message, opCount, characters: code.length };
}

/** The derivative of the same formula, written as one expression, by the first input. */
async function rival(tool, kind, size) {
  const text = asExpression(kind, size);
  const differentiate = await differentiators[tool]();
  const start = performance.now();
  const characters = differentiate(text).length;
  return { seconds: (performance.now() - start) / 1000, characters };
}

const differentiators = {
  async mathjs() {
    const { derivative, parse } = await import("mathjs");
    return (text) => derivative(parse(text), "x").toString();
  },
  async nerdamer() {
    const { default: algebra } = await import("nerdamer/all.min.js");
    return (text) => algebra(`diff(${text}, x)`).toString();
  },
  async algebrite() {
    const { default: algebra } = await import("algebrite");
    return (text) => algebra.run(`d(${text}, x)`);
  },
};

function asExpression(kind, size) {
  if (kind === "product") return Array.from({ length: size }, (_, i) => `(x + ${i + 1})`).join(" * ");
  return sources.nested(size);
}

export async function report() {
  return `${await ownReport()}\n\n${await rivalReport()}`;
}

async function ownReport() {
  const rows = [];
  for (const kind of KINDS) {
    for (const style of ["staged", "fast"]) {
      for (const size of SIZES) {
        const answer = await runContestant("compile-time", { tool: "wengert", kind, size, style });
        rows.push([kind, style, size, ...measured(answer, size)]);
        if (answer.failed !== undefined) break;
      }
    }
  }
  const columns = ["source", "style", "statements", "s", "µs per statement", "MiB", "check"];
  return `## Compile time, verification included\n\n${table(columns, rows)}`;
}

function measured({ failed, seconds, megabytes, ok, verified, message }, size) {
  if (failed !== undefined) return ["–", "–", "–", failed];
  return [digits(seconds), digits((seconds / size) * 1e6), Math.round(megabytes), ok ? verified : message];
}

async function rivalReport() {
  const rows = [];
  for (const tool of RIVALS) {
    for (const kind of ["product", "nested"]) rows.push([tool, kind, ...(await farthest(tool, kind))]);
  }
  const columns = ["tool", "source", "largest in 10 s", "s", "characters of one partial", "then"];
  return `## The same by symbolic differentiation: one partial, no check\n\n${table(columns, rows)}`;
}

async function farthest(tool, kind) {
  let best = ["–", "–", "–"];
  for (const size of RIVAL_SIZES) {
    const answer = await runContestant("compile-time", { tool, kind, size }, { seconds: RIVAL_SECONDS + 3 });
    const failed = answer.failed ?? (answer.seconds > RIVAL_SECONDS ? "more than 10 s" : undefined);
    if (failed !== undefined) return [...best, `${size}: ${failed}`];
    best = [size, digits(answer.seconds), answer.characters];
  }
  return [...best, "end of the table"];
}
