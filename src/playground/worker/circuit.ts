// The circuit of what was compiled, with the numbers of a point. Loaded after the first code is on the screen.

import { circuitOf } from "../../lesson/circuit/circuit.ts";
import { drawSvg } from "../../lesson/circuit/draw-svg.ts";
import type { Lesson, Numbers } from "../../lesson/types.ts";
import type { CircuitPicture, Unfolded } from "../protocol.ts";

export function drawCircuit(lesson: Lesson, numbers: Numbers | undefined, unfolded: Unfolded): CircuitPicture {
  const circuit = circuitOf(lesson, { unfold: unfolded === "all" ? unfolded : new Set(unfolded), ...(numbers && { numbers }) });
  return {
    svg: drawSvg(circuit, { unstyled: true }),
    folded: circuit.nodes.flatMap((node) => (node.kind === "block" ? [{ id: node.block, title: node.title }] : [])),
    opened: circuit.opened.map(({ id, title }) => ({ id, title })),
  };
}
