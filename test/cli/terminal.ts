// A run of `gen` in this process, in a folder of its own, with what it printed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TerminalOptions {
  readonly stdin?: string | Uint8Array;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Hears everything that is printed, as it is. */
  readonly onOutput?: (text: string) => void;
  /** When a run that watches is told to end; default: at once. */
  readonly untilStopped?: Promise<void>;
}

export interface Terminal {
  readonly folder: string;
  gen(argv: readonly string[], options?: TerminalOptions): Promise<Result>;
  /** Every file and folder below, with its bytes and time of change. */
  snapshot(): Record<string, string>;
}

/** A run in a folder that is there. */
export async function runGen(argv: readonly string[], folder: string, options: TerminalOptions = {}): Promise<Result> {
  const printed = { out: "", err: "" };
  const output = (which: "out" | "err"): Output => ({
    write: (text) => {
      printed[which] += text;
      options.onOutput?.(text);
    },
    isTerminal: options.terminal ?? false,
    columns: options.columns ?? 100,
  });
  const { stdin = "" } = options;
  const io: Io = {
    cwd: folder,
    env: options.env ?? {},
    stdout: output("out"),
    stderr: output("err"),
    readStdin: async () => (typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin),
    untilStopped: () => options.untilStopped ?? Promise.resolve(),
  };
  const code = await run(argv, io);
  return { code, ...printed };
}

export function openTerminal(): Terminal {
  const folder = mkdtempSync(join(tmpdir(), "gen-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    gen: (argv, options) => runGen(argv, folder, options),
    snapshot: () =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .sort()
          .map((name) => {
            const path = join(folder, name);
            const stats = statSync(path);
            return [name, stats.isDirectory() ? "folder" : `${stats.mtimeMs} ${stats.mode} ${readFileSync(path, "latin1")}`];
          }),
      ),
  };
}
