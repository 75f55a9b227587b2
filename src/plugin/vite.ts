// The entry `wengert/vite`: types of vite alone, so that nobody needs those of other bundlers.

import type { Plugin } from "vite";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => Plugin[] = wengert.vite;
export default plugin;
