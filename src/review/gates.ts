// What decides at a point which way a piecewise source goes: the side of every relu, max, abs, condition and rounding in its graph.

import type { FunctionInput } from "../frontends/source.ts";
import type { Sizes } from "../ir/dims.ts";
import type { InputNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { compileTensorTape } from "../verify/tensor-evaluate.ts";
import { compileTensorKinks, type TensorSlot } from "../verify/tensor-kinks.ts";
import type { Measured } from "./truth.ts";

/** How a point stands to the gates of a graph. */
export interface Standing {
  /** `2:-1`: the gate and the side; of a tensor the sides of all its elements. Alike for every setting of sizes. */
  readonly sides: readonly string[];
  /** On an edge, where a gradient is what convention says. */
  readonly isCorner: boolean;
}

export interface Gates {
  readonly count: number;
  /** Numbers that the source compares with or adds: gates may lie far out. */
  readonly constants: readonly number[];
  /** About how many nanoseconds it takes to look at a point. */
  readonly cost: number;
  standingAt(inputs: ReadonlyMap<string, Measured>): Standing;
}

const UNDEFINED_SIGN = 2;

export function compileGates(inputs: readonly FunctionInput[], outputs: readonly Node[], sizes: Sizes): Gates {
  const tape = compileTensorTape(outputs, sizes);
  const moving = new Set<Node>(inputs.map(({ node }) => node).filter(({ type }) => type.dtype === "real"));
  const kinks = compileTensorKinks(tape, outputs, moving, sizes);
  const constants = tape.nodes.flatMap((node) => (node.kind === "const" && Number.isFinite(node.value) ? [node.value] : []));
  return { count: kinks.slots.length, constants, cost: tape.cost, standingAt };

  function standingAt(at: ReadonlyMap<string, Measured>): Standing {
    if (kinks.slots.length === 0) return { sides: [], isCorner: false };
    const values = inputs.map(({ name, node }): [InputNode, Tensor] => {
      const { shape, data } = at.get(name)!;
      return [node, { shape, data: Float64Array.from(data) }];
    });
    tape.run(new Map(values));
    const piece = kinks.capture();
    const sides = piece.flatMap((codes, slot) =>
      [...new Set(codes)].filter((code) => code !== UNDEFINED_SIGN).map((code) => `${slot}:${code}`),
    );
    const isOnEdge = kinks.slots.some((slot, index) => slot.kind === "sign" && !isRouting(slot) && piece[index]!.includes(0));
    return { sides, isCorner: isOnEdge || kinks.readTies(piece).length > 0 };
  }
}

/** max and its like: the winner stands at zero, always. */
function isRouting({ node }: TensorSlot): boolean {
  return tensorOps.has(node.op) || opNamed(node.op).variadic;
}
