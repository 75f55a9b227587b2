// compile(): source text in, verified TypeScript out. The one generator that the command line, the plugin and the page all run.

import type { Span } from "./core/span.ts";
import { createNameAllocator } from "./core/words.ts";
import { compileFunction, type FunctionOutput, type Plan } from "./compiler/function.ts";
import { compileTensorFunction, isTensorFunction } from "./compiler/tensor-function.ts";
import { header } from "./compiler/header.ts";
import { createPlaces } from "./compiler/places.ts";
import { failure, moduleTexts, opCount, reportVerification } from "./compiler/outcome.ts";
import { callerFor, runModule } from "./compiler/load.ts";
import type { Derivation, ToldInput } from "./compiler/derivation.ts";
import type { Compilation, CompiledFunction, CompileOptions, ResultLayout } from "./compiler/types.ts";
import type { Graph } from "./ir/graph.ts";
import { compareSingle, inPrecision } from "./compiler/precision.ts";
import { functionSpec, verifyTensorFunction } from "./compiler/tensor-verification.ts";
import { SKIPPED, verifyCompiled } from "./compiler/verification.ts";
import { nearest } from "./diagnostics/suggest.ts";
import { createReporter, type Reporter } from "./diagnostics/report.ts";
import { piecesNamed, writePieces } from "./emit/typescript/library.ts";
import { allocateExports, type Mode, type Renaming } from "./emit/typescript/signature.ts";
import { writeHoisted } from "./emit/typescript/tensor/module.ts";
import { createWriter, eraseTypes, type MarkedText } from "./emit/typescript/writer.ts";
import { parseExpressionSource } from "./frontends/expression/expression.ts";
import type { FrontendResult, SourceFunction } from "./frontends/source.ts";

export { load } from "./compiler/load.ts";
export { evaluateAt } from "./compiler/trace.ts";

/** Variables one function may have: a frame of the default stack holds about twice as many. Longer code is for the fast style, which splits it. */
const MOST_STATEMENTS = 50_000;

/** Function bodies longer than this are not for tsc: its flow analysis gives up, or takes time that grows with the square. */
const MOST_CHECKED_STATEMENTS = 1500;

/**
 * Compiles a math expression to TypeScript and checks the result by running it. Never throws for a mistake in the source or the options:
 * those are diagnostics, and `ok` is false.
 */
export function compile(text: string, options: CompileOptions = {}): Compilation {
  const source = { name: options.name ?? "<expression>", text };
  const reporter = createReporter();
  return compileParsed(source, parseExpressionSource(source, reporter), options, reporter);
}

/** The part of compile() after the front end, for whatever front end made `parsed`. */
export function compileParsed(
  source: { readonly name: string; readonly text: string },
  parsed: FrontendResult,
  options: CompileOptions,
  reporter: Reporter,
): Compilation {
  const last = parsed.functions.at(-1);
  const choices = reporter.hasErrors ? [] : parsed.functions.map((fn) => chooseInputs(fn, fn === last, options, reporter));
  checkWrt(parsed.functions, options, reporter);
  checkGates(options, reporter);
  if (reporter.hasErrors || parsed.functions.length === 0) return failure(source, reporter);
  return assemble({ source, parsed, options, choices, reporter });
}

interface Request {
  readonly source: { readonly name: string; readonly text: string };
  readonly parsed: FrontendResult;
  readonly options: CompileOptions;
  /** Per function, the indices of the inputs to differentiate by. */
  readonly choices: readonly ReadonlySet<number>[];
  readonly reporter: Reporter;
}

/** Which inputs a function is differentiated by: those asked for; every `param` where none are, or none of a function above the last. */
function chooseInputs(fn: SourceFunction, isLast: boolean, options: CompileOptions, reporter: Reporter): Set<number> {
  const chosen = new Set<number>();
  const isAsked = isLast || fn.inputs.some(({ name }) => options.wrt?.includes(name));
  fn.inputs.forEach((input, index) => {
    if (options.wrt === undefined || !isAsked ? input.role === "param" : options.wrt.includes(input.name)) chosen.add(index);
    if (options.wrt?.includes(input.name) && input.role === "const") reporter.report("WG1303", input.span, { name: input.name });
  });
  const mode = options.mode ?? "grad";
  if ((fn.isVector || isTensorValued(fn)) && !["jacobian", "jvp"].includes(mode) && (isLast || fn.isVector || mode !== "grad")) {
    const hint = "use mode jacobian for all its partial derivatives";
    reporter.report("WG1301", fn.span, { name: fn.name, mode: MODE_WORDS[mode] }, fn.isVector ? hint : `sum it, or ${hint}`);
  }
  if (options.precision === "f32" && !isTensorFunction(fn)) reporter.report("WG1308", fn.span, { name: fn.name });
  if (fn.isVector && isTensorFunction(fn)) reporter.report("WG1306", fn.span, { name: fn.name });
  if (options.style === "fast" && isTensorFunction(fn))
    reporter.report("WG1307", fn.span, { name: fn.name }, "use staged or tidy");
  return chosen;
}

