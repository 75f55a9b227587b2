// The plugin in Vite's dev server: a broken source shows in the overlay while the page keeps its last good code; a mended one takes it away.

import { setTimeout } from "node:timers/promises";
import type { EnvironmentModuleNode, ViteDevServer } from "vite";
import { SETTLING } from "../project/settling.ts";
import type { Failure } from "./failure.ts";
import type { Session } from "./session.ts";

/** A change as Vite tells of it. */
export interface Save {
  readonly file: string;
  readonly timestamp: number;
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

const SOURCE = /\.(math|net\.(ya?ml|json))$/i;

export function attachServer(vite: ViteDevServer): DevServer {
  const keepsLastGood = !vite.config.plugins.some(({ name }) => name === "vitest");
  const broken = new Map<string, Failure>();
  let isWatching = false;
  /** Each environment, client and server, is told of the same save. */
  let saved: { readonly save: string; readonly settled: Promise<void> } | undefined;

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
  const refresh = async (session: Session, files: readonly string[]): Promise<void> => {
    const failures = await session.refresh(files);
    for (const file of files) if (!failures.some((failure) => failure.file === file)) settle(file);
    show(failures);
  };
  const renew = async (session: Session, file: string): Promise<void> => {
    if (session.watched().includes(file)) await refresh(session, [file]);
  };
  /** The configuration itself, and sources that come and go, change what there is to do. */
  const watch = (session: Session): void => {
    isWatching = true;
    vite.watcher.on("all", (event, path) => {
      if (path !== session.project.loaded?.file && (event === "change" || !SOURCE.test(path))) return;
      void setTimeout(SETTLING)
        .then(() => session.open())
        .then(() => refresh(session, session.watched()));
    });
  };

  vite.ws.on("connection", () => {
    for (const failure of broken.values()) send(failure);
  });
  return {
    keepsLastGood,
    started(session, failures) {
      vite.watcher.add([...session.project.plan.searched, ...session.watched()]);
      if (!isWatching) watch(session);
      show(failures);
    },
    show,
    async changed(session, { file, timestamp }, modules) {
      if (!SOURCE.test(file)) return modules;
      const save = `${timestamp} ${file}`;
      if (saved?.save !== save) saved = { save, settled: setTimeout(SETTLING).then(() => renew(session, file)) };
      await saved.settled;
      if (modules.length === 0) return modules;
      const { failure } = await session.load(file);
      if (failure === undefined) {
        settle(file);
        return modules;
      }
      if (!keepsLastGood) return modules;
      show([failure]);
      return []; // the page goes on with what it has
    },
  };
}
