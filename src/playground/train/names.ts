// What the networks in training are called on the page.

import { hiddenLayersOf } from "./spec.ts";
import type { NetworkFacts } from "./messages.ts";
import type { TrainingState } from "./state.ts";
import { specsOf } from "./page.ts";

/** How people write activations that the specs write otherwise. */
const SPELLINGS: Readonly<Record<string, string>> = { relu: "ReLU", leakyRelu: "leaky ReLU", elu: "ELU", gelu: "GELU" };

/** By their activations where that tells them apart, else by the names of their specs, else first and second. */
export function namesOf(state: TrainingState, networks: readonly Pick<NetworkFacts, "name">[]): readonly string[] {
  const activations = specsOf(state).map((spec) => hiddenLayersOf(spec)?.activation ?? "");
  const names = networks.map(({ name }) => name);
  if (activations.length > 1 && areApart(activations))
    return activations.map((activation) => SPELLINGS[activation] ?? activation);
  return areApart(names) ? names : names.map((_, at) => ["first network", "second network"][at]!);
}

function areApart(names: readonly string[]): boolean {
  return names.every((name, at) => name !== "" && names.indexOf(name) === at);
}
