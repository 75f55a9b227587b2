// run(argv, io): one run of `gen`, from arguments to exit code. Throws nothing; what goes wrong inside us is exit code 70.

import { CommanderError } from "commander";
import { escapeControls } from "../diagnostics/escape.ts";
import { prepareArguments } from "./arguments.ts";
import { EXIT, isUsageError } from "./exit.ts";
import type { Io } from "./io.ts";
import { createProgram } from "./program.ts";

export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.good;
  try {
    const program = createProgram(io, (code) => void (exitCode = code));
    await program.parseAsync(prepareArguments(argv), { from: "user" });
    return exitCode;
  } catch (problem) {
    if (problem instanceof CommanderError) return usageExit(problem, io);
    reportBug(problem, argv, io);
    return EXIT.bug;
  }
}

/** Help and the version also arrive as errors, of code 0. */
function usageExit(problem: CommanderError, io: Io): number {
  if (isUsageError(problem)) io.stderr.write(`error: ${problem.message.split("\n").map(escapeControls).join("\n")}\n`);
  return problem.exitCode === 0 ? EXIT.good : EXIT.usage;
}

function reportBug(problem: unknown, argv: readonly string[], io: Io): void {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  const verbose = argv.includes("--verbose") || (io.env["WENGERT_DEBUG"] ?? "") !== "";
  const advice = verbose ? "" : " Run again with --verbose for where it happened.";
  const message = escapeControls(error.message.split("\n", 1)[0] ?? "").slice(0, 400);
  io.stderr.write(`This is a bug in wengert, not in your source: ${message}\n`);
  io.stderr.write(`Nothing was written. Please report it with the source that caused it.${advice}\n`);
  if (verbose) io.stderr.write(`${(error.stack ?? "").split("\n").map(escapeControls).join("\n")}\n`);
}
