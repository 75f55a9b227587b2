// The entry `wengert/webpack`: types of webpack alone, so that nobody needs those of other bundlers.

import type { WebpackPluginInstance } from "webpack";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => WebpackPluginInstance = wengert.webpack;
export default plugin;
