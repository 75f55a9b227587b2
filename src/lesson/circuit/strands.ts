// What is drawn of each wire: all of it, or where it would run far among many others, two ends with the variable's name, as schematics do.

import { backFlowsOf } from "./back-flow.ts";
import type { Circuit, CircuitWire } from "./circuit.ts";
import { labelsOf } from "./labels.ts";

/** A wire, or one end of it: the other end is a name tag. */
export interface Strand {
  /** At the reader the wire itself; where the value is made one wire for all that go on elsewhere. */
  readonly wire: CircuitWire;
  /** Ids of nodes or of the tag. */
  readonly from: string;
  readonly to: string;
  /** Which end is a name. */
  readonly tagged: "from" | "to" | undefined;
}

/** Wires up to this long (from one gate to the next is 1) are drawn however many there are: the eye follows them. */
const SHORT = 3;
/** A value read by up to so many keeps longer wires as well: skip connections, sums of penalties. */
const FEW_READERS = 3;
/** No wire is longer than this: it would run through several rows. */
const LONG = 16;

/** The strands of a circuit. The wire from a gate's latest operand is always drawn, so what hangs together stays so. */
export function strandsOf(circuit: Circuit, depths: ReadonlyMap<string, number>): Strand[] {
  const readers = new Map<string, number>();
  for (const { variable } of circuit.wires) readers.set(variable, (readers.get(variable) ?? 0) + 1);
  const isTagged = ({ from, to, variable }: CircuitWire): boolean => {
    const length = depths.get(to)! - depths.get(from)!;
    return length > LONG || (length > SHORT && readers.get(variable)! > FEW_READERS);
  };
  const tagged = circuit.wires.filter(isTagged);
  const far = new Set(tagged);
  const strands = circuit.wires.map((wire): Strand =>
    far.has(wire)
      ? { wire, from: `tag:${wire.id}`, to: wire.to, tagged: "from" }
      : { wire, from: wire.from, to: wire.to, tagged: undefined },
  );
  return [...strands, ...originsOf(circuit, tagged)];
}

/** Where a value is made that goes on by name: a strand with it and its complete gradient. Behind a fork, which has both, none is needed. */
function originsOf({ lesson, numbers, nodes }: Circuit, tagged: readonly CircuitWire[]): Strand[] {
  const forks = new Set(nodes.filter(({ fork }) => fork !== undefined).map(({ id }) => id));
  const makers = new Map(tagged.filter(({ from }) => !forks.has(from)).map(({ variable, from }) => [variable, from]));
  if (makers.size === 0) return [];
  const [flows, labels] = [backFlowsOf(lesson, numbers), labelsOf(lesson, numbers)];
  return [...makers].map(([variable, from]): Strand => {
    const to = `tag:${variable}`;
    const source = { stages: [], steps: [], variables: [variable], code: [] };
    const label = labels.labelOf(variable, flows.complete(variable));
    return { wire: { id: to, from, to, variable, source, label }, from, to, tagged: "to" };
  });
}
