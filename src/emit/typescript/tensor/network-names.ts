// What the functions and types of a network's module are called.

import { capitalise, type NameAllocator } from "../../../core/words.ts";

export interface NetworkNames {
  readonly init: string;
  readonly initState: string;
  readonly forward: string;
  readonly backward: string;
  readonly grad: string;
  readonly predict: string;
  readonly step: string;
  readonly optimizer: string;
  readonly check: string;
  /** Types. */
  readonly params: string;
  readonly gradients: string;
  readonly state: string;
  readonly forwardType: string;
  readonly gradType: string;
  readonly optimizerType: string;
}

export function nameNetwork(name: string, module: NameAllocator): NetworkNames {
  const own = (suffix: string): string => module.allocate(name + suffix);
  const type = (suffix: string): string => module.allocate(capitalise(name) + suffix + (capitalise(name) === name ? "Type" : ""));
  return {
    init: own("Init"),
    initState: own("InitState"),
    forward: own("Forward"),
    backward: own("Backward"),
    grad: own("Grad"),
    predict: own("Predict"),
    step: own("Step"),
    optimizer: own("Optimizer"),
    check: module.allocate(`check${capitalise(name)}`),
    params: type("Params"),
    gradients: type("Gradients"),
    state: type("State"),
    forwardType: type("Forward"),
    gradType: type("Grad"),
    optimizerType: type("Optimizer"),
  };
}
