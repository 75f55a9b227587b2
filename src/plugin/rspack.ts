// The entry `wengert/rspack`: types of rspack alone, so that nobody needs those of other bundlers.

import type { RspackPluginInstance } from "@rspack/core";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => RspackPluginInstance = wengert.rspack;
export default plugin;
