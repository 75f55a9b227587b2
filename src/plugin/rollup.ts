// The entry `wengert/rollup`: types of rollup alone, so that nobody needs those of other bundlers.

import type { Plugin } from "rollup";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => Plugin[] = wengert.rollup;
export default plugin;
