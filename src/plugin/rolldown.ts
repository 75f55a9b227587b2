// The entry `wengert/rolldown`: types of rolldown alone, so that nobody needs those of other bundlers.

import type { Plugin } from "rolldown";
import type { WengertPluginOptions } from "./options.ts";
import { wengert } from "./plugin.ts";

export type { WengertPluginOptions };

const plugin: (options?: WengertPluginOptions) => Plugin[] = wengert.rolldown;
export default plugin;
