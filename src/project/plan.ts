// From a configuration to jobs: which files are compiled, how, and what is written where. Whatever two jobs would do to one file is refused here.

import { basename, dirname, join, relative, resolve } from "node:path";
import type { Span } from "../core/span.ts";
import { createReporter, type Diagnostic, type Reporter } from "../diagnostics/report.ts";
import type { SpecNode } from "../frontends/network/read.ts";
import { completeSettings, type CompileSettings } from "./artifact.ts";
import type { InputSettings, Settings } from "./config.ts";
import type { LoadedConfig } from "./config-file.ts";
import { isInside } from "./outputs.ts";
import { kindOf, SOURCE_GLOBS, stemOf, type SourceKind } from "./source-file.ts";

export interface Job {
  /** Absolute path of the source. */
  readonly file: string;
  /** As messages call it: relative to where the command runs. */
  readonly name: string;
  readonly kind: SourceKind;
  readonly settings: CompileSettings;
  readonly outputs: readonly JobOutput[];
}

export interface JobOutput {
  readonly kind: "module" | "types";
  /** Absolute path. */
  readonly path: string;
  readonly shown: string;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** About the configuration. */
  readonly diagnostics: readonly Diagnostic[];
  /** Folders in which a new file may become a source. */
  readonly searched: readonly string[];
}

export interface PlanRequest {
  readonly loaded: Pick<LoadedConfig, "root" | "config" | "places">;
  /** From the command line: they win over every entry. */
  readonly overrides: Settings;
  /** What names are shown relative to. */
  readonly cwd: string;
  /** Outputs may lie outside the project. */
  readonly force: boolean;
}

interface Entry extends InputSettings {
  readonly span: Span | undefined;
}

export async function planProject(request: PlanRequest): Promise<Plan> {
  const reporter = createReporter();
  const { root } = request.loaded;
  const entries = entriesOf(request);
  const found = await Promise.all(entries.map((entry) => findFiles(entry, root)));
  const jobs: Job[] = [];
  const searched = new Set<string>();
  entries.forEach((entry, index) => {
    for (const { base } of globsOf(entry)) searched.add(join(root, base));
    const files = found[index]!;
    if (files.length === 0) reporter.report("WG4003", entry.span, { glob: [entry.files].flat().join(", ") });
    for (const file of files) jobs.push(planJob(file, entry, request));
  });
  const distinct = mergeEqual(jobs);
  refuseCollisions(distinct, request, reporter);
  return { jobs: distinct, diagnostics: reporter.diagnostics, searched: [...searched] };
}

/** Jobs for files that are named one by one; their outputs may lie anywhere. */
export function planFiles(files: readonly string[], { cwd, overrides }: Omit<PlanRequest, "loaded">): Plan {
  const reporter = createReporter();
  const request = { loaded: { root: cwd, config: {}, places: undefined }, overrides, cwd, force: true };
  const jobs = mergeEqual(
    files.map((file) => planJob(resolve(cwd, file), { ...overrides, files: file, span: undefined }, request)),
  );
  refuseCollisions(jobs, request, reporter);
  return { jobs, diagnostics: reporter.diagnostics, searched: [] };
}

/** The entries with the settings that hold for all of them written into each. */
function entriesOf({ loaded: { config, places }, overrides }: PlanRequest): Entry[] {
  const { inputs = SOURCE_GLOBS, ...common } = config;
  const node = places?.kind === "map" ? places.entries.get("inputs")?.node : undefined;
  const listed: readonly (string | InputSettings)[] = typeof inputs === "string" || "files" in inputs ? [inputs] : inputs;
  const plain = listed.filter((input) => typeof input === "string");
  const spanAt = (input: string | InputSettings): Span | undefined => placeOf(node, listed.indexOf(input))?.span;
  const own = listed.filter((input) => typeof input !== "string");
  return [
    ...(plain.length > 0 ? [{ ...common, files: plain, ...overrides, span: spanAt(plain[0]!) }] : []),
    ...own.map((input) => ({ ...common, ...input, ...overrides, span: spanAt(input) })),
  ];
}

function placeOf(node: SpecNode | undefined, index: number): SpecNode | undefined {
  return node?.kind === "list" ? node.items[index] : node;
}