/** A single result that is not a number: above the last function, such a one gets no gradient, only its two passes. */
function isTensorValued({ outputs }: SourceFunction): boolean {
  return outputs.some((output) => output.type.shape.length > 0);
}

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  grad: "gradient",
  jvp: "directional derivative",
  jacobian: "Jacobian",
  hessian: "Hessian",
  hvp: "Hessian-vector product",
};

function checkWrt(functions: readonly SourceFunction[], options: CompileOptions, reporter: Reporter): void {
  const known = [...new Set(functions.flatMap((fn) => fn.inputs.map((input) => input.name)))];
  if (functions.length === 0) return;
  for (const name of options.wrt ?? []) {
    if (!known.includes(name))
      reporter.report("WG1302", undefined, { name, inputs: known.join(", ") || "none" }, nearest(name, known));
  }
}

function checkGates({ gates, style = "staged", mode = "grad" }: CompileOptions, reporter: Reporter): void {
  if (gates !== "each" || (style === "staged" && mode === "grad")) return;
  reporter.report("WG1309", undefined, { what: style === "staged" ? `the ${MODE_WORDS[mode]}` : `the style ${style}` });
}

function assemble(request: Request): Compilation {
  const { source, parsed, options, choices, reporter } = request;
  const renamed: Renaming[] = [];
  const module = createNameAllocator();
  const values = allocateExports(parsed.functions, module, renamed);
  const definitions = parsed.functions.map((fn) => fn.span);
  const outputs = parsed.functions.map((fn, index): FunctionOutput => {
    const request = {
      graph: parsed.graph,
      fn,
      value: values[index]!,
      wrt: choices[index]!,
      mode: options.mode ?? "grad",
      style: options.style ?? "staged",
      ties: options.ties ?? "each",
      gates: options.gates ?? "joined",
      module,
      renamed,
      places: createPlaces({ text: source.text, fn, origins: parsed.origins, definitions }),
    };
    return isTensorFunction(fn)
      ? compileTensorFunction({ ...request, formula: formulaAt(source.text, fn) })
      : compileFunction(request);
  });
  for (const [index, { statements }] of outputs.entries()) {
    if (statements > MOST_STATEMENTS) reporter.report("WG1304", undefined, { name: parsed.functions[index]!.name, statements });
  }
  if (reporter.hasErrors) return failure(source, reporter);
  for (const { from, to } of renamed) reporter.report("WG2001", undefined, { from, to });

  const body = writeBody(outputs);
  const javascript = eraseTypes(body);
  const skipped = outputs.map((output, index) => describeFunction(parsed.functions[index]!, output, parsed.graph));
  const exports = runModule(
    javascript,
    skipped.flatMap((fn) => Object.values(fn.exports)),
  );
  const names = skipped.flatMap((fn) => Object.values(fn.exports));
  const single = options.precision === "f32" ? runModule(inPrecision(javascript, "f32"), names) : undefined;
  const functions = skipped.map((fn, index): CompiledFunction => {
    if (options.verify === false) return fn;
    const source = parsed.functions[index]!;
    const wrt = [...choices[index]!].sort((a, b) => a - b);
    if (isTensorFunction(source)) {
      const request = { source, fn, wrt, mode: options.mode ?? "grad", exports, seed: options.seed };
      const verification = verifyTensorFunction(request);
      if (single === undefined || verification.status === "failed") return { ...fn, verification };
      const inSingle = functionSpec({ ...request, exports: single, precision: "f32" });
      return { ...fn, verification: compareSingle(verification, functionSpec(request), inSingle) };
    }
    const verification = verifyCompiled({
      source: parsed.functions[index]!,
      wrt: choices[index]!,
      mode: options.mode ?? "grad",
      caller: callerFor(fn, exports),
      seed: options.seed,
      origins: parsed.origins,
    });
    return { ...fn, verification };
  });
  const last = functions.at(-1)!;
  reportVerification(functions, reporter);
  return {
    ok: !reporter.hasErrors,
    diagnostics: reporter.diagnostics,
    source,
    ...moduleTexts({
      body,
      javascript,
      header: header(source.text, functions, options.verify === false),
      note: needsNoCheck(outputs) ? "// @ts-nocheck: too long for a type checker's flow analysis\n" : "",
      precision: options.precision,
    }),
    functions,
    verification: last.verification,
    opCount: last.opCount,
    renamed,
    traces: outputs.map(({ mark, statements }) => (statements > MOST_CHECKED_STATEMENTS ? undefined : mark)),
  };
}

