// What every front end hands on: functions over one graph, with the names a person gave to things.

import type { Interval } from "../ops/define.ts";
import type { Span } from "../core/span.ts";
import type { Graph, InputNode, Node, NodeId } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";

export interface FunctionInput {
  readonly name: string;
  readonly node: InputNode;
  /** `param`: differentiated by default. `input`: data, differentiated only when asked for. `const`: never. */
  readonly role: "param" | "input" | "const";
  /** Declared with `param x in [0, 1]` or `param x > 0`. */
  readonly domain?: Interval;
  /** Which ends of the domain do not belong to it: the 0 of `x > 0`, and infinity. */
  readonly open?: readonly [low: boolean, high: boolean];
  /** Integer inputs: all values stay below this, and none is negative. Checked at the door. */
  readonly below?: Dim;
  /** Where verification samples it, if not anywhere: rows that sum to 1, or ±1. */
  readonly sample?: "distribution" | "sign";
  readonly span: Span;
}

export interface SourceFunction {
  readonly name: string;
  readonly inputs: readonly FunctionInput[];
  /** One node, or several where the body is `[a, b, ...]`. */
  readonly outputs: readonly Node[];
  readonly isVector: boolean;
  /** Names from assignments, in order of appearance; of several names for one node the first. */
  readonly stageNames: ReadonlyMap<Node, string>;
  readonly span: Span;
}

export interface FrontendResult {
  readonly graph: Graph;
  /** In source order; the last one is what the source is about. Empty when there were errors. */
  readonly functions: readonly SourceFunction[];
  /** Where each node came from. */
  readonly origins: ReadonlyMap<NodeId, readonly Span[]>;
}
