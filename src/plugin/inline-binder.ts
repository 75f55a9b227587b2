// The function that takes the values interpolated in a template and answers the function of the other inputs.

import type { CompiledFunction } from "../compiler/types.ts";
import { createNameAllocator } from "../core/words.ts";
import type { Mode } from "../emit/typescript/signature.ts";
import { placesOf } from "../inline/bind.ts";

export interface BinderRequest {
  readonly mode: Mode;
  /** The generated function. */
  readonly name: string;
  readonly params: readonly string[];
  /** What `writeCheck` wrote. */
  readonly check: string;
  readonly fn: Pick<CompiledFunction, "inputs" | "result">;
  /** The input that each value is for. */
  readonly hidden: readonly (string | undefined)[];
}

type Places = ReturnType<typeof placesOf>;

/** JavaScript of the function `own`. It does what `bindValues` does at run time. */
export function writeBinder(own: string, request: BinderRequest): string {
  const { mode, name, check, hidden } = request;
  const places = placesOf(request.fn, hidden);
  const values = valueNames(request, places);
  return [
    `/** ${name} with the values of its template. */`,
    `function ${own}(${values.join(", ")}) {`,
    ...values.map((value, index) => `  ${check}("${mode}", ${index + 1}, ${value});`),
    `  return ${bound(request, places, values)};`,
    "}",
  ].join("\n");
}

/** JavaScript of the function `own`, which does what `checkValue` does at run time. */
export function writeCheck(own: string): string {
  return `/** Throws unless an interpolated value is a number. */
function ${own}(tag, number, value) {
  if (typeof value === "number") return;
  throw new TypeError(
    \`wengert: interpolated value \${number} of a \${tag} template must be a number, not of type \${typeof value}\`,
  );
}`;
}

/** A value that is a parameter of the generated function has its name. */
function valueNames({ params, fn, hidden }: BinderRequest, places: Places): string[] {
  const { allocate } = createNameAllocator(params);
  return hidden.map((input, index) => {
    const place = fn.result.packed ? undefined : places.find((each) => each.index === index);
    return place === undefined ? allocate(input ?? `unused${index + 1}`) : params[place.position]!;
  });
}

function bound({ name, params, fn }: BinderRequest, places: Places, values: readonly string[]): string {
  if (places.length === 0) return name;
  if (fn.result.packed) {
    const [packed, ...rest] = params;
    return `(${params.join(", ")}) => ${name}(${[packedList(packed!, places, values), ...rest].join(", ")})`;
  }
  const open = params.filter((_, position) => !places.some((place) => place.position === position));
  return `(${open.join(", ")}) => ${name}(${params.join(", ")})`;
}

/** `[...p.slice(0, 2), rate, ...p.slice(2)]`. */
function packedList(packed: string, places: Places, values: readonly string[]): string {
  const parts: string[] = [];
  let taken = 0;
  places.forEach(({ position, index }, count) => {
    const upTo = position - count; // of the inputs before it, so many are values
    if (upTo > taken) parts.push(`...${packed}.slice(${taken}, ${upTo})`);
    parts.push(values[index]!);
    taken = upTo;
  });
  return `[${[...parts, `...${packed}.slice(${taken})`].join(", ")}]`;
}
