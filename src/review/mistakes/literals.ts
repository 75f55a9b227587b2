// A number on the line that should be another, and factors on it that are too many: found by writing the line otherwise.

import type { BinaryExpression, Node } from "@babel/types";
import type { Case, Edit } from "../case.ts";
import { factorBetween } from "../per-point.ts";
import { endOf, startOf, walk } from "../syntax.ts";
import type { Explained } from "./types.ts";

const NUMBERS = [1, 2, 3, 4, 0.5, 0, -1];

/** `3 * u` for `2 * u`. */
export function wrongConstant(wrong: Case): Explained | undefined {
  const { text, write } = wrong;
  const literals: { readonly value: number; readonly start: number; readonly end: number }[] = [];
  walk(write.right ?? write.node, (node) => {
    if (node.type === "MemberExpression" && node.computed) return false; // an index
    if (node.type === "NumericLiteral") literals.push({ value: node.value, start: startOf(node), end: endOf(node) });
    return undefined;
  });
  const factor = constantFactor(wrong);
  for (const { value, start, end } of literals) {
    if (value === 1 && factor !== undefined) continue; // of 1 / u a factor is missing, and not the 1 wrong
    const scaled = factor === undefined ? [] : [value * factor, value / factor].map((each) => Number(each.toPrecision(6)));
    for (const other of [...scaled, ...NUMBERS]) {
      if (other === value || !Number.isFinite(other)) continue;
      const edits = [{ start, end, text: other < 0 ? `(${other})` : String(other) }];
      if (!wrong.solves(edits)) continue;
      return {
        explanation: `the ${text.slice(start, end)} should be ${other}`,
        nudge: "Differentiate the stage once more, and watch the number that comes down.",
        edits,
      };
    }
  }
  return undefined;
}

/** The one number that the line is off by. */
function constantFactor({ wanted, got }: Case): number | undefined {
  const factors = (factorBetween(wanted, got) ?? []).flatMap((each) => each ?? []);
  const [first] = factors;
  return first !== undefined && factors.every((each) => Math.abs(each / first - 1) < 1e-5) ? first : undefined;
}

/** Something is multiplied, or divided by, that does not belong there: without it the line is right. */
export function surplusFactor(wrong: Case): Explained | undefined {
  const { write, text, roles } = wrong;
  const gradients = new Set(roles.adjoints.map(({ name }) => name));
  for (const { node, dropped } of factorsOf(write.right ?? write.node)) {
    const edits = [without(node, dropped)];
    if (!wrong.solves(edits)) continue;
    const factor = text.slice(startOf(dropped), endOf(dropped));
    return {
      explanation:
        node.operator === "/"
          ? `the division by ${factor} is one too many`
          : `the ${gradients.has(factor) ? "gradient" : "factor"} ${factor} is one too many`,
      nudge: "Write down what arrives and the derivative of the stage: which factors of this line are neither?",
      edits,
    };
  }
  return undefined;
}

/** Two gradients that come back on different ways, multiplied with each other. */
export function multipliedPaths({ write, contributions, roles, text }: Case): Explained | undefined {
  if (new Set(contributions.map(({ stage }) => stage)).size < 2) return undefined;
  const arriving = new Set(
    roles.adjoints.filter(({ of }) => contributions.some(({ stage }) => stage === of)).map(({ name }) => name),
  );
  const factors = new Set<string>();
  walk(write.right ?? write.node, (node) => {
    if (node.type !== "BinaryExpression" || node.operator !== "*") return;
    for (const side of factorsIn(node)) {
      const name = text.slice(startOf(side), endOf(side));
      if (arriving.has(name)) factors.add(name);
    }
  });
  if (factors.size < 2) return undefined;
  return {
    explanation: `${[...factors].join(" and ")} come back on different ways: each is multiplied by its own local gradient, and the products are added, not multiplied`,
    nudge: "What happens to gradients where a variable forks?",
  };
}

/** What a product is made of. */
function factorsIn(node: Node): Node[] {
  return node.type === "BinaryExpression" && node.operator === "*" ? [...factorsIn(node.left), ...factorsIn(node.right)] : [node];
}

interface Factor {
  readonly node: BinaryExpression;
  readonly dropped: Node;
}

function factorsOf(root: Node): Factor[] {
  const found: Factor[] = [];
  walk(root, (node) => {
    if (node.type !== "BinaryExpression") return;
    if (node.operator === "*") found.push({ node, dropped: node.left }, { node, dropped: node.right });
    if (node.operator === "/") found.push({ node, dropped: node.right });
  });
  return found.filter(({ dropped }) => dropped.type !== "BinaryExpression");
}

function without(node: BinaryExpression, dropped: Node): Edit {
  return dropped === node.left
    ? { start: startOf(node.left), end: startOf(node.right), text: "" }
    : { start: endOf(node.left), end: endOf(node.right), text: "" };
}
