// What a network answers over the plane of its inputs, or along their line, through the generated predict.

import type { PredictionGrid, Range } from "./messages.ts";
import { alongRange } from "./loss-surface.ts";
import type { Point, TrainableNetwork } from "./network.ts";

/** Ranges of the inputs with a margin, so that no row lies on the rim. */
export function boundsOfRows(X: Float64Array, features: number): Range[] {
  return Array.from({ length: features }, (_, feature): Range => {
    const values = X.filter((_value, at) => at % features === feature);
    const low = values.reduce((least, value) => Math.min(least, value), Infinity);
    const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
    const margin = 0.15 * (high - low || 1);
    return [low - margin, high + margin];
  });
}

/** Undefined where there are neither one nor two inputs. */
export function predictGrid(
  network: TrainableNetwork,
  point: Point,
  { bounds, side }: { readonly bounds: readonly Range[]; readonly side: number },
): PredictionGrid | undefined {
  const inputs = gridInputs(bounds, side);
  return inputs && { bounds, side, values: network.predict(point, inputs) };
}

function gridInputs(bounds: readonly Range[], side: number): Float64Array | undefined {
  const [across, up] = bounds;
  if (across === undefined || bounds.length > 2) return undefined;
  if (up === undefined) return Float64Array.from({ length: side }, (_, at) => alongRange(across, at, side));
  return Float64Array.from({ length: 2 * side * side }, (_, at) => {
    const place = at >> 1;
    return at % 2 === 0 ? alongRange(across, place % side, side) : alongRange(up, Math.floor(place / side), side);
  });
}
