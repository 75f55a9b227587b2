// compileNetwork(): a network spec in, a verified module out. Apart from compiler.ts so that expressions need not load the readers of YAML and schemas.

import type { Span } from "../core/span.ts";
import { createReporter, type Reporter } from "../diagnostics/report.ts";
import { piecesNamed, writePieces } from "../emit/typescript/library.ts";
import { writeHoisted } from "../emit/typescript/tensor/module.ts";
import { createWriter, eraseTypes, type MarkedText } from "../emit/typescript/writer.ts";
import { parseNetworkSource } from "../frontends/network/network.ts";
import { shrinkSpec } from "../frontends/network/shrink.ts";
import type { SourceNetwork } from "../frontends/network/source.ts";
import type { TensorPlan } from "../passes/tensor-plan.ts";
import type { Verification } from "../verify/verification.ts";
import type { Derivation, ToldInput } from "./derivation.ts";
import { rewritesTold } from "./function.ts";
import { compileNetwork as generateNetwork, generationOf, type NetworkOutput } from "./network.ts";
import { header } from "./header.ts";
import { runModule } from "./load.ts";
import { compareSingle, inPrecision } from "./precision.ts";
import { trainingSpec, verifyNetwork, type NetworkVerifyRequest } from "./network-verification.ts";
import { failure, moduleTexts, opCount, reportVerification } from "./outcome.ts";
import { SKIPPED } from "./verification.ts";
import type { Compilation, CompiledFunction, CompileOptions } from "./types.ts";

/** Compiles a network spec (YAML or JSON). Never throws for a mistake in the spec or the options. */
export function compileNetwork(text: string, options: CompileOptions = {}): Compilation {
  const source = { name: options.name ?? "<network>", text };
  const reporter = createReporter();
  const network = parseNetworkSource(source, reporter);
  if (network !== undefined) checkOptions(network, options, reporter);
  if (network === undefined || reporter.hasErrors) return failure(source, reporter);
  const output = generateNetwork(generationOf(network, options));
  const body = writeBody(output);
  const javascript = eraseTypes(body);
  const described = describeNetwork(network, output);
  const exports = runModule(javascript, Object.values(described.exports));
  const request = { network, output, exports, seed: options.seed };
  const single = (verified: Verification): Verification => {
    if (options.precision !== "f32" || options.verify === false || verified.status === "failed") return verified;
    const inSingle = runModule(inPrecision(javascript, "f32"), Object.values(described.exports));
    return compareSingle(verified, trainingSpec(request), trainingSpec({ ...request, exports: inSingle, precision: "f32" }));
  };
  const verification = options.verify === false ? SKIPPED : verifySmaller(text, request, options);
  const fn = { ...described, verification: single(verification) };
  if (options.verify !== false) reportVerification([fn], reporter);
  return {
    ok: !reporter.hasErrors,
    diagnostics: reporter.diagnostics,
    source,
    ...moduleTexts({
      body,
      javascript,
      header: header(text, [fn], options.verify === false),
      precision: options.precision,
    }),
    functions: [fn],
    verification,
    opCount: fn.opCount,
    renamed: [],
    traces: [undefined],
  };
}

/** Parameters beyond which a network is checked in a smaller copy. */
const MOST_CHECKED = 20_000;

/**
 * The check of a network, of a smaller copy where it is large: the same spec with narrow layers, whose text must be the same but for numbers.
 * Where there is no such copy, the network itself is checked, as far as the budget goes.
 */
function verifySmaller(text: string, request: NetworkVerifyRequest, options: CompileOptions): Verification {
  const elements = request.network.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  if (elements <= MOST_CHECKED) return verifyNetwork(request);
  for (const shrinking of ["everything", "widths"] as const) {
    const copy = shrinkSpec(text, shrinking);
    const network = parseNetworkSource({ name: `${request.network.name}.net.json`, text: copy.text }, createReporter());
    if (network === undefined) continue;
    const output = generateNetwork({ ...generationOf(network, options), wrt: request.output.wrtInputs.map(({ name }) => name) });
    if (withoutNumbers(output.emitted.text) !== withoutNumbers(request.output.emitted.text)) continue;
    const exports = runModule(eraseTypes(writeBody(output)), Object.values(describeNetwork(network, output).exports));
    const verification = verifyNetwork({ network, output, exports, seed: request.seed });
    const sizes = [...copy.sizes].filter(([from, to]) => from !== to).map(([from, to]) => `${to} for ${from}`);
    return {
      ...verification,
      notes: [...verification.notes, `checked in a copy of the same text with smaller layers: ${sizes.join(", ")}`],
    };
  }
  return verifyNetwork(request);
}

