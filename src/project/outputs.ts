// Files that wengert writes: whether they may be replaced, whether they are stale, and writing them whole or not at all.

import { randomBytes } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, isAbsolute } from "node:path";
import { MARKS } from "../core/marks.ts";
import { foldLineEnds } from "./source-file.ts";

export interface OutputFile {
  /** Absolute. */
  readonly path: string;
  /** As the user would write it. */
  readonly shown: string;
  readonly text: string;
}

export interface Delivered {
  readonly file: OutputFile;
  /** `refused`: somebody else's. `failed`: the disk would not. Neither touches what is there. */
  readonly status: "written" | "unchanged" | "refused" | "failed";
  /** Why it failed. */
  readonly detail?: string;
}

export interface DeliveryOptions {
  /** Overwrite what wengert did not write. */
  readonly force: boolean;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** All files or, where one cannot be written, none. */
  readonly together?: boolean;
}

/** Writes what has changed: beside each file a temporary one first, which then takes its place. Throws nothing. */
export function deliver(files: readonly OutputFile[], { force, dryRun = false, together = false }: DeliveryOptions): Delivered[] {
  const planned = files.map((file) => decide(file, force));
  const isBad = ({ status }: Delivered): boolean => status === "refused" || status === "failed";
  if (dryRun || (together && planned.some(isBad))) return planned;
  if (!together) return planned.map((each) => (each.status === "written" ? replaceAll([each])[0]! : each));
  const replaced = new Map(replaceAll(planned.filter(({ status }) => status === "written")).map((each) => [each.file, each]));
  return planned.map((each) => replaced.get(each.file) ?? each);
}

function decide(file: OutputFile, force: boolean): Delivered {
  const before = readOutput(file);
  if (before.problem !== undefined) return { file, status: "failed", detail: before.problem };
  if (before.text !== undefined && foldLineEnds(before.text) === file.text) return { file, status: "unchanged" };
  return { file, status: before.text !== undefined && !force && !isOurs(before.text) ? "refused" : "written" };
}

function replaceAll(planned: readonly Delivered[]): Delivered[] {
  const prepared = planned.map(({ file }) => ({ file, target: followLink(file.path), temporary: "" }));
  const failures = new Map<OutputFile, string>();
  const each = (action: (item: (typeof prepared)[number]) => void): void => {
    for (const item of prepared) {
      try {
        if (failures.size === 0) action(item);
      } catch (problem) {
        failures.set(item.file, reason(problem));
      }
    }
  };
  try {
    each((item) => {
      mkdirSync(dirname(item.target), { recursive: true });
      removeAbandoned(item.target);
      const before = lstatSync(item.target, { throwIfNoEntry: false });
      item.temporary = temporaryName(item.target);
      writeFileSync(item.temporary, item.file.text, { flag: "wx", ...(before && { mode: before.mode }) });
    });
    each(({ target, temporary }) => renameSync(temporary, target));
  } finally {
    for (const { temporary } of prepared) if (temporary !== "") rmSync(temporary, { force: true });
  }
  if (failures.size === 0) return [...planned];
  const [detail] = failures.values();
  return planned.map(({ file }) => ({ file, status: "failed", detail: failures.get(file) ?? detail! }));
}

/** The text on disk, undefined where there is none; or why it cannot be read. */
export function readOutput({ path }: Pick<OutputFile, "path">): { readonly text?: string; readonly problem?: string } {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === "ENOENT" ? {} : { problem: reason(problem) }; // fs throws nothing else
  }
}

export function isOurs(text: string): boolean {
  return MARKS.some((mark) => text.startsWith(mark));
}

/** Whether `path` lies in `folder` or below it, links followed as far as they exist. */
export function isInside(path: string, folder: string): boolean {
  const steps = relative(realPath(folder), realPath(path));
  return steps === "" || (!/^\.\.($|[\\/])/.test(steps) && !isAbsolute(steps));
}

/** Links followed as far as they exist. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // whatever is amiss, writing will say
  }
}

/** A link stays a link: what it points to is written. */
export function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** `.loss.grad.ts.<process>-<random>.tmp` beside the file: renaming across disks is not atomic. */
const ABANDONED = /^\..*\.(\d+)-[0-9a-f]{12}\.tmp$/;

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/** A run that was killed leaves its temporary file; whoever writes there next takes it away. */
function removeAbandoned(path: string): void {
  const prefix = `.${basename(path).slice(0, 100)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const owner = ABANDONED.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(dirname(path), name), { force: true });
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0); // asks, and sends nothing
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === "EPERM";
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "part of its path is a file",
  EEXIST: "part of its path is a file",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  ENAMETOOLONG: "the name is too long",
};

export function reason(problem: unknown): string {
  const { code } = problem as NodeJS.ErrnoException; // fs throws nothing else
  return REASONS[code ?? ""] ?? code ?? String(problem);
}
