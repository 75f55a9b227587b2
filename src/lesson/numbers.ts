// numbersAt(): what the emitted code computes at a point, line by line: the very text, made to keep what each line leaves behind.

import type { Derivation } from "../compiler/derivation.ts";
import type { Compilation } from "../compiler/types.ts";
import { evaluateDim } from "../ir/dims.ts";
import type { InputNode, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { opNamed } from "../ops/registry.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { compileTensorTape } from "../verify/tensor-evaluate.ts";
import { readPoint, type PointTensors } from "./call.ts";
import { measure, onesOf, subtract } from "./measure.ts";
import { recordLines, type Recording } from "./record.ts";
import { localGradient, toldOf, type Told, type ToldLine } from "./told.ts";
import type { LessonPoint, Measure, Numbers, StepNumbers } from "./types.ts";

/**
 * Every value and gradient at a point given by input name; arrays are row-major. Where the result is a tensor, the gradient that arrives is 1
 * for each of its elements. Throws a RangeError where an input has no value or its length fits no size, and what the generated code throws
 * where its door refuses an argument.
 */
export function numbersAt(compilation: Compilation, point: LessonPoint, index = compilation.functions.length - 1): Numbers {
  const fn = compilation.functions[index];
  if (fn?.derivation === undefined) throw new RangeError(`${fn?.name ?? "nothing"} has no stages to evaluate`);
  const { derivation } = fn;
  const told = toldOf(derivation);
  const at = readPoint(fn, derivation, point);
  const recording = recordLines({ compilation, fn, told, at });
  const found: Found = { told, derivation, at, recording, values: valuesByVariable(derivation, at, recording) };
  const adjoints = adjointsByVariable(found);
  return {
    values: { ...mapValues(found.values, measure), ...conditionsOf(found) },
    gradients: mapValues(gradientsByVariable(found, adjoints), measure),
    steps: told.lines.map((line, step) => stepNumbers(found, adjoints, line, step)),
    value: measure(valueOf(found)),
  };
}

interface Found {
  readonly told: Told;
  readonly derivation: Derivation;
  readonly at: PointTensors;
  readonly recording: Recording;
  readonly values: ReadonlyMap<string, Tensor>;
}

type Tensors = ReadonlyMap<string, Tensor>;

function valuesByVariable({ inputs }: Derivation, { tensors }: PointTensors, { stages }: Recording): Tensors {
  return new Map([...inputs.map(({ variable }, index) => [variable, tensors[index]!] as const), ...stages]);
}

/** Stages that are true or false. */
function conditionsOf({ told, values }: Found): Record<string, boolean> {
  const conditions = told.stages.filter(({ node: { type } }) => type.dtype === "boolean" && type.shape.length === 0);
  return Object.fromEntries(conditions.map(({ name }) => [name, values.get(name)!.data[0] === 1]));
}

function valueOf({ told: { output, nameOf }, values }: Found): Tensor {
  if (output.kind === "const") return { shape: [], data: Float64Array.of(output.value) };
  return values.get(nameOf(output)!)!; // the result is a stage or an input
}

/** What each variable of the backward pass holds in the end; the seed's is 1. */
function adjointsByVariable({ told, derivation, at, recording }: Found): Map<string, Tensor> {
  const shape = told.output.type.shape.map((dim) => evaluateDim(dim, at.sizes));
  const adjoints = new Map<string, Tensor>([[derivation.seedName, onesOf(shape)]]);
  told.lines.forEach((line, index) => adjoints.set(line.adjoint, recording.steps.get(index)!));
  return adjoints;
}

/** Complete gradients by the variable they are the gradient of. Where one has no line, it is what the plan says of it. */
function gradientsByVariable(found: Found, adjoints: Tensors): Map<string, Tensor> {
  const { told, derivation, at } = found;
  const gradients = new Map<string, Tensor>();
  for (const { target, adjoint, action } of told.lines) {
    const name = told.nameOf(target);
    if (name !== undefined && action !== "help") gradients.set(name, adjoints.get(adjoint)!);
  }
  const output = told.nameOf(told.output);
  if (output !== undefined && !gradients.has(output)) gradients.set(output, adjoints.get(derivation.seedName)!);
  const rest = nodesWithoutLine(found, gradients);
  const values = evaluateAll(
    found,
    adjoints,
    rest.map(([, adjoint]) => adjoint),
  );
  rest.forEach(([name], index) => gradients.set(name, values[index]!));
  derivation.inputs.forEach(({ variable, wrt }, index) => {
    const { shape, data } = at.tensors[index]!;
    if (wrt && !gradients.has(variable)) gradients.set(variable, { shape, data: new Float64Array(data.length) }); // nothing flows to it
  });
  return gradients;
}

/** Stages and inputs whose gradient is another one as it stands, or stretched. */
function nodesWithoutLine({ told, derivation }: Found, gradients: Tensors): (readonly [name: string, adjoint: Node])[] {
  const isWithout = (name: string | undefined): name is string => name !== undefined && !gradients.has(name);
  const wrt = derivation.inputs.filter((input) => input.wrt);
  const inputs = wrt.flatMap(({ variable }, index) => {
    const adjoint = told.results[index];
    return adjoint !== undefined && isWithout(variable) ? [[variable, adjoint] as const] : [];
  });
  if (derivation.kind === "numbers") return inputs;
  const stages = told.stages.flatMap(({ name, node }) => {
    const adjoint = derivation.plan.adjoints.get(node);
    return adjoint !== undefined && isWithout(name) ? [[name, adjoint] as const] : [];
  });
  return [...stages, ...inputs];
}

/** Nodes over inputs and adjoints, by the reference evaluator. */
function evaluateAll({ told, derivation, at }: Found, adjoints: Tensors, nodes: readonly Node[]): Tensor[] {
  const inputs = new Map<InputNode, Tensor>(derivation.inputs.map(({ input }, index) => [input.node, at.tensors[index]!]));
  for (const node of postOrder(nodes)) {
    const adjoint = node.kind === "input" && !inputs.has(node) ? adjoints.get(told.nameOf(node) ?? "") : undefined;
    if (adjoint !== undefined && node.kind === "input") inputs.set(node, adjoint);
  }
  return compileTensorTape(nodes, at.sizes).run(inputs);
}

function stepNumbers({ told, recording, values }: Found, adjoints: Tensors, line: ToldLine, index: number): StepNumbers {
  const after = recording.steps.get(index)!;
  const numbers = { after: measure(after), upstream: undefined, local: undefined };
  if (!line.isNumber) {
    const before = line.action === "grow" ? recording.before.get(index) : undefined;
    return { ...numbers, contribution: measure(before === undefined ? after : subtract(after, before)) };
  }
  const read = (name: string): number | undefined => (values.get(name) ?? adjoints.get(name))?.data[0];
  return {
    ...numbers,
    contribution: evaluateNumber(line.value, told.nameOf, read),
    upstream: read(line.upstream),
    local: evaluateNumber(localGradient(told, line), told.nameOf, read),
  };
}

/** A formula over variables. */
function evaluateNumber(node: Node, nameOf: Told["nameOf"], read: (name: string) => number | undefined): number {
  const name = nameOf(node);
  const known = name === undefined ? undefined : read(name);
  if (known !== undefined) return known;
  if (node.kind === "const") return node.value;
  if (node.kind === "input") return NaN; // no variable of the code
  return opNamed(node.op).evaluate(...node.args.map((arg) => evaluateNumber(arg, nameOf, read)));
}

function mapValues(tensors: Tensors, convert: (tensor: Tensor) => Measure): Record<string, Measure> {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, convert(tensor)]));
}
