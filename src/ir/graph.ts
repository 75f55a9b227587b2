// What is computed: a hash-consed, pure DAG of ops. Knows no op by name; `ops/build.ts` makes typed calls.

import { REAL, typeKey, type TensorType } from "./shape.ts";

export type NodeId = number;
export type OpName = string;
/** What an op is told besides its arguments: axes, shapes, strides. */
export type Attr = number | string | readonly (number | string)[];
export type Attrs = Readonly<Record<string, Attr>>;

export interface ConstNode {
  readonly kind: "const";
  readonly id: NodeId;
  readonly value: number;
  readonly type: TensorType;
}
export interface InputNode {
  readonly kind: "input";
  readonly id: NodeId;
  readonly name: string;
  readonly type: TensorType;
}
export interface CallNode {
  readonly kind: "call";
  readonly id: NodeId;
  readonly op: OpName;
  readonly args: readonly Node[];
  readonly attrs: Attrs;
  readonly type: TensorType;
}
export type Node = ConstNode | InputNode | CallNode;

export const NO_ATTRS: Attrs = Object.freeze({});

/**
 * A store in which equal things are the same object. Ids grow in order of creation, so an argument's id is always
 * smaller than its user's: sorting by id is a topological order.
 */
export interface Graph {
  constant(value: number): ConstNode;
  input(name: string, type?: TensorType): InputNode;
  call(op: OpName, args: readonly Node[], type: TensorType, attrs?: Attrs): CallNode;
}

export function createGraph(): Graph {
  let nextId = 0;
  const constants = new Map<number, ConstNode>(); // Map keys treat NaN as equal to itself and −0 as 0
  const inputs = new Map<string, InputNode>();
  const calls = new Map<OpName, CallTable>();
  let negativeZero: ConstNode | undefined;

  const newConstant = (value: number): ConstNode => ({ kind: "const", id: nextId++, value, type: REAL });

  return {
    constant(value) {
      if (Object.is(value, -0)) return (negativeZero ??= newConstant(-0));
      const found = constants.get(value);
      if (found !== undefined) return found;
      const made = newConstant(value);
      constants.set(value, made);
      return made;
    },
    input(name, type = REAL) {
      const key = `${name}:${typeKey(type)}`;
      const found = inputs.get(key);
      if (found !== undefined) return found;
      const made: InputNode = { kind: "input", id: nextId++, name, type };
      inputs.set(key, made);
      return made;
    },
    call(op, args, type, attrs = NO_ATTRS) {
      let table = calls.get(op);
      if (table === undefined) calls.set(op, (table = { byPair: new Map(), byText: new Map() }));
      const pair = attrs === NO_ATTRS ? pairKey(args) : undefined;
      const text = pair === undefined ? textKey(args, attrs) : "";
      const found = pair === undefined ? table.byText.get(text) : table.byPair.get(pair);
      if (found !== undefined) return found;
      const made: CallNode = { kind: "call", id: nextId++, op, args, attrs, type };
      if (pair === undefined) table.byText.set(text, made);
      else table.byPair.set(pair, made);
      return made;
    },
  };
}

/** The calls of one op. Most have one or two arguments, whose ids make a number: far cheaper than a text in large graphs. */
interface CallTable {
  readonly byPair: Map<number, CallNode>;
  readonly byText: Map<string, CallNode>;
}

const MOST_IDS = 2 ** 26;

/** One number for up to two arguments; undefined where ids or arguments are too many. */
function pairKey(args: readonly Node[]): number | undefined {
  const [first, second] = args;
  if (args.length > 2 || first === undefined || first.id >= MOST_IDS) return undefined;
  if (second === undefined) return first.id;
  return second.id >= MOST_IDS ? undefined : (first.id + 1) * MOST_IDS + second.id;
}

function textKey(args: readonly Node[], attrs: Attrs): string {
  let key = "";
  for (const arg of args) key += "," + arg.id;
  if (attrs !== NO_ATTRS) for (const name of Object.keys(attrs).sort()) key += `;${name}=${String(attrs[name])}`;
  return key;
}
