// One network on its way from spec to text: rewrite, differentiate, plan, print.

import type { Span } from "../core/span.ts";
import { createNameAllocator, type NameAllocator } from "../core/words.ts";
import { piecesNamed } from "../emit/typescript/library.ts";
import { planDoor } from "../emit/typescript/tensor/door.ts";
import { nameNetwork, type NetworkNames } from "../emit/typescript/tensor/network-names.ts";
import { writeNetwork, type NetworkEmission } from "../emit/typescript/tensor/network.ts";
import type { Hoisted, ModuleContext } from "../emit/typescript/tensor/module.ts";
import { createWriter, mapMarks, type MarkedText, type Origin } from "../emit/typescript/writer.ts";
import type { SourceNetwork } from "../frontends/network/source.ts";
import type { FunctionInput } from "../frontends/source.ts";
import type { Node } from "../ir/graph.ts";
import { mapNames } from "../passes/pipeline.ts";
import { rewrite, type AppliedRule } from "../passes/simplify.ts";
import { namesBehindViews, planTensors, type TensorPlan } from "../passes/tensor-plan.ts";
import { scheduleTensors } from "../passes/tensor-schedule.ts";
import { forwardRules, gateRules } from "../rules/all.ts";
import { createPlaces, type Places } from "./places.ts";
import { countOperations } from "./tensor-counts.ts";
import type { CompileOptions } from "./types.ts";

export interface NetworkRequest {
  readonly network: SourceNetwork;
  /** Data inputs to differentiate by, beside all parameters. */
  readonly wrt: readonly string[];
  readonly style: "staged" | "tidy";
  readonly ties: "each" | "split";
}

/** What the options of a compilation ask of a network. */
export function generationOf(network: SourceNetwork, options: CompileOptions): NetworkRequest {
  return {
    network,
    wrt: options.wrt ?? [],
    style: options.style === "tidy" ? "tidy" : "staged",
    ties: options.ties ?? "each",
  };
}

export interface NetworkOutput {
  readonly names: NetworkNames;
  readonly emitted: MarkedText<Span>;
  readonly helpers: readonly string[];
  readonly hoisted: ReadonlyMap<string, Hoisted>;
  readonly counts: { readonly forward: number; readonly backward: number };
  readonly applied: readonly AppliedRule[];
  /** What was differentiated: the loss, or the output; and what it is after rewriting. */
  readonly result: Node;
  readonly resultName: string;
  readonly wrtInputs: readonly FunctionInput[];
  /** Sizes that no length tells: arguments after the data. */
  readonly sizes: readonly string[];
  /** Of the staged style. */
  readonly plan: TensorPlan | undefined;
}

export function compileNetwork(request: NetworkRequest): NetworkOutput {
  const prepared = prepare(request);
  // Which kernels are called does not depend on names: a first draft tells which names are theirs.
  const draft = print(prepared, createNameAllocator());
  const helpers = piecesNamed(draft.module.kernels);
  const module = createNameAllocator(helpers);
  const printed = print(prepared, module, helpers);
  const { network } = request;
  return {
    names: printed.names,
    emitted: mapMarks(printed.emitted, placeIn(prepared)),
    helpers,
    hoisted: printed.module.hoisted,
    counts: countOperations(printed.plan),
    applied: prepared.applied,
    result: network.training.loss ?? network.training.output,
    resultName: prepared.resultName,
    wrtInputs: prepared.wrtInputs,
    sizes: explicitSizes(network),
    plan: request.style === "staged" ? printed.plan : undefined,
  };
}

/** What prediction cannot tell from the lengths of its inputs is an argument everywhere. */
function explicitSizes({ predictInputs }: SourceNetwork): readonly string[] {
  return planDoor(predictInputs.map(({ name, node }) => ({ access: name, type: node.type }))).explicit;
}

interface Prepared extends NetworkRequest {
  readonly result: Node;
  readonly resultName: string;
  readonly nextStates: readonly Node[];
  readonly output: Node;
  readonly stageNames: ReadonlyMap<Node, string>;
  readonly predictNames: ReadonlyMap<Node, string>;
  readonly wrtInputs: readonly FunctionInput[];
  readonly applied: readonly AppliedRule[];
  readonly places: Places;
}

