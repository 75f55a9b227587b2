// From a configuration to jobs: which files are compiled, how, and what is written where. Whatever two jobs would do to one file is refused here.

import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Span } from "../core/span.ts";
import { createReporter, type Diagnostic, type Reporter } from "../diagnostics/report.ts";
import type { SpecNode } from "../frontends/network/read.ts";
import { completeSettings, type CompileSettings } from "./artifact.ts";
import type { InputSettings, Settings } from "./config.ts";
import type { LoadedConfig } from "./config-file.ts";
import { followLink, isInside, realPath } from "./outputs.ts";
import { isSourceFile, kindOf, SOURCE_GLOBS, stemOf, type SourceKind } from "./source-file.ts";

export interface Job {
  /** Absolute path of the source. */
  readonly file: string;
  /** As messages call it: relative to where the command runs. */
  readonly name: string;
  readonly kind: SourceKind;
  readonly settings: CompileSettings;
  readonly outputs: readonly JobOutput[];
  /** Of the entry of the configuration that asks for it. */
  readonly place: Span | undefined;
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
  /** A glob without settings of its own: one of several kinds of source, of which not every project has each. */
  readonly isPlain: boolean;
}

export async function planProject(request: PlanRequest): Promise<Plan> {
  const reporter = createReporter();
  const { root } = request.loaded;
  const entries = entriesOf(request);
  const found = await Promise.all(entries.map((entry) => findFiles(entry, root)));
  const jobs: Job[] = [];
  const searched = new Set<string>();
  entries.forEach((entry, index) => {
    for (const { base } of globsOf(entry)) searched.add(resolve(root, base));
    const files = found[index]!;
    reportMissing(entry, files, root, reporter);
    for (const file of files) {
      const job = planJob(file, entry, request);
      if (isJson(file) && (entry.emit ?? "module") !== "module") reporter.report("WG4010", entry.span, { source: job.name });
      jobs.push(job);
    }
  });
  const plain = entries.filter(({ isPlain, span }) => isPlain && span !== undefined);
  const isEmpty = (entry: Entry): boolean =>
    found[entries.indexOf(entry)]!.length === 0 && globsOf(entry).every(({ isWild }) => isWild);
  if (plain.length > 0 && plain.every(isEmpty)) reportNothing(plain, reporter);
  const distinct = mergeEqual(jobs);
  refuseCollisions(distinct, request, reporter);
  return { jobs: distinct, diagnostics: reporter.diagnostics, searched: [...searched] };
}

/** A glob may find nothing; a file that is named has to be there. */
function reportMissing(entry: Entry, files: readonly string[], root: string, reporter: Reporter): void {
  const named = globsOf(entry).filter(({ isWild }) => !isWild);
  const missing = named.filter(({ glob }) => !existsSync(resolve(root, glob)));
  for (const { glob } of missing) reporter.report("WG1020", entry.span, { name: glob });
  if (files.length === 0 && missing.length === 0 && !entry.isPlain) reportNothing([entry], reporter);
}

function reportNothing(entries: readonly Entry[], reporter: Reporter): void {
  const globs = entries.flatMap(globsOf).map(({ glob }) => glob);
  reporter.report("WG4003", entries[0]!.span, { glob: globs.join(", ") }); // called with one at least
}

/** Jobs for files that are named one by one; their outputs may lie anywhere. */
export function planFiles(files: readonly string[], { cwd, overrides }: Omit<PlanRequest, "loaded">): Plan {
  const reporter = createReporter();
  const request = { loaded: { root: cwd, config: {}, places: undefined }, overrides, cwd, force: true };
  const jobs = mergeEqual(
    files.map((file) => planJob(resolve(cwd, file), { ...overrides, files: file, isPlain: false, span: undefined }, request)),
  );
  refuseCollisions(jobs, request, reporter);
  return { jobs, diagnostics: reporter.diagnostics, searched: [] };
}

/** The entries with the settings that hold for all of them written into each. */
function entriesOf({ loaded: { config, places }, overrides }: PlanRequest): Entry[] {
  const { inputs = SOURCE_GLOBS, ...common } = config;
  const node = places?.kind === "map" ? places.entries.get("inputs")?.node : undefined;
  const listed: readonly (string | InputSettings)[] = typeof inputs === "string" || "files" in inputs ? [inputs] : inputs;
  const excluded = listed.filter((input) => typeof input === "string" && input.startsWith("!")) as string[];
  const included = listed.filter((input) => typeof input !== "string" || !input.startsWith("!"));
  return (included.length > 0 ? included : SOURCE_GLOBS).map((input) => {
    const { files, ...own }: InputSettings = typeof input === "string" ? { files: input } : input;
    const span = config.inputs && placeOf(node, listed.indexOf(input))?.span;
    return {
      ...common,
      ...own,
      ...overrides,
      files: [files, excluded].flat(),
      isPlain: typeof input === "string",
      span: typeof span === "object" ? span : undefined,
    };
  });
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
  });
  return distinct(files.map((file) => resolve(file)).filter((file) => isSourceFile(file) || isNamed(file, entry, root))).sort();
}

/** By name anything may be a source; what wildcards find is one only by its ending. */
function isNamed(file: string, { files }: Entry, root: string): boolean {
  return [files].flat().some((glob) => resolve(root, glob) === file);
}

/** Links lead to one file by several ways, some round in a circle: its own path counts, or the shortest. */
function distinct(files: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const file of files) {
    const real = followLink(file);
    const known = found.get(real);
    if (known === undefined || file === real || (known !== real && file.length < known.length)) found.set(real, file);
  }
  return [...found.values()];
}

interface Glob {
  readonly glob: string;
  readonly isWild: boolean;
  /** The folders before the first wildcard. */
  readonly base: string;
}

function globsOf(entry: Entry): Glob[] {
  return [entry.files]
    .flat()
    .filter((glob) => !glob.startsWith("!"))
    .map((glob) => ({ glob, isWild: WILD.test(glob), base: baseOf(glob) }));
}

const WILD = /[*?{[(!]/;

function baseOf(glob: string): string {
  const parts = glob.split("/");
  const wild = parts.findIndex((part) => WILD.test(part));
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
    place: entry.span,
    outputs: [
      ...(emit === "types" ? [] : [output("module", modulePath(file, entry, root, settings))]),
      ...(emit === "module" || isJson(file) ? [] : [output("types", typesPath(file))]),
    ],
  };
}

/** What code imports from a JSON file is the JSON. */
function isJson(file: string): boolean {
  return /\.json$/i.test(file);
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

/** A file that two globs find in the same way is one job; in the order of the files. */
function mergeEqual(jobs: readonly Job[]): Job[] {
  const distinct = [...new Map(jobs.map((job) => [JSON.stringify([job.file, job.settings, job.outputs]), job])).values()];
  return distinct.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
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
        reporter.report(
          "WG4004",
          job.place,
          { first, second, output: shown },
          "give one of them another `out`, or a mode of its own",
        );
      }
      owners.set(sameFile(path), job);
      if (sources.has(sameFile(path))) reporter.report("WG4007", job.place, { output: shown }, "give the entry another `out`");
      if (!force && !isInside(path, root))
        reporter.report(
          "WG4005",
          job.place,
          { output: shown, root },
          "choose an `out` inside it; --force writes it all the same",
        );
    }
  }
}

/** One file by whatever links it is reached, also on systems that do not tell capitals apart. */
function sameFile(path: string): string {
  return realPath(path).toLowerCase();
}
