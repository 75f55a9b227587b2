// What a bundler's configuration may say to the plugin.

import type { Settings } from "../project/config.ts";

/** Settings given here win over wengert.config.ts, for sources that are imported. */
export interface WengertPluginOptions extends Pick<Settings, "mode" | "style" | "precision" | "ties" | "seed"> {
  /** Where the configuration is looked for, there and above. Default: the bundler's root, else the current folder. */
  readonly root?: string;
  /** A configuration by name, relative to the root; `false` for none. Default: the nearest wengert.config.ts. */
  readonly config?: string | false;
  /** Whether to write `loss.d.math.ts` beside a `loss.math` that code imports. Default: true, except in `node_modules`. */
  readonly types?: boolean;
}
