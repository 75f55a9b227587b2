// A row of the data on a chart: classes differ in shape as well as in colour.

export interface RowMarkProps {
  readonly kind: number;
  readonly isRight?: boolean;
  readonly x: number;
  readonly y: number;
}

export function RowMark({ kind, isRight = true, x, y }: RowMarkProps) {
  return (
    <path
      class={`row class-${kind % 3}${isRight ? "" : " wrong"}`}
      transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      d={SHAPES[kind % 3]}
    />
  );
}

/** Circle, square, triangle, of about the same area. */
const SHAPES = [
  "M-3.8,0a3.8,3.8 0 1 0 7.6,0a3.8,3.8 0 1 0 -7.6,0Z",
  "M-3.4,-3.4h6.8v6.8h-6.8Z",
  "M0,-4.6L4.4,3.2H-4.4Z",
] as const;
