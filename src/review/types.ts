// What a review of a hand-written backward pass says, as plain data. Whoever prints it, draws it or grades by it reads this.

import type { SourceText } from "../core/span.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Span } from "../core/span.ts";
import type { LessonPoint } from "../lesson/types.ts";
import type { MistakeName } from "./mistakes/types.ts";

export type Review =
  /** Value and gradients are right. */
  | {
      readonly kind: "right";
      readonly source: SourceText;
      readonly compared: Compared;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** They are not; `finding` is the first line to look at, also told by the diagnostics. */
  | {
      readonly kind: "wrong";
      readonly source: SourceText;
      readonly compared: Compared;
      readonly finding: Finding;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** The file cannot be compared: it has errors of its own. */
  | { readonly kind: "unreadable"; readonly source: SourceText; readonly diagnostics: readonly Diagnostic[] };

/** What was looked at. */
export interface Compared {
  /** `fGrad`, `fForward and fBackward`; `the script`. */
  readonly subject: string;
  /** The value and the gradients, as the user calls them. */
  readonly names: readonly string[];
  readonly points: number;
  /** What came out at each point that was asked for. */
  readonly numbers: readonly PointNumbers[];
  /** Largest relative error of a value or gradient; infinite where something is missing. */
  readonly largestError: number;
}

/** The value and the gradients at a point, beside what they should be. */
export interface PointNumbers {
  /** `x = 3, y = -4` */
  readonly at: string;
  /** Flat, row-major; `got` is undefined where nothing came out. */
  readonly rows: readonly {
    readonly name: string;
    readonly got: readonly number[] | undefined;
    readonly expected: readonly number[];
    readonly isRight: boolean;
  }[];
}

/** The first wrong line. */
export interface Finding {
  readonly pass: "forward" | "backward";
  /** The user's variable, and what it is the gradient of. */
  readonly variable: string;
  readonly of: string | undefined;
  /** 1-based; the span is in the user's text. Both are undefined where no line is to blame: a gradient that is nowhere. */
  readonly line: number | undefined;
  readonly span: Span | undefined;
  /** Flat, row-major, at the point `at`. Empty where there is nothing. */
  readonly got: readonly number[];
  readonly expected: readonly number[];
  /** `x = 3, y = -4`, or the sizes of a tensor's point. */
  readonly at: string;
  /** `dq is 4 after this line, and should be -4 at x = 3, y = -4`. */
  readonly message: string;
  /** The likely mistake; undefined where no known one explains the numbers at every point. */
  readonly mistake: MistakeName | undefined;
  /** What the mistake is, in a sentence; and a nudge that does not give the answer away. */
  readonly explanation: string | undefined;
  readonly nudge: string | undefined;
  /** The line as it should be, where that is known. */
  readonly answer: string | undefined;
}

export interface ReviewOptions {
  /** What diagnostics call the user's text; default `<code>`. */
  readonly name?: string;
  /** Which function to look at: `fGrad`, or `f` for the pair fForward and fBackward. Default: the one that looks like it. */
  readonly function?: string;
  /** Seed of the points. */
  readonly seed?: number;
  /** Points to look at before all others, by input name. A RangeError where an input has no value or its length fits no size. */
  readonly at?: readonly LessonPoint[];
  /** Where the text is run; default: by the engine, or interpreted where a policy forbids that. */
  readonly runner?: Runner;
}

/** Runs the text of a function expression and hands the function over. */
export type Runner = (expression: string) => unknown;
