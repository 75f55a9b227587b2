// Layers that go through a sequence step by step. The steps are written out, so the length must be known; what does not depend on the
// step before (the products with the inputs) is one product for the whole sequence.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";

const units = z.int().min(1).describe("width of the state");
const shared = {
  return: z.enum(["last", "all"]).default("last").describe("the state after the last step, or after every step"),
  bias: z.boolean().default(true).describe("whether the gates have biases"),
};

export const recurrent: Readonly<Record<string, LayerDefinition>> = {
  rnn: defineLayer({
    doc: "recurrent layer, h = tanh(x Wx + bx + h Wh + bh), over [batch, time, features]",
    main: "units",
    options: z.strictObject({
      units,
      activation: z.enum(["tanh", "relu"]).default("tanh").describe("what makes a state of the sum"),
      ...shared,
    }),
    build: (context, [x], options) => {
      const sequence = startSequence(context, x!, options.units, 1, options.bias);
      return unroll(sequence, options.return, (t, h) => {
        const sum = h === undefined ? sequence.projected(t) : context.call("add", [sequence.fromState(h), sequence.projected(t)]);
        return context.call(options.activation, [sum]);
      });
    },
  }),
  lstm: defineLayer({
    doc: "long short-term memory over [batch, time, features]; gates in the order i, f, g, o",
    main: "units",
    options: z.strictObject({ units, ...shared }),
    build: (context, [x], options) => {
      const sequence = startSequence(context, x!, options.units, 4, options.bias);
      let memory: Node | undefined;
      return unroll(sequence, options.return, (t, h) => {
        const step = lstmStep(sequence, t, h, memory);
        memory = step.memory;
        return step.state;
      });
    },
  }),
  gru: defineLayer({
    doc: "gated recurrent unit over [batch, time, features]; gates in the order r, z, n",
    main: "units",
    options: z.strictObject({ units, ...shared }),
    build: (context, [x], options) => {
      // The reset gate multiplies the state's bias too, so the two biases cannot be added up beforehand.
      const sequence = startSequence(context, x!, options.units, 3, options.bias, true);
      return unroll(sequence, options.return, (t, h) => gruStep(sequence, t, h));
    },
  }),
};

interface Sequence {
  readonly context: LayerContext;
  readonly batch: Dim;
  readonly length: number;
  readonly units: number;
  /** Bias on the state's side, where it is kept apart. */
  readonly stateBias: Node | undefined;
  /** x_t Wx + bx of one step, all gates: [batch, gates * units]. */
  projected(t: number): Node;
  /** h Wh, all gates, with the state's bias where that is kept apart. */
  fromState(state: Node): Node;
  /** The columns of one gate, or of several in a row. */
  gate(all: Node, gate: number, count?: number): Node;
}

function startSequence(
  context: LayerContext,
  x: Node,
  units: number,
  gates: number,
  hasBias: boolean,
  keepsBiasesApart = false,
): Sequence {
  const [batch, length, features] = checkedShape(context, x);
  const width = gates * units;
  const init = context.init({ kind: "uniform", scale: 1 / Math.sqrt(units), fanIn: units, fanOut: units });
  const inputWeights = context.parameter("Wx", FAMILY, [features, width], init);
  const stateWeights = context.parameter("Wh", FAMILY, [units, width], init);
  const bias = (letter: string): Node | undefined =>
    hasBias ? context.parameter(letter, FAMILY, [width], { kind: "zeros" }, false) : undefined;
  const inputBias = bias("bx");
  const stateBias = bias("bh");
  const plus = (sum: Node, term: Node | undefined): Node => (term === undefined ? sum : context.call("add", [sum, term]));
  const together = inputBias && stateBias && !keepsBiasesApart ? context.call("add", [inputBias, stateBias]) : inputBias;
  const all = context.stage("XW", FAMILY, plus(context.call("contract", [x, inputWeights], { spec: "btf,fg->btg" }), together));
  const apart = keepsBiasesApart ? stateBias : undefined;
  return {
    context,
    batch,
    length,
    units,
    stateBias: apart,
    projected(t) {
      const step = context.call("slice", [all], { starts: [0, t, 0], steps: [1, 1, 1], counts: [batch, 1, width] });
      return context.call("reshape", [step], { shape: [batch, width] });
    },
    fromState: (state) => plus(context.call("contract", [state, stateWeights], { spec: "bh,hg->bg" }), apart),
    gate(values, gate, count = 1) {
      const leading = values.type.shape.slice(0, -1); // a bias alone, before there is a state, has no batch axis
      return context.call("slice", [values], {
        starts: [...leading.map(() => 0), gate * units],
        steps: [...leading.map(() => 1), 1],
        counts: [...leading, count * units],
      });
    },
  };
}

