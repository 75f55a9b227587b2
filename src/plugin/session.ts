// What the plugin knows of one build or dev server: the project, the sources that code imports, the last good module of each. Knows no bundler.

import { relative, resolve } from "node:path";
import { completeSettings, type Artifact, type CompileSettings } from "../project/artifact.ts";
import type { Settings } from "../project/config.ts";
import { deliver } from "../project/outputs.ts";
import { typesPath } from "../project/plan.ts";
import { openProject, runJobs, type Outcome, type Project } from "../project/project.ts";
import { kindOf } from "../project/source-file.ts";
import { failureOf, remarksOf, type Failure } from "./failure.ts";
import type { WengertPluginOptions } from "./options.ts";

export interface LoadedModule {
  /** The module to serve: of the source as it is, or the last one that was good. */
  readonly artifact: Artifact | undefined;
  readonly failure: Failure | undefined;
  /** Warnings, as text. */
  readonly remarks: string;
}

export interface Session {
  readonly project: Project;
  /** Finds and reads the configuration, again after it has changed. */
  open(): Promise<void>;
  /** Writes the generated files of the configuration anew, of all sources or of some, and tells what failed. */
  refresh(files?: readonly string[]): Promise<Failure[]>;
  /** The configuration and the sources that it names. */
  watched(): string[];
  /** A source that code imports. */
  load(file: string): Promise<LoadedModule>;
  /** A template in a script: compiled as it would be at run time, by the mode alone. */
  compileText(text: string, mode: CompileSettings["mode"]): Promise<Artifact>;
  /** What messages call a file. */
  nameOf(file: string): string;
}

export function createSession(root: string, options: WengertPluginOptions): Session {
  const { root: own, config, types = true, ...rest } = options;
  const overrides = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Settings; // checked by open()
  const cwd = resolve(root, own ?? ".");
  const lastGood = new Map<string, Artifact>();
  let project: Project | undefined;
  const opened = (): Project => {
    if (project === undefined) throw new Error("the plugin is used before it has started");
    return project;
  };

  /** Rounds that overlap would let the slower one, which read first, write last. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => {}); // whoever asked for the work hears of it
    return next;
  };

  const open = async (): Promise<void> => {
    const { env } = process;
    const where = config === undefined ? {} : config === false ? { files: [] } : { configFile: config };
    await checkOptions(options);
    const isFirst = project === undefined;
    project = await openProject({ cwd, env, ...where }, project);
    if (isFirst) project.builder.sweep();
  };

  const writeTypes = (file: string, artifact: Artifact): void => {
    if (!types || /[\\/]node_modules[\\/]/.test(file)) return;
    const path = typesPath(file);
    deliver([{ path, shown: path, text: artifact.declarations }], { force: false }); // a file of somebody else's, or a disk that cannot be written, stays as it is
  };

  const refresh = async (files?: readonly string[]): Promise<Failure[]> => {
    const { plan, problems, loaded } = opened();
    const broken = loaded && (await failureOf(problems, loaded.source, loaded.file));
    if (broken) return [broken];
    const jobs = files === undefined ? plan.jobs : plan.jobs.filter((job) => files.includes(job.file));
    const outcomes = await runJobs(opened(), jobs, { force: false });
    const failures = await Promise.all(outcomes.map(failureOfOutcome));
    return failures.filter((failure) => failure !== undefined);
  };

  return {
    get project() {
      return opened();
    },
    open: () => inTurn(open),
    refresh: (files) => inTurn(() => refresh(files)),
    watched() {
      const { plan, loaded } = opened();
      return [...new Set([...(loaded ? [loaded.file] : []), ...plan.jobs.map(({ file }) => file)])];
    },
    async load(given) {
      const file = resolve(given); // Vite writes slashes on every system
      const name = relative(cwd, file);
      const job = {
        file,
        name,
        kind: kindOf(file),
        settings: completeSettings({ ...settingsFor(file, opened()), ...overrides }),
      };
      const [built] = await opened().builder.build([job]);
      const { artifact, source } = built!; // one job, one result
      const [failure, remarks] = await Promise.all([
        failureOf(artifact.diagnostics, source, file),
        remarksOf(artifact.diagnostics, source),
      ]);
      if (artifact.ok) {
        lastGood.set(file, artifact);
        writeTypes(file, artifact);
      }
      return { artifact: artifact.ok ? artifact : lastGood.get(file), failure, remarks };
    },
    compileText: (text, mode) =>
      opened().builder.artifact({ kind: "expression", name: "<inline>", text, settings: completeSettings({ mode }) }),
    nameOf: (file) => relative(cwd, file),
  };
}

/** Of the entry of the configuration that names the file, if one does: the one that writes types, else the first. */
function settingsFor(file: string, project: Project): Settings {
  const jobs = project.plan.jobs.filter((job) => job.file === file);
  const job = jobs.find(({ outputs }) => outputs.some(({ kind }) => kind === "types")) ?? jobs[0];
  return job?.settings ?? configured(project);
}

/** What the configuration says for all inputs. */
function configured({ loaded }: Project): Settings {
  const { inputs: _inputs, out: _out, emit: _emit, wrt: _wrt, ...common } = loaded?.config ?? {};
  return common;
}

function failureOfOutcome({ diagnostics, source, job }: Outcome): Promise<Failure | undefined> {
  return failureOf(diagnostics, source, job.file);
}

/** Throws an Error that names what the plugin's options may not hold. */
async function checkOptions(options: WengertPluginOptions): Promise<void> {
  if (Object.keys(options).length === 0) return;
  const { optionsProblem } = await import("../project/config-schema.ts");
  const problem = optionsProblem(options);
  if (problem !== undefined) throw new Error(`the options of wengert's plugin are wrong: ${problem}`);
}
