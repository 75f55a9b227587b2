// What a configuration may hold, for checking it. The types for people, with what each setting means, are in config.ts.

import { z } from "zod";
import { GATES, MODES, PRECISIONS, STYLES, TIES, type WengertConfig } from "./config.ts";

const text = z.string().min(1);
const globs = z.union([text, z.array(text).min(1)]);

const settings = {
  out: text.optional(),
  emit: z.enum(["module", "types", "both"]).optional(),
  mode: z.enum(MODES).optional(),
  style: z.enum(STYLES).optional(),
  gates: z.enum(GATES).optional(),
  precision: z.enum(PRECISIONS).optional(),
  wrt: z.array(text).min(1).optional(),
  ties: z.enum(TIES).optional(),
  seed: z.int().min(0).optional(),
};

const entry = z.strictObject({ files: globs, ...settings });

export const configSchema = z.strictObject({
  inputs: z.union([text, entry, z.array(z.union([text, entry]))]).optional(),
  ...settings,
});

/** A schema that fits no longer is a type error here. */
export type CheckedConfig = z.output<typeof configSchema>;
export const asConfig = (checked: CheckedConfig): WengertConfig => checked as WengertConfig; // zod's optional keys may hold undefined, which reads the same

const { out: _out, emit: _emit, wrt: _wrt, ...ofImports } = settings;
const optionsSchema = z.strictObject({
  ...ofImports,
  root: text.optional(),
  config: z.union([text, z.literal(false)]).optional(),
  types: z.boolean().optional(),
});

/** What is wrong with options of the plugin, in words; undefined for nothing. */
export function optionsProblem(options: unknown): string | undefined {
  const { error } = optionsSchema.safeParse(options);
  return error?.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
}