/** The line a function was written on, for its doc comment. */
function formulaAt(text: string, { span }: SourceFunction): string {
  const line = text.slice(span.start, span.end).trim();
  return line.includes("\n") || line.length > 90 || line.includes("*/") ? "" : line;
}

function writeBody(outputs: readonly FunctionOutput[]): MarkedText<Span> {
  const writer = createWriter<Span>();
  for (const output of outputs) {
    writer.writeLine();
    writer.append(output.emitted);
  }
  for (const { hoisted } of outputs) writeHoisted(writer, hoisted?.values() ?? []);
  writePieces(writer, piecesNamed(outputs.flatMap((output) => output.helpers)));
  return writer.finish();
}

function needsNoCheck(outputs: readonly FunctionOutput[]): boolean {
  return outputs.some((output) => output.statements > MOST_CHECKED_STATEMENTS);
}

function describeFunction(fn: SourceFunction, output: FunctionOutput, graph: Graph): CompiledFunction {
  const { signature, counts } = output;
  const wrt = signature.inputs.filter((input) => input.wrt);
  const isTensor = isTensorFunction(fn);
  const hasDerivative = signature.mode !== "grad" || !isTensorValued(fn);
  const isSplit = signature.mode === "grad" ? signature.style === "staged" || !hasDerivative : signature.mode === "jacobian";
  const split = isTensor ? isSplit : signature.mode === "grad" && signature.style === "staged";
  return {
    name: fn.name,
    inputs: signature.inputs.map(({ source, node }, index) => {
      const { domain } = fn.inputs[index]!;
      return { name: source, shape: node.type.shape, dtype: node.type.dtype, ...(domain && { domain }) };
    }),
    wrt: wrt.map((input) => input.source),
    ...(output.sizes && output.sizes.length > 0 && { sizes: output.sizes }),
    exports: {
      value: signature.value,
      derivative: hasDerivative ? signature.derivative : signature.backward,
      ...(hasDerivative && { [signature.mode]: signature.derivative }),
      ...(split && { forward: signature.forward, backward: signature.backward }),
    },
    result: resultLayout(output),
    formula: output.formula,
    opCount: opCount(counts),
    verification: SKIPPED,
    rewrites: output.rewrites,
    ...(output.plan && { derivation: derivationOf(fn, output, output.plan, graph) }),
  };
}

function derivationOf(fn: SourceFunction, { signature }: FunctionOutput, plan: Plan, graph: Graph): Derivation {
  const { forward, backward, derivative } = signature;
  const inputs = fn.inputs.map((input, index): ToldInput => {
    const { name, wrt } = signature.inputs[index]!;
    return { input, variable: name, part: wrt ? "parameter" : "data", wrt };
  });
  const seedName = signature.adjointName(signature.outputNames[0]!);
  const given = new Set(fn.stageNames.values());
  const both = { forward: derivative, backward: derivative, given };
  if ("grad" in plan) return { kind: "numbers", graph, inputs, plan, seedName, ...both };
  const passes = isTensorValued(fn) || signature.mode !== "grad" ? { ...both, forward, backward } : both;
  return { kind: "tensors", graph, inputs, plan, seedName, isNetwork: false, ...passes };
}

function resultLayout({ signature, outputs }: FunctionOutput): ResultLayout {
  const array =
    signature.style === "fast" &&
    outputs.every((output) => output.type.shape.length === 0) &&
    !signature.inputs.some(({ node }) => node.type.shape.length > 0);
  const gradientModes = ["grad", "hessian", "hvp"];
  const wrt = signature.inputs.filter((input) => input.wrt);
  const keyOf = (index: number): string => {
    if (array) return String(outputs.length + index);
    return signature.packed ? `gradient[${index}]` : signature.gradientProperties[index]!;
  };
  return {
    layout: array ? "array" : "object",
    packed: signature.packed,
    value: array ? "0" : signature.valueProperty,
    gradients: gradientModes.includes(signature.mode)
      ? Object.fromEntries(wrt.map((input, index) => [input.source, keyOf(index)]))
      : {},
    outputs: outputs.length,
  };
}
