// The commands and options of `gen`. What they do is loaded when it is needed, so that help comes at once.

import { Command, InvalidArgumentError, Option } from "commander";
import { escapeControls } from "../diagnostics/escape.ts";
import { nearest } from "../diagnostics/suggest.ts";
import { originalArgument } from "./arguments.ts";
import { addCompileFlags, addGatesFlag, addInputFlags, explicitSettings, oneOf } from "./flags.ts";
import { EXPLANATION_FORMATS, FORMATS } from "./format-names.ts";
import type { BlankChoice } from "../exercises/choose.ts";
import type { ExerciseFlags } from "./exercise.ts";
import type { CheckFlags } from "./check.ts";
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
  addCheck(program, io, finish);
  addExercise(program, io, finish);
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
    .addOption(new Option("--format <format>", "what to print of each source: code, latex, svg, dot").argParser(oneOf(FORMATS)))
    .option("--latex", "the derivation as LaTeX instead of the code")
    .option("--svg", "the circuit as a picture instead of the code; with --at, values and gradients on its wires")
    .addOption(
      new Option("--unfold <blocks>", "blocks of a large circuit to draw gate by gate, by name, or all").argParser(collectBlocks),
    )
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
    .summary("tell the derivation: stages, local gradients, the chain rule line by line")
    .description(
      "Tells the derivation: the rewrites that came first and why they hold, every stage with its local gradients, the chain rule line by " +
        "line with the line of code, how the gradient flows. With --at numbers are put in; tensors and networks have those of a sample.",
    )
    .argument("<source...>", `${SOURCE}; or the code of a diagnostic`);
  addGatesFlag(addInputFlags(command))
    .addOption(
      new Option("--format <format>", `${EXPLANATION_FORMATS.join(", ")} (default: markdown)`).argParser(
        oneOf(EXPLANATION_FORMATS),
      ),
    )
    .option("--latex", "as LaTeX")
    .option("-o, --out <path>", "file to write, or folder for one <name>.explained.md per source (default: standard output)")
    .addOption(new Option("--at <point>", "the point whose numbers are put in").argParser(collect))
    .option("--all", "tell every stage, also those of blocks that repeat")
    .option("--force", "overwrite files that wengert did not write")
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

function addCheck(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command("check")
    .summary("check a backward pass that you wrote by hand")
    .description(
      "Runs a hand-written forward and backward pass against the truth; names the first wrong line and the likely mistake.",
    )
    .argument("<file>", "TypeScript or JavaScript, or - for standard input")
    .requiredOption("--against <source>", SOURCE);
  command.showHelpAfterError("Usage: gen check mine.ts --against f.math\nRun gen check --help for what mine.ts may hold.");
  addInputFlags(command)
    .option("--function <name>", "which function of the file; `f` for a pair fForward and fBackward")
    .addOption(new Option("--at <point>", "also compare there, first of all, and print the numbers").argParser(collect))
    .option("--show-answer", "also print the line as it should be, or its numbers")
    .option("--json", "one JSON document on standard output")
    .option("--verbose", "print where a bug in wengert happened")
    .addHelpText("after", CHECK_HELP)
    .action(async (file: string, flags: CheckFlags) => {
      const { checkFile } = await import("./check.ts");
      finish(await checkFile(file, { ...flags, against: originalArgument(flags.against) }, io));
    });
}

