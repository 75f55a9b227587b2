// Which rows each step sees: all of them, or mini-batches in an order shuffled anew, from the seed, for each epoch.

import { createRandom } from "../../verify/prng.ts";
import type { Batch, FittedData } from "./fit.ts";

export interface Batches {
  /** Rows of the step with this number, counted from 0. The same step gives the same rows. */
  at(step: number): Batch;
  readonly perEpoch: number;
}

/** `size` 0, or one no smaller than the data: all rows at every step. The last batch of an epoch may be smaller. */
export function createBatches(data: FittedData, size: number, seed: number): Batches {
  if (size <= 0 || size >= data.rows) return { perEpoch: 1, at: () => data };
  const perEpoch = Math.ceil(data.rows / size);
  let order: readonly number[] = [];
  let ordered = -1;
  return {
    perEpoch,
    at(step) {
      const epoch = Math.floor(step / perEpoch);
      if (epoch !== ordered) {
        order = shuffled(data.rows, seed, epoch);
        ordered = epoch;
      }
      const start = (step % perEpoch) * size;
      return pick(data, order.slice(start, start + size));
    },
  };
}

/** Fisher and Yates. */
function shuffled(count: number, seed: number, epoch: number): number[] {
  const random = createRandom(seed + 0x100000000 * (epoch + 1));
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

function pick({ X, y, features, targets }: FittedData, rows: readonly number[]): Batch {
  const batchX = new Float64Array(rows.length * features);
  const batchY = y instanceof Int32Array ? new Int32Array(rows.length * targets) : new Float64Array(rows.length * targets);
  rows.forEach((row, at) => {
    batchX.set(X.subarray(row * features, (row + 1) * features), at * features);
    batchY.set(y.subarray(row * targets, (row + 1) * targets), at * targets);
  });
  return { rows: rows.length, X: batchX, y: batchY };
}
