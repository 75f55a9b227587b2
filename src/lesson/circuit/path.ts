// Lines as SVG path data.

import type { Point } from "./places.ts";

/** Lines along the columns, and between them curves that leave and arrive level. */
export function pathThrough(corners: readonly Point[]): string {
  const [start, ...rest] = corners;
  let path = `M${coordinate(start!.x)} ${coordinate(start!.y)}`;
  let last = start!;
  for (const point of rest) {
    const middle = coordinate((last.x + point.x) / 2);
    if (Math.abs(point.y - last.y) < 0.05) path += `H${coordinate(point.x)}`;
    else
      path += `C${middle} ${coordinate(last.y)} ${middle} ${coordinate(point.y)} ${coordinate(point.x)} ${coordinate(point.y)}`;
    last = point;
  }
  return path.replaceAll(/(?:H[-\d.]+)+(?=H)/g, "");
}

/** A tenth of a pixel is enough, and keeps files small and the same everywhere. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
