// The programmatic face: what goes into compile() and what comes out.

import type { Span } from "../core/span.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Mode, Renaming, Style } from "../emit/typescript/signature.ts";
import type { TraceMark, Tracked } from "../emit/typescript/writer.ts";
import type { Interval } from "../ops/define.ts";
import type { Dim } from "../ir/shape.ts";
import type { Verification } from "../verify/verification.ts";

import type { Precision } from "./precision.ts";
import type { Derivation } from "./derivation.ts";

export interface CompileOptions {
  /** What the source is; default: an expression, or a network where the name ends in `.net.yaml`, `.net.yml` or `.net.json`. */
  readonly kind?: "expression" | "network";
  /** Which inputs to differentiate by; default: all that are not declared `input` or `const`. */
  readonly wrt?: readonly string[];
  readonly mode?: Mode;
  readonly style?: Style;
  /**
   * What a line of the staged gradient is. `joined`: a gate as a person writes it, after the named rewrites. `each`: every operation by itself,
   * nothing rewritten, as the course notes draw circuits. Other styles and modes have no gates. Default joined.
   */
  readonly gates?: "joined" | "each";
  /** What `max` and `min` do at a tie: give the whole gradient to each side, or split it. */
  readonly ties?: "each" | "split";
  /** Of arrays in code over tensors; default f64. Numbers by themselves are always double. */
  readonly precision?: Precision;
  /** What diagnostics and headers call the source. */
  readonly name?: string;
  /** Seed of the points at which the output is checked. */
  readonly seed?: number;
  /** Leave the check out. Only for measuring: what comes out says that it was not checked. */
  readonly verify?: boolean;
}

export interface OpCount {
  readonly forward: number;
  readonly backward: number;
  /** (forward + backward) / forward. */
  readonly ratio: number;
}

/** How to call one generated function without reading the text. */
export interface CompiledFunction {
  readonly name: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly Dim[];
    readonly dtype: "real" | "integer" | "boolean";
    /** Where the source says that it lies. */
    readonly domain?: Interval;
  }[];
  readonly wrt: readonly string[];
  /** Symbolic dimensions that no array's length tells: arguments after the inputs. */
  readonly sizes?: readonly string[];
  /** Exported names by role. `derivative` is the mode's function, also under the mode's own name (`grad`, `jvp`, ...). */
  readonly exports: Readonly<Record<string, string>>;
  readonly result: ResultLayout;
  /** What was computed, in mathjs syntax; empty when too long to show. */
  readonly formula: string;
  readonly opCount: OpCount;
  readonly verification: Verification;
  readonly rewrites: readonly Rewrite[];
  /** What lessons are told from; only the staged gradient has stages. */
  readonly derivation?: Derivation;
}

export interface ResultLayout {
  /** `object`: properties by name. `array`: the fast style's `out`, in the order value, gradients, rows. */
  readonly layout: "object" | "array";
  /** Inputs come in one array, in the order of `inputs`. */
  readonly packed: boolean;
  /** Property (or first index) of the value. */
  readonly value: string;
  /** Property (or index) of the partial derivative by each differentiated input. */
  readonly gradients: Readonly<Record<string, string>>;
  readonly outputs: number;
}

export interface Rewrite {
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

export interface Compilation {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: { readonly name: string; readonly text: string };
  /** The TypeScript text; empty when there were errors. */
  readonly code: string;
  /** The same text less its types. */
  readonly javascript: string;
  /** What `code` exports, as the text of a `.d.ts` module; empty when there were errors. */
  readonly declarations: string;
  /** Where lines of `javascript` come from, those that come from the source: in order, lines counted from 0. See sourceMap(). */
  readonly origins: readonly { readonly line: number; readonly span: Span }[];
  readonly functions: readonly CompiledFunction[];
  /** Of the last function. */
  readonly verification: Verification;
  readonly opCount: OpCount;
  readonly renamed: readonly Renaming[];
  /** Ranges of `code` that are backward statements. */
  readonly backwardRanges: readonly { readonly start: number; readonly end: number }[];
  /** Lines whose variables can be shown, and where their functions answer; in order. */
  readonly tracked: readonly TrackedLines[];
  /** For evaluateAt, per function: the variables in scope where it answers. */
  readonly traces: readonly (TraceMark | undefined)[];
}

/** First and last line in `code`, counted from 0; start and end in `javascript`. */
export type TrackedLines = Tracked & { readonly first: number; readonly last: number } & Span;