function addExercise(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command("exercise")
    .summary("write code with backward lines to fill in, and the test that grades them")
    .description(
      "Writes the staged code of a source with lines of its backward pass left out, and beside it the test that grades what is put there. " +
        "Without a source it lists a set of twenty, from one gate to a two-layer network.",
    )
    .argument("[sources...]", `a number of the set; ${SOURCE}; with --hint, --grade or --solution an exercise's file`);
  addInputFlags(command)
    .addOption(
      new Option("--blank <lines>", "lines to leave out: how many, all, or what they set, as dx,dw (default: 3)").argParser(
        parseBlanks,
      ),
    )
    .option("--hard", "do not tell where something is to be added")
    .option("-o, --out <folder>", "where to write (default: here)")
    .option("--js", "write JavaScript, which any Node runs")
    .option("--ts", "write TypeScript (default where vitest or this Node runs it)")
    .addOption(
      new Option("--runner <runner>", "what runs the test (default: vitest where package.json has it)").choices([
        "node",
        "vitest",
      ]),
    )
    .option("--solution", "write the code with every line in its place")
    .option("--hint [level]", "a hint on the first TODO that is not right yet; 2, 3, 4 tell more")
    .addOption(new Option("--todo <number>", "the TODO that --hint is about").argParser(parseLimit))
    .addOption(
      new Option(
        "--line <numbers>",
        "of --hint: the line it is about; else lines of gen's output to leave out, as 39,44",
      ).argParser(parseLines),
    )
    .option("--grade", "say of each line whether it is right, and what is probably wrong; of several files, a line for each")
    .option("--json", "the set, or what --grade says, as JSON")
    .option("--force", "write anew what may have been worked on")
    .option("--dry-run", "write nothing; say what would be written")
    .option("--verbose", "print where a bug in wengert happened")
    .addHelpText("after", EXERCISE_EXAMPLES)
    .action(async (sources: string[], flags: ExerciseFlags) => {
      const { exercise } = await import("./exercise.ts");
      finish(await exercise(sources, flags, io));
    });
  const seed = command.options.find(({ long }) => long === "--seed");
  if (seed !== undefined) seed.description = "seed of the choice of lines, and of the points at which they are graded";
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

/** `--unfold "dense 1,relu 1"`. */
function collectBlocks(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(",").map((name) => name.trim())];
}

function parseBlanks(text: string): BlankChoice {
  if (text === "all") return "all";
  const names = text.split(",").map((name) => name.trim());
  const areNames = names.every((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  return areNames ? { kind: "variables", variables: names } : parseLimit(text);
}

function parseLines(text: string): number[] {
  return text.split(",").map((line) => parseLimit(line.trim()));
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

const EXERCISE_EXAMPLES = `
Examples:
  gen exercise                              the set
  gen exercise 1 -o learn/                  write learn/01-multiply.exercise.* and its test
  gen exercise loss.math --blank 4          four lines of your own function
  gen exercise loss.math --blank dw,dx      those that set dw and dx; --line 39,44 by their lines in gen loss.math
  gen exercise --hint loss.exercise.ts      a hint; --hint 2 one more
  gen exercise --grade loss.exercise.ts     what is right, what is wrong
  gen exercise --grade */*.exercise.ts      a line for each file; --json tells all
`;

const CHECK_HELP = `
The file holds one of:
  function f(x, y, z) { ... return { f, dx, dy, dz }; }    forward, then backward; also
                               { value, gradient: { x, y, z } } or [f, dx, dy, dz]
  function fForward(x, y, z) and function fBackward(kept, df = 1)
  const q = x + y; const f = q * z; const dq = z; ...      bare statements; the inputs
                                                           are there already
Gradients are known by name: dq, d_q, dQ, grad_q, qGrad, dL_dq. Tensors come as Float64Array,
row by row, or as arrays (of arrays), by the types of the parameters or what the code can use.
Parameters of a network are one object, params. Helpers may stand in the same file; imports
are refused, and the code gets neither files nor network.

Exit codes: 0 right; 3 a gradient or the value is wrong; 1 the file has errors; 2 the command
line is wrong.
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
  gen explain "x * y" --at x=4,y=-3 --format html -o xy.html   the derivation as a page; also markdown, latex
  gen loss.math --svg --at x=3,y=-4 -o pictures/   the circuit: pictures/loss.circuit.svg
  gen verify loss.math --faults                  does the check catch planted mistakes?
  gen check mine.ts --against loss.math          is my own backward pass right? If not, which line?

--at gives every input a value: --at x=3,y=-4 or --at "x=3 y=-4", tensors as --at
"X=[[1, 2], [3, 4]]"; to name an input again starts another point. With --out the table goes to standard output, the code to the file.

Exit codes: 0 good; 1 the source is wrong; 2 the command line is wrong; 3 verification
failed; 4 stale (--check); 70 a bug in wengert.
`;
