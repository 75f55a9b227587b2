// The door of generated functions: one check of all arguments, which also finds the sizes that the lengths of arrays imply.

import {
  addDims,
  divideDims,
  dimSymbols,
  dimText,
  multiplyDims,
  shapeText,
  sizeOfShape,
  subtractDims,
} from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import { postOrder } from "../../../ir/walk.ts";
import type { Dim, TensorType } from "../../../ir/shape.ts";
import { callCode, printCode, textCode, type Code } from "./code.ts";
import { dimCode } from "./dims.ts";

export interface DoorInput {
  /** How the code reads it: `X`, `params.W1`. */
  readonly access: string;
  readonly type: TensorType;
  readonly below?: Dim;
}

export interface Door {
  /** Symbolic dimensions found from lengths. */
  readonly sizes: readonly string[];
  /** Symbolic dimensions that no length tells: parameters of their own. */
  readonly explicit: readonly string[];
  /** The body of the checking function, less its return. */
  readonly lines: readonly string[];
  readonly kernels: readonly string[];
}

/** `given`: sizes that are arguments of their own whatever the lengths tell. */
export function planDoor(inputs: readonly DoorInput[], given: readonly string[] = [], read: readonly Node[] = []): Door {
  const solved = solveSizes(inputs, given);
  const kernels = new Set<string>();
  const check = (callee: string, ...args: Code[]): Code => {
    kernels.add(callee);
    return callCode(callee, ...args);
  };
  const lines: string[] = [];
  for (const name of solved.explicit) lines.push(printCode("", check("checkNumber", quoted(name), textCode(name)), "  "));
  for (const [name, { input, unit }] of solved.found) {
    const call = check(
      "checkSize",
      quoted(input.access),
      textCode(input.access),
      dimCode(unit),
      quoted(shapeText(input.type.shape)),
    );
    lines.push(printCode(`const ${name} = `, call, "  "));
  }
  for (const input of inputs) lines.push(printCode("", checkOf(input, check), "  "));
  for (const { size, low, high } of boundsOn(read)) {
    const limits = [low === undefined ? dimCode(0) : dimCode(low), high === undefined ? textCode("Infinity") : dimCode(high)];
    lines.push(printCode("", check("checkBounds", quoted(dimText(size)), dimCode(size), ...limits), "  "));
  }
  return { sizes: [...solved.found.keys()], explicit: solved.explicit, lines, kernels: [...kernels] };
}

interface Bound {
  readonly size: Dim;
  readonly low?: Dim;
  readonly high?: Dim;
}

/** What must hold of open sizes so that every slice in the graphs of `roots` finds its elements. */
function boundsOn(roots: readonly Node[]): Bound[] {
  const bounds = new Map<string, Bound>();
  for (const node of postOrder(roots)) {
    if (node.kind !== "call" || node.op !== "slice") continue;
    node.args[0]!.type.shape.forEach((size, axis) => {
      const [start, step, count] = ["starts", "steps", "counts"].map((name) => (node.attrs[name] as readonly Dim[])[axis]!) as [
        Dim,
        number,
        Dim,
      ];
      const last = step > 0 ? addDims(start, multiplyDims(step, subtractDims(count, 1)), 1) : addDims(start, 1);
      const room = subtractDims(size, last);
      if (typeof room === "string") {
        const bound: Bound = typeof size === "number" ? { size: last, high: size } : { size, low: last };
        bounds.set(`${size} ${last}`, bound);
      }
      if (typeof count === "string" && /[-+]/.test(count) && count !== size) bounds.set(`${count} 1`, { size: count, low: 1 });
    });
  }
  return [...bounds.values()];
}

function checkOf({ access, type, below }: DoorInput, check: (callee: string, ...args: Code[]) => Code): Code {
  const [name, value] = [quoted(access), textCode(access)];
  if (type.shape.length === 0) return check("checkNumber", name, value);
  const length = dimCode(sizeOfShape(type.shape));
  const shape = quoted(shapeText(type.shape));
  if (type.dtype === "real") return check("checkReal", name, value, length, shape);
  const limit = type.dtype === "boolean" ? 2 : below;
  return check("checkIndices", name, value, length, limit === undefined ? textCode("2 ** 31") : dimCode(limit), shape);
}

interface Solved {
  readonly found: ReadonlyMap<string, { readonly input: DoorInput; readonly unit: Dim }>;
  readonly explicit: readonly string[];
}

/** Each size from an array in which it is the only unknown. Where none tells, an inner axis is asked for rather than the batch. */
function solveSizes(inputs: readonly DoorInput[], given: readonly string[]): Solved {
  const found = new Map<string, { input: DoorInput; unit: Dim }>();
  const leading = new Set(inputs.flatMap((input) => input.type.shape.slice(0, 1)).flatMap(dimSymbols));
  const all = [...new Set(inputs.flatMap((input) => input.type.shape).flatMap(dimSymbols))];
  const wanted = [...all.filter((symbol) => !leading.has(symbol)), ...all.filter((symbol) => leading.has(symbol))];
  const explicit: string[] = [...given];
  const isKnown = (symbol: string): boolean => found.has(symbol) || explicit.includes(symbol);
  for (;;) {
    const before = found.size;
    for (const input of inputs) {
      const unknown = [...new Set(input.type.shape.flatMap(dimSymbols))].filter((symbol) => !isKnown(symbol));
      const [symbol] = unknown;
      const unit = symbol === undefined || unknown.length > 1 ? undefined : divideDims(sizeOfShape(input.type.shape), symbol);
      if (symbol !== undefined && unit !== undefined && !dimSymbols(unit).includes(symbol)) found.set(symbol, { input, unit });
    }
    if (found.size > before) continue;
    const open = wanted.find((symbol) => !isKnown(symbol));
    if (open === undefined) return { found, explicit };
    explicit.push(open);
  }
}

function quoted(text: string): Code {
  return textCode(JSON.stringify(text));
}
