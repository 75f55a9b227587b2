// Gradients that the user gives and nobody asked for: by data, where the source is differentiated by its parameters. They are held against
// differences of the user's own value.

import { adjointFor, differentiated } from "./calls.ts";
import { createGradients } from "./gradients.ts";
import { createProbe, type Outlet } from "./probe.ts";
import { assignRoles, type Adjoint } from "./roles.ts";
import { lastValues, type Run, type Trial } from "./trial.ts";
import type { Truth } from "./truth.ts";

export interface ExtrasRequest {
  readonly trial: Trial;
  readonly truth: Truth;
  readonly runs: readonly Run[];
  readonly outlet: Outlet;
  readonly valueVariable: string | undefined;
}

/** The wrong ones; nothing is run where there are no extras at all. */
export function wrongExtras({ trial, truth, runs, outlet, valueVariable }: ExtrasRequest): Adjoint[] {
  const asked = new Set(differentiated(truth).map(({ name }) => name));
  const isExtra = (input: string | undefined): boolean =>
    input !== undefined && !asked.has(input) && truth.inputs.some(({ name, dtype }) => name === input && dtype === "real");
  const names = [...lastValues(trial, runs[0]!).keys()];
  if (!names.some((name) => isExtra(adjointFor(name, trial.names)))) return [];
  const probe = createProbe(trial, truth.points, runs, outlet);
  const roles = assignRoles(probe, valueVariable);
  const gradients = createGradients(probe, roles);
  return roles.adjoints.filter(
    (adjoint) => isExtra(adjoint.input) && gradients.gradientOf(adjoint.of) !== undefined && !gradients.isRight(adjoint),
  );
}
