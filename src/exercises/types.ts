// What an exercise is, as plain data: source, text with blanks, solution, the numbers that grade it.

import type { Lesson, LessonStep } from "../lesson/types.ts";

export type Language = "typescript" | "javascript";

/** A source that an exercise is made from. */
export interface ExerciseSource {
  /** What it is called: `compound.math`, `xor.net.yaml`. */
  readonly name: string;
  readonly text: string;
}

/** A line of the backward pass that the learner writes. */
export interface Blank {
  /** 1-based: the 2 of `TODO(2)`. */
  readonly number: number;
  readonly step: LessonStep;
  /** What is asked for: `what q receives from f`. */
  readonly asks: string;
  /** The statement that belongs there, without its comment, line by line. */
  readonly answer: readonly string[];
  /** The statement that stands there instead, in either language, without its comment. */
  readonly placeholder: Readonly<Record<Language, string>>;
}

export type MistakeKind =
  | "sign"
  | "missing"
  | "doubled"
  | "upstream"
  | "replaced"
  /** A gate that is taken for open, for shut, for the opposite. */
  | "always"
  | "never"
  | "inverted"
  /** The condition of another variable. */
  | "mask"
  | "transposed"
  | "batch";

/** A wrong line. */
export interface Mistake {
  readonly kind: MistakeKind;
  /** The statement with the mistake in it. */
  readonly statement: string;
}

/** Numbers that the gradients are compared with. */
export interface GradingPoint {
  /** By the function's own names: of a network parameters, running statistics and data. Tensors are row-major. */
  readonly inputs: Readonly<Record<string, PointValue>>;
  /** The value, and each gradient by the name of the property that holds it. */
  readonly wanted: Readonly<Record<string, number | readonly number[]>>;
}

export type PointValue = number | boolean | readonly number[];

/** A gradient that the code hands out. */
export interface GradedGradient {
  /** The property: `dx`; of a network the parameter's name. */
  readonly property: string;
  /** Of a matrix. */
  readonly columns: number | undefined;
  /** The numbers of the blanks that it depends on. */
  readonly blanks: readonly number[];
}

/** How the code is called and what must come out. */
export interface Grading {
  /** The exported function that returns the value and the gradients. */
  readonly call: string;
  /** Inputs in order; a list of inputs stands for an object of them, as a network's parameters are one. */
  readonly arguments: readonly (string | readonly string[])[];
  /** All arguments come as one array. */
  readonly packed: boolean;
  /** What each input must be made into. */
  readonly kinds: Readonly<Record<string, "number" | "reals" | "integers" | "size">>;
  /** Property of the value. */
  readonly value: string;
  /** The gradients are in an object of their own, the result's property `gradients`. */
  readonly isNested: boolean;
  readonly gradients: readonly GradedGradient[];
  readonly points: readonly GradingPoint[];
  /** Mistakes that would pass: those that show at none of the points that were tried. */
  readonly unseen: readonly UnseenMistake[];
}

export interface UnseenMistake extends Mistake {
  /** Number of the blank. */
  readonly blank: number;
}

export interface Exercise {
  /** What its files are called after: `compound`. */
  readonly stem: string;
  /** A line about it; that of the set where it belongs to that. */
  readonly title: string;
  readonly source: ExerciseSource;
  readonly settings: ExerciseSettings;
  readonly lesson: Lesson;
  readonly blanks: readonly Blank[];
  /** Declarations of the solution, without exports, for running it. */
  readonly body: string;
  readonly grading: Grading;
}

/** From which the same exercise can be made again. */
export interface ExerciseSettings {
  /** Indices of the lesson's steps that are blank. */
  readonly steps: readonly number[];
  /** Not told where something is to be added, and where set. */
  readonly hard: boolean;
  readonly wrt?: readonly string[];
  readonly ties?: "each" | "split";
  /** Number in the set. */
  readonly number?: number;
}
