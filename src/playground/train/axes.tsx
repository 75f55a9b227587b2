// Axes of a chart: grid lines, ticks and labels, hidden from screen readers, which get the chart's text instead.

import { tickText, type Scale } from "./scales.ts";

export interface AxesProps {
  readonly x: Scale | undefined;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xLabel: string;
  readonly yLabel: string;
}

export function Axes({ x, y, left, right, top, bottom, xLabel, yLabel }: AxesProps) {
  return (
    <g class="axes" aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${y.place(tick).toFixed(1)})`}>
          <line x1={left} x2={right} class="grid" />
          <text x={left - 6} dy="0.32em" text-anchor="end">
            {tickText(tick)}
          </text>
        </g>
      ))}
      <line x1={left} x2={right} y1={bottom} y2={bottom} class="base" />
      {x?.ticks.map((tick) => (
        <text key={tick} x={x.place(tick).toFixed(1)} y={bottom + 16} text-anchor="middle">
          {tickText(tick)}
        </text>
      ))}
      <text x={(left + right) / 2} y={bottom + 33} text-anchor="middle" class="label">
        {xLabel}
      </text>
      <text x={left} y={top - 8} text-anchor="start" class="label">
        {yLabel}
      </text>
    </g>
  );
}
