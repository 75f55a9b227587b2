#!/usr/bin/env node
// The `gen` command. Everything it does is in run.ts; here are only the process's own affairs.

import { processIo } from "./io.ts";
import { run } from "./run.ts";

/** Whoever reads our output may stop (`gen ... | head`): that is no error of ours, and there is nobody left to tell. */
function leaveQuietly(problem: NodeJS.ErrnoException): void {
  if (problem.code !== "EPIPE") throw problem;
  process.exit();
}

process.stdout.on("error", leaveQuietly);
process.stderr.on("error", leaveQuietly);
process.exitCode = await run(process.argv.slice(2), processIo());
