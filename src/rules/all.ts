// Every rule, by phase. Within a phase the first that applies wins, so larger forms stand before their parts.

import { algebra, cleanup } from "./algebra.ts";
import { exponential } from "./exponential.ts";
import { powers } from "./powers.ts";
import type { Phase, Rule } from "./rule.ts";
import { recognisedLosses, stability } from "./stability.ts";
import { tensorAlgebra, tensorCleanup } from "./tensor.ts";
import { tensorLosses } from "./tensor-losses.ts";

export interface PhasedRule extends Rule {
  readonly phase: Phase;
}

const phases: Readonly<Record<Phase, readonly Rule[]>> = {
  recognise: [...powers, ...exponential, ...recognisedLosses, ...tensorLosses],
  stabilise: stability,
  simplify: [...algebra, ...tensorAlgebra],
  cleanup: [...cleanup, ...tensorCleanup],
};

export const allRules: readonly PhasedRule[] = Object.entries(phases).flatMap(
  ([phase, rules]) => rules.map((rule) => ({ ...rule, phase: phase as Phase })), // the keys of `phases` are phases
);

/** For the forward pass, before differentiation. */
export const forwardRules: readonly PhasedRule[] = allRules;

/** For the staged style, which keeps the gates as they were written. */
export const gateRules: readonly PhasedRule[] = allRules.filter((rule) => rule.phase !== "cleanup");

/** For adjoints: nothing that would replace a forward value by another function of it. */
export const backwardRules: readonly PhasedRule[] = allRules.filter((rule) => rule.safety !== "stabilising");
