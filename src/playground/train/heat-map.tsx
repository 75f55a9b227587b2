// A square of colours with axes, and whatever is drawn on top of it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Axes } from "./axes.tsx";
import type { Range } from "./messages.ts";
import type { Colour } from "./colour.ts";
import { coloursOf, paintCells } from "./paint.ts";
import { linearScale, type Scale } from "./scales.ts";
import { colourChanges } from "./surroundings.ts";

export interface HeatMapProps {
  readonly side: number;
  readonly bounds: readonly [Range, Range];
  /** Custom properties whose colours `colourOf` mixes. */
  readonly properties: readonly string[];
  readonly colourOf: (cell: number, colours: readonly Colour[]) => Colour;
  /** What there is to see, in words. */
  readonly label: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Drawn on top, in the coordinates of the scales; across from 0 to 1 cell by cell with `cell`. */
  readonly overlay: (x: Scale, y: Scale) => ComponentChildren;
}

/** Of the drawing's own units; the style sheet gives it its size on the screen. */
const SIDE = 300;
const EDGE = { left: 44, right: 8, top: 24, bottom: 40 };
const WIDTH = EDGE.left + SIDE + EDGE.right;
const HEIGHT = EDGE.top + SIDE + EDGE.bottom;

export function HeatMap({ side, bounds, properties, colourOf, label, xLabel, yLabel, overlay }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const changes = colourChanges.value;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const colours = coloursOf(element, properties);
    paintCells(element, side, (cell) => colourOf(cell, colours));
  }, [side, colourOf, changes]);
  const x = linearScale(bounds[0], [EDGE.left, EDGE.left + SIDE]);
  const y = linearScale(bounds[1], [EDGE.top + SIDE, EDGE.top]);
  return (
    <div class="train-map">
      <canvas ref={canvas} role="img" aria-label={label}>
        {label}
      </canvas>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <Axes
          x={x}
          y={y}
          left={EDGE.left}
          right={EDGE.left + SIDE}
          top={EDGE.top}
          bottom={EDGE.top + SIDE}
          xLabel={xLabel}
          yLabel={yLabel}
        />
        {overlay(x, y)}
      </svg>
    </div>
  );
}

/** Contour pieces in units of cells as a path; cells reach from the middle of the first to the middle of the last. */
export function segmentPath(
  segments: readonly (readonly [number, number, number, number])[],
  side: number,
  bounds: readonly [Range, Range],
  x: Scale,
  y: Scale,
): string {
  const across = (cell: number): string => x.place(bounds[0][0] + ((bounds[0][1] - bounds[0][0]) * cell) / (side - 1)).toFixed(1);
  const up = (cell: number): string => y.place(bounds[1][0] + ((bounds[1][1] - bounds[1][0]) * cell) / (side - 1)).toFixed(1);
  return segments.map(([x1, y1, x2, y2]) => `M${across(x1)} ${up(y1)}L${across(x2)} ${up(y2)}`).join("");
}
