// What a layer sees while it is built: nodes of the graph, parameters, names. One context serves one layer in one pass.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { sameShape, shapeText } from "../../ir/dims.ts";
import type { Attrs, Graph, Node, NodeId } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { tryCall } from "../../ops/build.ts";
import { ops } from "../../ops/registry.ts";
import { tensorOps } from "../../ops/tensor/registry.ts";
import { initialise, type InitialiserOption } from "./initialiser.ts";
import type { Initialiser, LayerContext } from "./layer.ts";
import { layers } from "./layers/all.ts";
import { partName, type Numbering, type Store, type StoredParameter, type StoredState } from "./parameters.ts";
import { keyNamed, strictOptions } from "./schema.ts";

/** What both passes over a network share. */
export interface Build {
  readonly graph: Graph;
  readonly reporter: Reporter;
  readonly store: Store;
  readonly init: InitialiserOption | undefined;
  readonly stageNames: Map<Node, string>;
  /** Nodes called as the spec says. */
  readonly named: Set<Node>;
  readonly origins: Map<NodeId, readonly Span[]>;
  /** Nodes whose arguments have origins too. */
  readonly placed: Set<Node>;
  /** Where a node comes from, for messages: `dense in line 4`. */
  readonly sources: Map<Node, string>;
  /** How many more ops layers may ask for: steps of a sequence are written out, and its length is a number like any other. */
  opsLeft: number;
}

/** One pass: training or predicting. */
export interface Pass {
  readonly training: boolean;
  readonly numbering: Numbering;
  readonly penalties: Node[];
  /** Which layer made a parameter or state in this pass. */
  readonly makers: Map<string, object>;
  /** What named layers made. */
  readonly made: Map<string, Made>;
  streams: number;
}

/** What a layer made that others can share, by letter. */
export interface Made {
  readonly parameters: Map<string, StoredParameter>;
  readonly states: Map<string, StoredState>;
}

export interface LayerInfo {
  readonly layer: string;
  /** For messages: `dense 'out'`. */
  readonly label: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Node[];
  readonly shared: Made | undefined;
  /** Finds a layer's result or an input that the layer may see. */
  readonly lookup: (name: string) => Result | undefined;
}

/** What a name stands for; no node where its layer could not be built. */
export interface Result {
  readonly node: Node | undefined;
}

/** Thrown to leave a layer's builder when its problem is reported; caught in `attempt`. */
const STOPPED = new Error("the build of a layer ended");
/** Products of sizes beyond this are no numbers to compute with. */
const MOST_ELEMENTS = 2 ** 48;
/** In both passes together. What comes of more is code that nobody can load. */
export const MOST_OPS = 300_000;

/** What `build` returns; undefined where it stopped. */
export function attempt<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch (error) {
    if (error !== STOPPED) throw error;
    return undefined;
  }
}

/** What layers and losses have in common: making nodes, with mistakes reported by `complain`. */
export function nodeMaker(
  build: Build,
  span: Span,
  complain: (problem: string) => void,
): Pick<LayerContext, "graph" | "call" | "constant" | "size" | "stop"> {
  const { graph, origins } = build;
  const stop = (problem: string): never => {
    complain(problem);
    throw STOPPED;
  };
  const spend = (): void => {
    build.opsLeft--;
    if (build.opsLeft === 0) stop(`the network grows beyond ${MOST_OPS} operations here, when all steps are written out`);
    if (build.opsLeft < 0) throw STOPPED; // said once
  };
  const call = (op: string, args: readonly Node[], attrs?: Attrs): Node => {
    spend();
    const unfit = takesReals(op) ? args.find((arg) => arg.type.dtype === "integer") : undefined;
    if (unfit !== undefined)
      return stop(`${op} takes real numbers, not integers; an embedding makes them so, or declare the input real`);
    const made = tryCall(graph, op, args, attrs);
    if (typeof made === "string") return stop(made);
    if (elementsOf(made) > MOST_ELEMENTS) return stop(`a tensor of shape ${shapeText(made.type.shape)} is too large`);
    if (!origins.has(made.id)) origins.set(made.id, [span]);
    return made;
  };
  return {
    graph,
    call,
    stop,
    constant: (value) => graph.constant(value),
    size: (dim) => call("size", [], { dim }),
  };
}

/** Indices and labels go where the op says so; all else computes with reals. */
function takesReals(op: string): boolean {
  const tensor = tensorOps.get(op);
  if (tensor !== undefined) return ["contraction", "convolution", "reduction"].includes(tensor.family);
  return op !== "select" && ops.get(op)?.family !== "comparison";
}

function elementsOf({ type }: Node): number {
  return type.shape.reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : 1), 1);
}

