// Options that say how to compile, shared by the commands that compile.

import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { CompileOptions } from "../compiler/types.ts";
import { nearest } from "../diagnostics/suggest.ts";
import type { Mode, Style } from "../emit/typescript/signature.ts";
import { completeSettings } from "../project/artifact.ts";
import { GATES, MODES, PRECISIONS, STYLES, TIES, type Settings } from "../project/config.ts";

export interface CompileFlags {
  readonly wrt?: readonly string[];
  readonly mode: Mode;
  readonly style: Style;
  readonly ties: "each" | "split";
  readonly gates?: "joined" | "each";
  readonly seed?: number;
  readonly precision?: "f64" | "f32";
}

export function addCompileFlags(command: Command): Command {
  return addGatesFlag(addInputFlags(command))
    .addOption(new Option("--mode <mode>", `what to generate: ${MODES.join(", ")}`).default("grad").argParser(oneOf(MODES)))
    .addOption(new Option("--style <style>", `how it reads: ${STYLES.join(", ")}`).default("staged").argParser(oneOf(STYLES)))
    .addOption(
      new Option("--precision <precision>", "of arrays in code over tensors: f64, f32")
        .default("f64")
        .argParser(oneOf(PRECISIONS)),
    );
}

/** Of the staged style. */
export function addGatesFlag(command: Command): Command {
  const help = "lines of the staged style: joined, as a person writes them; each operation by itself, nothing rewritten";
  return command.addOption(new Option("--gates <gates>", help).default("joined").argParser(oneOf(GATES)));
}

/** Those that matter whatever is generated. */
export function addInputFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--wrt <names>", "inputs to differentiate by (default: all not declared as data)").argParser(collectNames),
    )
    .addOption(
      new Option("--ties <ties>", "gradient of max and min at a tie: each, split").default("each").argParser(oneOf(TIES)),
    )
    .addOption(new Option("--seed <number>", "seed of the points at which the output is checked").argParser(parseSeed));
}

export function compileOptions(flags: CompileFlags, name: string): CompileOptions {
  return { name, ...completeSettings(flags) };
}

/** What was said on the command line, defaults left out: it wins over a configuration. */
export function explicitSettings(command: Command, flags: CompileFlags & Pick<Settings, "out" | "emit">, cwd: string): Settings {
  const said = <K extends keyof typeof flags>(name: K): boolean => command.getOptionValueSource(name) === "cli";
  return {
    ...(said("mode") && { mode: flags.mode }),
    ...(said("style") && { style: flags.style }),
    ...(said("gates") && flags.gates !== undefined && { gates: flags.gates }),
    ...(said("ties") && { ties: flags.ties }),
    ...(said("precision") && flags.precision !== undefined && { precision: flags.precision }),
    ...(flags.wrt !== undefined && { wrt: flags.wrt }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.emit !== undefined && { emit: flags.emit }),
    ...(flags.out !== undefined && { out: resolve(cwd, flags.out) }),
  };
}

/** `--wrt a,b --wrt c` names three inputs. */
function collectNames(text: string, before: readonly string[] | undefined): string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("It names no input.");
  return [...new Set([...(before ?? []), ...names])];
}

export function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const hint = nearest(text, choices);
    throw new InvalidArgumentError(`Allowed: ${choices.join(", ")}.${hint === undefined ? "" : ` Did you mean ${hint}?`}`);
  };
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return seed;
}
