// A lesson as LaTeX for a paper (amsmath; KaTeX shows it too): the stages, their local gradients, the chain rule line by line.

import { LATEX_MARK } from "../../core/marks.ts";
import type { Lesson, LessonStage, LessonStep } from "../types.ts";
import { chain, formulaOf, nameFormula, partialFormula, product } from "./formula.ts";
import type { Formula } from "./types.ts";

/** A display longer than this does not fit a page. */
const ROWS = 30;

export function derivationLatex(lesson: Lesson): string {
  const results = lesson.results.map(
    ({ input, gradient }) => `${partialFormula(lesson.output, input).latex} &= ${resultValue(lesson, gradient)}`,
  );
  const backward = lesson.steps.map((step) => backwardRow(lesson, step));
  return [
    `${LATEX_MARK}: the derivation of ${lesson.name}`,
    ...lesson.rewrites.map(({ rule, before, after }) => `% rewritten first (${rule}): ${before} -> ${after}`),
    ...display("forward: the stages", lesson.stages.map(forwardRow)),
    ...display("the local gradient of each stage", lesson.stages.flatMap(partialRows)),
    ...display("backward: last stage first", backward),
    ...(backward.length === 0 ? display("the result", results) : []),
    "",
  ].join("\n");
}

function resultValue({ seed }: Lesson, gradient: string | undefined): string {
  if (gradient === undefined) return "0";
  return gradient === seed ? "1" : nameFormula(gradient).latex;
}

function forwardRow({ latex, number }: LessonStage): string {
  return `${latex.replace(" = ", " &= ")} && (${number})`;
}

function partialRows({ variable, partials }: LessonStage): string[] {
  return partials.map((partial) => `${partialFormula(variable, partial.operand).latex} &= ${formulaOf(partial).latex}`);
}

function backwardRow(lesson: Lesson, step: LessonStep): string {
  const relation = step.action === "grow" ? "\\mathrel{+}=" : "=";
  const [left, right] = step.local === undefined ? assignment(step) : chainRule(lesson, step, step.local);
  const number = step.stage === undefined ? "" : ` && (${step.stage})`;
  return `${left.latex} &${relation} ${right.latex}${number}`;
}

/** Between tensors: the line itself, gradients under the names of the code. */
function assignment(step: LessonStep): [Formula, Formula] {
  return [nameFormula(step.adjoint), formulaOf(step)];
}

/** ∂f/∂x = ∂f/∂q · ∂q/∂x = ∂f/∂q · local; at the last stage, which is f itself, the local gradient is all. */
function chainRule({ output, seed }: Lesson, step: LessonStep, local: NonNullable<LessonStep["local"]>): [Formula, Formula] {
  const left = partialFormula(output, step.target);
  if (step.upstream === seed) return [left, formulaOf(local)];
  const upstream = partialFormula(output, step.from ?? output);
  const inNames = product(upstream, formulaOf(local));
  const inSymbols = product(upstream, partialFormula(step.from ?? output, step.target));
  return [left, chain([inSymbols, inNames])];
}

function display(title: string, rows: readonly string[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS) {
    const shown = rows.slice(from, from + ROWS);
    lines.push(`% ${title}`, "\\begin{align*}", shown.map((row) => `  ${row}`).join(" \\\\\n"), "\\end{align*}");
  }
  return lines;
}
