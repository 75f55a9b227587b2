// Runs contestants, each time in a new process, in turn, so that a busy neighbour slows all alike.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("child.js", import.meta.url));

/** What `contest(request)` of `benchmark` answers in a process of its own; `{ failed }` where it fails or takes too long. */
export function runContestant(benchmark, request, { seconds = 600, flags = [] } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, CHILD, benchmark, JSON.stringify(request)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (output.stdout += text));
    child.stderr.on("data", (text) => (output.stderr += text));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    child.on("close", () => {
      clearTimeout(timer);
      resolve(answerOf(output, timedOut ? `more than ${seconds} s` : undefined));
    });
  });
}

function answerOf({ stdout, stderr }, timeOut) {
  if (timeOut !== undefined) return { failed: timeOut };
  try {
    return JSON.parse(stdout);
  } catch {
    const line = stderr.split("\n").find((each) => /Error|error|memory/.test(each)) ?? stderr.split("\n")[0] ?? "";
    return { failed: line.trim().slice(0, 100) || "no answer" };
  }
}

/** Each request `rounds` times, in turn. Answers a list of answers per request. */
export async function runInTurn(benchmark, requests, rounds, options) {
  const answers = requests.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, request] of requests.entries()) {
      if (answers[index].some((answer) => answer.failed !== undefined)) continue;
      answers[index].push(await runContestant(benchmark, request, options));
    }
  }
  return answers;
}
