// What is computed: a hash-consed, pure DAG of ops. Knows no op by name; `ops/build.ts` makes typed calls.

import { REAL, typeKey, type TensorType } from "./shape.ts";

export type NodeId = number;
export type OpName = string;
export type Attrs = Readonly<Record<string, number | string>>;

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
  readonly size: number;
}

export function createGraph(): Graph {
  let nextId = 0;
  const constants = new Map<number, ConstNode>(); // Map keys treat NaN as equal to itself and −0 as 0
  const inputs = new Map<string, InputNode>();
  const calls = new Map<string, CallNode>();
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
      const key = callKey(op, args, attrs);
      const found = calls.get(key);
      if (found !== undefined) return found;
      const made: CallNode = { kind: "call", id: nextId++, op, args, attrs, type };
      calls.set(key, made);
      return made;
    },
    get size() {
      return nextId;
    },
  };
}

function callKey(op: OpName, args: readonly Node[], attrs: Attrs): string {
  let key = op;
  for (const arg of args) key += "," + arg.id;
  if (attrs !== NO_ATTRS) for (const name of Object.keys(attrs).sort()) key += `;${name}=${attrs[name]}`;
  return key;
}
