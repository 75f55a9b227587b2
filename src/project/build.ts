// Makes the artifacts of jobs: from memory, from the cache, by compiling, on threads where there is enough to do. An unchanged source is never checked twice.

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { failedArtifact, makeArtifact, type Artifact, type ArtifactRequest } from "./artifact.ts";
import { createKeys, type Cache } from "./cache.ts";
import type { Job } from "./plan.ts";
import { readSource, type LoadedSource } from "./source-file.ts";

export type BuildJob = Pick<Job, "file" | "name" | "kind" | "settings">;

export interface Built<J extends BuildJob = Job> {
  readonly job: J;
  readonly source: LoadedSource;
  readonly artifact: Artifact;
  /** It was compiled before, now or in an earlier run. */
  readonly known: boolean;
}

export interface BuildOptions {
  /** Threads to use at most; default: one per core. */
  readonly threads?: number;
  /** After each source that had to be compiled. */
  readonly onProgress?: (done: number, total: number, name: string) => void;
}

export interface Builder {
  build<J extends BuildJob>(jobs: readonly J[], options?: BuildOptions): Promise<Built<J>[]>;
  /** The artifact of a text that is in no file of its own. */
  artifact(request: ArtifactRequest): Promise<Artifact>;
  /** Removes old entries of the cache. */
  sweep(): void;
}

/** Starting threads takes some tenths of a second: fewer sources are compiled sooner without. */
const FEWEST_FOR_THREADS = 8;

/** Artifacts in memory, for a watcher that runs all day. */
const MOST_REMEMBERED = 1000;

export function createBuilder(cache: Cache): Builder {
  const made = new Map<string, Artifact>();
  const underWay = new Map<string, Promise<Artifact | undefined>>();
  let keyOf: ReturnType<typeof createKeys> | undefined;
  const key = (request: ArtifactRequest): string => (keyOf ??= createKeys())(request);

  const remember = (name: string, artifact: Artifact): void => {
    if (made.size >= MOST_REMEMBERED) made.clear();
    made.set(name, artifact);
  };
  const recall = (request: ArtifactRequest): Artifact | undefined => {
    const name = key(request);
    const known = made.get(name) ?? cache.get(name);
    if (known !== undefined) remember(name, known);
    return known;
  };
  const keep = (request: ArtifactRequest, artifact: Artifact): void => {
    remember(key(request), artifact);
    cache.put(key(request), artifact);
  };

  /** Tells others that a source is being compiled; to be called with its artifact, or with nothing where that failed. */
  const announce = (name: string): ((artifact: Artifact | undefined) => void) => {
    let arrive!: (artifact: Artifact | undefined) => void;
    underWay.set(name, new Promise((resolve) => (arrive = resolve)));
    return (artifact) => {
      arrive(artifact);
      underWay.delete(name);
    };
  };

  return {
    async build<J extends BuildJob>(jobs: readonly J[], options: BuildOptions = {}): Promise<Built<J>[]> {
      const sources = await Promise.all(jobs.map((job) => readSource(job.file, job.name)));
      const requests = jobs.map(({ kind, file, settings }, index) => ({
        kind,
        name: basename(file), // the same from whatever folder, by whatever tool
        settings,
        text: sources[index]!.text,
      }));
      const built = requests.map((request, index): Built<J> | undefined => {
        const source = sources[index]!;
        const artifact = source.diagnostics.length > 0 ? failedArtifact(source.diagnostics) : recall(request);
        return artifact && { job: jobs[index]!, source, artifact, known: true };
      });
      const unknown = [...built.keys()].filter((index) => built[index] === undefined);
      const missing = unknown.filter((index) => !underWay.has(key(requests[index]!)));
      const others = unknown.filter((index) => !missing.includes(index)); // somebody else is at it
      const arrivals = missing.map((index) => announce(key(requests[index]!)));
      let done = 0;
      const compiling = compileAll(
        missing.map((index) => requests[index]!),
        options.threads ?? availableParallelism(),
        (at, artifact) => {
          const index = missing[at]!;
          keep(requests[index]!, artifact);
          arrivals[at]!(artifact);
          built[index] = { job: jobs[index]!, source: sources[index]!, artifact, known: false };
          options.onProgress?.(++done, missing.length, jobs[index]!.name);
        },
      );
      await compiling.finally(() => arrivals.forEach((arrive) => arrive(undefined)));
      for (const index of others) {
        const artifact =
          (await underWay.get(key(requests[index]!))) ?? recall(requests[index]!) ?? (await makeArtifact(requests[index]!));
        built[index] = { job: jobs[index]!, source: sources[index]!, artifact, known: true };
      }
      return built.map((each) => each!); // each was known or has been compiled
    },
    async artifact(request) {
      const known = recall(request);
      if (known !== undefined) return known;
      const artifact = await makeArtifact(request);
      keep(request, artifact);
      return artifact;
    },
    sweep: () => cache.sweep(),
  };
}

async function compileAll(
  requests: readonly ArtifactRequest[],
  threads: number,
  onMade: (index: number, artifact: Artifact) => void,
): Promise<void> {
  const worker = workerFile();
  if (requests.length < FEWEST_FOR_THREADS || threads < 2 || worker === undefined) {
    for (const [index, request] of requests.entries()) onMade(index, await makeArtifact(request));
    return;
  }
  const { Tinypool } = await import("tinypool");
  const pool = new Tinypool({ filename: worker, maxThreads: Math.min(threads, requests.length), isolateWorkers: false });
  try {
    await Promise.all(requests.map(async (request, index) => onMade(index, (await pool.run(request)) as Artifact))); // our own worker's answer
  } finally {
    await pool.destroy();
  }
}

/** The built worker; where this runs from source there is none. */
function workerFile(): string | undefined {
  const file = fileURLToPath(new URL("./worker.js", import.meta.url));
  return existsSync(file) ? file : undefined;
}
