// Contour lines of values on a grid, by marching squares.

/** Line pieces in units of grid cells: x to the right, y down the rows. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/** Where `values` [rows, columns] cross `level`. Cells with a corner that is no finite number have no line. */
export function contour(values: ArrayLike<number>, columns: number, level: number): Segment[] {
  const rows = values.length / columns;
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) segments.push(...inCell(values, columns, row, column, level));
  }
  return segments;
}

type Place = readonly [number, number];

function inCell(values: ArrayLike<number>, columns: number, row: number, column: number, level: number): Segment[] {
  const at = (right: number, down: number): number => values[(row + down) * columns + column + right]!;
  // Around the cell, so that each edge joins a corner with the next.
  const corners: readonly Place[] = [[0, 0], [1, 0], [1, 1], [0, 1]]; // prettier-ignore
  const heights = corners.map(([right, down]) => at(right, down) - level);
  if (!heights.every(Number.isFinite)) return [];
  const crossings = corners.flatMap((corner, edge): Place[] => {
    const [from, to] = [heights[edge]!, heights[(edge + 1) % 4]!];
    if (from < 0 === to < 0) return [];
    const next = corners[(edge + 1) % 4]!;
    const share = from / (from - to);
    return [[column + corner[0] + share * (next[0] - corner[0]), row + corner[1] + share * (next[1] - corner[1])]];
  });
  if (crossings.length === 2) return [join(crossings[0]!, crossings[1]!)];
  if (crossings.length < 4) return [];
  // A saddle: the middle says which corners belong together.
  const middleIsAsFirst = heights.reduce((sum, height) => sum + height, 0) < 0 === heights[0]! < 0;
  const [top, right, bottom, left] = crossings as [Place, Place, Place, Place];
  return middleIsAsFirst ? [join(top, right), join(bottom, left)] : [join(left, top), join(right, bottom)];
}

function join([x1, y1]: Place, [x2, y2]: Place): Segment {
  return [x1, y1, x2, y2];
}

/** `count` levels between the least and the largest finite value, by equal ratios where the values are all positive and far apart. */
export function contourLevels(values: ArrayLike<number>, count: number): number[] {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high > low)) return [];
  const byRatio = low > 0 && high / low > 20;
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / (count + 1);
    return byRatio ? low * (high / low) ** share : low + (high - low) * share;
  });
}
