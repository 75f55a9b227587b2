// The functions that generated code carries along from templates/: found in its text, and as functions to call instead of interpreting them.

import { createKernels } from "../../generated/kernels.ts";
import templates from "../../generated/templates.json" with { type: "json" };
import { eraseTypes } from "../emit/typescript/writer.ts";

/** A function or constant of templates/, as JavaScript has it. */
export interface Kernel {
  readonly name: string;
  readonly text: string;
  /** Other kernels that it speaks of. */
  readonly uses: readonly string[];
}

/** The kernels of a module. */
export interface KernelLibrary {
  /** The kernel that is declared at this offset of the module, word by word; undefined where there is anything else. */
  at(offset: number): Kernel | undefined;
  /** What a kernel is that the module has: of the precision that its text has. */
  valueOf(name: string): unknown;
}

const DOUBLE = "Float64Array";
const SINGLE = "Float32Array";
const DECLARATION = /(?:function|const) ([\w$]+)/y;

// Made when the first module is interpreted, which is never where text may be run. The two tables apart: an engine calls faster among
// functions that were made once.
const kernels = once(readKernels);
const double = once(() => createKernels(Float64Array));
const single = once(() => createKernels(Float32Array as unknown as Float64ArrayConstructor)); // the same code over shorter numbers

export function kernelsOf(javascript: string): KernelLibrary {
  // Text in single precision is that in double with the name of the arrays replaced everywhere.
  const isSingle = !javascript.includes(DOUBLE);
  const textOf = ({ text }: Kernel): string => (isSingle ? text.replaceAll(DOUBLE, SINGLE) : text);
  return {
    at(offset) {
      DECLARATION.lastIndex = offset;
      const kernel = kernels().get(DECLARATION.exec(javascript)?.[1] ?? "");
      return kernel !== undefined && javascript.startsWith(textOf(kernel), offset) ? kernel : undefined;
    },
    valueOf: (name) => (isSingle ? single() : double())[name],
  };
}

function readKernels(): ReadonlyMap<string, Kernel> {
  const texts = new Map<string, string>();
  for (const [name, { text, typeRanges }] of Object.entries(templates)) {
    const ranges = typeRanges.map(([start, end]) => ({ start: start!, end: end! })); // pairs, which JSON has no type for
    const javascript = eraseTypes({ text, typeRanges: ranges }).replace(/^\/\*\*[\s\S]*?\*\/\s*/, "");
    if (javascript !== "") texts.set(name, javascript); // nothing is left of an interface
  }
  const usesOf = (name: string): string[] => templates[name as keyof typeof templates].uses.filter((used) => texts.has(used));
  return new Map([...texts].map(([name, text]) => [name, { name, text, uses: usesOf(name) }]));
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
