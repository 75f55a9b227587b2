// What a user waits for at the terminal.

import { spawnSync } from "node:child_process";
import { digits, table } from "./markdown.js";
import { median, smallest } from "./measure.js";
import { DIST } from "./package.js";

const ROUNDS = 11;
const COMMANDS = [
  ["node alone", ["-e", "0"]],
  ['gen "x*y"', [`${DIST}/gen.js`, "x*y"]],
  ['gen "x*y" --style fast --at x=1,y=2', [`${DIST}/gen.js`, "x*y", "--style", "fast", "--at", "x=1,y=2"]],
  ["gen --help", [`${DIST}/gen.js`, "--help"]],
  ["gen --version", [`${DIST}/gen.js`, "--version"]],
];

export async function report() {
  const times = COMMANDS.map(() => []);
  const failures = COMMANDS.map(() => "");
  for (let round = 0; round < ROUNDS; round++) {
    COMMANDS.forEach(([, args], index) => {
      const start = performance.now();
      const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
      times[index].push(performance.now() - start);
      if (status !== 0) failures[index] = `exit ${status}`;
    });
  }
  const rows = COMMANDS.map(([name], index) => [
    name,
    digits(smallest(times[index])),
    digits(median(times[index])),
    failures[index],
  ]);
  return `## Start-up\n\n${table(["command", "ms, least", "ms, median", ""], rows)}`;
}
