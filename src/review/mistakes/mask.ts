// relu, max and their like: what decides where the gradient goes; and abs, what decides on its sign.

import { mentionsIn, type Case, type Edit } from "../case.ts";
import { close, flatten, isProduct, type PerPoint } from "../per-point.ts";
import { endOf, startOf, walk } from "../syntax.ts";
import { timesEdit } from "./edits.ts";
import type { Explained } from "./types.ts";

/** The upstream gradient goes through or it does not. */
export function mask(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint, forwardText } = wrong;
  const another = anotherCondition(wrong);
  if (another !== undefined) return another;
  const upstream = contributions[0]?.upstream ?? undefined;
  if (upstream === undefined) return undefined;
  const flat = flatten(got, wanted, upstream);
  if (flat === undefined) return undefined;
  const isThrough = flat.every(([, w, u]) => close(w, u) || close(w, 0));
  const isBlocked = flat.some(([, w, u]) => close(w, 0) && !close(u, 0));
  if (!isThrough || !isBlocked) return undefined;
  if (flat.every(([g, , u]) => close(g, u)))
    return {
      explanation: `the gradient passes everywhere; in the forward pass ${passage(forwardText, adjoint.of)}, elsewhere it is 0`,
      nudge: "Where the forward pass cuts the value off, nothing depends on it any more. What comes back from there?",
    };
  if (flat.every(([g, w, u]) => close(g + w, u)))
    return {
      name: "mask-inverted",
      explanation: `the condition is the wrong way round: the gradient goes where the forward pass took nothing from ${adjoint.of}`,
      nudge: "Put numbers in: which side did the forward pass take there?",
    };
  if (flat.every(([g, , u]) => close(g, u) || close(g, 0)))
    return {
      name: "mask-of-another",
      explanation: `the gradient is cut off in the wrong places: the condition must look at ${adjoint.of}, as the forward pass does`,
      nudge: "Which variable decided in the forward pass what went through?",
    };
  return undefined;
}

/** Where it goes through. */
function passage(forwardText: string, variable: string): string {
  if (/\bmax\s*\(\s*(0\s*,[^,()]*|[^,()]*,\s*0)\s*\)|relu/i.test(forwardText))
    return `it goes only through where ${variable} is positive`;
  if (/\bmax\s*\([^,]*,[^,]*\)/.test(forwardText) && !/\bmin\b/.test(forwardText)) return "it goes only through the larger side";
  if (/\bmin\s*\([^,]*,[^,]*\)/.test(forwardText) && !/\bmax\b/.test(forwardText)) return "it goes only through the smaller side";
  return `it goes only through where the value depends on ${variable}`;
}

/** `w > 0 ? d : 0` where z is what was cut off. */
function anotherCondition(wrong: Case): Explained | undefined {
  const { write, adjoint, text } = wrong;
  for (const mention of conditionNames(write.right ?? write.node)) {
    if (mention.name === adjoint.of) continue;
    const edits: Edit[] = [{ start: mention.start, end: mention.end, text: adjoint.of }];
    if (!wrong.solves(edits)) continue;
    return {
      name: "mask-of-another",
      explanation: `the condition looks at ${text.slice(mention.start, mention.end)}: ${adjoint.of} belongs there, which the forward pass cut off`,
      nudge: "Which variable decided in the forward pass what went through?",
      edits,
    };
  }
  return undefined;
}

function conditionNames(root: Parameters<typeof walk>[0]): ReturnType<typeof mentionsIn> {
  const tests: { readonly start: number; readonly end: number }[] = [];
  walk(root, (node) => {
    if (node.type === "ConditionalExpression" || node.type === "IfStatement")
      tests.push({ start: startOf(node.test), end: endOf(node.test) });
    if (node.type === "BinaryExpression" && /^[<>]=?$/.test(node.operator))
      tests.push({ start: startOf(node), end: endOf(node) });
  });
  return mentionsIn(root).filter(
    ({ start, end, isCallee }) => !isCallee && tests.some((test) => start >= test.start && end <= test.end),
  );
}

/** |u| falls where u is negative. */
export function signOfAbsolute(wrong: Case): Explained | undefined {
  const { got, wanted, adjoint, contributions, forwardText } = wrong;
  if (!/\babs\b/.test(forwardText)) return undefined;
  const values = wrong.quantities().find(({ kind, text }) => kind === "stage" && text === adjoint.of)?.values;
  const signs: PerPoint | undefined = values?.map((each) => each && each.map(Math.sign));
  if (signs === undefined) return undefined;
  const nudge = `Where ${adjoint.of} is negative, its absolute value falls as ${adjoint.of} grows. What is the slope there?`;
  if (isProduct(got, signs, wanted))
    return {
      explanation: `the sign of ${adjoint.of} is missing: the derivative of |${adjoint.of}| is 1 where ${adjoint.of} is positive and -1 where it is negative`,
      nudge,
      ...timesEdit(wrong, `Math.sign(${adjoint.of})`),
    };
  const upstream = contributions.length === 1 ? contributions[0]?.upstream : undefined;
  if (values === undefined || upstream === undefined) return undefined;
  if (!isProduct(upstream, signs, wanted) || !isProduct(upstream, values, got)) return undefined;
  return {
    name: "extra-factor",
    explanation: `${adjoint.of} itself is not the derivative of |${adjoint.of}|: that is its sign, 1 or -1`,
    nudge,
  };
}
