// What is said where a derivative does not exist: at a stage on a kink or jump of its op, and where a value or a gradient is not finite.

import type { LessonStage } from "../types.ts";
import { figure } from "./figures.ts";
import { formulaOf } from "./formula.ts";
import { code, listed, type Teller } from "./teller.ts";
import type { Phrase, Prose, StageKink } from "./types.ts";

/** Remarks at a stage of the forward pass. */
export function kinkItems(teller: Teller, stage: LessonStage): Prose[] {
  return [undefinedItem(teller, stage), ...kinksAt(teller, stage.number).map((kink) => kinkProse(teller, kink))].filter(
    (item) => item.length > 0,
  );
}

/** Whether a max or min of the stage has several operands that win. */
export function isTie(teller: Teller, stage: number): boolean {
  return kinksAt(teller, stage).some(({ op, distance }) => distance === 0 && (op === "max" || op === "min"));
}

function kinksAt({ options }: Teller, stage: number): StageKink[] {
  return (options.surroundings?.kinks ?? []).filter((kink) => kink.stage === stage);
}

/** A value or a local gradient that is no finite number. */
function undefinedItem({ numbers, stepsThrough, numbersOf }: Teller, { variable, number, op, operands }: LessonStage): Prose {
  const value = numbers?.values[variable];
  if (typeof value !== "number") return [];
  const isInherited = operands.some((operand) => {
    const read = numbers?.values[operand];
    return typeof read === "number" && !Number.isFinite(read);
  });
  if (Number.isNaN(value))
    return isInherited
      ? [code(variable), " is not a number because an operand is not a finite one: nothing that follows is defined."]
      : [code(op), " is not defined here, and so has no derivative; a local gradient is only what its formula gives."];
  if (!Number.isFinite(value))
    return [
      code(variable),
      isInherited
        ? " is infinite because an operand is: there is no derivative here."
        : " is infinite: the stage is not defined here, or its value is too large for the code; there is no derivative.",
    ];
  const isSteep = stepsThrough(number).some((step) => {
    const local = numbersOf(step)?.local;
    return local !== undefined && !Number.isFinite(local);
  });
  return isSteep ? ["A local gradient is not a finite number: the derivative does not exist here."] : [];
}

function kinkProse(teller: Teller, kink: StageKink): Prose {
  const { kind, place, convention } = describe(teller, kink);
  if (kink.distance > 0) {
    const away: Phrase = { kind: "formula", formula: figure(kink.distance) };
    return ["Near a ", kind, ": ", ...place(false), ", ", away, " away. The local gradient holds for smaller steps only."];
  }
  const claim = kind === "switch" ? " A derivative need not exist there: " : " The derivative does not exist there: ";
  return ["On a ", kind, ": ", ...place(true), ".", claim, ...convention, "."];
}

interface Description {
  readonly kind: "corner" | "jump" | "switch" | "kink";
  /** Where the op has it, for an operand there or near. */
  readonly place: (isThere: boolean) => Prose;
  /** What the code takes instead. */
  readonly convention: Prose;
}

const COMPARISONS: ReadonlySet<string> = new Set(["lt", "le", "gt", "ge", "eq", "ne"]);

/** What the op table takes for the derivative at a corner at 0. */
const CORNERS: Readonly<Record<string, string>> = { relu: "relu′(0) = 0", abs: "abs′(0) = 0" };

const JUMPS: Readonly<Record<string, string>> = {
  sign: "at 0",
  floor: "at whole numbers",
  ceil: "at whole numbers",
  fix: "at whole numbers other than 0",
  round: "halfway between whole numbers",
};

function describe(teller: Teller, { stage, op, operands }: StageKink): Description {
  const [first = ""] = operands;
  const corner = CORNERS[op];
  if (corner !== undefined)
    return {
      kind: "corner",
      place: (isThere) => [written(first), isThere ? " is 0" : " is close to 0", ", where ", code(op), " bends"],
      convention: ["by convention the code takes ", corner],
    };
  if (op === "max" || op === "min")
    return {
      kind: "corner",
      place: (isThere) => [...listed(operands.map(written)), isThere ? " tie" : " are close to a tie"],
      convention: isShared(teller, stage)
        ? ["by convention those that tie share the gradient equally"]
        : ["by convention each of those that tie gets the local gradient 1 (with ", code("--ties split"), ", one half of two)"],
    };
  if (COMPARISONS.has(op))
    return {
      kind: "switch",
      place: (isThere) => [
        ...listed(operands.map(written)),
        isThere ? " are equal, where the condition changes" : " are almost equal, and the condition changes where they are",
      ],
      convention: ["the code differentiates the branch that is taken at this point"],
    };
  const jump = JUMPS[op];
  if (jump !== undefined)
    return {
      kind: "jump",
      place: () => [code(op), ` jumps ${jump}, and its operand is `, written(first)],
      convention: ["the code takes 0, as it is everywhere else"],
    };
  return {
    kind: "kink",
    place: () => [code(op), " has a kink or jump for these operands"],
    convention: ["the code takes what the formula of the derivative gives"],
  };
}

function isShared({ stepsThrough, numbersOf }: Teller, stage: number): boolean {
  const locals = stepsThrough(stage).map((step) => numbersOf(step)?.local);
  return locals.some((local) => local !== undefined && local > 0 && local < 1);
}

function written(expression: string): Phrase {
  return code(formulaOf({ expression, latex: "" }).text);
}
