// The entry `wengert/esbuild`: types of esbuild alone, so that nobody needs those of other bundlers.

import type { Plugin } from "esbuild";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => Plugin = wengert.esbuild;
export default plugin;
