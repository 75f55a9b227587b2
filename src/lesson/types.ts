// What a compiled function tells a learner, as plain data: stages, backward steps, rewrites, and the numbers at a point. Whoever draws, explains,
// steps through or grades reads this; nothing in it knows how it will be shown.

/** A function (or a network's training) told stage by stage. Plain data: it can be sent to a worker and back. */
export interface Lesson {
  /** Exported name of the function, or the network's name. */
  readonly name: string;
  readonly kind: "function" | "network";
  /** `f(x, y) = x * y`, the last line of the source as written for tensors; empty when too long to show. */
  readonly formula: string;
  /** What comes in: the inputs in order; of a network its parameters first, then running statistics, then data. */
  readonly inputs: readonly LessonInput[];
  readonly stages: readonly LessonStage[];
  /** Variable of the result: the last stage's, or an input's; empty where it is a constant. */
  readonly output: string;
  /** Variable of the gradient that arrives at the result, `df`: 1 in the gradient function. */
  readonly seed: string;
  /** The backward pass line by line, last stage first. */
  readonly steps: readonly LessonStep[];
  /** Of each differentiated input, the variable that holds its complete gradient; undefined where nothing flows to it. */
  readonly results: readonly { readonly input: string; readonly gradient: string | undefined }[];
  readonly rewrites: readonly LessonRewrite[];
}

export interface LessonInput {
  /** As the source calls it. */
  readonly name: string;
  /** As the code calls it. */
  readonly variable: string;
  /** Empty for a number, `[batch, 784]` for a tensor. */
  readonly shape: string;
  readonly role: "parameter" | "data" | "state";
  /** Whether the gradient by it is asked for. */
  readonly wrt: boolean;
}

export interface LessonStage {
  /** 1-based; the number that comments cite. Help lines belong to the stage and have no entry of their own. */
  readonly number: number;
  readonly variable: string;
  /** Name in the op table, and the sign a diagram shows: `×`, `+`, `σ`, `max`, `1/x`. */
  readonly op: string;
  readonly symbol: string;
  /** From the op table: one phrase. */
  readonly doc: string;
  /** Empty for a number. */
  readonly shape: string;
  /** What it computes, in mathjs syntax over the variables, `x + y`; and as LaTeX, `q = x + y`. */
  readonly expression: string;
  readonly latex: string;
  /** Variables of the inputs and stages it reads, each once, in reading order. */
  readonly operands: readonly string[];
  /** The layer of a network, or the stage that a person named and that this one only leads up to. */
  readonly block: string | undefined;
  /** Local gradients by operand; only between numbers. */
  readonly partials: readonly LessonPartial[];
  /** The well-known form of its derivative, `σ′ = σ(1 − σ)`. */
  readonly identity: string | undefined;
  readonly code: LessonCode;
}

/** ∂stage/∂operand. */
export interface LessonPartial {
  readonly operand: string;
  /** Over the variables, and as LaTeX (the value alone, without what it is equal to). */
  readonly expression: string;
  readonly latex: string;
}

/** Where a stage or step stands in the text of the compilation. */
export interface LessonCode {
  /** The statement without its comment; several lines where it is long or where lines help it. */
  readonly text: string;
  /** First and last line in `compilation.code`, counted from 0. */
  readonly first: number;
  readonly last: number;
}

/** How the gradient goes through a gate, after the course notes: add hands it on, max routes it, multiply swaps, the rest scale it. */
export type Flow = "distributes" | "routes" | "swaps" | "scales" | "collects";

export interface LessonStep {
  readonly index: number;
  /** Number and variable of the stage stepped back through; undefined for a line that only helps others. */
  readonly stage: number | undefined;
  readonly from: string | undefined;
  /** Variable of the stage or input whose gradient is set or grows, and the variable that holds that gradient. */
  readonly target: string;
  readonly adjoint: string;
  /** `set`: the only contribution. `start` and `grow`: the first and later ones where the target forks. `help`: a part that other lines read. */
  readonly action: "set" | "start" | "grow" | "help";
  /** Variable of the gradient that arrives at the stage. */
  readonly upstream: string;
  /** What is set or added, in mathjs syntax over the variables, for a seed of any value; and as LaTeX. */
  readonly expression: string;
  readonly latex: string;
  /** The local gradient that multiplies what arrives; only between numbers. */
  readonly local: LessonPartial | undefined;
  readonly identity: string | undefined;
  readonly flow: Flow;
  readonly code: LessonCode;
  /** What the code's comment says. */
  readonly comment: string;
}

export interface LessonRewrite {
  readonly rule: string;
  readonly before: string;
  readonly after: string;
  /** From the rule table: the class, the rule itself, why it is worth having. */
  readonly safety: string;
  readonly text: string;
  readonly why: string;
}

/** What the emitted code computes at one point. */
export interface Numbers {
  /** Of every input and stage, by variable. */
  readonly values: Readonly<Record<string, Measure>>;
  /** Of every input and stage that gets one, its complete gradient, by the variable it is the gradient of. The result's is the seed. */
  readonly gradients: Readonly<Record<string, Measure>>;
  /** Per backward step. */
  readonly steps: readonly StepNumbers[];
  readonly value: Measure;
}

export interface StepNumbers {
  /** What the adjoint's variable holds after the step. */
  readonly after: Measure;
  /** What the step sets or adds. */
  readonly contribution: Measure;
  /** What arrives, and the local gradient it is multiplied by; only between numbers. */
  readonly upstream: number | undefined;
  readonly local: number | undefined;
}

export type Measure = number | boolean | TensorMeasure;

export interface TensorMeasure {
  readonly shape: readonly number[];
  /** Euclidean. */
  readonly norm: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** All elements where they are few (at most 64), row-major; else the first. */
  readonly elements: readonly number[];
}

/** Values of inputs by name: numbers, or row-major arrays with their shapes implied by the lengths. */
export type LessonPoint = Readonly<Record<string, number | ArrayLike<number>>>;
