// The playground, built once for all test files that want it: into a folder of the system's temporary one, named by what it is built from.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "vite";

export const CONFIG = resolve(import.meta.dirname, "../../src/playground/vite.config.ts");

const ROOT = resolve(import.meta.dirname, "../..");
/** What the build reads, but for packages, of which the lock file tells. */
const SOURCES = ["src", "examples", "templates", "generated", "package-lock.json"];
const PREFIX = "wengert-playground-";
/** A builder that was killed leaves its lock behind. */
const LONGEST_BUILD = 60_000;
const DAY = 86_400_000;

/** Folder of the built playground; builds it where nobody has. Several processes may ask at the same time. */
export async function builtPlayground(): Promise<string> {
  const folder = join(tmpdir(), PREFIX + digest());
  while (!existsSync(folder)) {
    if (await takes(`${folder}.lock`)) {
      try {
        if (!existsSync(folder)) await buildInto(folder);
      } finally {
        await rm(`${folder}.lock`, { recursive: true, force: true });
      }
    } else await wait(50);
  }
  return folder;
}

async function buildInto(folder: string): Promise<void> {
  await removeOld();
  const fresh = await mkdtemp(`${folder}-`);
  await build({ configFile: CONFIG, logLevel: "warn", build: { outDir: fresh } });
  await rename(fresh, folder);
}

async function takes(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LONGEST_BUILD) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

/** What earlier days built. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    if (name.startsWith(PREFIX) && Date.now() - (await stat(path)).mtimeMs > DAY)
      await rm(path, { recursive: true, force: true });
  }
}

function digest(): string {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((name) => filesIn(join(ROOT, name))))
    hash.update(path).update("\0").update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesIn(join(path, name)));
}
