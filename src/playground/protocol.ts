// What the page asks of its workers and what they answer, as plain data that can be posted. Knows nothing of how it is shown.

import type { Precision } from "../compiler/precision.ts";
import type { OpCount } from "../compiler/types.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Mode, Style } from "../emit/typescript/signature.ts";
import type { Dim } from "../ir/shape.ts";
import type { Lesson, Numbers } from "../lesson/types.ts";
import type { Review } from "../review/types.ts";
import type { Verification } from "../verify/verification.ts";

export interface Options {
  readonly kind: SourceKind;
  readonly mode: Mode;
  readonly style: Style;
  readonly precision: Precision;
  /** Of the staged gradient of an expression. */
  readonly gates: Gates;
  readonly ties: Ties;
  /** Which inputs to differentiate by; undefined: all that the source does not declare otherwise. Names that the source lacks are left out. */
  readonly wrt: readonly string[] | undefined;
}

export type SourceKind = "expression" | "network";
/** What max and min do where two are equal. */
export type Ties = "each" | "split";
/** What a stage is: a line as a person writes it, or one operation. */
export type Gates = "joined" | "each";

export const USUAL_OPTIONS: Options = {
  kind: "expression",
  mode: "grad",
  style: "staged",
  precision: "f64",
  gates: "joined",
  ties: "each",
  wrt: undefined,
};

/** Values of inputs by name; of tensors row by row. */
export type Point = Readonly<Record<string, number | readonly number[]>>;

export type Unfolded = "all" | readonly string[];

/** What a page wants to see: all of it, so that a worker that has just started can answer as well as one that knows the source. */
export interface Job {
  readonly id: number;
  readonly text: string;
  readonly options: Options;
  /** Which function of the source; default the last. */
  readonly index: number | undefined;
  /** What is not given is chosen by the worker. */
  readonly point: Point;
  /** Of dimensions that a source leaves open. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Where a mode takes a direction: its components, by input; 1 where not given. */
  readonly direction: Point;
  /** Blocks of the circuit that are unfolded. */
  readonly unfolded: Unfolded;
  /** Key of the compilation that the page has already, which need not be sent again. */
  readonly has: string | undefined;
  /** Whether anybody looks at the explanation. */
  readonly wantsExplanation: boolean;
}

/** Asks for the full check, whose answer comes from a worker of its own. */
export interface CheckJob {
  readonly id: number;
  /** Of the compilation that it is asked for. */
  readonly key: string;
  readonly text: string;
  readonly options: Options;
}

/** Asks how a hand-written backward pass fares against a source. */
export interface ReviewJob {
  readonly id: number;
  /** The hand-written code. */
  readonly text: string;
  /** The math expression. */
  readonly against: string;
}

/** Asks for an exercise of the set, or for a verdict on what was written into its blanks. */
export interface ExerciseJob {
  readonly id: number;
  readonly number: number;
  /** By blank, in order; empty for an open one. */
  readonly attempts: readonly string[];
  /** All attempts, so that jobs with other attempts are told apart. */
  readonly text: string;
}

export type Message =
  | { readonly kind: "show"; readonly job: Job }
  | { readonly kind: "check"; readonly job: CheckJob }
  | { readonly kind: "review"; readonly job: ReviewJob }
  | { readonly kind: "exercise"; readonly job: ExerciseJob }
  | { readonly kind: "grade"; readonly job: ExerciseJob };

export type Reply =
  /** The source is sound; `compiled` is left out where the page has it. */
  | { readonly kind: "shown"; readonly id: number; readonly compiled: Compiled | undefined; readonly numbers: PointNumbers }
  | { readonly kind: "rejected"; readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "circuit"; readonly id: number; readonly circuit: CircuitPicture | undefined }
  /** What the page waits for has come; what follows may be late. */
  | { readonly kind: "settled"; readonly id: number }
  | { readonly kind: "explanation"; readonly id: number; readonly explanation: ExplanationText | undefined }
  | { readonly kind: "checked"; readonly id: number; readonly key: string; readonly verifications: readonly Verification[] }
  | { readonly kind: "reviewed"; readonly id: number; readonly review: Review }
  | { readonly kind: "exercise"; readonly id: number; readonly exercise: ExerciseView }
  | { readonly kind: "graded"; readonly id: number; readonly grade: GradeView }
  /** A bug of ours. */
  | { readonly kind: "failed"; readonly id: number; readonly message: string };

export interface Compiled {
  /** Tells compilations apart: text, options and function. */
  readonly key: string;
  /** Of the text and the options that it was made from. */
  readonly text: string;
  readonly options: Options;
  readonly code: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly functions: readonly string[];
  /** The function that is looked at. */
  readonly index: number;
  readonly exports: Readonly<Record<string, string>>;
  readonly inputs: readonly InputField[];
  /** Inputs that the shown function is differentiated by. */
  readonly wrt: readonly string[];
  readonly opCount: OpCount;
  /** Of the staged gradient; undefined where the function has none, as a vector-valued one. */
  readonly lesson: Lesson | undefined;
  /** The code that the lesson's lines are lines of. */
  readonly lessonCode: string;
}

/** An input as something to fill in. */
export interface InputField {
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly dtype: "real" | "integer" | "boolean";
  readonly role: "param" | "input" | "const";
  /** Declared in the source. */
  readonly domain: readonly [number, number] | undefined;
  /** Class indices stay below it. */
  readonly below: number | undefined;
  /** Rows that sum to 1, or only ±1, where the function asks for it. */
  readonly sample: "distribution" | "sign" | undefined;
}

export interface PointNumbers {
  /** The point itself, complete. */
  readonly point: Point;
  /** Complete, where the mode takes one; else empty. */
  readonly direction: Point;
  readonly sizes: Readonly<Record<string, number>>;
  /** Undefined where there is no lesson. */
  readonly numbers: Numbers | undefined;
  /** What the shown function returns, by property. */
  readonly results: readonly Result[];
  /** Why there are none. */
  readonly problem: string | undefined;
}

/** A property of what the function returns. */
export interface Result {
  readonly name: string;
  /** Row by row; one row with one number where it is a number. Of large ones the first rows and columns. */
  readonly rows: readonly (readonly number[])[];
  /** How many rows and columns there are in all. */
  readonly size: readonly [rows: number, columns: number];
}

export interface CircuitPicture {
  /** Without a style sheet. */
  readonly svg: string;
  /** Blocks that can be unfolded, and those that have been. */
  readonly folded: readonly CircuitBlock[];
  readonly opened: readonly CircuitBlock[];
}

export interface CircuitBlock {
  readonly id: string;
  readonly title: string;
}

export interface ExplanationText {
  /** A fragment, with what would be style attributes in `data-style`. */
  readonly html: string;
  readonly markdown: string;
}

/** An exercise as the page shows it: the gradient function with blanks. */
export interface ExerciseView {
  readonly number: number;
  readonly title: string;
  readonly teaches: string;
  readonly source: string;
  /** Lines of code, and blanks in the place of others. */
  readonly lines: readonly (string | BlankView)[];
  readonly blanks: number;
}

export interface BlankView {
  /** Counted from 0. */
  readonly index: number;
  /** The statement around what is asked for. */
  readonly before: string;
  readonly after: string;
  readonly comment: string;
  /** From the least to the whole line. */
  readonly hints: readonly string[];
}

export interface GradeView {
  readonly isRight: boolean;
  /** By blank. */
  readonly verdicts: readonly BlankVerdict[];
}

export interface BlankVerdict {
  readonly kind: "open" | "right" | "wrong" | "broken";
  /** What is wrong, and the mistake it probably is. */
  readonly messages: readonly string[];
}
