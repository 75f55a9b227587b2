// What is trained and what is carried along: parameters and running statistics by name, each once for both passes. Numbers them as textbooks do.

import type { Span } from "../../core/span.ts";
import { capitalise } from "../../core/words.ts";
import { shapeText } from "../../ir/dims.ts";
import type { Graph, InputNode, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import type { Initialiser, Parameter, State } from "./layer.ts";

export interface StoredParameter extends Parameter {
  readonly letter: string;
  readonly span: Span;
  /** Penalties of its own layer, which stand instead of the general ones. */
  readonly ownPenalties: ReadonlySet<string>;
}

export interface StoredState extends Omit<State, "next"> {
  next: Node;
}

export interface Store {
  readonly parameters: ReadonlyMap<string, StoredParameter>;
  readonly states: ReadonlyMap<string, StoredState>;
  /** The parameter, made if it is new; or what is wrong, in words. */
  parameter(wanted: WantedParameter): StoredParameter | string;
  state(wanted: WantedState): StoredState | string;
}

export interface WantedParameter {
  readonly name: string;
  readonly letter: string;
  readonly shape: readonly Dim[];
  readonly init: Initialiser;
  readonly isWeight: boolean;
  readonly layer: string;
  readonly span: Span;
  readonly ownPenalties: ReadonlySet<string>;
}
export type WantedState = Pick<WantedParameter, "name" | "shape"> & { readonly initial: number };

/** `taken` are names of inputs. */
export function createStore(graph: Graph, taken: ReadonlySet<string>): Store {
  const parameters = new Map<string, StoredParameter>();
  const states = new Map<string, StoredState>();

  function node(name: string, shape: readonly Dim[]): { readonly node: InputNode; readonly shape: readonly number[] } | string {
    const sizes = shape.filter((dim) => typeof dim === "number");
    const unknown = shape.find((dim) => typeof dim === "string");
    if (unknown !== undefined) {
      return `its parameter ${name} would have shape ${shapeText(shape)}, but ${unknown} is known only when the network is called`;
    }
    if (taken.has(name))
      return `its parameter ${name} would have the name of an input; rename the input, or give the layer a name`;
    return { node: graph.input(name, { dtype: "real", shape: sizes }), shape: sizes };
  }

  return {
    parameters,
    states,
    parameter(wanted) {
      const known = parameters.get(wanted.name);
      if (known !== undefined) return known;
      const made = node(wanted.name, wanted.shape);
      if (typeof made === "string") return made;
      if (states.has(wanted.name)) return `its parameter ${wanted.name} would have the name of a running statistic`;
      const stored: StoredParameter = { ...wanted, ...made };
      parameters.set(wanted.name, stored);
      return stored;
    },
    state(wanted) {
      const known = states.get(wanted.name);
      if (known !== undefined) return known;
      const made = node(wanted.name, wanted.shape);
      if (typeof made === "string") return made;
      if (parameters.has(wanted.name)) return `its running statistic ${wanted.name} would have the name of a parameter`;
      const stored: StoredState = { ...wanted, ...made, next: made.node };
      states.set(wanted.name, stored);
      return stored;
    },
  };
}

/** Numbers within one pass: `W1` and `b1` of the first layer of a family, `W2` and `b2` of the second. */
export interface Numbering {
  next(family: string): number;
}

export function createNumbering(): Numbering {
  const last = new Map<string, number>();
  return {
    next(family) {
      const number = (last.get(family) ?? 0) + 1;
      last.set(family, number);
      return number;
    },
  };
}

/** `outW` in a layer named `out`, else `W3`; `h2_1` where the letter ends in a number. */
export function partName(letter: string, layerName: string | undefined, number: () => number): string {
  if (layerName !== undefined) return `${layerName}${capitalise(letter)}`;
  return /\d$/.test(letter) ? `${letter}_${number()}` : `${letter}${number()}`;
}
