// The curve that a network of one input gives, over the rows it learned from.

import { Axes } from "./axes.tsx";
import { useWidth } from "./chart-width.ts";
import type { DataSet } from "./data-sets.ts";
import { alongRange } from "./loss-surface.ts";
import type { PredictionGrid } from "./messages.ts";
import { RowMark } from "./row-mark.tsx";
import { linearScale } from "./scales.ts";

const HEIGHT = 260;
const EDGE = { left: 44, right: 18, top: 24, bottom: 40 };

export interface FittedCurveProps {
  readonly data: DataSet;
  readonly grids: readonly (PredictionGrid | undefined)[];
  readonly label: string;
}

export function FittedCurve({ data, grids, label }: FittedCurveProps) {
  const [place, width] = useWidth<HTMLDivElement>(480);
  const bounds = grids[0]?.bounds[0] ?? [0, 1];
  const low = Math.min(...data.answers);
  const high = Math.max(...data.answers);
  const margin = 0.35 * (high - low || 1);
  const x = linearScale(bounds, [EDGE.left, width - EDGE.right]);
  const y = linearScale([low - margin, high + margin], [HEIGHT - EDGE.bottom, EDGE.top]);
  return (
    <div ref={place} class="train-chart">
      <svg role="img" aria-label={`Fitted curve. ${label}`} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <clipPath id="train-curve-area">
          <rect x={EDGE.left} y={EDGE.top} width={width - EDGE.left - EDGE.right} height={HEIGHT - EDGE.top - EDGE.bottom} />
        </clipPath>
        <Axes
          x={x}
          y={y}
          left={EDGE.left}
          right={width - EDGE.right}
          top={EDGE.top}
          bottom={HEIGHT - EDGE.bottom}
          xLabel="input"
          yLabel="answer"
        />
        {Array.from(data.answers, (answer, row) => (
          <RowMark key={row} kind={2} x={x.place(data.X[row]!)} y={y.place(answer)} />
        ))}
        <g clip-path="url(#train-curve-area)">
          {grids.map((grid, at) => grid && <path key={at} class={`network-${at} line`} d={curvePath(grid)} />)}
        </g>
      </svg>
    </div>
  );

  function curvePath({ side, values, bounds: [range] }: PredictionGrid): string {
    const outputs = values.length / side;
    const points = Array.from(
      { length: side },
      (_, at) => `${x.place(alongRange(range!, at, side)).toFixed(1)},${y.place(values[at * outputs]!).toFixed(1)}`,
    );
    return `M${points.join("L")}`;
  }
}