function prepare(request: NetworkRequest): Prepared {
  const { network, style } = request;
  const { graph } = network;
  const inputs = [...network.inputs, ...network.parameters.map(({ node }) => ({ node }))];
  const options = { rules: style === "staged" ? gateRules : forwardRules, inputs };
  const target = network.training.loss ?? network.training.output;
  const training = rewrite(graph, [target, ...network.states.map((state) => state.next)], options);
  const predict = rewrite(graph, [network.predict.output], { ...options, rules: forwardRules });
  const { span, inputs: data, name, origins } = network;
  const fn = { name, inputs: data, outputs: [], stageNames: new Map<Node, string>(), span };
  const places = createPlaces({ text: "", fn, origins, definitions: [] });
  places.follow(training.replaced);
  places.follow(predict.replaced);
  return {
    ...request,
    result: training.roots[0]!,
    resultName: network.training.loss === undefined ? "output" : "loss",
    nextStates: training.roots.slice(1),
    output: predict.roots[0]!,
    stageNames: mapNames(network.stageNames, (node) => training.replaced.get(node)),
    predictNames: mapNames(network.stageNames, (node) => predict.replaced.get(node)),
    wrtInputs: network.inputs.filter((input) => request.wrt.includes(input.name)),
    applied: training.applied,
    places,
  };
}

/** Training comes first: what both passes compute, and every parameter, is where it is read there. */
function placeIn({ places, result, nextStates, output }: Prepared): (origin: Origin) => Span {
  return places.of({ outputs: [result, ...nextStates, output] });
}

interface Printed {
  readonly names: NetworkNames;
  readonly emitted: MarkedText<Origin>;
  readonly module: ModuleContext;
  readonly plan: TensorPlan;
}

function print(prepared: Prepared, allocator: NameAllocator, helpers: readonly string[] = []): Printed {
  const { network } = prepared;
  const writer = createWriter();
  const module: ModuleContext = { kernels: new Set(), hoisted: new Map(), allocate: (name) => allocator.allocate(name) };
  const names = nameNetwork(network.name, allocator);
  const plan = planTraining(prepared, helpers);
  const predict = planPredict(prepared, helpers);
  const emission: NetworkEmission = {
    module,
    names,
    title: `the network ${network.name}`,
    parameters: network.parameters,
    states: network.states,
    inputs: network.inputs,
    predictInputs: network.predictInputs,
    wrtInputs: prepared.wrtInputs,
    result: prepared.result,
    resultName: prepared.resultName,
    nextStates: prepared.nextStates,
    plan,
    seedName: `d${prepared.resultName}`,
    predict,
    output: prepared.output,
    trainer: network.trainer,
    isStaged: prepared.style === "staged",
    sizes: explicitSizes(network),
  };
  writeNetwork(writer, emission);
  return { names, emitted: writer.finish(), module, plan };
}

/** Names that locals of a network's functions must leave alone. */
const OWN_NAMES = ["params", "state", "kept", "optimizer", "loss", "dloss", "output", "doutput"];

function localsOf({ network }: Prepared, helpers: readonly string[]): NameAllocator {
  const inputs = [...network.inputs, ...network.parameters, ...network.states].map(({ name }) => name);
  const symbols = network.inputs.flatMap(({ node }) => node.type.shape.filter((dim) => typeof dim === "string"));
  return createNameAllocator([...helpers, ...OWN_NAMES, ...inputs, ...inputs.map((name) => `d${name}`), ...symbols]);
}

function inputNames({ network }: Prepared): Map<Node, string> {
  return new Map<Node, string>(
    [...network.inputs, ...network.parameters, ...network.states].map(({ node, name }) => [node, name]),
  );
}

function planTraining(prepared: Prepared, helpers: readonly string[]): TensorPlan {
  const { network, result, resultName, nextStates } = prepared;
  const allocator = localsOf(prepared, helpers);
  const seed = network.graph.input(`adjoint of ${result.id}`, { dtype: "real", shape: result.type.shape });
  const outputs = [result, ...nextStates];
  const outputNames = [resultName, ...network.states.map(({ name }) => allocator.allocate(`${name}Next`))];
  return planTensors(network.graph, {
    outputs,
    outputNames,
    userNames: prepared.stageNames,
    inputs: inputNames(prepared),
    wrt: [...network.parameters.map(({ node }) => node), ...prepared.wrtInputs.map(({ node }) => node)],
    seeds: new Map([[result, seed]]),
    seedNames: new Map([[seed, `d${resultName}`]]),
    allocator,
    adjointName: (name) => `d${name}`,
    ties: prepared.ties,
    keepViews: false,
  });
}

function planPredict(prepared: Prepared, helpers: readonly string[]): ReturnType<typeof scheduleTensors> {
  return scheduleTensors({
    outputs: [prepared.output],
    derived: [],
    wanted: namesBehindViews([prepared.output], prepared.predictNames, false),
    inputs: inputNames(prepared),
    nameFrom: () => undefined,
    allocator: localsOf(prepared, helpers),
  });
}
