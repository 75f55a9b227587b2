// The entry `wengert/unplugin`: the plugin for every bundler that unplugin knows, also those without an entry of their own.

export type { WengertPluginOptions } from "./options.ts";
export { wengert as default, wengert } from "./plugin.ts";
