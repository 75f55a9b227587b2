// An explanation as plain data: sections of prose, formulas and references to code lines. Printers and pages show it; nothing in it says how.

/** As Unicode text for a terminal, and as LaTeX. */
export interface Formula {
  readonly text: string;
  readonly latex: string;
}

export type Phrase =
  | string
  | { readonly kind: "formula"; readonly formula: Formula }
  /** A name or a piece of source, to be set as code. */
  | { readonly kind: "code"; readonly text: string }
  /** A reference to a stage, shown as its number in parentheses. */
  | { readonly kind: "stage"; readonly number: number };

export type Prose = readonly Phrase[];

/** A statement of the generated code; lines counted from 1, as editors do. */
export interface CodeReference {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

export type Block =
  | { readonly kind: "paragraph"; readonly prose: Prose }
  | { readonly kind: "list"; readonly items: readonly Prose[] }
  | Table
  | StageEntry
  | BackwardEntry
  | { readonly kind: "folded"; readonly prose: Prose };

export interface Table {
  readonly kind: "table";
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Prose[])[];
}

/** One line of the forward pass. */
export interface StageEntry {
  readonly kind: "stage";
  readonly number: number;
  readonly formula: Formula;
  /** What the gate does, its shape and size. */
  readonly prose: Prose;
  /** Its local gradients. */
  readonly items: readonly Prose[];
  readonly code: CodeReference;
}

/** The backward lines of one stage. */
export interface BackwardEntry {
  readonly kind: "backward";
  /** Of the stage; undefined for lines that belong to none. */
  readonly number: number | undefined;
  readonly prose: Prose;
  readonly steps: readonly StepEntry[];
}

export interface StepEntry {
  /** Of the step in the lesson. */
  readonly index: number;
  readonly formula: Formula;
  /** Goes on behind the formula: the rule used. */
  readonly prose: Prose;
  /** Remarks: what a tensor comes to, the sum at a fork. */
  readonly items: readonly Prose[];
  readonly code: CodeReference;
}

export interface Section {
  readonly id: "rewrites" | "forward" | "backward" | "flow" | "result";
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Explanation {
  /** Of the function or network. */
  readonly name: string;
  /** `f(x, y) = x * y`, or words. */
  readonly title: string;
  readonly isFormula: boolean;
  /** What comes before the first section. */
  readonly summary: readonly Block[];
  readonly sections: readonly Section[];
}

export interface ExplanationOptions {
  /** What the text calls the point of the numbers, `a sample point (seed 1)`; default: the values of its inputs. */
  readonly point?: string;
  /** Tell repeated blocks every time they occur, and all of a long function. */
  readonly all?: boolean;
  /** What the source assigns to: names that should be found among the stages. */
  readonly assigned?: readonly string[];
  /** What lies around the point of the numbers. */
  readonly surroundings?: Surroundings | undefined;
}

/** The change of an input whose effect is told, and how near to a kink is near. */
export const STEP = 0.01;

export interface Surroundings {
  readonly kinks: readonly StageKink[];
  /** By variable of the differentiated inputs. */
  readonly changes: Readonly<Record<string, Neighbourhood>>;
}

/** A stage at a kink or jump of an op in its line, or nearer to one than STEP. */
export interface StageKink {
  readonly stage: number;
  readonly op: string;
  /** 0: on it. */
  readonly distance: number;
  /** What the kink is about: the argument, the two sides of a comparison, what ties. */
  readonly operands: readonly string[];
}

/** What steps of one input do to the result, the others held fixed. */
export interface Neighbourhood {
  /** Change of the result where the input grows by STEP. */
  readonly change: number;
  /** Slopes over a very small step up and down. */
  readonly right: number;
  readonly left: number;
  readonly verdict: Verdict;
}

/** `edge`: the result is defined to one side only. `other`: there is a slope, and the gradient is another number. */
export type Verdict = "smooth" | "corner" | "jump" | "edge" | "other" | "undefined";
