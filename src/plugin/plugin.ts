// The plugin for all bundlers: generated files are fresh before each build, sources can be imported, inline ones are compiled away.

import { resolve } from "node:path";
import {
  createUnplugin,
  type UnpluginBuildContext,
  type UnpluginContext,
  type UnpluginInstance,
  type UnpluginOptions,
} from "unplugin";
import { moduleOf } from "../project/artifact.ts";
import { findConfig } from "../project/find-config.ts";
import { failureError, type Failure } from "./failure.ts";
import type { WengertPluginOptions } from "./options.ts";
import type { LoadedModule, Session } from "./session.ts";
import { attachServer, type DevServer } from "./vite-server.ts";

/** `loss.math`, `mlp.net.yaml`, as bundlers name them; with `?raw` and `?url` they are for others. */
const IMPORTED = /^[^\0].*\.(math|net\.ya?ml)(\?(?!(?:.*&)?(?:raw|url)\b).*)?$/i;

/** What may hold an inline source: scripts as they are written, and what frameworks make scripts of. */
const SCRIPT = /\.[cm]?[jt]sx?(\?.*)?$/i;
const COMPONENT = /\.(vue|svelte|astro)(\?.*)?$/i;

type Context = UnpluginBuildContext & UnpluginContext;

export const wengert: UnpluginInstance<WengertPluginOptions | undefined, true> = createUnplugin((options = {}, { framework }) => {
  let root = process.cwd();
  let opening: Promise<Session> | undefined;
  let server: DevServer | undefined;

  /** Everything that reads sources is loaded by the first that needs it: a project without any does not wait for it. */
  const session = (): Promise<Session> =>
    (opening ??= import("./session.ts")
      .then(async ({ createSession }) => {
        const created = createSession(root, options);
        await created.open();
        return created;
      })
      .catch((problem: unknown) => {
        opening = undefined; // the next build asks anew
        throw problem;
      }));
  const hasConfig = (): boolean =>
    options.config !== false && (options.config !== undefined || findConfig(resolve(root, options.root ?? ".")) !== undefined);

  /** Reads the configuration, writes what is stale, and answers what a build cannot go on with. */
  const start = async (): Promise<readonly Failure[]> => {
    if (!hasConfig()) return [];
    const isFirst = opening === undefined;
    const current = await session();
    if (!isFirst) await current.open();
    const failures = await current.refresh();
    server?.started(current, failures);
    return server?.keepsLastGood ? [] : failures;
  };

  /** Of the generated files, for bundlers that would stop watching if a hook threw. */
  let failures: readonly Failure[] = [];
  const compilerHooks = (compiler: WebpackLike): void => {
    root = compiler.context;
    const run = async (): Promise<void> => void (failures = await start());
    compiler.hooks.beforeRun.tapPromise("wengert", run); // before anything is resolved: modules may import what is written here
    compiler.hooks.watchRun.tapPromise("wengert", run);
    compiler.hooks.thisCompilation.tap("wengert", ({ errors }) => {
      for (const failure of failures) errors.push(failureError(failure)); // thrown above they would end watching
    });
  };

  async function compileTemplates(this: Context, code: string, id: string) {
    const { transformInlineModule } = await import("./inline.ts");
    const { result, failure, remarks } = await transformInlineModule(code, id, await session());
    if (remarks !== "") this.warn(remarks);
    if (failure !== undefined) fail(this, failure, framework);
    return result;
  }

  const main: UnpluginOptions = {
    name: "wengert",
    enforce: "pre", // mistakes in templates are shown in the text that was written
    async buildStart() {
      if (framework === "esbuild") return void (failures = await start()); // onEnd tells
      const found = framework === "webpack" || framework === "rspack" ? [] : await start();
      const files = opening === undefined ? [] : (await opening).watched();
      for (const file of files) this.addWatchFile(file); // also when this build fails: the next may not
      refuse(found);
    },
    load: {
      filter: { id: IMPORTED },
      async handler(this: Context, id) {
        const file = id.replace(/\?.*$/, "");
        const current = await session();
        const loaded = await current.load(file);
        this.addWatchFile(file);
        const { loaded: configuration } = current.project;
        if (configuration !== undefined && server === undefined) this.addWatchFile(configuration.file); // the dev server reloads by itself
        if (loaded.remarks !== "") this.warn(loaded.remarks);
        if (loaded.failure !== undefined) {
          if (server?.keepsLastGood && loaded.artifact !== undefined) server.show([loaded.failure]);
          else fail(this, loaded.failure, framework);
        }
        return served(loaded, file);
      },
    },
    transform: { filter: { id: SCRIPT, code: "wengert/inline" }, handler: compileTemplates },
    vite: {
      configResolved(config) {
        root = config.root;
      },
      configureServer(vite) {
        server = attachServer(vite, session, () => opening !== undefined);
      },
      hotUpdate: {
        order: "pre",
        async handler({ modules, ...save }) {
          return server === undefined || opening === undefined ? modules : server.changed(await opening, save, modules);
        },
      },
    },
    webpack: compilerHooks,
    rspack: compilerHooks,
    esbuild: {
      setup(build) {
        root = build.initialOptions.absWorkingDir ?? root;
        build.onResolve({ filter: /.*/ }, async ({ kind }) => {
          if (kind !== "entry-point" || opening === undefined) return undefined;
          return { watchFiles: (await opening).watched() }; // esbuild watches what its hooks name, and not from the start
        });
        build.onEnd(() => ({ errors: failures.map(esbuildError) }));
      },
    },
  };
  /** Components are read after their own plugins have made scripts of them. */
  const components: UnpluginOptions = {
    name: "wengert:components",
    transform: { filter: { id: COMPONENT, code: "wengert/inline" }, handler: compileTemplates },
  };
  return [main, components];
});

/** What webpack and Rspack have in common here. */
interface WebpackLike {
  readonly context: string;
  readonly hooks: Record<"beforeRun" | "watchRun", { tapPromise(name: string, run: () => Promise<void>): void }> & {
    readonly thisCompilation: { tap(name: string, run: (compilation: { readonly errors: Error[] }) => void): void };
  };
}

function served({ artifact }: LoadedModule, file: string) {
  if (artifact === undefined) return { code: "export {};" }; // the error has been told
  const { map } = artifact;
  return {
    code: moduleOf(artifact),
    map: map && { ...map, sources: [file], names: [], sourcesContent: [...map.sourcesContent] },
  };
}

function esbuildError({ file, loc, frame }: Failure) {
  return { text: frame, location: loc ?? { file } };
}

/** Each bundler has its own best way to show where an error is. */
function fail(context: UnpluginContext, failure: Failure, framework: string): void {
  const { message, file, loc, frame } = failure;
  if (framework === "webpack" || framework === "rspack") throw failureError(failure);
  if (framework === "esbuild") return context.error({ message: frame, id: file, ...(loc && { loc }) });
  context.error(Object.assign({ message, id: file, ...(loc && { loc }) }, { frame })); // Rollup, Rolldown and Vite print the frame by themselves
}

function refuse(failures: readonly Failure[]): void {
  const [first] = failures;
  if (first !== undefined) throw failureError({ ...first, frame: failures.map(({ frame }) => frame).join("\n\n") });
}
