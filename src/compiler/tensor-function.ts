// One source function over tensors on its way from graph to text: rewrite, differentiate, plan, print.

import { createWriter, mapMarks, type Writer } from "../emit/typescript/writer.ts";
import { writeJacobian, writeHessian } from "../emit/typescript/tensor/matrices.ts";
import { planFunctionDoor, writeSizesFunction, writeValue, type TensorEmission } from "../emit/typescript/tensor/functions.ts";
import { writeScheduled } from "../emit/typescript/tensor/scheduled.ts";
import { writeStagedTensors } from "../emit/typescript/tensor/staged.ts";
import { type ModuleContext } from "../emit/typescript/tensor/module.ts";
import { countOperations } from "./tensor-counts.ts";
import { piecesNamed } from "../emit/typescript/library.ts";
import { planSignature, type Signature } from "../emit/typescript/signature.ts";
import type { SourceFunction } from "../frontends/source.ts";
import { capitalise, createNameAllocator } from "../core/words.ts";
import { shapeText } from "../ir/dims.ts";
import type { Graph, InputNode, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { expandFused, forward, reverse } from "../passes/differentiate.ts";
import { expand } from "../passes/expand.ts";
import { mapNames } from "../passes/pipeline.ts";
import { rewrite } from "../passes/simplify.ts";
import { planTensors, type TensorPlan } from "../passes/tensor-plan.ts";
import { scheduleTensors, type TensorSchedule } from "../passes/tensor-schedule.ts";
import { backwardRules, forwardRules, gateRules } from "../rules/all.ts";
import { rewritesTold, type FunctionOutput, type FunctionRequest } from "./function.ts";
import type { PlacedResult } from "./places.ts";

/** Whether a function has anything to do with tensors. */
export function isTensorFunction(fn: SourceFunction): boolean {
  return [...fn.inputs.map((input) => input.node), ...postOrder(fn.outputs)].some((node) => node.type.shape.length > 0);
}

export interface TensorRequest extends FunctionRequest {
  /** The function as the source has it, for its doc comment; empty when long. */
  readonly formula: string;
}

export function compileTensorFunction(request: TensorRequest): FunctionOutput {
  const { graph, fn, style, mode } = request;
  const staged = style === "staged" && (mode === "grad" || mode === "jacobian");
  const rules = staged ? (request.gates === "each" ? [] : gateRules) : forwardRules;
  const recognised = rewrite(graph, fn.outputs, { rules, inputs: fn.inputs, keep: new Set(fn.stageNames.keys()) });
  const written = expand(graph, recognised.roots);
  request.places.follow(recognised.replaced);
  request.places.follow(written);
  const after = (node: Node): Node | undefined => {
    const now = recognised.replaced.get(node);
    return now && (written.get(now) ?? now);
  };
  const prepared: Prepared = {
    ...request,
    output: written.get(recognised.roots[0]!) ?? recognised.roots[0]!,
    stageNames: mapNames(fn.stageNames, after),
  };
  // Which kernels are called does not depend on names: a first draft tells which names are theirs.
  const draft = print(prepared, draftOf(prepared, []));
  const helpers = piecesNamed(draft.module.kernels);
  helpers.forEach((name) => request.module.take(name));
  const hessian =
    mode === "hessian"
      ? {
          name: request.module.allocate(`${request.value}Hessian`),
          type: request.module.allocate(`${capitalise(request.value)}Hessian`),
        }
      : undefined;
  const signature = planSignature(
    fn,
    { value: request.value, mode: hessian ? "hvp" : mode, style, wrt: request.wrt, helpers },
    request.module,
    request.renamed,
  );
  const module: ModuleContext = { kernels: new Set(), hoisted: new Map(), allocate: (name) => request.module.allocate(name) };
  const { writer, counts, statements, derived, plan } = print(prepared, {
    signature,
    module,
    sizesName: request.module.allocate(`check${capitalise(request.value)}`),
    hessian,
  });
  return {
    signature: hessian ? { ...signature, mode, derivative: hessian.name } : signature,
    emitted: mapMarks(writer.finish(), request.places.of({ outputs: [prepared.output], ...derived })),
    counts,
    mark: undefined,
    formula: request.formula,
    rewrites: rewritesTold(recognised.applied),
    helpers,
    hoisted: module.hoisted,
    sizes: planFunctionDoor(signature).explicit,
    statements,
    outputs: [prepared.output],
    plan,
  };
}

interface Prepared extends TensorRequest {
  readonly output: Node;
  readonly stageNames: ReadonlyMap<Node, string>;
}

interface Naming {
  readonly signature: Signature;
  readonly module: ModuleContext;
  readonly sizesName: string;
  readonly hessian: { readonly name: string; readonly type: string } | undefined;
}

function draftOf({ fn, value, mode, style, wrt }: Prepared, helpers: readonly string[]): Naming {
  const module = createNameAllocator();
  return {
    signature: planSignature(fn, { value, mode: mode === "hessian" ? "hvp" : mode, style, wrt, helpers }, module, []),
    module: { kernels: new Set(), hoisted: new Map(), allocate: (name) => module.allocate(name) },
    sizesName: "check",
    hessian: mode === "hessian" ? { name: "fHessian", type: "FHessian" } : undefined,
  };
}

interface Printed {
  readonly writer: Writer;
  readonly module: ModuleContext;
  readonly counts: { readonly forward: number; readonly backward: number };
  readonly statements: number;
  /** Of the staged style. */
  readonly plan?: TensorPlan;
  /** What was scheduled beside the value. */
  readonly derived?: Required<Pick<PlacedResult, "derived" | "sourceOf">>;
}

function print(prepared: Prepared, { signature, module, sizesName, hessian }: Naming): Printed {
  const writer = createWriter();
  const emission: TensorEmission = {
    module,
    signature,
    sizesName,
    door: planFunctionDoor(signature, [prepared.output]),
    formula: prepared.formula,
    output: prepared.output,
  };
  const { mode, style } = prepared;
  const isScalar = prepared.output.type.shape.length === 0;
  if (mode === "jacobian" || (mode === "grad" && (style !== "tidy" || !isScalar))) return printStaged(prepared, emission, writer);
  return printScheduled(prepared, emission, writer, hessian);
}

function printStaged(prepared: Prepared, emission: TensorEmission, writer: Writer): Printed {
  const { graph, output } = prepared;
  const { signature } = emission;
  const seedName = signature.adjointName(signature.outputNames[0]!);
  const seed = graph.input(`adjoint of ${output.id}`, { dtype: "real", shape: output.type.shape });
  const backward = planOf(prepared, emission, seed, seedName);
  const isScalar = output.type.shape.length === 0;
  const grad = isScalar && prepared.mode === "grad" ? planOf(prepared, emission, graph.constant(1), seedName) : undefined;
  writeStagedTensors(writer, emission, grad, backward, seedName);
  if (prepared.mode === "jacobian") writeJacobian(writer, emission);
  const counts = countOperations(grad ?? backward);
  return {
    writer,
    module: emission.module,
    counts,
    statements: backward.stages.length + backward.backward.length,
    plan: grad ?? backward,
  };
}

function planOf(prepared: Prepared, { signature, door }: TensorEmission, seed: Node, seedName: string): TensorPlan {
  const { graph, output, fn, wrt } = prepared;
  const allocator = signature.locals();
  [...door.sizes, ...door.explicit].forEach((name) => allocator.take(name));
  return planTensors(graph, {
    outputs: [output],
    outputNames: [signature.outputNames[0]!],
    userNames: prepared.stageNames,
    inputs: inputNames(signature),
    wrt: fn.inputs.filter((_, index) => wrt.has(index)).map((input) => input.node),
    seeds: new Map([[output, seed]]),
    seedNames: new Map(seed.kind === "input" ? [[seed, seedName]] : []),
    allocator,
    adjointName: signature.adjointName,
    ties: prepared.ties,
    keepViews: true,
  });
}

function inputNames(signature: Signature): Map<Node, string> {
  return new Map(signature.inputs.map((input) => [input.node, input.name]));
}

/** tidy gradients, and directional derivatives in any style. */
function printScheduled(prepared: Prepared, emission: TensorEmission, writer: Writer, hessian: Naming["hessian"]): Printed {
  const { mode } = prepared;
  const derived = derive(prepared);
  const scheduled = (withDerived: boolean): TensorSchedule => planSchedule(prepared, emission, derived, withDerived);
  const value = scheduled(false);
  writeValue(writer, emission, value.statements, value.names);
  const all = scheduled(true);
  const { signature } = emission;
  const wrt = signature.inputs.filter((input) => input.wrt);
  const shape = (node: Node): string => (node.type.shape.length === 0 ? "" : `, ${shapeText(node.type.shape)}`);
  const fields = [
    ...derived.gradients.map((node, index) => ({
      name: signature.gradientProperties[index]!,
      node,
      doc: `∂${signature.value}/∂${wrt[index]!.name}${shape(node)}`,
    })),
    ...derived.tangents.map((node, index) =>
      mode === "jvp"
        ? {
            name: `v${signature.valueProperty}`,
            node,
            doc: `the derivative of ${signature.value} along the direction${shape(node)}`,
          }
        : { name: `h${wrt[index]!.source}`, node, doc: `the Hessian times the direction, for ${wrt[index]!.name}${shape(node)}` },
    ),
  ];
  const directed = mode === "jvp" || mode === "hvp" || mode === "hessian";
  const directions = directed ? derived.directions.map((node, index) => ({ name: signature.directions[index]!, node })) : [];
  writeScheduled(writer, emission, all, { fields, directions }, docOf(mode, signature.value));
  if (hessian) writeHessian(writer, emission, hessian);
  writeSizesFunction(writer, emission);
  const isForward = (part: string): boolean => part === "forward";
  const counts = countOperations({
    stages: all.statements.filter(({ part }) => isForward(part)),
    backward: all.statements.filter(({ part }) => !isForward(part)).map(({ node }) => ({ value: node, action: "set" })),
    names: all.names,
  });
  const roots = [...derived.gradients, ...derived.tangents];
  const sourceOf = (node: Node): Node | undefined => derived.nameSource.get(node)?.node;
  return {
    writer,
    module: emission.module,
    counts,
    statements: all.statements.length,
    derived: { derived: roots, sourceOf },
  };
}

function docOf(mode: string, value: string): string {
  if (mode === "jvp") return `The value of ${value} and its derivative along a direction.`;
  return mode === "grad"
    ? `The value and the gradient of ${value}.`
    : `The value and the gradient of ${value}, and its Hessian times a direction.`;
}

interface Derived {
  readonly gradients: readonly Node[];
  readonly tangents: readonly Node[];
  readonly directions: readonly InputNode[];
  readonly nameSource: ReadonlyMap<Node, { readonly node: Node; readonly prefix: "d" | "v" }>;
}

function derive({ graph, fn, wrt, mode, ties, output }: Prepared): Derived {
  const inputs = fn.inputs.filter((_, index) => wrt.has(index)).map((input) => input.node);
  const directions = inputs.map((input) => graph.input(`direction of ${input.id}`, input.type));
  const seeds = new Map<Node, Node>(inputs.map((input, index) => [input, directions[index]!]));
  const nameSource = new Map<Node, { node: Node; prefix: "d" | "v" }>();
  const remember = (from: ReadonlyMap<Node, Node>, prefix: "d" | "v"): void => {
    for (const [node, derived] of from)
      if (derived.kind === "call" && !nameSource.has(derived)) nameSource.set(derived, { node, prefix });
  };
  const zero = (type: Node["type"]): Node => broadcastZero(graph, type);
  const along = (roots: readonly Node[]): Node[] => {
    const tangents = forward(graph, roots, seeds, ties);
    remember(tangents, "v");
    return roots.map((root) => tangents.get(root) ?? zero(root.type));
  };
  let gradients: Node[] = [];
  let tangents: Node[] = [];
  if (mode === "jvp") {
    tangents = along([output]);
  } else {
    const pass = reverse(graph, new Map([[output, graph.constant(1)]]), inputs, { ties });
    remember(pass.adjoints, "d");
    gradients = inputs.map((input) => pass.adjoints.get(input) ?? zero(input.type));
    if (mode === "hvp" || mode === "hessian") {
      const fused = expandFused(graph, gradients);
      tangents = along(gradients.map((node) => fused.get(node)!));
    }
  }
  const frozen = new Set(postOrder([output]));
  const roots = [...gradients, ...tangents];
  const { replaced } = rewrite(graph, [output, ...roots], { rules: backwardRules, inputs: fn.inputs, frozen });
  const now = (node: Node): Node => replaced.get(node) ?? node;
  const sources = new Map([...nameSource].map(([node, source]) => [now(node), source]));
  return { gradients: gradients.map(now), tangents: tangents.map(now), directions, nameSource: sources };
}

function broadcastZero(graph: Graph, type: Node["type"]): Node {
  return type.shape.length === 0
    ? graph.constant(0)
    : graph.call("broadcast", [graph.constant(0)], { dtype: "real", shape: type.shape }, { shape: type.shape });
}

function planSchedule(
  prepared: Prepared,
  { signature, door }: TensorEmission,
  derived: Derived,
  withDerived: boolean,
): TensorSchedule {
  const { output, stageNames } = prepared;
  const wanted = new Map<Node, string>();
  const want = (node: Node, name: string): void => void (node.kind === "call" && !wanted.has(node) && wanted.set(node, name));
  want(output, signature.outputNames[0]!);
  for (const [node, name] of stageNames) want(node, name);
  const roots = withDerived ? [...derived.gradients, ...derived.tangents] : [];
  const wrt = signature.inputs.filter((input) => input.wrt);
  if (withDerived) {
    derived.gradients.forEach((node, index) => want(node, signature.adjointName(wrt[index]!.name)));
    derived.tangents.forEach((node, index) =>
      want(node, prepared.mode === "jvp" ? `v${signature.valueProperty}` : `h${wrt[index]!.source}`),
    );
  }
  const inputs = inputNames(signature);
  derived.directions.forEach((node, index) => inputs.set(node, signature.directions[index]!));
  const reachable = new Set(postOrder([output, ...roots]));
  const allocator = signature.freshLocals();
  [...door.sizes, ...door.explicit].forEach((name) => allocator.take(name));
  return scheduleTensors({
    outputs: [output],
    derived: roots,
    wanted: new Map([...wanted].filter(([node]) => reachable.has(node))),
    inputs,
    nameFrom: (node, nameOf) => {
      const source = derived.nameSource.get(node);
      const name = source && nameOf(source.node);
      return name && source.prefix + name;
    },
    allocator,
  });
}
