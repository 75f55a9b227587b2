// The commands and options of `gen`. What they do is loaded when it is needed, so that help comes at once.

import { Command, InvalidArgumentError, Option } from "commander";
import { escapeControls } from "../diagnostics/escape.ts";
import { nearest } from "../diagnostics/suggest.ts";
import { originalArgument } from "./arguments.ts";
import { addCompileFlags, addInputFlags, explicitSettings } from "./flags.ts";
import type { ExplainFlags } from "./explain.ts";
import { EXIT, usageError } from "./exit.ts";
import type { InitFlags } from "./init.ts";
import type { Io } from "./io.ts";
import type { ListingFlags } from "./listings.ts";
import type { ProjectFlags } from "./project.ts";
import type { VerifyFlags } from "./verify.ts";
import { readVersion } from "./version.ts";

type Finish = (exitCode: number) => void;

export function createProgram(io: Io, finish: Finish): Command {
  const program = new Command("gen")
    .description("Writes the gradient of a math expression or a network as verified TypeScript.")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text.split("\n").map(escapeControls).join("\n")), // it quotes arguments
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    })
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("Run gen --help for what there is.")
    .version(readVersion(), "-V, --version", "print the version");
  addGenerate(program, io, finish);
  addInit(program, io, finish);
  addExplain(program, io, finish);
  addVerify(program, io, finish);
  addListings(program, io, finish);
  return program;
}

const SOURCE = "an expression in quotes, a *.math or *.net.yaml file, or - for standard input";

function addGenerate(program: Command, io: Io, finish: Finish): void {
  addCompileFlags(
    program
      .argument("[source...]", SOURCE)
      .option("-o, --out <path>", "file to write, or folder for one <name>.<mode>.ts per source (default: standard output)"),
  )
    .addOption(new Option("--at <point>", "also evaluate there: value, stages, gradients").argParser(collect))
    .option("--json", "one JSON document on standard output")
    .option("--check", "write nothing; exit with 4 where a file is stale, and show what differs")
    .option("--dry-run", "write nothing; say what would be written")
    .option("-w, --watch", "compile again whatever is saved, until Ctrl+C")
    .option("-c, --config <file>", "the configuration (default: the nearest wengert.config.ts, here or above)")
    .addOption(
      new Option("--emit <what>", "module: <name>.<mode>.ts; types: <name>.d.math.ts, for importing the source itself").choices([
        "module",
        "types",
        "both",
      ]),
    )
    .option("--no-cache", "compile and check also what has not changed")
    .option("--latex", "the derivation as LaTeX instead of the code")
    .option("--force", "overwrite files that wengert did not write")
    .option("-q, --quiet", "print errors only")
    .option("--verbose", "print where a bug in wengert happened")
    .addHelpText("after", EXAMPLES)
    .action(async (sources: string[], flags: ProjectFlags, command: Command) => {
      if (sources.length === 0 && (await isIdle(flags, io))) return finish(showUsage(io));
      refuseMisspeltCommand(
        sources,
        program.commands.map((command) => command.name()),
      );
      if (sources.length === 0 || flags.watch || flags.emit !== undefined || flags.config !== undefined) {
        const { generateProject } = await import("./project.ts");
        return finish(await generateProject(sources.map(originalArgument), explicitSettings(command, flags, io.cwd), flags, io));
      }
      const { generate } = await import("./generate.ts");
      finish(await generate(sources, flags, io));
    });
}

/** `gen` alone, where there is nothing that it could mean. */
async function isIdle({ config, watch, check, dryRun }: ProjectFlags, io: Io): Promise<boolean> {
  if (config !== undefined || watch || check || dryRun) return false;
  return (await import("../project/find-config.ts")).findConfig(io.cwd) === undefined;
}

function showUsage(io: Io): number {
  io.stderr.write(`Usage: gen [options] <source...>\n\n${SHORT_HELP}`);
  return EXIT.usage;
}

/** `gen expalin "x * y"`: a lone word that resembles a command is hardly an expression. */
function refuseMisspeltCommand([first]: readonly string[], commands: readonly string[]): void {
  if (first === undefined || !/^[a-z]{3,}$/.test(first)) return;
  const flags = ["check", "watch", "force", "quiet"];
  const flag = flags.includes(first) ? first : nearest(first, flags);
  if (flag !== undefined)
    throw usageError(`there is no command '${first}'. Did you mean --${flag}?\n(For the expression, write "(${first})".)`);
  const meant = nearest(first, commands);
  if (meant !== undefined)
    throw usageError(`there is no command '${first}'. Did you mean ${meant}?\n(For the expression, write "(${first})".)`);
}