/** All recurrent layers are numbered together. */
const FAMILY = "recurrent";

function checkedShape(context: LayerContext, x: Node): readonly [batch: Dim, length: number, features: Dim] {
  const { shape } = x.type;
  const [batch, length, features] = shape;
  if (batch === undefined || length === undefined || features === undefined || shape.length > 3) {
    context.stop(`it takes sequences [batch, time, features], and what arrives has ${shape.length} axes`);
  }
  if (typeof length === "string") {
    context.stop(
      `its steps are written out one by one, so the length of the sequences must be known: give a number in place of '${length}' in the input's shape, as in [batch, 20, features]`,
    );
  }
  return [batch, length, features];
}

/** Runs `step` over the sequence; the state before the first step is zero, and not there. */
function unroll(
  { context, batch, length, units }: Sequence,
  returns: "last" | "all",
  step: (t: number, state: Node | undefined) => Node,
): Node {
  const states: Node[] = [];
  for (let t = 0; t < length; t++) {
    const isResult = returns === "last" && t === length - 1;
    states.push(context.stage(`h${t + 1}`, FAMILY, step(t, states.at(-1)), isResult));
  }
  if (returns === "last") return states.at(-1)!;
  const rows = states.map((state) => context.call("reshape", [state], { shape: [batch, 1, units] }));
  return context.stage("H", FAMILY, context.call("concat", rows, { axis: 1 }), true);
}

function lstmStep(
  sequence: Sequence,
  t: number,
  state: Node | undefined,
  memory: Node | undefined,
): { state: Node; memory: Node } {
  const { context } = sequence;
  const projected = sequence.projected(t);
  const sums = state === undefined ? projected : context.call("add", [sequence.fromState(state), projected]);
  const gates = context.stage(`a${t + 1}`, FAMILY, sums);
  const gate = (letter: string, at: number, activation: string): Node =>
    context.stage(`${letter}${t + 1}`, FAMILY, context.call(activation, [sequence.gate(gates, at)]));
  const input = gate("i", 0, "sigmoid");
  const forget = memory && gate("f", 1, "sigmoid");
  const candidate = gate("g", 2, "tanh");
  const output = gate("o", 3, "sigmoid");
  const added = context.call("mul", [input, candidate]);
  const sum = memory && forget ? context.call("add", [context.call("mul", [forget, memory]), added]) : added;
  const next = context.stage(`c${t + 1}`, FAMILY, sum);
  return { state: context.call("mul", [context.call("tanh", [next]), output]), memory: next };
}

function gruStep(sequence: Sequence, t: number, state: Node | undefined): Node {
  const { context } = sequence;
  const projected = sequence.projected(t);
  const fromState = state === undefined ? sequence.stateBias : sequence.fromState(state);
  const named = (letter: string, node: Node): Node => context.stage(`${letter}${t + 1}`, FAMILY, node);
  const plus = (node: Node, other: Node | undefined): Node => (other === undefined ? node : context.call("add", [node, other]));
  // Reset and update gate are one sigmoid: their gradients come back as one piece.
  const both = context.call("sigmoid", [plus(sequence.gate(projected, 0, 2), fromState && sequence.gate(fromState, 0, 2))]);
  const update = named("z", sequence.gate(both, 1));
  const stateCandidate = fromState && sequence.gate(fromState, 2);
  const remembered = stateCandidate && context.call("mul", [named("r", sequence.gate(both, 0)), stateCandidate]);
  const candidate = named("n", context.call("tanh", [plus(sequence.gate(projected, 2), remembered)]));
  const fresh = context.call("mul", [context.call("sub", [context.constant(1), update]), candidate]);
  return state === undefined ? fresh : context.call("add", [fresh, context.call("mul", [update, state])]);
}
