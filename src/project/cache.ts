// Artifacts kept between runs, one file each. A file that is damaged, or of another key, counts as absent; without a place to write, all is compiled.

import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Artifact, ArtifactRequest } from "./artifact.ts";

export interface Cache {
  get(key: string): Artifact | undefined;
  put(key: string, artifact: Artifact): void;
  /** Removes what nobody has asked for in a month. */
  sweep(): void;
}

const DAY = 24 * 60 * 60 * 1000;
const KEPT = 30 * DAY;

export const NO_CACHE: Cache = { get: () => undefined, put: () => {}, sweep: () => {} };

/** Of a project: in its `node_modules/.cache`, else in the user's own cache folder. */
export function cacheFolder(root: string, env: Readonly<Record<string, string | undefined>>): string {
  for (let at = root, last = ""; at !== last; last = at, at = dirname(at)) {
    if (existsSync(join(at, "node_modules"))) return join(at, "node_modules", ".cache", "wengert");
  }
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "wengert");
}

/** Everything an artifact depends on: this code, the engine that ran the check, the source, how it is compiled. */
export function createKeys(version: string = codeVersion()): (request: ArtifactRequest) => string {
  return ({ kind, name, text, settings }) =>
    sha256(
      JSON.stringify([
        version,
        process.versions.v8,
        kind,
        name,
        text,
        Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
      ]),
    );
}

export function openCache(folder: string): Cache {
  const fileOf = (key: string): string => join(folder, `${key}.json`);
  return {
    get(key) {
      const artifact = readEntry(fileOf(key), key);
      if (artifact !== undefined) touch(fileOf(key));
      return artifact;
    },
    put(key, artifact) {
      if (!artifact.ok) return; // mistakes are told anew each time, and a failed check may be our fault
      const temporary = join(folder, `${key}.${randomBytes(6).toString("hex")}.tmp`);
      attempt(() => {
        mkdirSync(folder, { recursive: true });
        const body = JSON.stringify({ key, artifact });
        writeFileSync(temporary, `${sha256(body)}\n${body}`, { flag: "wx" });
        renameSync(temporary, fileOf(key));
      });
      attempt(() => rmSync(temporary, { force: true }));
    },
    sweep: () =>
      attempt(() => {
        for (const name of readdirSync(folder)) {
          const path = join(folder, name);
          const age = Date.now() - statSync(path).mtimeMs;
          if (age > (name.endsWith(".tmp") ? DAY : KEPT)) rmSync(path, { force: true });
        }
      }),
  };
}

function readEntry(file: string, key: string): Artifact | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end !== 64 || sha256(body) !== text.slice(0, end)) return undefined; // cut short or changed; put() writes it anew
  const entry = JSON.parse(body) as { readonly key: string; readonly artifact: Artifact }; // its sum says that we wrote it
  return entry.key === key && entry.artifact?.ok === true ? entry.artifact : undefined;
}

/** Marks an entry as in use, once a day. */
function touch(file: string): void {
  attempt(() => {
    const now = Date.now();
    if (now - statSync(file).mtimeMs > DAY) utimesSync(file, now / 1000, now / 1000);
  });
}

/** A cache that cannot be written is no error. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // compiled again next time
  }
}

/** Of everything that compiles: a change of one letter in it makes all artifacts anew. */
function codeVersion(): string {
  const own = ownFolder();
  const hash = createHash("sha256");
  for (const name of readdirSync(own, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/(?<!\.d)\.(ts|js)$/.test(name)) continue;
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(own, name)));
  }
  return hash.digest("hex");
}

/** The built package's `dist`, or `src` where this runs from source. */
function ownFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return import.meta.url.endsWith(".ts") ? dirname(here) : here;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
