// A factor too few or too many: the upstream gradient, a constant, a part of the local gradient.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import type { PerPoint } from "../per-point.ts";
import { close, factorBetween, isProduct, isUnit } from "../per-point.ts";
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

/** wanted = got · q, or got / q, for a q that local gradients are made of. */
export function factor(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint, forwardText } = wrong;
  const nearest = (text: string): number => (text === adjoint.of ? 0 : contributions.some(({ stage }) => stage === text) ? 1 : 2);
  const stages = wrong.quantities().filter(({ kind }) => kind === "stage");
  const ranked = [...stages].sort((a, b) => nearest(a.text) - nearest(b.text));
  const nudge = `Write down the derivative of the stage that reads ${adjoint.of}, and count its factors.`;
  const forms = ranked.flatMap(formsOf);
  for (const { text, of, values, isInverse } of forms) {
    if (isProduct(got, values, wanted)) {
      const isSquare = isInverse && new RegExp(`/[^;]*\\b${escapeName(of)}(?![\\w$])`).test(forwardText);
      if (isSquare)
        return {
          name: "reciprocal-square",
          explanation: "the derivative of 1/u is -1/u²: the square is missing",
          nudge: "What is the derivative of u to the power -1?",
          ...timesEdit(wrong, `(${text})`),
        };
      return { explanation: `the factor ${text} is missing in the local gradient`, nudge, ...timesEdit(wrong, `(${text})`) };
    }
  }
  const surplus = forms.find(({ values }) => isProduct(wanted, values, got));
  if (surplus !== undefined) return { name: "extra-factor", explanation: `the factor ${surplus.text} is one too many`, nudge };
  const gradients = wrong.quantities().filter(({ kind, values }) => kind === "gradient" && !isUnit(values));
  const extra = gradients.find(({ values }) => isProduct(wanted, values, got));
  if (extra === undefined) return undefined;
  return {
    name: "extra-factor",
    explanation: `the upstream gradient ${extra.text} is one too many`,
    nudge: "Each stage multiplies what arrives at it once.",
  };
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
