// Small data sets that a network learns in a page: seeded, so that the same choice gives the same rows everywhere. Knows nothing of networks.

import { createRandom, type Random } from "../../verify/prng.ts";

export type DataSetName =
  | "xor"
  | "moons"
  | "circles"
  | "two-spirals"
  | "three-spirals"
  | "three-blobs"
  | "sine"
  | "three-doses"
  | "clouds"
  | "difference";

/** Rows of inputs and what should come out. */
export interface DataSet {
  readonly name: DataSetName;
  readonly rows: number;
  /** Inputs per row. */
  readonly features: number;
  /** [rows, features], row-major. */
  readonly X: Float64Array;
  /** [rows]: a class from 0, or a number. */
  readonly answers: Float64Array;
  /** How many classes there are; undefined where the answers are numbers. */
  readonly classes: number | undefined;
}

export interface DataSetDefinition {
  readonly label: string;
  readonly doc: string;
  /** `any`: as many as the network takes, or tells apart. */
  readonly features: number | "any";
  readonly classes: number | "any" | undefined;
  /** Undefined where the rows are given and not drawn. */
  readonly drawn: { readonly rows: number; readonly noise: number } | undefined;
  readonly draw: (request: Drawing) => void;
}

interface Drawing {
  readonly X: Float64Array;
  readonly answers: Float64Array;
  readonly rows: number;
  readonly features: number;
  readonly classes: number;
  readonly noise: number;
  readonly random: Random;
}

export interface DataRequest {
  readonly name: DataSetName;
  readonly seed: number;
  /** Ignored where the rows are given. */
  readonly rows?: number | undefined;
  /** Standard deviation of what is added to each input, of regressions to each answer. */
  readonly noise?: number | undefined;
}

export const dataSets: Readonly<Record<DataSetName, DataSetDefinition>> = {
  xor: {
    label: "XOR",
    doc: "the four rows of exclusive or",
    features: 2,
    classes: 2,
    drawn: undefined,
    draw: given([0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0]),
  },
  moons: {
    label: "Two moons",
    doc: "two half circles that reach into each other",
    features: 2,
    classes: 2,
    drawn: { rows: 120, noise: 0.08 },
    draw: inClasses(2, (share, kind) => {
      const angle = Math.PI * share;
      return kind === 0 ? [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25] : [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)];
    }),
  },
  circles: {
    label: "Two circles",
    doc: "a circle inside another one",
    features: 2,
    classes: 2,
    drawn: { rows: 120, noise: 0.06 },
    draw: inClasses(2, (share, kind) => onCircle(kind === 0 ? 1 : 0.45, 2 * Math.PI * share)),
  },
  "two-spirals": {
    label: "Two spirals",
    doc: "two arms around each other",
    features: 2,
    classes: 2,
    drawn: { rows: 120, noise: 0.02 },
    draw: inClasses(2, (share, kind) => onCircle(0.1 + 0.9 * share, 3.2 * share + Math.PI * kind)),
  },
  "three-spirals": {
    label: "Three spirals",
    doc: "three arms around each other",
    features: 2,
    classes: 3,
    drawn: { rows: 150, noise: 0.02 },
    draw: inClasses(3, (share, kind) => onCircle(0.05 + 0.95 * share, 4 * share + (2 * Math.PI * kind) / 3)),
  },
  "three-blobs": {
    label: "Three clouds",
    doc: "three round clouds, side by side",
    features: 2,
    classes: 3,
    drawn: { rows: 120, noise: 0.22 },
    draw: inClasses(3, (_, kind) => onCircle(0.65, (2 * Math.PI * kind) / 3 + Math.PI / 2)),
  },
  sine: {
    label: "Noisy sine",
    doc: "one period of a sine with noise",
    features: 1,
    classes: undefined,
    drawn: { rows: 60, noise: 0.1 },
    draw: ({ X, answers, rows, noise, random }) => {
      for (let row = 0; row < rows; row++) {
        X[row] = 2 * (row / Math.max(1, rows - 1)) - 1;
        answers[row] = Math.sin(Math.PI * X[row]!) + noise * normal(random);
      }
    },
  },
  "three-doses": {
    label: "Three doses",
    doc: "doses 0, ½ and 1, of which only the middle one works",
    features: 1,
    classes: undefined,
    drawn: undefined,
    draw: given([0, 0.5, 1], [0, 1, 0]),
  },
  difference: {
    label: "First less second",
    doc: "normal inputs, as many as the network takes; the answer is the first less the second",
    features: "any",
    classes: undefined,
    drawn: { rows: 64, noise: 0 },
    draw: ({ X, answers, rows, features, noise, random }) => {
      for (let at = 0; at < X.length; at++) X[at] = normal(random);
      for (let row = 0; row < rows; row++) {
        const second = features > 1 ? X[features * row + 1]! : 0;
        answers[row] = X[features * row]! - second + noise * normal(random);
      }
    },
  },
  clouds: {
    label: "Clouds",
    doc: "a round cloud for each class, in as many dimensions as the network takes",
    features: "any",
    classes: "any",
    drawn: { rows: 120, noise: 0.5 },
    draw: ({ X, answers, rows, features, classes, noise, random }) => {
      const middles = Array.from({ length: classes * features }, () => normal(random));
      for (let row = 0; row < rows; row++) {
        const kind = row % classes;
        answers[row] = kind;
        for (let at = 0; at < features; at++) X[row * features + at] = middles[kind * features + at]! + noise * normal(random);
      }
    },
  },
};

export const dataSetNames = Object.keys(dataSets) as readonly DataSetName[]; // the keys of a literal record

/** Rows of a given data set: as many as the definition lists. */
const GIVEN_ROWS: Partial<Record<DataSetName, number>> = { xor: 4, "three-doses": 3 };

/** What sets that suit any network go by. */
export interface Sizes {
  readonly features: number;
  readonly classes: number;
}

/** The same request and sizes give the same rows. */
export function makeDataSet({ name, seed, ...request }: DataRequest, sizes: Sizes = { features: 2, classes: 2 }): DataSet {
  const definition = dataSets[name];
  const rows = GIVEN_ROWS[name] ?? request.rows ?? definition.drawn!.rows;
  const features = definition.features === "any" ? sizes.features : definition.features;
  const classes = definition.classes === "any" ? sizes.classes : definition.classes;
  const X = new Float64Array(rows * features);
  const answers = new Float64Array(rows);
  const noise = request.noise ?? definition.drawn?.noise ?? 0;
  definition.draw({ X, answers, rows, features, classes: classes ?? 0, noise, random: createRandom(seed) });
  return { name, rows, features, X, answers, classes };
}

function given(inputs: readonly number[], outputs: readonly number[]): DataSetDefinition["draw"] {
  return ({ X, answers }) => {
    X.set(inputs);
    answers.set(outputs);
  };
}

/** Rows in turn of each class, each at its share of the way along its curve, moved by noise. */
function inClasses(
  classes: number,
  place: (share: number, kind: number) => readonly [number, number],
): DataSetDefinition["draw"] {
  return ({ X, answers, rows, noise, random }) => {
    const along = Math.max(1, Math.ceil(rows / classes) - 1);
    for (let row = 0; row < rows; row++) {
      const kind = row % classes;
      const [x, y] = place(Math.floor(row / classes) / along, kind);
      X[2 * row] = x + noise * normal(random);
      X[2 * row + 1] = y + noise * normal(random);
      answers[row] = kind;
    }
  };
}

function onCircle(radius: number, angle: number): readonly [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Box and Muller; 1 − u, because the logarithm of 0 is not finite. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
