// A loss surface in the making: row by row between other work, coarser where a loss takes long.

import type { LossSurface, SurfaceReport, SurfaceRequest } from "./messages.ts";
import { boundsOf, makePlane, project, surfaceRows } from "./loss-surface.ts";
import { copyArrays } from "./trail.ts";
import type { Trainer } from "./trainer.ts";

export interface SurfaceJob {
  readonly isDone: boolean;
  drawRow(now: () => number): void;
  report(): SurfaceReport;
}

/** Odd, so that where the parameters are is on the grid when its bounds are symmetric. */
const FINEST = 41;
const COARSEST = 17;
/** Milliseconds that all losses may take. */
const BUDGET = 4000;
const MOST_PLACES = 128;

/** Keeps the parameters of now: training may go on meanwhile. */
export function createSurfaceJob({ id, network, plane: request, span }: SurfaceRequest, trainer: Trainer): SurfaceJob {
  const { data, steps } = trainer;
  const state = trainer.point.state && copyArrays(trainer.point.state);
  const plane = makePlane(request, copyArrays(trainer.point.params), trainer.network.facts.parameters, trainer.trail);
  const places = [...trainer.trail.places.map(({ params }) => params), plane.origin].slice(-MOST_PLACES);
  const path = places.map((params) => project(plane, params));
  const bounds = boundsOf(span, path);
  const lossAt = (params: typeof plane.origin): number => trainer.network.loss({ params, state }, data, steps + 1);
  const here = lossAt(plane.origin);
  let side = FINEST;
  let rows: Iterator<Float64Array, void> | undefined;
  const drawn: Float64Array[] = [];

  return {
    get isDone() {
      return drawn.length === side;
    },
    drawRow(now) {
      if (rows === undefined) {
        side = affordable(lossAt, plane.origin, now);
        rows = surfaceRows(plane, bounds, side, lossAt);
      }
      const next = rows.next();
      if (next.done !== true) drawn.push(next.value);
    },
    report: () => ({ kind: "surface", id, done: drawn.length / side, surface: drawn.length === side ? finished() : undefined }),
  };

  function finished(): LossSurface {
    const losses = new Float64Array(side * side);
    drawn.forEach((row, at) => losses.set(row, at * side));
    return { network, steps, plane: request.kind, axes: plane.axes, bounds, side, losses, here, path };
  }
}

/** Points along each axis, by what one loss takes. */
function affordable<Params>(lossAt: (params: Params) => number, origin: Params, now: () => number): number {
  const start = now();
  lossAt(origin);
  const each = Math.max(0.001, now() - start);
  const side = Math.floor(Math.sqrt(BUDGET / each));
  return Math.min(FINEST, Math.max(COARSEST, side - (side % 2 === 0 ? 1 : 0)));
}
