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
  const recall = (name: string): Artifact | undefined => {
    const known = made.get(name) ?? cache.get(name);
    if (known !== undefined) remember(name, known);
    return known;
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

  /** An artifact for each request, and whether it was known; what others are compiling, or an equal request, is waited for. */
  const makeAll = async (requests: readonly ArtifactRequest[], { threads, onMade }: MakeOptions): Promise<Made[]> => {
    const names = requests.map(key);
    const results = names.map((name): Made | undefined => {
      const artifact = recall(name);
      return artifact && { artifact, known: true };
    });
    const arrivals: ReturnType<typeof announce>[] = [];
    const missing = [...results.keys()].filter((index) => {
      if (results[index] !== undefined || underWay.has(names[index]!)) return false;
      arrivals.push(announce(names[index]!));
      return true;
    });
    const compiling = compileAll(
      missing.map((index) => requests[index]!),
      threads ?? availableParallelism(),
      (at, artifact) => {
        const index = missing[at]!;
        remember(names[index]!, artifact);
        cache.put(names[index]!, artifact);
        arrivals[at]!(artifact);
        results[index] = { artifact, known: false };
        onMade?.(index, missing.length);
      },
    );
    await compiling.finally(() => arrivals.forEach((arrive) => arrive(undefined)));
    for (const [index, name] of names.entries()) {
      if (results[index] !== undefined) continue;
      const artifact = (await underWay.get(name)) ?? recall(name) ?? (await makeArtifact(requests[index]!));
      results[index] = { artifact, known: true };
    }
    return results.map((each) => each!); // each was known or has been compiled
  };

  return {
    async build<J extends BuildJob>(jobs: readonly J[], { threads, onProgress }: BuildOptions = {}): Promise<Built<J>[]> {
      const sources = await Promise.all(jobs.map((job) => readSource(job.file, job.name)));
      const readable = [...jobs.keys()].filter((index) => sources[index]!.diagnostics.length === 0);
      const requests = readable.map((index) => {
        const { kind, file, settings } = jobs[index]!;
        return { kind, name: basename(file), settings, text: sources[index]!.text }; // named the same from whatever folder, by whatever tool
      });
      let done = 0;
      const onMade = (at: number, total: number): void => onProgress?.(++done, total, jobs[readable[at]!]!.name);
      const results = await makeAll(requests, { ...(threads !== undefined && { threads }), onMade });
      const makeOf = new Map(readable.map((index, at) => [index, results[at]!]));
      return jobs.map((job, index) => {
        const source = sources[index]!;
        return { job, source, ...(makeOf.get(index) ?? { artifact: failedArtifact(source.diagnostics), known: true }) };
      });
    },
    async artifact(request) {
      const [result] = await makeAll([request], {});
      return result!.artifact; // one request, one result
    },
    sweep: () => cache.sweep(),
  };
}

interface Made {
  readonly artifact: Artifact;
  readonly known: boolean;
}

interface MakeOptions extends Pick<BuildOptions, "threads"> {
  /** After each request that had to be compiled; `total` is how many there are of those. */
  readonly onMade?: (index: number, total: number) => void;
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