export function createContext(build: Build, pass: Pass, info: LayerInfo, made: Made): LayerContext {
  const { graph, store, stageNames } = build;
  const complain = (problem: string): void =>
    build.reporter.report("WG1430", info.span, { layer: info.label, problem: problem + inputsText(build, info) });
  const maker = nodeMaker(build, info.span, complain);
  const numbers = new Map<string, number>();
  const self = {};

  const numberIn = (family: string): number => {
    let number = numbers.get(family);
    if (number === undefined) numbers.set(family, (number = pass.numbering.next(family)));
    return number;
  };

  /** One layer makes each name once in a pass; another with the same name is a clash. */
  const claim = (name: string): void => {
    const owner = pass.makers.get(name);
    if (owner !== undefined && owner !== self)
      maker.stop(`its '${name}' would have the name of another layer's; give it another name`);
    pass.makers.set(name, self);
  };

  const sharedParameter = (letter: string, shape: readonly Dim[], isWeight: boolean): StoredParameter | undefined => {
    if (info.shared === undefined) return undefined;
    const weights = [...info.shared.parameters.values()].filter((parameter) => parameter.isWeight);
    const found = info.shared.parameters.get(letter) ?? (isWeight && weights.length === 1 ? weights[0] : undefined);
    if (found === undefined || sameShape(found.shape, shape)) return found;
    if (!isWeight) return undefined; // a transposed layer has a bias of its own
    return maker.stop(`the shared ${found.name} has shape ${shapeText(found.shape)}, and ${shapeText(shape)} is needed here`);
  };

  return {
    ...maker,
    training: pass.training,
    name: info.name,
    parameter(letter, family, shape, init, isWeight = true) {
      const shared = sharedParameter(letter, shape, isWeight);
      if (shared !== undefined) return shared.node;
      const name = partName(letter, info.name, () => numberIn(family));
      claim(name);
      const layer = `${info.layer} ${info.name ?? String(numberIn(family))}`;
      const ownPenalties = new Set(["l1", "l2"].filter((key) => info.options[key] !== undefined));
      const stored = store.parameter({ name, letter, shape, init, isWeight, layer, span: info.span, ownPenalties });
      if (typeof stored === "string") return maker.stop(stored);
      made.parameters.set(letter, stored);
      return stored.node;
    },
    init(usual: Initialiser) {
      const wanted = (info.options["init"] as InitialiserOption | undefined) ?? build.init;
      return wanted === undefined ? usual : initialise(wanted, usual);
    },
    state(letter, family, shape, initial) {
      if (info.shared !== undefined) return maker.stop("running statistics cannot be shared");
      const name = partName(letter, info.name, () => numberIn(family));
      claim(name);
      const stored = store.state({ name, shape, initial });
      if (typeof stored === "string") return maker.stop(stored);
      made.states.set(letter, stored);
      return stored.node;
    },
    update(state, next) {
      const stored = [...made.states.values()].find(({ node }) => node === state);
      if (stored === undefined) throw new Error("update of what is no state of this layer");
      if (pass.training) stored.next = next;
    },
    dropoutSeed: () => ({ seed: graph.input("seed", { dtype: "integer", shape: [] }), stream: pass.streams++ }),
    named(name) {
      const found = info.lookup(name);
      if (found === undefined) return maker.stop(`there is no input or layer '${name}' above it`);
      if (found.node === undefined) throw STOPPED; // what is wrong with it was said there
      return found.node;
    },
    stage(letter, family, node, isResult = false) {
      if (isResult && info.name !== undefined) nameStage(build, node, info.name, true);
      else if (node.kind === "call" && !stageNames.has(node))
        stageNames.set(
          node,
          partName(letter, info.name, () => numberIn(family)),
        );
      return node;
    },
    layer(word, options, inputs) {
      const layer = keyNamed(layers, word);
      const definition = layer === undefined ? undefined : layers[layer];
      if (layer === undefined || definition === undefined) return maker.stop(`there is no layer '${word}'`);
      const checked = strictOptions(definition.options).safeParse(options);
      if (!checked.success) return maker.stop(`${layer}: ${checked.error.issues.map((issue) => issue.message).join("; ")}`);
      const inner: LayerInfo = {
        ...info,
        layer,
        name: undefined,
        options: checked.data as Readonly<Record<string, unknown>>, // options are objects in every table entry
        inputs,
        shared: undefined,
      };
      return definition.build(createContext(build, pass, inner, emptyMade()), inputs, inner.options as never);
    },
    penalise(term) {
      if (pass.training) pass.penalties.push(term);
    },
  };
}

export function emptyMade(): Made {
  return { parameters: new Map(), states: new Map() };
}

/** Names from the spec win over textbook names, and the first of two over the second. */
export function nameStage({ stageNames, named }: Build, node: Node, name: string, isGiven: boolean): void {
  if (node.kind !== "call" || named.has(node) || (!isGiven && stageNames.has(node))) return;
  stageNames.set(node, name);
  if (isGiven) named.add(node);
}

/** Says where everything behind `node` comes from that has no place yet: formulas make nodes by themselves. */
export function placeNodes({ origins, placed }: Build, node: Node, span: Span): void {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind !== "call" || placed.has(next)) continue;
    placed.add(next);
    if (!origins.has(next.id)) origins.set(next.id, [span]);
    for (const arg of next.args) waiting.push(arg);
  }
}

/** `; it gets [batch, 3] from dense in line 4`. */
function inputsText({ sources }: Build, { inputs }: LayerInfo): string {
  const texts = inputs.map((input) => `${shapeText(input.type.shape)} from ${sources.get(input) ?? "a layer inside"}`);
  return texts.length === 0 ? "" : `; it gets ${texts.join(" and ")}`;
}