function addInit(program: Command, io: Io, finish: Finish): void {
  program
    .command("init")
    .summary("write a first wengert.config.ts and example; print the next steps")
    .description(
      "Writes a first configuration, and an example where there is no source yet, for the project in this folder; then prints what to do next, " +
        "in the words of its package manager and bundler. It never asks, and overwrites nothing.",
    )
    .option("--dry-run", "write nothing; show what would be written")
    .option("--force", "overwrite a wengert.config.* that is there; an example never")
    .option("--json", "one JSON document on standard output")
    .option("--verbose", "print where a bug in wengert happened")
    .action(async (flags: InitFlags) => finish(await (await import("./init.ts")).initProject(flags, io)));
}

function addExplain(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command("explain")
    .summary("print the derivation: stages, local gradients, rewrites")
    .description(
      "Prints the derivation: every stage, its local gradients, the chain rule line by line, the rewrites that came first.",
    )
    .argument("<source...>", `${SOURCE}; or the code of a diagnostic`);
  addInputFlags(command)
    .option("--latex", "as LaTeX")
    .option("--verbose", "print where a bug in wengert happened")
    .action(async (sources: string[], flags: ExplainFlags) => {
      const { explainSources } = await import("./explain.ts");
      finish(await explainSources(sources, flags, io));
    });
}

function addVerify(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command("verify")
    .summary("print the verification report; --faults tests the test")
    .description("Prints what was checked: points, errors by input, kinks and the sides they were seen from.")
    .argument("<source...>", SOURCE);
  addCompileFlags(command)
    .option("--faults", "plant mistakes in the backward code and see whether the check finds them")
    .addOption(new Option("--limit <number>", "most faults to plant").default(100).argParser(parseLimit))
    .option("--json", "one JSON document on standard output")
    .option("--verbose", "print where a bug in wengert happened")
    .action(async (sources: string[], flags: VerifyFlags) => {
      const { verifySources } = await import("./verify.ts");
      finish(await verifySources(sources, flags, io));
    });
}

function addListings(program: Command, io: Io, finish: Finish): void {
  program
    .command("ops")
    .description("list the functions: gradients, kinks, other names")
    .option("--json", "as JSON")
    .action(async (flags: ListingFlags) => finish((await import("./listings.ts")).listOps(flags, io)));
  program
    .command("rules")
    .description("list the rewrites, each with its safety class")
    .option("--json", "as JSON")
    .action(async (flags: ListingFlags) => finish(await (await import("./listings.ts")).listRules(flags, io)));
  program
    .command("errors")
    .description("list the diagnostics, or explain some")
    .argument("[code...]", "codes like WG1101")
    .option("--json", "as JSON")
    .action(async (codes: string[], flags: ListingFlags) => finish((await import("./errors.ts")).listErrors(codes, flags, io)));
}

function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return Number(text);
}

const SHORT_HELP = `  gen "f(x, y) = x * y"              print f, fGrad, fForward and fBackward
  gen "x^2 + 2x" --at x=1            ... and their values there
  gen model.math -o src/             write src/model.grad.ts
  gen explain "1 / (1 + exp(-x))"    the derivation, step by step
  gen init                           a first wengert.config.ts; then gen alone does all it names

Run gen --help for everything.
`;

const EXAMPLES = `
Examples:
  gen "f(x, y) = x * y"                          code on standard output
  gen "f(x, y) = x * y" --at x=4,y=-3            ... followed by values, as comments
  gen sigmoid.math loss.math -o src/generated/   one <name>.grad.ts each
  gen sigmoid.math -o src/sigmoid.grad.ts --check   is the file up to date?
  gen                                            everything that wengert.config.ts names
  gen --watch                                    ... again after each save
  gen --check                                    ... is it up to date? For CI
  gen "(x - y)^2" --wrt x --style tidy           only the derivative by x, in few lines
  gen "x^3 * y" --mode hessian                   second derivatives
  gen -- "-x"                                    an expression that looks like an option
  echo "x * y" | gen -                           from standard input
  gen explain "log(1 + exp(x))" --latex          the derivation for a paper
  gen verify loss.math --faults                  does the check catch planted mistakes?

--at gives every input a value: --at x=3,y=-4 or --at "x=3 y=-4"; to name an input again
starts another point. With --out the table goes to standard output, the code to the file.

Exit codes: 0 good; 1 the source is wrong; 2 the command line is wrong; 3 verification
failed; 4 stale (--check); 70 a bug in wengert.
`;