/** The text less its numbers and its layout, which follows from their lengths. */
function withoutNumbers(text: string): string {
  return text
    .replace(/(?<![\w$])\d[\d.]*(e-?\d+)?/g, "#")
    .replace(/\s+/g, "")
    .replace(/,(?=[)\]}])/g, "");
}

/** What a network has no use for. */
function checkOptions(network: SourceNetwork, { wrt, mode, style, gates }: CompileOptions, reporter: Reporter): void {
  if (gates === "each") reporter.report("WG1309", network.span, { what: "a network" });
  if (mode !== undefined && mode !== "grad") reporter.report("WG1305", network.span, { what: `mode ${mode}` });
  if (style === "fast") reporter.report("WG1305", network.span, { what: "style fast" }, "use staged or tidy");
  const known = network.inputs
    .filter(({ node }) => node.type.dtype === "real" && node.type.shape.length > 0)
    .map(({ name }) => name);
  for (const name of wrt ?? []) {
    if (!known.includes(name)) reporter.report("WG1302", undefined, { name, inputs: known.join(", ") || "none" });
  }
}

function writeBody(output: NetworkOutput): MarkedText<Span> {
  const writer = createWriter<Span>();
  writer.writeLine();
  writer.append(output.emitted);
  writeHoisted(writer, output.hoisted.values());
  writePieces(writer, piecesNamed(output.helpers));
  return writer.finish();
}

function describeNetwork(network: SourceNetwork, output: NetworkOutput): CompiledFunction {
  const { names } = output;
  const hasGrad = output.result.type.shape.length === 0;
  return {
    name: network.name,
    inputs: network.inputs.map(({ name, node }) => ({ name, shape: node.type.shape, dtype: node.type.dtype })),
    wrt: [...network.parameters.map(({ name }) => name), ...output.wrtInputs.map(({ name }) => name)],
    ...(output.sizes.length > 0 && { sizes: output.sizes }),
    exports: {
      init: names.init,
      forward: names.forward,
      backward: names.backward,
      predict: names.predict,
      ...(network.states.length > 0 && { initState: names.initState }),
      ...(hasGrad && { grad: names.grad }),
      ...(network.trainer !== undefined && { step: names.step, optimizer: names.optimizer }),
      derivative: hasGrad ? names.grad : names.backward,
    },
    result: { layout: "object", packed: false, value: output.resultName, gradients: {}, outputs: 1 },
    formula: "",
    opCount: opCount(output.counts),
    verification: SKIPPED,
    rewrites: rewritesTold(output.applied),
    ...(output.plan && { derivation: derivationOf(network, output, output.plan) }),
  };
}

function derivationOf(network: SourceNetwork, { names, wrtInputs, resultName }: NetworkOutput, plan: TensorPlan): Derivation {
  const parameters = network.parameters.map(({ name, node, layer }): ToldInput => ({
    input: { name, node, role: "param", span: network.span },
    variable: name,
    part: "parameter",
    wrt: true,
    layer,
  }));
  const states = network.states.map(({ name, node }): ToldInput => ({
    input: { name, node, role: "input", domain: [0.1, 2], span: network.span },
    variable: name,
    part: "state",
    wrt: false,
  }));
  const data = network.inputs.map((input): ToldInput => ({
    input,
    variable: input.name,
    part: "data",
    wrt: wrtInputs.includes(input),
  }));
  return {
    kind: "tensors",
    graph: network.graph,
    plan,
    inputs: [...parameters, ...states, ...data],
    forward: names.forward,
    backward: names.backward,
    seedName: `d${resultName}`,
    given: new Set(network.stageNames.values()),
    isNetwork: true,
  };
}
