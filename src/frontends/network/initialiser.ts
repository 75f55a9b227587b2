// How weights start: the option's schema, and what it makes of a layer's usual start. Layers may import it.

import * as z from "zod";
import type { Initialiser } from "./layer.ts";

const KINDS = ["he", "he-uniform", "xavier", "xavier-uniform", "uniform", "normal", "zeros", "ones"] as const;

/** A kind, or `{ uniform: half-width }`, `{ normal: deviation }`. */
export const initialiser = z
  .union([
    z.enum(KINDS),
    z.strictObject({ uniform: z.number().positive().describe("half-width") }),
    z.strictObject({ normal: z.number().positive().describe("standard deviation") }),
  ])
  .meta({ id: "initialiser", description: "how weights start" });

export type InitialiserOption = z.infer<typeof initialiser>;

/** Standard deviation of `normal` where none is given, as transformers use it. */
const USUAL_DEVIATION = 0.02;

/** The start that was asked for, with the fans of the usual one; that itself where it has no fans and some are needed (tables of embeddings). */
export function initialise(wanted: InitialiserOption, usual: Initialiser): Initialiser {
  const { fanIn, fanOut } = usual;
  const fans = { ...(fanIn !== undefined && { fanIn }), ...(fanOut !== undefined && { fanOut }) };
  if (typeof wanted === "object") {
    return "uniform" in wanted
      ? { kind: "uniform", scale: wanted.uniform, ...fans }
      : { kind: "normal", scale: wanted.normal, ...fans };
  }
  if (wanted === "zeros" || wanted === "ones") return { kind: wanted, ...fans };
  if (wanted === usual.kind) return usual;
  if (wanted === "normal") return { kind: wanted, scale: USUAL_DEVIATION, ...fans };
  if (fanIn === undefined) return usual;
  return wanted === "uniform" ? { kind: wanted, scale: 1 / Math.sqrt(fanIn), ...fans } : { kind: wanted, ...fans };
}
