// The code of a source, written but not run: what compile() does, less the check, for pages where no text may be run. Only for sources
// that compile() has found sound.

import { compileFunction, type FunctionOutput, type FunctionRequest } from "../compiler/function.ts";
import { createPlaces } from "../compiler/places.ts";
import { compileTensorFunction, isTensorFunction } from "../compiler/tensor-function.ts";
import { createNameAllocator } from "../core/words.ts";
import type { Span } from "../core/span.ts";
import { createReporter } from "../diagnostics/report.ts";
import { allocateExports, type Mode } from "../emit/typescript/signature.ts";
import { writeHoisted } from "../emit/typescript/tensor/module.ts";
import { createWriter, eraseTypes } from "../emit/typescript/writer.ts";
import { parseExpressionSource } from "../frontends/expression/expression.ts";

export interface WrittenSource {
  /** All functions and constants, without the kernels they call. */
  readonly javascript: string;
  /** Of the last function. */
  readonly derivative: string;
  readonly inputs: readonly { readonly name: string }[];
  readonly packed: boolean;
}

/** The JavaScript of a sound source. */
export function writeSource(text: string, mode: Mode): WrittenSource {
  const outputs = compileFunctions(text, mode);
  const writer = createWriter<Span>();
  for (const { emitted } of outputs) writer.append(emitted);
  for (const { hoisted } of outputs) writeHoisted(writer, hoisted?.values() ?? []);
  const { signature } = outputs.at(-1)!; // a sound source has a function
  return {
    javascript: eraseTypes(writer.finish()),
    derivative: signature.derivative,
    inputs: signature.inputs.map(({ source }) => ({ name: source })),
    packed: signature.packed,
  };
}

function compileFunctions(text: string, mode: Mode): FunctionOutput[] {
  const { graph, functions, origins } = parseExpressionSource({ name: "", text }, createReporter());
  const module = createNameAllocator();
  const values = allocateExports(functions, module, []);
  const definitions = functions.map(({ span }) => span);
  return functions.map((fn, index) => {
    const request: FunctionRequest = {
      graph,
      fn,
      value: values[index]!,
      wrt: new Set(fn.inputs.flatMap(({ role }, at) => (role === "param" ? [at] : []))),
      mode,
      style: "staged",
      ties: "each",
      module,
      renamed: [],
      places: createPlaces({ text, fn, origins, definitions }),
    };
    return isTensorFunction(fn) ? compileTensorFunction({ ...request, formula: "" }) : compileFunction(request);
  });
}
