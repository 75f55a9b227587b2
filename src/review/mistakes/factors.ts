// A factor too few or too many: the upstream gradient, a constant, a part of the local gradient.

import { operatorsIn, type Case, type Edit } from "../case.ts";
import type { Explained } from "./types.ts";
import type { PerPoint } from "../per-point.ts";
import { close, factorBetween, isProduct, isUnit } from "../per-point.ts";
import { endOf, namesRead, startOf } from "../syntax.ts";
import { seedParameter } from "../trial.ts";
import { timesEdit } from "./edits.ts";
import { formsOf } from "./forms.ts";

/** wanted = got times what arrives. */
export function upstream(wrong: Case): Explained | undefined {
  const { got, wanted, contributions } = wrong;
  for (const { stage, upstream: values } of contributions) {
    const arriving = wrong.quantities().find((quantity) => quantity.kind === "gradient" && quantity.values === values);
    if (arriving === undefined || !isProduct(got, arriving.values, wanted)) continue;
    return {
      explanation: `this is the local gradient alone: the chain rule multiplies it by what arrives from above, ${arriving.text}`,
      nudge: `How does the gradient that arrived at ${stage ?? "the next stage"} come into this line?`,
      ...timesEdit(wrong, arriving.text),
    };
  }
  return undefined;
}

export function constant(wrong: Case): Explained | undefined {
  const factors = factorBetween(wrong.wanted, wrong.got);
  return factors === undefined ? undefined : describeConstant(factors, wrong);
}

/** `-1/u` for `-1/u²`: wanted = got / u, where the forward pass divides by u. */
export function reciprocalSquare(wrong: Case): Explained | undefined {
  const { got, wanted, adjoint, forwardText } = wrong;
  const own = wrong.quantities().find(({ kind, text }) => kind === "stage" && text === adjoint.of);
  const isDivided = new RegExp(`/[^;]*\\b${escapeName(adjoint.of)}(?![\\w$])`).test(forwardText);
  if (own === undefined || !isDivided) return undefined;
  const inverse = own.values.map((each) => each && each.map((value) => 1 / value));
  if (!isProduct(got, inverse, wanted)) return undefined;
  const square = squaredDivisor(wrong);
  return {
    explanation: "the derivative of 1/u is -1/u²: the square is missing",
    nudge: "What is the derivative of u to the power -1?",
    ...(square === undefined ? timesEdit(wrong, `(1 / ${adjoint.of})`) : { edits: square }),
  };
}

/** `/ u` written as `/ u ** 2`. */
function squaredDivisor(wrong: Case): readonly Edit[] | undefined {
  const { write, text, adjoint } = wrong;
  const divisors = operatorsIn(write.right ?? write.node, text).filter(({ operator }) => operator === "/");
  for (const { node } of divisors) {
    const right = node.type === "BinaryExpression" ? node.right : undefined;
    if (right?.type !== "Identifier" || right.name !== adjoint.of) continue;
    const edits = [{ start: startOf(right), end: endOf(right), text: `${adjoint.of} ** 2` }];
    if (wrong.solves(edits)) return edits;
  }
  return undefined;
}

/** wanted = got · q, or got / q, for a q that local gradients are made of. */
export function factor(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint } = wrong;
  const nearest = (text: string): number => (text === adjoint.of ? 0 : contributions.some(({ stage }) => stage === text) ? 1 : 2);
  const stages = wrong.quantities().filter(({ kind }) => kind === "stage");
  const ranked = [...stages].sort((a, b) => nearest(a.text) - nearest(b.text));
  const nudge = `Write down the derivative of the stage that reads ${adjoint.of}, and count its factors.`;
  const written = namesRead(wrong.write.right ?? wrong.write.node);
  const open = ranked.find(({ text, values }) => written.has(text) && isProduct(wanted, values, got) && wanted.some(isZero));
  if (open !== undefined)
    return {
      name: "extra-factor",
      explanation: `the factor ${open.text} is one too many: what arrives goes through to ${adjoint.of} as it is, or not at all`,
      nudge: `Put numbers in for ${adjoint.of} on both sides of the gate: how much does the value change with it?`,
    };
  const forms = ranked.flatMap(formsOf);
  for (const { text, values } of forms) {
    if (isProduct(got, values, wanted))
      return { explanation: `the factor ${text} is missing in the local gradient`, nudge, ...timesEdit(wrong, `(${text})`) };
  }
  const surplus = forms.find(({ values }) => isProduct(wanted, values, got));
  if (surplus !== undefined && surplus.text === `${surplus.of} ** 2` && written.has(surplus.of))
    return { name: "wrong-operator", explanation: `${surplus.of} multiplies here, and should divide`, nudge };
  if (surplus !== undefined) return { name: "extra-factor", explanation: `the factor ${surplus.text} is one too many`, nudge };
  const gradients = wrong.quantities().filter(({ kind, values }) => kind === "gradient" && !isUnit(values));
  const extra = gradients.find(({ values }) => isProduct(wanted, values, got));
  if (extra === undefined || !namesRead(wrong.write.right ?? wrong.write.node).has(extra.text)) return undefined;
  return {
    name: "extra-factor",
    explanation: `the upstream gradient ${extra.text} is one too many`,
    nudge: "Each stage multiplies what arrives at it once.",
  };
}

function isZero(each: readonly number[] | undefined): boolean {
  return each !== undefined && each.some((value) => value === 0);
}

function describeConstant(factors: PerPoint, wrong: Case): Explained | undefined {
  const values = factors.filter((each) => each !== undefined).map(([value]) => value!);
  const [first] = values;
  if (
    first === undefined ||
    values.length < 2 ||
    !values.every((value) => close(value, first)) ||
    close(first, 1) ||
    close(first, -1)
  )
    return undefined;
  const { trial } = wrong.probe;
  const seed =
    trial.subject.kind === "pair" && trial.seed !== 1 && close(first, trial.seed)
      ? seedParameter(trial.subject.backward)
      : undefined;
  if (seed !== undefined)
    return {
      name: "missing-upstream",
      explanation: `${seed}, the gradient that arrives at the value, is forgotten: the chain rule multiplies by it`,
      nudge: `What if ${seed} were 2: what would change in this line?`,
      ...timesEdit(wrong, seed),
    };
  const shown = Number(first.toPrecision(4));
  return {
    name: "constant-factor",
    explanation:
      Math.abs(first) > 1
        ? `a factor ${shown} is missing`
        : `this is ${Number((1 / first).toPrecision(4))} times too large: a factor ${shown} is missing`,
    nudge: "Does the derivative of this stage bring a constant with it, as the 2 of (u²)′ = 2u?",
    ...timesEdit(wrong, String(shown)),
  };
}

function escapeName(name: string): string {
  return name.replace(/\$/g, "\\$");
}
