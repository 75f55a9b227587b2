// One name in the place of another.

import type { Case, Edit } from "../case.ts";
import type { Explained } from "./types.ts";
import { mentionsIn } from "../case.ts";
import { agreeEverywhere, isUnit, product } from "../per-point.ts";
import { namesRead } from "../syntax.ts";

/** Another name in the place of one on the right. */
export function anotherName(wrong: Case): Explained | undefined {
  const { write, roles, adjoint, contributions } = wrong;
  if (write.right === undefined) return undefined;
  const gradients = roles.adjoints.filter(({ isResult, name }) => !isResult && name !== adjoint.name).map(({ name }) => name);
  const stages = [...roles.stages.keys()];
  const mentions = mentionsIn(write.right).filter(({ isCallee }) => !isCallee);
  const arriving = gradients.filter((name) =>
    roles.adjoints.some((each) => each.name === name && contributions.some(({ stage }) => stage === each.of)),
  );
  for (const mention of mentions.filter(({ name }) => stages.includes(name))) {
    for (const gradient of arriving) {
      const edits: Edit[] = [{ start: mention.start, end: mention.end, text: gradient }];
      if (!wrong.solves(edits)) continue;
      return {
        explanation: `${mention.name} stands where ${gradient} belongs: what comes back is the gradient of a stage, not its value`,
        nudge: `Which stage reads ${adjoint.of}, and what arrives at it from above?`,
        edits,
      };
    }
  }
  for (const mention of mentions) {
    const isGradient = gradients.includes(mention.name);
    const candidates = isGradient ? gradients : stages.includes(mention.name) ? stages : [];
    for (const candidate of candidates) {
      if (candidate === mention.name) continue;
      const everywhere = mentions
        .filter(({ name }) => name === mention.name)
        .map(({ start, end }): Edit => ({ start, end, text: candidate }));
      const once: Edit[] = [{ start: mention.start, end: mention.end, text: candidate }];
      const edits = [once, everywhere].find((each) => wrong.solves(each));
      if (edits === undefined) continue;
      if (isGradient) return { ...wrongUpstream(mention.name, candidate, adjoint.of), edits };
      return { ...nameExchange(mention.name, candidate, { contributions, adjoint }), edits };
    }
  }
  return undefined;
}

/** wanted · r = got · q: r stands where q should; only what is mentioned on the line can stand there. */
export function exchanged(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint, write } = wrong;
  const known = wrong.quantities().filter(({ values }) => !isUnit(values));
  const mentioned = namesRead(write.right ?? write.node);
  for (const wrongOne of known.filter(({ text }) => mentioned.has(text))) {
    for (const right of known) {
      if (right === wrongOne || right.kind !== wrongOne.kind) continue;
      const [left, other] = [product(wanted, wrongOne.values), product(got, right.values)];
      if (left === undefined || other === undefined || !agreeEverywhere(left, other)) continue;
      if (right.kind !== "gradient") return nameExchange(wrongOne.text, right.text, { contributions, adjoint });
      const isArriving = contributions.some(({ upstream: values }) => values === right.values);
      if (isArriving) return wrongUpstream(wrongOne.text, right.text, adjoint.of);
    }
  }
  return undefined;
}

function wrongUpstream(wrongOne: string, right: string, variable: string): Explained {
  return {
    name: "wrong-upstream",
    explanation: `the gradient of the wrong stage comes in: ${wrongOne} stands where ${right} belongs`,
    nudge: `Which stage reads ${variable}? Its gradient is what arrives here.`,
  };
}

function nameExchange(
  wrongOne: string,
  right: string,
  { contributions, adjoint }: Pick<Case, "contributions" | "adjoint">,
): Explained {
  const stages = new Set(contributions.map(({ stage }) => stage));
  if (stages.has(wrongOne) && right === adjoint.of)
    return {
      name: "output-for-input",
      explanation: `the derivative is taken at the stage's output ${wrongOne}, and belongs at its input ${right}`,
      nudge: "At which value is this derivative to be evaluated: at what came in, or at what came out?",
    };
  if (wrongOne === adjoint.of && stages.has(right))
    return {
      name: "input-for-output",
      explanation: `this form of the derivative is in terms of the stage's output ${right}; here its input ${wrongOne} is put in`,
      nudge: "Is this formula for the derivative one of the input, or one of the output?",
    };
  return {
    name: wrongOne === adjoint.of ? "swapped-operands" : "wrong-variable",
    explanation:
      wrongOne === adjoint.of
        ? `${wrongOne} stands where ${right} belongs: the operands are swapped`
        : `${wrongOne} stands where ${right} belongs`,
    nudge: `Differentiate the stage by ${adjoint.of}: which variables are left?`,
  };
}
