// What a generated function is called, takes and returns: decided once, used by every style and by those who call the result.

import { capitalise, createNameAllocator, isReserved, type NameAllocator } from "../../core/words.ts";
import type { SourceFunction } from "../../frontends/source.ts";
import type { Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";

export type Mode = "grad" | "jvp" | "jacobian" | "hessian" | "hvp";
export type Style = "staged" | "tidy" | "fast";

/** Above this many inputs a function takes them packed in one array, and gives gradients back in one. */
const MOST_PARAMETERS = 100;

export interface Signature {
  readonly mode: Mode;
  readonly style: Style;
  /** Exported names. */
  readonly value: string;
  /** The derivative function of the mode: `fGrad`, `fJvp`, `fJacobian`, `fHessian`, `fHvp`. */
  readonly derivative: string;
  readonly forward: string;
  readonly backward: string;
  /** Interfaces of results. */
  readonly resultType: string;
  readonly forwardType: string;
  readonly backwardType: string;
  /** JavaScript names of the inputs, in order. */
  readonly inputs: readonly {
    readonly source: string;
    readonly name: string;
    readonly node: Node;
    readonly wrt: boolean;
    /** Class indices stay below it. */
    readonly below?: Dim;
  }[];
  readonly packed: boolean;
  /** Name of the packed parameter, of the result array in the fast style, of the kept stages, of the workspace. */
  readonly packedName: string;
  readonly outName: string;
  readonly directionName: string;
  readonly workName: string;
  readonly keptName: string;
  /** Property under which the value is returned, and that of each differentiated input's partial derivative. */
  readonly valueProperty: string;
  readonly gradientProperties: readonly string[];
  /** For jvp and hvp: the direction's components, one for each differentiated input. */
  readonly directions: readonly string[];
  /** Local adjoint of each input (by input name), which may differ from the property. */
  readonly adjointName: (name: string) => string;
  readonly isVector: boolean;
  /** Names of the outputs as stages. */
  readonly outputNames: readonly string[];
  /** A fresh allocator for the locals of one function body: with the outputs' and adjoints' names taken, or still to be had. */
  readonly locals: () => NameAllocator;
  readonly freshLocals: () => NameAllocator;
}

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

const SUFFIX: Readonly<Record<Mode, string>> = { grad: "Grad", jvp: "Jvp", jacobian: "Jacobian", hessian: "Hessian", hvp: "Hvp" };

/** What the functions of a source are called when exported: before any derived name is given away, so that the user's come first. */
export function allocateExports(functions: readonly SourceFunction[], module: NameAllocator, renamed: Renaming[]): string[] {
  return functions.map((fn) => allocateShown(module, fn.name, renamed));
}

/**
 * Plans names for `fn`. `module` holds what the module already exports; `helpers` are the functions copied into it, which no local may
 * hide; renamings are appended to `renamed`.
 */
export function planSignature(
  fn: SourceFunction,
  choice: { value: string; mode: Mode; style: Style; wrt: ReadonlySet<number>; helpers: readonly string[] },
  module: NameAllocator,
  renamed: Renaming[],
): Signature {
  const { value } = choice;
  const derivative = allocateShown(module, value + SUFFIX[choice.mode], renamed);
  const forward = module.allocate(`${value}Forward`);
  const backward = module.allocate(`${value}Backward`);
  const typeName = (name: string): string => module.allocate(capitalise(name) === name ? `${name}Result` : capitalise(name));

  const taken = createNameAllocator(choice.helpers);
  const packed = fn.inputs.length > MOST_PARAMETERS;
  const inputs = fn.inputs.map((input, index) => ({
    source: input.name,
    name: allocateShown(taken, input.name, renamed),
    node: input.node,
    wrt: choice.wrt.has(index),
    ...(input.below !== undefined && { below: input.below }),
  }));
  const names = new Set(inputs.map((input) => input.name));
  const adjointName = (name: string): string => avoid(`d${name}`, (candidate) => names.has(candidate) || isReserved(candidate));
  const properties = createNameAllocator([value]);
  const gradientProperties = inputs.filter((input) => input.wrt).map((input) => properties.allocate(`d${input.source}`));
  const directions = inputs.filter((input) => input.wrt).map((input) => taken.allocate(`v${input.name}`));
  const [packedName, directionName, outName, workName, keptName] = ["p", "v", "out", "work", "kept"].map((name) =>
    taken.allocate(name),
  ) as [string, string, string, string, string]; // as many as were asked for
  const adjointNames = new Set(inputs.map((input) => adjointName(input.name)));
  const isTaken = (name: string): boolean => names.has(name) || adjointNames.has(name) || choice.helpers.includes(name);
  const avoidInputs = (name: string): string => avoid(name, (candidate) => isTaken(candidate) || isTaken(`d${candidate}`));
  const outputNames = fn.isVector ? fn.outputs.map((_, index) => avoidInputs(`${value}${index + 1}`)) : [avoidInputs(value)];
  const directed = choice.mode === "jvp" || choice.mode === "hvp";
  const reserved = [
    ...names,
    ...choice.helpers,
    ...(directed ? directions : []),
    ...(packed ? [packedName] : []),
    ...(packed && directed ? [directionName] : []),
    ...(choice.style === "fast" ? [outName, workName] : [keptName]),
  ];
  return {
    mode: choice.mode,
    style: choice.style,
    value,
    derivative,
    forward,
    backward,
    resultType: typeName(derivative),
    forwardType: typeName(forward),
    backwardType: typeName(backward),
    inputs,
    packed,
    packedName,
    outName,
    directionName,
    workName,
    keptName,
    valueProperty: value,
    gradientProperties,
    directions,
    adjointName,
    isVector: fn.isVector,
    outputNames,
    freshLocals: () => createNameAllocator(reserved),
    locals: () => {
      const outputs = outputNames.flatMap((name) => [name, adjointName(name)]);
      const adjoints = inputs.map((input) => adjointName(input.name));
      return createNameAllocator([...reserved, ...adjoints, ...outputs]);
    },
  };
}

function allocateShown(allocator: NameAllocator, wanted: string, renamed: Renaming[]): string {
  const name = allocator.allocate(wanted);
  if (name !== wanted) renamed.push({ from: wanted, to: name });
  return name;
}

function avoid(name: string, isTaken: (name: string) => boolean): string {
  let candidate = name;
  while (isTaken(candidate)) candidate += "_";
  return candidate;
}
