// The configuration a project writes, and defineConfig, which gives it types. Imported by every wengert.config.ts, so it loads nothing else.

import type { Mode, Style } from "../emit/typescript/signature.ts";
import type { Precision } from "../compiler/precision.ts";

export const MODES = ["grad", "jvp", "jacobian", "hessian", "hvp"] as const satisfies readonly Mode[];
export const STYLES = ["staged", "tidy", "fast"] as const satisfies readonly Style[];
export const PRECISIONS = ["f64", "f32"] as const satisfies readonly Precision[];
export const TIES = ["each", "split"] as const;
export const GATES = ["joined", "each"] as const;

/** How sources are compiled and where the code goes: for all inputs, or for those of one entry. */
export interface Settings {
  /**
   * Where the code goes: a folder, which keeps the tree below the fixed part of the glob, or a file ending in `.ts`. Relative to the
   * configuration file and inside its folder. Default: beside the source.
   */
  readonly out?: string;
  /**
   * `module`: a TypeScript file per source, `loss.grad.ts`. `types`: `loss.d.math.ts` beside the source, for code that imports `./loss.math`
   * itself through the plugin. Default: `module`.
   */
  readonly emit?: "module" | "types" | "both";
  /** What to generate; default `grad`. */
  readonly mode?: Mode;
  /** How it reads; default `staged`. */
  readonly style?: Style;
  /** Of the staged style: `joined` lines as a person writes them, or `each` operation by itself, nothing rewritten; default `joined`. */
  readonly gates?: (typeof GATES)[number];
  /** Of arrays in code over tensors; default `f64`. */
  readonly precision?: Precision;
  /** Inputs to differentiate by; default: all not declared as data. */
  readonly wrt?: readonly string[];
  /** Gradient of max and min at a tie: the whole to each side, or split; default `each`. */
  readonly ties?: (typeof TIES)[number];
  /** Seed of the points at which the output is checked. */
  readonly seed?: number;
}

/** Some inputs with settings of their own. */
export interface InputSettings extends Settings {
  /** Globs relative to the configuration file; one that starts with `!` takes files out. */
  readonly files: string | readonly string[];
}

export interface WengertConfig extends Settings {
  /**
   * What to compile: globs relative to the configuration file, or entries with settings of their own. Default: every `*.math` and
   * `*.net.yaml`, `*.net.yml`, `*.net.json` of the project. Folders named `node_modules` and those whose names start with a dot are never searched.
   */
  readonly inputs?: string | InputSettings | readonly (string | InputSettings)[];
}

/** Gives a configuration its types; returns it as it is. */
export function defineConfig(config: WengertConfig): WengertConfig {
  return config;
}
