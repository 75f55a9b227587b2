// Where --out says the code of each source goes, and writing it there: all files or none.

import { join, relative, resolve } from "node:path";
import { deliver, followLink, isFolder, type Delivered, type OutputFile } from "../project/outputs.ts";
import { usageError } from "./exit.ts";

export interface TargetRequest {
  /** What --out said. */
  readonly out: string;
  readonly cwd: string;
  readonly outputs: readonly {
    /** `loss.grad.ts`, `mlp.net.ts`, `loss.tex`. */
    readonly name: string;
    readonly source: string;
    readonly file: string | undefined;
    readonly text: string;
  }[];
}

/** The file of each output: --out itself, or its name in it where it is a folder. */
export function planTargets({ out, cwd, outputs }: TargetRequest): OutputFile[] {
  const target = resolve(cwd, out);
  const inFolder = /[\\/]$/.test(out) || isFolder(target) || (outputs.length > 1 && !/\.[A-Za-z]\w*$/.test(out));
  if (!inFolder && outputs.length > 1) {
    throw usageError(`${outputs.length} sources do not fit in one file; give --out a folder (${out}/)`);
  }
  const files = outputs.map(({ name, text }) => {
    const path = followLink(inFolder ? join(target, name) : target);
    return { path, shown: relative(cwd, path) || path, text };
  });
  refuseCollisions(files, outputs);
  return files;
}

function refuseCollisions(files: readonly OutputFile[], outputs: TargetRequest["outputs"]): void {
  const owners = new Map<string, string>();
  files.forEach(({ path, shown }, index) => {
    const key = path.toLowerCase(); // one file on systems that do not tell capitals apart
    const { source } = outputs[index]!;
    const other = owners.get(key);
    if (other !== undefined)
      throw usageError(`${other} and ${source} would both be written to ${shown}; give the functions names of their own`);
    if (outputs.some((output) => output.file === path)) throw usageError(`${shown} is a source; it is not overwritten`);
    owners.set(key, source);
  });
}

/** Writes every file or, where one cannot be, none. */
export function writeTargets(files: readonly OutputFile[], options: { force: boolean; dryRun: boolean }): Delivered[] {
  const delivered = deliver(files, { ...options, together: true });
  for (const { file, status, detail } of delivered) {
    if (status === "refused") throw usageError(`${file.shown} was not written by wengert; --force overwrites it`);
    if (status === "failed") throw usageError(`cannot write ${file.shown}: ${detail}`);
  }
  return delivered;
}
