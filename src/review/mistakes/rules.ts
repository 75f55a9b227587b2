// Derivatives of well-known functions that are remembered wrongly: by the numbers at every point it is this one that was put in.

import type { CallExpression, Node } from "@babel/types";
import type { Case } from "../case.ts";
import { close } from "../per-point.ts";
import { bare, endOf, startOf, walk } from "../syntax.ts";
import type { Explained } from "./types.ts";

interface Misremembered {
  readonly apply: (u: number) => number;
  readonly text: (u: string) => string;
}

interface Rule {
  readonly derivative: (u: number) => number;
  readonly text: (u: string) => string;
  readonly mistaken: readonly Misremembered[];
}

const itself = (apply: (u: number) => number, name: string): Misremembered => ({ apply, text: (u) => `Math.${name}(${u})` });

const RULES: Readonly<Record<string, Rule>> = {
  exp: {
    derivative: Math.exp,
    text: (u) => `exp(${u}) itself`,
    mistaken: [
      { apply: (u) => u * Math.exp(u - 1), text: (u) => `${u} exp(${u} - 1) (the rule for powers)` },
      { apply: (u) => u * Math.exp(u), text: (u) => `${u} exp(${u})` },
      { apply: (u) => Math.exp(u - 1), text: (u) => `exp(${u} - 1)` },
      { apply: (u) => 1 / Math.exp(u), text: (u) => `1 / exp(${u})` },
    ],
  },
  log: {
    derivative: (u) => 1 / u,
    text: (u) => `1/${u}`,
    mistaken: [
      { apply: (u) => Math.log(1 / u), text: (u) => `log(1/${u})` },
      itself(Math.log, "log"),
      { apply: (u) => Math.exp(u), text: (u) => `exp(${u})` },
    ],
  },
  sin: {
    derivative: Math.cos,
    text: (u) => `cos(${u})`,
    mistaken: [itself(Math.sin, "sin"), { apply: (u) => -Math.sin(u), text: (u) => `-sin(${u})` }],
  },
  cos: { derivative: (u) => -Math.sin(u), text: (u) => `-sin(${u})`, mistaken: [itself(Math.cos, "cos")] },
  sqrt: {
    derivative: (u) => 0.5 / Math.sqrt(u),
    text: (u) => `1 / (2 sqrt(${u}))`,
    mistaken: [itself(Math.sqrt, "sqrt"), { apply: (u) => 1 / (2 * u), text: (u) => `1 / (2 ${u})` }],
  },
  tanh: {
    derivative: (u) => 1 - Math.tanh(u) ** 2,
    text: (u) => `1 - tanh(${u})²`,
    mistaken: [
      itself(Math.tanh, "tanh"),
      { apply: (u) => 1 - Math.tanh(u), text: (u) => `1 - tanh(${u})` },
      { apply: (u) => Math.tanh(u) * (1 - Math.tanh(u)), text: (u) => `tanh(${u}) (1 - tanh(${u})) (the form of the sigmoid's)` },
    ],
  },
};

/** The reciprocal has no name in code: 1 / u. */
const RECIPROCAL: Rule = {
  derivative: (u) => -1 / (u * u),
  text: (u) => `-1/${u}²`,
  mistaken: [
    itself(Math.log, "log"),
    { apply: (u) => 1 / u, text: (u) => `1/${u}` },
    { apply: (u) => -1 / (2 * u), text: (u) => `-1 / (2 ${u})` },
  ],
};

export function misremembered(wrong: Case): Explained | undefined {
  const { adjoint, contributions } = wrong;
  const [contribution] = contributions;
  if (contributions.length !== 1 || contribution?.upstream === undefined) return undefined;
  const values = wrong.quantities().find(({ kind, text }) => kind === "stage" && text === adjoint.of)?.values;
  const found = ruleAt(contribution.read.statement, wrong);
  if (found === undefined || values === undefined) return undefined;
  const { rule, name } = found;
  const { upstream } = contribution;
  const gives = (apply: (u: number) => number, given: Case["got"]): boolean => {
    let seen = 0;
    const isAlike = given.every((each, point) => {
      const [own, arriving] = [values[point], upstream[point]];
      if (each === undefined || own === undefined || arriving === undefined) return true;
      if (each.length !== own.length) return false;
      seen += each.length;
      return each.every((value, index) => alike(value, apply(own[index]!) * arriving[arriving.length === 1 ? 0 : index]!));
    });
    return isAlike && seen > 1;
  };
  if (!gives(rule.derivative, wrong.wanted)) return undefined;
  const mistaken = rule.mistaken.find(({ apply }) => gives(apply, wrong.got));
  if (mistaken === undefined) return undefined;
  return {
    explanation: `${mistaken.text(adjoint.of)} is not the derivative of ${name}: that is ${rule.text(adjoint.of)}`,
    nudge: `Look up the derivative of ${name}: it is in every table.`,
  };
}

function alike(a: number, b: number): boolean {
  return (Number.isNaN(a) && Number.isNaN(b)) || close(a, b);
}

/** The function of the variable that the statement takes, where there is one only. */
function ruleAt(statement: Node, { adjoint, text }: Case): { readonly rule: Rule; readonly name: string } | undefined {
  const found: { rule: Rule; name: string }[] = [];
  const isVariable = (node: Node | undefined): boolean => {
    if (node === undefined) return false;
    const inner = bare(node);
    return inner.type === "Identifier" && inner.name === adjoint.of;
  };
  walk(statement, (node) => {
    const called = node.type === "CallExpression" && isVariable(node.arguments[0]) ? nameCalled(node, text) : undefined;
    if (called !== undefined && Object.hasOwn(RULES, called))
      found.push({ rule: RULES[called]!, name: `${called}(${adjoint.of})` });
    if (
      node.type === "BinaryExpression" &&
      node.operator === "/" &&
      isVariable(node.right) &&
      node.left.type === "NumericLiteral"
    )
      found.push({ rule: RECIPROCAL, name: `1/${adjoint.of}` });
  });
  return found.length === 1 ? found[0] : undefined;
}

function nameCalled({ callee }: CallExpression, text: string): string | undefined {
  return /^Math\.(\w+)$/.exec(text.slice(startOf(callee), endOf(callee)))?.[1];
}
