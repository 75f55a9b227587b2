// What layers ask of their inputs: one tensor of real numbers, axes that are known.

import { shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { LayerContext } from "../layer.ts";

/** The one input of a layer, which must hold real numbers. */
export function onlyInput(context: LayerContext, inputs: readonly Node[]): Node {
  const [x, ...others] = inputs;
  if (x === undefined || others.length > 0) return context.stop(`it takes one input, not ${inputs.length}`);
  if (x.type.dtype !== "real") context.stop(`it takes real numbers, not ${kindOf(x)} ${shapeText(x.type.shape)}`);
  return x;
}

/** The one input, with a number of axes from `least` to `most`; `form` shows what it should look like. */
export function inputOfRank(context: LayerContext, inputs: readonly Node[], form: string, least: number, most: number): Node {
  const x = onlyInput(context, inputs);
  const rank = x.type.shape.length;
  if (rank < least || rank > most) context.stop(`it takes ${form}, not ${shapeText(x.type.shape)}`);
  return x;
}

/** A dimension that parameters or options depend on, so that it cannot stay open. */
export function knownSize(context: LayerContext, x: Node, axis: number, what: string): number {
  const dim = x.type.shape[axis];
  if (typeof dim === "number") return dim;
  return context.stop(`it needs a known number of ${what}: in ${shapeText(x.type.shape)} it is '${dim}'`);
}

/** The axis an option means, counted from the front. */
export function axisOf(context: LayerContext, axis: number, x: Node): number {
  const { shape } = x.type;
  const counted = axis < 0 ? axis + shape.length : axis;
  if (counted < 0 || counted >= shape.length) context.stop(`there is no axis ${axis} in ${shapeText(shape)}`);
  return counted;
}

function kindOf(x: Node): string {
  return x.type.dtype === "integer" ? "integers" : "truth values";
}
