// The plugin in Vite's dev server: a broken source shows in the overlay while the page keeps its last good code; a mended one takes it away.

import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { EnvironmentModuleNode, ViteDevServer } from "vite";
import { CONFIG_NAMES } from "../project/find-config.ts";
import { SETTLING } from "../project/settling.ts";
import { isSourceFile } from "../project/source-file.ts";
import type { Failure } from "./failure.ts";
import type { Session } from "./session.ts";

/** A change as Vite tells of it. */
export interface Save {
  readonly type: "create" | "update" | "delete";
  readonly file: string;
}

export interface DevServer {
  /** Whether pages go on with the last good code of a broken source. Tests must fail instead. */
  readonly keepsLastGood: boolean;
  /** After the generated files were first written. */
  started(session: Session, failures: readonly Failure[]): void;
  /** Shows errors in the overlay of every page, and of those that open later. */
  show(failures: readonly Failure[]): void;
  /** A file was saved: which of the modules that depend on it are to be updated. */
  changed(session: Session, save: Save, modules: EnvironmentModuleNode[]): Promise<EnvironmentModuleNode[]>;
}

/** `session` opens the project, also where there was no configuration before; `isOpen` says whether it has. */
export function attachServer(vite: ViteDevServer, session: () => Promise<Session>, isOpen: () => boolean): DevServer {
  const keepsLastGood = !vite.config.plugins.some(({ name }) => name === "vitest" || name.startsWith("vitest:"));
  const broken = new Map<string, Failure>();
  /** Files changed since the last round, and whether that changes what there is to do. */
  const changes = new Set<string>();
  let isNewPlan = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = ({ message, file, loc, frame }: Failure): void =>
    vite.ws.send({ type: "error", err: { message, stack: "", id: file, frame, plugin: "wengert", ...(loc && { loc }) } });
  const show = (failures: readonly Failure[]): void => {
    for (const failure of failures) {
      const isNew = broken.get(failure.file)?.frame !== failure.frame;
      if (isNew) vite.config.logger.error(`${failure.message}\n\n${failure.frame}`, { timestamp: true });
      broken.set(failure.file, failure);
      send(failure);
    }
  };
  const settle = (file: string): void => {
    if (!broken.delete(file)) return;
    if (broken.size === 0)
      vite.ws.send({ type: "update", updates: [] }); // takes the overlay away
    else for (const failure of broken.values()) send(failure);
  };
  const importsOf = (file: string): EnvironmentModuleNode[] =>
    Object.values(vite.environments)
      .flatMap(({ moduleGraph }) => [...(moduleGraph.getModulesByFile(file.replaceAll("\\", "/")) ?? [])])
      .filter(({ importers }) => importers.size > 0);

  /** What the configuration names is written anew, and only what is still wrong stays in the overlay. */
  const round = async (): Promise<void> => {
    const [files, replan] = [[...changes], isNewPlan];
    changes.clear();
    isNewPlan = false;
    const current = await session();
    if (replan) await current.open();
    const watched = current.watched();
    const failures = await current.refresh(replan ? undefined : files);
    for (const file of broken.keys()) {
      const isOurs = replan || files.includes(file);
      const isGone = !existsSync(file) || (!watched.includes(file) && importsOf(file).length === 0);
      if (isGone || (isOurs && watched.includes(file) && !failures.some((failure) => failure.file === file))) settle(file);
    }
    show(failures);
    if (files.some(isConfig)) reloadImports();
  };
  const isConfig = (file: string): boolean => CONFIG_NAMES.includes(basename(file));
  /** Sources that code imports are compiled as the configuration says. */
  const reloadImports = (): void => {
    for (const { moduleGraph } of Object.values(vite.environments)) {
      for (const [file, modules] of moduleGraph.fileToModulesMap) {
        if (isSourceFile(file)) for (const module of modules) moduleGraph.invalidateModule(module);
      }
    }
    vite.ws.send({ type: "full-reload" });
  };
  const tell = (problem: unknown): void =>
    vite.config.logger.error(`wengert: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}`);

  vite.watcher.on("all", (event, path) => {
    const file = resolve(path);
    if (!isConfig(file) && !(isSourceFile(file) && isOpen())) return;
    changes.add(file);
    if (isConfig(file) || event !== "change") isNewPlan = true;
    clearTimeout(timer);
    timer = setTimeout(() => void round().catch(tell), SETTLING);
    timer.unref();
  });
  vite.ws.on("connection", () => {
    for (const failure of broken.values()) send(failure);
  });
  return {
    keepsLastGood,
    started(current, failures) {
      vite.watcher.add([...current.project.plan.searched, ...current.watched()]);
      show(failures);
    },
    show,
    async changed(current, { type, file: given }, modules) {
      const file = resolve(given);
      if (!isSourceFile(file) || modules.length === 0) return modules;
      if (type === "delete") return modules;
      await new Promise((ready) => setTimeout(ready, SETTLING));
      const { failure } = await current.load(file);
      if (failure === undefined) {
        settle(file);
        return modules;
      }
      if (!keepsLastGood || importsOf(file).length === 0) return modules;
      show([failure]);
      return []; // the page goes on with what it has
    },
  };
}
