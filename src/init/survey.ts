// What a folder holds before wengert is at home in it: package manager, language, bundlers, sources. Finds and says; concludes and prints nothing.

import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { findBundlers, type FoundBundler } from "./find-bundlers.ts";
import { CONFIG_NAMES, findConfig } from "../project/find-config.ts";
import { foldersUp, namesIn, shownFrom } from "./folders.ts";
import { isFolder, readOutput } from "../project/outputs.ts";
import { PACKAGE_FILE, readPackageJson, type PackageJson } from "./package-json.ts";
import { findPackageManager, findWorkspace, type FoundPackageManager } from "./package-managers.ts";
import { planProject } from "../project/plan.ts";
import { kindOf } from "../project/source-file.ts";
import { readTypeScriptSettings, type TypeScriptSettings } from "./tsconfig.ts";

/** Paths are as seen from the folder, with slashes. */
export interface Survey {
  readonly kind: "survey";
  /** Absolute. */
  readonly folder: string;
  /** Undefined where the folder has none. */
  readonly packageJson: PackageJson | undefined;
  /** The nearest folder above with a package.json, where this one has none. */
  readonly packageAbove: string | undefined;
  readonly packageManager: FoundPackageManager;
  /** The root of the workspace: `.` is this folder itself. */
  readonly workspace: string | undefined;
  readonly language: "typescript" | "javascript";
  readonly typescript: TypeScriptSettings | undefined;
  readonly bundlers: readonly FoundBundler[];
  /** Where code is: `src`, or `.`. */
  readonly sourceFolder: string;
  readonly sources: readonly string[];
  /** What the first source's gradient will be called, where that is easily told. */
  readonly gradient: string | undefined;
  /** In this folder. */
  readonly configurations: readonly string[];
  /** One in a folder above that holds for this one until it has its own. */
  readonly configurationAbove: string | undefined;
  /** The project or its workspace depends on wengert. */
  readonly isInstalled: boolean;
}

/** A file that has to be put right first. */
export interface Obstacle {
  readonly kind: "obstacle";
  readonly file: string;
  readonly detail: string;
}

/** `userAgent`: what a package manager that runs this says of itself in the environment. */
export async function surveyFolder(folder: string, userAgent?: string): Promise<Survey | Obstacle> {
  const names = namesIn(folder);
  if (names === undefined) return { kind: "obstacle", file: folder, detail: "the folder cannot be listed" };
  const reading = readPackageJson(folder);
  if (reading.kind === "broken") return { kind: "obstacle", file: PACKAGE_FILE, detail: reading.detail };
  const packageJson = reading.kind === "found" ? reading.value : undefined;
  const workspace = findWorkspace(folder);
  const packages = [...(packageJson?.packages ?? []), ...(workspace === undefined ? [] : packagesOf(workspace))];
  const typescript = readTypeScriptSettings(folder);
  const packageManager = await findPackageManager(folder, userAgent);
  const sourceFolder = findSourceFolder(folder, typescript);
  const sources = await findSources(folder);
  return {
    kind: "survey",
    folder,
    packageJson,
    packageAbove: packageJson === undefined ? findPackageAbove(folder) : undefined,
    packageManager,
    workspace: workspace && shownFrom(folder, workspace),
    language: isTypeScript({ folder, packageJson, packages, typescript, packageManager, sourceFolder })
      ? "typescript"
      : "javascript",
    typescript,
    bundlers: findBundlers(folder, { names, packages: packageJson?.packages ?? [] }),
    sourceFolder,
    sources,
    gradient: sources[0] === undefined ? undefined : await gradientOf(folder, sources[0]),
    configurations: CONFIG_NAMES.filter((name) => names.includes(name)), // a link to nowhere is in the way too
    configurationAbove: findConfigurationAbove(folder),
    isInstalled: packages.includes("wengert"),
  };
}

function packagesOf(folder: string): readonly string[] {
  const reading = readPackageJson(folder);
  return reading.kind === "found" ? reading.value.packages : []; // what is wrong above is not for us to say
}

function findPackageAbove(folder: string): string | undefined {
  const above = foldersUp(folder).find((at) => at !== folder && existsSync(join(at, PACKAGE_FILE)));
  return above && shownFrom(folder, above);
}

function findConfigurationAbove(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return undefined;
  const found = findConfig(dirname(folder));
  return found && shownFrom(folder, found);
}

type Evidence = Pick<Survey, "folder" | "packageJson" | "typescript" | "packageManager" | "sourceFolder"> & {
  readonly packages: readonly string[];
};

function isTypeScript(evidence: Evidence): boolean {
  return SIGNS_OF_TYPESCRIPT.some((sign) => sign(evidence));
}

const SIGNS_OF_TYPESCRIPT: readonly ((evidence: Evidence) => boolean)[] = [
  ({ packageJson }) => packageJson === undefined, // what starts with wengert starts with TypeScript
  ({ typescript }) => typescript !== undefined,
  ({ packages }) => packages.includes("typescript"),
  ({ packageManager }) => packageManager.agent === "deno",
  ({ folder, sourceFolder }) =>
    namesIn(join(folder, sourceFolder))?.some((name) => /\.[cm]?tsx?$/.test(name) && !/\.config\.|\.d\./.test(name)) ?? false,
];

const SOURCE_FOLDERS = ["src", "app", "lib"];

function findSourceFolder(folder: string, typescript: TypeScriptSettings | undefined): string {
  const { rootDir, outDir } = typescript ?? {};
  const declared = rootDir === undefined ? [] : [rootDir];
  const found = [...declared, ...SOURCE_FOLDERS.map((name) => resolve(folder, name))].find(
    (path) => path.startsWith(`${folder}${sep}`) && path !== outDir && isFolder(path),
  );
  return found === undefined ? "." : shownFrom(folder, found);
}

/** Those that a configuration without inputs would find. */
async function findSources(folder: string): Promise<string[]> {
  const loaded = { root: folder, config: {}, places: undefined };
  const { jobs } = await planProject({ loaded, overrides: {}, cwd: folder, force: true });
  return jobs.map(({ file }) => relative(folder, file).split(sep).join("/"));
}

/** Longer ones take their time to be read. */
const LONGEST = 20_000;

async function gradientOf(folder: string, file: string): Promise<string | undefined> {
  const { text } = readOutput({ path: join(folder, file) });
  if (kindOf(file) === "network" || text === undefined || text.length > LONGEST) return undefined;
  const [{ parseExpressionSource }, { createReporter }] = await Promise.all([
    import("../frontends/expression/expression.ts"),
    import("../diagnostics/report.ts"),
  ]);
  const name = parseExpressionSource({ name: file, text }, createReporter()).functions.at(-1)?.name;
  return name && `${name}Grad`;
}