async function findFiles(entry: Entry, root: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const files = await glob([entry.files].flat(), {
    cwd: root,
    absolute: true,
    ignore: ["**/node_modules/**"],
    expandDirectories: false,
    followSymbolicLinks: false, // links may go round in a circle, and what they lead to is found where it lies
  });
  return files.map((file) => resolve(file)).sort();
}

interface Glob {
  /** The folders before the first wildcard. */
  readonly base: string;
}

function globsOf(entry: Entry): Glob[] {
  return [entry.files]
    .flat()
    .filter((glob) => !glob.startsWith("!"))
    .map((glob) => ({ base: baseOf(glob) }));
}

function baseOf(glob: string): string {
  const parts = glob.split("/");
  const wild = parts.findIndex((part) => /[*?{[(!]/.test(part));
  return parts.slice(0, wild === -1 ? parts.length - 1 : wild).join("/");
}

function planJob(file: string, entry: Entry, { loaded: { root }, cwd }: PlanRequest): Job {
  const kind = kindOf(file);
  const settings = completeSettings(entry);
  const emit = entry.emit ?? "module";
  const output = (which: JobOutput["kind"], path: string): JobOutput => ({
    kind: which,
    path,
    shown: relative(cwd, path) || path,
  });
  return {
    file,
    name: relative(cwd, file) || file,
    kind,
    settings,
    outputs: [
      ...(emit === "types" ? [] : [output("module", modulePath(file, entry, root, settings))]),
      ...(emit === "module" ? [] : [output("types", typesPath(file))]),
    ],
  };
}

/** `out` itself where it names a TypeScript file, else the module's name in it, below the same folders as the source. */
function modulePath(file: string, entry: Entry, root: string, settings: CompileSettings): string {
  const name = moduleName(stemOf(file), kindOf(file), settings.mode);
  if (entry.out === undefined) return join(dirname(file), name);
  const out = resolve(root, entry.out);
  if (/\.[cm]?tsx?$/.test(entry.out)) return out;
  const base = globsOf(entry)
    .map((glob) => resolve(root, glob.base))
    .filter((folder) => isInside(file, folder))
    .sort((a, b) => b.length - a.length)[0];
  return join(out, base === undefined ? "" : relative(base, dirname(file)), name);
}

/** `loss.grad.ts`, `loss.hessian.ts`; networks have one mode: `mlp.net.ts`. */
export function moduleName(stem: string, kind: SourceKind, mode: CompileSettings["mode"]): string {
  return `${stem}.${kind === "network" ? "net" : mode}.ts`;
}

/** `loss.d.math.ts` beside `loss.math`: where TypeScript looks, with `allowArbitraryExtensions`, for what an import of it means. */
export function typesPath(file: string): string {
  const name = basename(file);
  const ending = name.slice(name.lastIndexOf("."));
  return join(dirname(file), `${name.slice(0, -ending.length)}.d${ending}.ts`);
}

/** A file that two globs find in the same way is one job. */
function mergeEqual(jobs: readonly Job[]): Job[] {
  return [...new Map(jobs.map((job) => [JSON.stringify([job.file, job.settings, job.outputs]), job])).values()];
}

function refuseCollisions(jobs: readonly Job[], { loaded: { root }, force }: PlanRequest, reporter: Reporter): void {
  const sources = new Set(jobs.map((job) => sameFile(job.file)));
  const owners = new Map<string, Job>();
  for (const job of jobs) {
    for (const { path, shown } of job.outputs) {
      const owner = owners.get(sameFile(path));
      if (owner !== undefined) {
        const [first, second] =
          owner.file === job.file
            ? [
                `${job.name} (${owner.settings.mode}, ${owner.settings.style})`,
                `${job.name} (${job.settings.mode}, ${job.settings.style})`,
              ]
            : [owner.name, job.name];
        reporter.report("WG4004", undefined, { first, second, output: shown });
      }
      owners.set(sameFile(path), job);
      if (sources.has(sameFile(path))) reporter.report("WG4007", undefined, { output: shown });
      if (!force && !isInside(path, root)) reporter.report("WG4005", undefined, { output: shown, root });
    }
  }
}

/** One file on systems that do not tell capitals apart. */
function sameFile(path: string): string {
  return path.toLowerCase();
}
