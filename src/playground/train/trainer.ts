// One network in training: its parameters, what its optimizer remembers, the way it came.

import type { Batches } from "./batches.ts";
import type { FittedData } from "./fit.ts";
import { gradientFlow } from "./gradient-flow.ts";
import type { NetworkPicture, PredictionGrid } from "./messages.ts";
import type { Point, TrainableNetwork } from "./network.ts";
import { createTrail, type Trail } from "./trail.ts";

export interface Trainer {
  readonly network: TrainableNetwork;
  readonly data: FittedData;
  readonly point: Point;
  readonly trail: Trail;
  /** What the generated step remembers. */
  readonly optimizer: unknown;
  readonly steps: number;
  /** Whether a loss was not a finite number: no step can mend that. */
  readonly diverged: boolean;
  /** One step of the generated training step; the loss before it. */
  step(): number;
  /** Loss, gradients and answers on all rows. */
  picture(grid?: (network: TrainableNetwork, point: Point) => PredictionGrid | undefined): NetworkPicture;
}

export interface TrainerRequest {
  readonly network: TrainableNetwork;
  readonly data: FittedData;
  readonly batches: Batches;
  readonly seed: number;
  /** Goes on from where another trainer is, if its network has the same parameters. */
  readonly from?: Trainer | undefined;
}

export function createTrainer({ network, data, batches, seed, from }: TrainerRequest): Trainer {
  const goesOn = from !== undefined && isContinued(from, network);
  const point = goesOn ? from.point : network.init(seed);
  const trail = goesOn ? from.trail : createTrail();
  const fresh = network.optimizer();
  const optimizer = goesOn && isAlike(from.optimizer, fresh) ? from.optimizer : fresh;
  let steps = goesOn ? from.steps : 0;
  let diverged = goesOn && from.diverged;
  if (!goesOn) trail.visit(0, point.params);
  return {
    network,
    data,
    point,
    trail,
    optimizer,
    get steps() {
      return steps;
    },
    get diverged() {
      return diverged;
    },
    step() {
      const loss = network.step(point, optimizer, batches.at(steps), steps + 1);
      steps++;
      trail.visit(steps, point.params);
      if (!Number.isFinite(loss)) diverged = true;
      return loss;
    },
    picture(grid) {
      const { loss, gradients } = network.gradients(point, data, steps + 1);
      return {
        loss,
        flow: gradientFlow(network.facts.parameters, gradients, point.params),
        answers: network.predict(point, data.X),
        grid: grid?.(network, point),
      };
    },
  };
}

/** Whether the parameters of a trainer are those of another network too. */
export function isContinued(from: Trainer, network: TrainableNetwork): boolean {
  const shapes = ({ facts, source }: TrainableNetwork): string =>
    JSON.stringify([
      facts.parameters.map(({ name, shape }) => [name, shape]),
      source.states.map(({ name, shape }) => [name, shape]),
    ]);
  return shapes(from.network) === shapes(network);
}

/** Whether two optimizers remember the same things: one goes on where the other was, at another rate. */
function isAlike(one: unknown, other: unknown): boolean {
  return Object.keys(one as object).join() === Object.keys(other as object).join();
}
