// The bundlers and frameworks that wengert has a plugin for: how each is recognised, and how its configuration takes the plugin.

export type Entry = "vite" | "rollup" | "rolldown" | "webpack" | "rspack" | "esbuild";

export interface Bundler {
  readonly name: string;
  readonly title: string;
  /** A project that depends on one of them uses it. */
  readonly packages: readonly string[];
  /** Its configuration, less the ending. */
  readonly config: string;
  /** It reads a configuration in TypeScript without being asked to. */
  readonly readsTypedConfig: boolean;
  /** It takes `./loss.grad.ts` without further set-up, whatever language imports it. */
  readonly readsTypeScript: boolean;
  /** What it builds runs without files of its own beside it. Not so for what only runs tests. */
  readonly bundles: boolean;
  /** Others that need no advice where this one is: they are inside of it, or read its configuration. */
  readonly covers: readonly string[];
  /** `import wengert from "wengert/<entry>"`. */
  readonly entry: Entry;
  readonly shape: ConfigShape;
  readonly note?: string;
}

/** What a configuration looks like that does nothing but use the plugin. */
interface ConfigShape {
  /** Import statements beside the plugin's own: the name in braces, the module. */
  readonly imports?: readonly (readonly [name: string, module: string])[];
  /** Function that the options are handed to. */
  readonly wrapper?: string;
  /** A statement instead of what the module exports. */
  readonly isCall?: true;
  /** The type of the options, where TypeScript would not know it. */
  readonly type?: readonly [name: string, module: string];
  readonly options: readonly string[];
  /** More options where the project is in TypeScript. */
  readonly typedOptions?: readonly string[];
}

const PLUGINS = ["plugins: [wengert()],"];
const INSIDE_VITE = ["vitest", "rollup", "rolldown", "esbuild"];

/** Frameworks first: where two cover each other, the first one counts. */
export const bundlers: readonly Bundler[] = [
  {
    name: "next",
    title: "Next.js",
    packages: ["next"],
    config: "next.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["webpack", "rspack", "esbuild"],
    entry: "webpack",
    shape: {
      type: ["NextConfig", "next"],
      options: ["webpack: (config) => {", "  config.plugins.push(wengert());", "  return config;", "},"],
    },
    note: "Turbopack, the default of Next.js 16, runs no such plugins: `next dev --webpack` and `next build --webpack` do.",
  },
  {
    name: "nuxt",
    title: "Nuxt",
    packages: ["nuxt", "nuxt-nightly"],
    config: "nuxt.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["vite", "webpack", "rspack", ...INSIDE_VITE],
    entry: "vite",
    shape: {
      wrapper: "defineNuxtConfig",
      options: ["vite: { plugins: [wengert()] },"],
      typedOptions: ["typescript: { tsConfig: { compilerOptions: { allowArbitraryExtensions: true } } },"],
    },
  },
  {
    name: "astro",
    title: "Astro",
    packages: ["astro"],
    config: "astro.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["vite", ...INSIDE_VITE],
    entry: "vite",
    shape: {
      imports: [["defineConfig", "astro/config"]],
      wrapper: "defineConfig",
      options: ["vite: { plugins: [wengert()] },"],
    },
  },
  {
    name: "sveltekit",
    title: "SvelteKit",
    packages: ["@sveltejs/kit"],
    config: "vite.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["vite", ...INSIDE_VITE],
    entry: "vite",
    shape: {
      imports: [
        ["sveltekit", "@sveltejs/kit/vite"],
        ["defineConfig", "vite"],
      ],
      wrapper: "defineConfig",
      options: ["plugins: [wengert(), sveltekit()],"],
    },
  },
  {
    name: "vite",
    title: "Vite",
    packages: ["vite", "rolldown-vite"],
    config: "vite.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: INSIDE_VITE,
    entry: "vite",
    shape: { imports: [["defineConfig", "vite"]], wrapper: "defineConfig", options: PLUGINS },
  },
  {
    name: "rsbuild",
    title: "Rsbuild",
    packages: ["@rsbuild/core"],
    config: "rsbuild.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["rspack", "webpack", "esbuild"],
    entry: "rspack",
    shape: {
      imports: [["defineConfig", "@rsbuild/core"]],
      wrapper: "defineConfig",
      options: ["tools: { rspack: { plugins: [wengert()] } },"],
    },
  },
  {
    name: "rspack",
    title: "Rspack",
    packages: ["@rspack/core", "@rspack/cli"],
    config: "rspack.config",
    readsTypedConfig: false,
    readsTypeScript: false,
    bundles: true,
    covers: ["esbuild"],
    entry: "rspack",
    shape: { options: PLUGINS },
  },
  {
    name: "webpack",
    title: "webpack",
    packages: ["webpack", "webpack-cli"],
    config: "webpack.config",
    readsTypedConfig: false,
    readsTypeScript: false,
    bundles: true,
    covers: ["esbuild"],
    entry: "webpack",
    shape: { options: PLUGINS },
  },
  {
    name: "tsdown",
    title: "tsdown",
    packages: ["tsdown"],
    config: "tsdown.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["rolldown", "rollup", "esbuild"],
    entry: "rolldown",
    shape: { imports: [["defineConfig", "tsdown"]], wrapper: "defineConfig", options: PLUGINS },
  },
  {
    name: "tsup",
    title: "tsup",
    packages: ["tsup"],
    config: "tsup.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["esbuild", "rollup"],
    entry: "esbuild",
    shape: { imports: [["defineConfig", "tsup"]], wrapper: "defineConfig", options: ["esbuildPlugins: [wengert()],"] },
  },
  {
    name: "rolldown",
    title: "Rolldown",
    packages: ["rolldown"],
    config: "rolldown.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: true,
    covers: ["esbuild"],
    entry: "rolldown",
    shape: { imports: [["defineConfig", "rolldown"]], wrapper: "defineConfig", options: PLUGINS },
  },
  {
    name: "rollup",
    title: "Rollup",
    packages: ["rollup"],
    config: "rollup.config",
    readsTypedConfig: false,
    readsTypeScript: false,
    bundles: true,
    covers: ["esbuild"],
    entry: "rollup",
    shape: { options: PLUGINS },
  },
  {
    name: "esbuild",
    title: "esbuild",
    packages: ["esbuild"],
    config: "esbuild.config",
    readsTypedConfig: false,
    readsTypeScript: true,
    bundles: true,
    covers: [],
    entry: "esbuild",
    shape: { imports: [["build", "esbuild"]], wrapper: "build", isCall: true, options: ["bundle: true,", ...PLUGINS] },
    note: "esbuild takes plugins from its JavaScript interface only, not from its command line.",
  },
  {
    name: "vitest",
    title: "Vitest",
    packages: ["vitest"],
    config: "vitest.config",
    readsTypedConfig: true,
    readsTypeScript: true,
    bundles: false,
    covers: ["vite", "esbuild"],
    entry: "vite",
    shape: { imports: [["defineConfig", "vitest/config"]], wrapper: "defineConfig", options: PLUGINS },
  },
];
