// Output files: where they go, whether they may be replaced, whether they are stale, and writing them all or none.

import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { MARK } from "../compiler/header.ts";
import { LATEX_MARK } from "../emit/derivation-latex.ts";
import { usageError } from "./exit.ts";

export interface OutputFile {
  /** Absolute. */
  readonly path: string;
  /** As the user would write it. */
  readonly shown: string;
  readonly text: string;
}

export interface OutputRequest {
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
export function planFiles({ out, cwd, outputs }: OutputRequest): OutputFile[] {
  const target = resolve(cwd, out);
  const isFolder =
    /[\\/]$/.test(out) || existing(target)?.isDirectory() === true || (outputs.length > 1 && !/\.[A-Za-z]\w*$/.test(out));
  if (!isFolder && outputs.length > 1) {
    throw usageError(`${outputs.length} sources do not fit in one file; give --out a folder (${out}/)`);
  }
  const files = outputs.map(({ name, text }) => {
    const path = followLink(isFolder ? join(target, name) : target);
    return { path, shown: relative(cwd, path) || path, text };
  });
  refuseCollisions(files, outputs);
  return files;
}

function refuseCollisions(files: readonly OutputFile[], outputs: OutputRequest["outputs"]): void {
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

/** A link stays a link: what it points to is written. */
function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function existing(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // whatever is amiss, writing will say
  }
}

/** The text on disk; undefined where there is none. */
export function readOutput({ path, shown }: OutputFile): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === "ENOENT") return undefined; // fs throws nothing else
    throw usageError(`cannot read ${shown}: ${reason(problem)}`);
  }
}

export interface WriteResult {
  readonly file: OutputFile;
  readonly status: "written" | "unchanged";
}

/** Writes every file or, where one cannot be, none: beside each a temporary one first, then all are put in place. */
export function writeFiles(files: readonly OutputFile[], force: boolean): WriteResult[] {
  const results = files.map((file): WriteResult => {
    const before = readOutput(file);
    if (before !== undefined && before !== file.text && !force && !isOurs(before)) {
      throw usageError(`${file.shown} was not written by wengert; --force overwrites it`);
    }
    return { file, status: before === file.text ? "unchanged" : "written" };
  });
  const changed = results
    .filter(({ status }) => status === "written")
    .map(({ file }) => ({ file, temporary: temporaryName(file.path) }));
  try {
    for (const { file, temporary } of changed) prepareFile(file, temporary);
    for (const { file, temporary } of changed) attempt(file, () => renameSync(temporary, file.path));
  } finally {
    for (const { temporary } of changed) rmSync(temporary, { force: true });
  }
  return results;
}

function isOurs(text: string): boolean {
  return text.startsWith(MARK) || text.startsWith(LATEX_MARK);
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
}

function prepareFile(file: OutputFile, temporary: string): void {
  attempt(file, () => {
    mkdirSync(dirname(file.path), { recursive: true });
    const before = lstatSync(file.path, { throwIfNoEntry: false });
    writeFileSync(temporary, file.text, { flag: "wx", ...(before && { mode: before.mode }) });
  });
}

function attempt({ shown }: OutputFile, action: () => void): void {
  try {
    action();
  } catch (problem) {
    throw usageError(`cannot write ${shown}: ${reason(problem)}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "part of its path is a file",
  EEXIST: "part of its path is a file",
  ENOSPC: "no space left on the disk",
  EROFS: "the disk is read-only",
  ENAMETOOLONG: "the name is too long",
};

function reason(problem: unknown): string {
  const { code } = problem as NodeJS.ErrnoException; // fs throws nothing else
  return REASONS[code ?? ""] ?? code ?? String(problem);
}

/** Where two texts part: `line 3` with both lines. */
export function firstDifference(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const at = fresh.findIndex((line, index) => line !== old[index]);
  const line = at === -1 ? fresh.length : at;
  return [`  line ${line + 1}:`, `  - ${clip(old[line])}`, `  + ${clip(fresh[line])}`];
}

function clip(line: string | undefined): string {
  if (line === undefined) return "(no such line)";
  return line.length <= 120 ? line : `${line.slice(0, 120)}...`;
}
