// A derivation as plain text that is also Markdown.

import type { Node } from "../ir/graph.ts";
import type { BackwardStep, Derivation, ForwardStep } from "./explain.ts";
import { infix } from "./infix.ts";

const WIDEST = 160;

export function derivationText(derivation: Derivation): string {
  const { name, inputs, formula } = derivation;
  const head = `${name}(${inputs.length > 12 ? `${inputs.slice(0, 3).join(", ")}, ... ${inputs.length} inputs` : inputs.join(", ")})`;
  const sections = [
    [`# ${head}${formula === "" ? "" : ` = ${formula}`}`],
    rewritesSection(derivation),
    forwardSection(derivation),
    backwardSection(derivation),
    resultSection(derivation),
  ];
  return (
    sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n") + "\n"
  );
}

function rewritesSection({ rewrites }: Derivation): string[] {
  if (rewrites.length === 0) return [];
  const lines = rewrites.flatMap(({ rule, safety, before, after, text, why }) => [
    `- ${rule}${safety === "" ? "" : ` (${safety})`}: ${before}  ->  ${after}`,
    ...(text === "" ? [] : [`    rule: ${text}`]),
    ...(why === "" ? [] : [`    why:  ${why}`]),
  ]);
  return ["## Rewritten first", "", ...lines];
}

function forwardSection(derivation: Derivation): string[] {
  if (derivation.forward.length === 0) return [];
  const lines = derivation.forward.flatMap((step) => forwardLines(derivation, step));
  return ["## Forward: stages, each with its local gradients", "", ...lines];
}

function forwardLines(derivation: Derivation, step: ForwardStep): string[] {
  const local = step.partials.map(({ operand, value, identity }) => {
    const line = `      ∂${step.name}/∂${operand} = ${show(derivation, value)}`;
    return identity === undefined ? line : `${line.padEnd(44)}  ${identity}`;
  });
  return [`${`(${step.number}) ${step.name} = ${show(derivation, step.node, true)}`.padEnd(44)}  ${step.doc}`, ...local];
}

function backwardSection(derivation: Derivation): string[] {
  if (derivation.backward.length === 0) return [];
  const started = `${derivation.seed} is the gradient that arrives at ${derivation.name}; ${derivation.seed} = 1 gives the partial derivatives.`;
  const lines = derivation.backward.map((step) => backwardLine(derivation, step));
  return ["## Backward: last stage first, what arrives times the local gradient", "", started, "", ...lines];
}

function backwardLine(derivation: Derivation, step: BackwardStep): string {
  const { number, adjoint, grows, upstream, stage, target } = step;
  const product = `${upstream} * ∂${stage}/∂${target}`;
  return `(${number}) ${adjoint} ${grows ? "+=" : "="} ${product} = ${show(derivation, step.value)}`;
}

function resultSection(derivation: Derivation): string[] {
  const lines = derivation.results.map(({ input, gradient }) => {
    const value = gradient === undefined ? "0" : (derivation.nameOf(gradient) ?? show(derivation, gradient));
    return `∂${derivation.name}/∂${input} = ${value}`;
  });
  return lines.length === 0 ? [] : ["## Result", "", ...lines];
}

/** A node over the names of stages; a stage's own node is written out only where asked. */
function show(derivation: Derivation, node: Node, writtenOut = false): string {
  const name = writtenOut ? undefined : derivation.nameOf(node);
  return name ?? infix(node, WIDEST, derivation.nameOf) ?? "...";
}
