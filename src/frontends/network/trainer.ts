// How a network is trained: optimizers, schedules, clipping, with their options and defaults. Knows nothing of graphs.

import * as z from "zod";
import type { Optimizer, Schedule, Trainer } from "./source.ts";

/** One way to do something, chosen by name. */
export interface Choice {
  readonly doc: string;
  readonly options: z.ZodType;
}

const rate = (usual: number): z.ZodType<number> =>
  z.number().positive().max(1e6).default(usual).describe(`learning rate; default ${usual}`);
const weightDecay = (usual: number): z.ZodType<number> =>
  z.number().min(0).max(1e6).default(usual).describe(`weight decay; default ${usual}`);
const fraction = (usual: number, doc: string): z.ZodType<number> =>
  z.number().min(0).lt(1).default(usual).describe(`${doc}; default ${usual}`);
const epsilon = z.number().positive().max(1).default(1e-8).describe("keeps the division finite; default 1e-8");
const warmup = z.int().min(0).max(1e12).default(0).describe("steps over which the rate rises from 0 before the schedule starts");
const steps = z.int().min(1).max(1e12);

const adamOptions = {
  beta1: fraction(0.9, "decay of the mean of gradients"),
  beta2: fraction(0.999, "decay of the mean of squares"),
  epsilon,
};

export const optimizers = {
  sgd: {
    doc: "stochastic gradient descent, with momentum if asked for",
    options: z
      .strictObject({
        rate: rate(0.01),
        momentum: fraction(0, "share of the last step that is kept"),
        nesterov: z.boolean().default(false).describe("looks ahead along the momentum"),
        weightDecay: weightDecay(0),
      })
      .refine(({ nesterov, momentum }) => !nesterov || momentum > 0, {
        error: "nesterov needs a momentum above 0",
        path: ["nesterov"],
      }),
  },
  adam: {
    doc: "Adam (Kingma and Ba 2015)",
    options: z.strictObject({ rate: rate(0.001), ...adamOptions, weightDecay: weightDecay(0) }),
  },
  adamw: {
    doc: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)",
    options: z.strictObject({ rate: rate(0.001), ...adamOptions, weightDecay: weightDecay(0.01) }),
  },
  rmsprop: {
    doc: "RMSProp (Hinton 2012)",
    options: z.strictObject({
      rate: rate(0.01),
      alpha: fraction(0.99, "decay of the mean of squares"),
      epsilon,
      weightDecay: weightDecay(0),
    }),
  },
} satisfies Record<Optimizer["kind"], Choice>;

export const schedules = {
  exponential: {
    doc: "rate · decay^step",
    options: z.strictObject({ decay: z.number().positive().max(1).describe("factor of each step"), warmup }),
  },
  step: {
    doc: "rate · factor^⌊step / every⌋",
    options: z.strictObject({
      every: steps.describe("steps between changes"),
      factor: z.number().positive().max(1).describe("factor of each change"),
      warmup,
    }),
  },
  cosine: {
    doc: "half a cosine from the rate down to `minimum`",
    options: z.strictObject({
      steps: steps.describe("steps until the minimum is reached"),
      minimum: z.number().min(0).max(1e6).default(0).describe("last rate; default 0"),
      warmup,
    }),
  },
  warmup: { doc: "the rate rises from 0 over so many steps, then stays", options: steps },
} satisfies Record<Schedule["kind"] | "warmup", Choice>;

export const clips = {
  norm: { doc: "largest Euclidean norm of all gradients together", options: z.number().positive() },
  value: { doc: "largest absolute value of each gradient", options: z.number().positive() },
} satisfies Record<string, Choice>;

/** What was chosen from a table, its options checked and completed. */
export interface Chosen {
  readonly key: string;
  readonly options: unknown;
}

export interface TrainerSections {
  readonly optimizer: Chosen;
  readonly schedule: Chosen | undefined;
  readonly clip: Chosen | undefined;
  readonly accumulate: number;
}

export function makeTrainer({ optimizer, schedule, clip, accumulate }: TrainerSections): Trainer {
  return {
    optimizer: { kind: optimizer.key, ...(optimizer.options as object) } as Optimizer, // its table's schema made the options
    ...makeSchedule(schedule),
    clip: clip && { kind: clip.key as "norm" | "value", limit: clip.options as number },
    accumulate,
  };
}

function makeSchedule(chosen: Chosen | undefined): Pick<Trainer, "schedule" | "warmup"> {
  if (chosen === undefined) return { schedule: undefined, warmup: 0 };
  if (chosen.key === "warmup") return { schedule: undefined, warmup: chosen.options as number };
  const { warmup: count, ...options } = chosen.options as { readonly warmup: number };
  return { schedule: { kind: chosen.key, ...options } as Schedule, warmup: count }; // as above
}
