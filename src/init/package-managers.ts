// Which package manager a project uses, and its words for what a new user of wengert does.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { resolveCommand } from "package-manager-detector/commands";
import { detect, resolveAgent } from "package-manager-detector/detect";
import type { Agent, AgentName, Command } from "package-manager-detector";
import { parse } from "yaml";
import { foldersUp, isRepository } from "./folders.ts";
import { readOutput } from "../project/outputs.ts";
import { isFilled, readPackageJson, recordOf } from "./package-json.ts";

export interface FoundPackageManager {
  readonly agent: Agent;
  /** `project`: a lockfile or package.json says so. `process`: it runs this command. `none`: nothing says so. */
  readonly foundBy: "project" | "process" | "none";
}

/** `userAgent`: what package managers say of themselves to what they run, `pnpm/10.0.0 npm/? node/v20.0.0`. */
export async function findPackageManager(folder: string, userAgent: string | undefined): Promise<FoundPackageManager> {
  const found = await detect({ cwd: folder, stopDir: isRepository });
  if (found) return { agent: hasModernYarn(found.agent, folder) ? "yarn@berry" : found.agent, foundBy: "project" };
  if (DENO_FILES.some((name) => existsSync(join(folder, name)))) return { agent: "deno", foundBy: "project" };
  const [name = "", version] = userAgent?.split(" ", 1)[0]!.split("/") ?? [];
  const running = resolveAgent(name as AgentName, version); // undefined for a name it does not know
  return running === undefined ? { agent: "npm", foundBy: "none" } : { agent: running.agent, foundBy: "process" };
}

const DENO_FILES = ["deno.json", "deno.jsonc"]; // its lockfile comes with the first dependency

/** The lockfile alone does not tell, its configuration does: `.yarnrc` became `.yarnrc.yml` with version 2. */
function hasModernYarn(agent: Agent, folder: string): boolean {
  return agent === "yarn" && foldersUp(folder).some((at) => existsSync(join(at, ".yarnrc.yml")));
}

/** The root of the workspace that `folder` is in or is (absolute); undefined outside of workspaces. */
export function findWorkspace(folder: string): string | undefined {
  return foldersUp(folder).find((at) => {
    const reading = readPackageJson(at);
    return (reading.kind === "found" && reading.value.hasWorkspaces) || existsSync(join(at, "rush.json")) || hasPnpmPackages(at);
  });
}

/** pnpm-workspace.yaml also holds settings of projects that are no workspace. */
function hasPnpmPackages(folder: string): boolean {
  const { text } = readOutput({ path: join(folder, "pnpm-workspace.yaml") });
  if (text === undefined) return false;
  try {
    const value: unknown = parse(text, { logLevel: "silent" });
    return isFilled(recordOf(value)["packages"]);
  } catch {
    return false; // pnpm itself will complain
  }
}

export interface Words {
  /** Makes a project of an empty folder. */
  readonly start: readonly string[];
  readonly install: string;
  /** Runs `gen` with some arguments. */
  gen(...args: string[]): string;
}

export interface WordsRequest {
  readonly agent: Agent;
  readonly isWorkspaceRoot: boolean;
  /** package.json has a script of that name, which some package managers would run instead. */
  readonly hasGenScript: boolean;
}

/** What to type. */
export function wordsOf({ agent, isWorkspaceRoot, hasGenScript }: WordsRequest): Words {
  const habits = HABITS[agent];
  const rootFlag = isWorkspaceRoot && habits?.rootFlag !== undefined ? [habits.rootFlag] : [];
  const short = habits?.execute ?? (hasGenScript ? undefined : habits?.gen);
  return {
    start: habits?.start ?? ["npm init -y", ESM],
    install: habits?.install ?? command(agent, "add", ["-D", ...rootFlag, "wengert"]),
    gen: (...args) => (short === undefined ? command(agent, "execute-local", ["gen", ...args]) : [short, ...args].join(" ")),
  };
}

interface Habits {
  readonly start?: readonly string[];
  /** Where it is not the library's `add -D`. */
  readonly install?: string;
  /** Allows to add to the root of a workspace. */
  readonly rootFlag?: string;
  /** Runs the installed command, where that is not the library's `exec gen`. */
  readonly execute?: string;
  /** Shorter, but a script of that name comes first. */
  readonly gen?: string;
}

const ESM = "npm pkg set type=module";

/** What people type, where that is not what package-manager-detector says. */
const HABITS: Readonly<Partial<Record<Agent, Habits>>> = {
  npm: { install: "npm install -D wengert" },
  yarn: { start: ["yarn init -y", ESM], rootFlag: "-W", gen: "yarn gen" },
  "yarn@berry": { start: ["yarn init -y", ESM], gen: "yarn gen" },
  pnpm: { start: ["pnpm init", ESM], rootFlag: "-w", gen: "pnpm gen" },
  "pnpm@6": { start: ["pnpm init", ESM], rootFlag: "-w" }, // older ones run scripts only
  "pnpm-rush": { install: "rush add --dev -p wengert" },
  bun: { start: ["bun init -y"], install: "bun add -d wengert", execute: "bunx gen" },
  deno: { start: ["deno init"], execute: "deno run -A npm:wengert/gen" },
};

function command(agent: Agent, name: Command, args: string[]): string {
  const resolved = resolveCommand(agent, name, args);
  return resolved === null ? ["npx", ...args].join(" ") : [resolved.command, ...resolved.args].join(" ");
}
