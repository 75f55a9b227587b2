// A derivation as LaTeX (amsmath; KaTeX shows it too): the stages, their local gradients, the chain rule line by line.

import { LATEX_MARK } from "../core/marks.ts";
import type { Node } from "../ir/graph.ts";
import type { BackwardStep, Derivation, ForwardStep } from "./explain.ts";
import { latexName, type Fragment } from "./latex-names.ts";
import { BINDING } from "./latex-templates.ts";
import { latexOf } from "./latex.ts";

/** A display longer than this does not fit a page. */
const ROWS = 30;

export function derivationLatex(derivation: Derivation): string {
  const forward = derivation.forward.map((step) => forwardRow(derivation, step));
  const partials = derivation.forward.flatMap((step) => partialRows(derivation, step));
  const backward = derivation.backward.map((step) => backwardRow(derivation, step));
  const results = derivation.results.map(({ input, gradient }) => {
    const isSeed = gradient !== undefined && derivation.nameOf(gradient) === derivation.seed;
    const value = gradient === undefined ? "0" : isSeed ? "1" : show(derivation, gradient);
    return `${partial(derivation.name, input)} &= ${value}`;
  });
  return [
    `${LATEX_MARK}: the derivation of ${derivation.name}`,
    ...derivation.rewrites.map(({ rule, before, after }) => `% rewritten first (${rule}): ${before} -> ${after}`),
    ...display("forward: the stages", forward),
    ...display("the local gradient of each stage", partials),
    ...display("backward: last stage first", backward),
    ...(backward.length === 0 ? display("the result", results) : []),
    "",
  ].join("\n");
}

function forwardRow(derivation: Derivation, { name, node, number }: ForwardStep): string {
  return `${latexName(name).text} &= ${show(derivation, node, true)} && (${number})`;
}

function partialRows(derivation: Derivation, { name, partials }: ForwardStep): string[] {
  return partials.map(({ operand, value }) => `${partial(name, operand)} &= ${show(derivation, value)}`);
}

/** ∂f/∂x += ∂f/∂q · ∂q/∂x = ...; at the last stage, which is f itself, the local gradient is all. */
function backwardRow(derivation: Derivation, step: BackwardStep): string {
  const { name } = derivation;
  const isLast = step.stage === derivation.forward.at(-1)?.name;
  const product = `${partial(name, step.stage)} \\cdot ${partial(step.stage, step.target)}`;
  const chain = isLast ? [show(derivation, step.local)] : [product, show(derivation, step.value)];
  const relation = step.grows ? "\\mathrel{+}=" : "=";
  return `${partial(name, step.target)} &${relation} ${chain.join(" = ")} && (${step.number})`;
}

function partial(of: string, by: string): string {
  return `\\frac{\\partial ${latexName(of).text}}{\\partial ${latexName(by).text}}`;
}

function show(derivation: Derivation, node: Node, writtenOut = false): string {
  const nameOf = (at: Node): Fragment | undefined => {
    const adjoint = derivation.adjointOf(at);
    if (adjoint !== undefined) return { text: partial(derivation.name, adjoint), binding: BINDING.fraction };
    const name = derivation.nameOf(at);
    return name === undefined ? undefined : latexName(name);
  };
  return (writtenOut ? undefined : nameOf(node)?.text) ?? latexOf(node, { nameOf });
}

function display(title: string, rows: readonly string[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS) {
    const shown = rows.slice(from, from + ROWS);
    lines.push(`% ${title}`, "\\begin{align*}", shown.map((row) => `  ${row}`).join(" \\\\\n"), "\\end{align*}");
  }
  return lines;
}
