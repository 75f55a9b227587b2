// What an entry in the table of mistakes is.

import type { Case, Edit } from "../case.ts";

export type MistakeName =
  | "not-a-number"
  | "overwritten"
  | "counted-twice"
  | "used-too-early"
  | "missing-contribution"
  | "sign"
  | "swapped-operands"
  | "missing-upstream"
  | "wrong-upstream"
  | "mask-missing"
  | "sign-missing"
  | "mask-inverted"
  | "mask-of-another"
  | "transposed"
  | "wrong-shape"
  | "missing-batch-sum"
  | "one-row"
  | "missing-one-hot"
  | "missing-mean"
  | "divided-twice"
  | "constant-factor"
  | "reciprocal-square"
  | "missing-factor"
  | "extra-factor"
  | "wrong-variable"
  | "output-for-input"
  | "input-for-output"
  | "wrong-operator"
  | "wrong-derivative"
  | "multiplied-paths"
  | "wrong-result"
  | "wrong-function"
  | "missing-function"
  | "extra-function"
  | "missing-parentheses"
  | "missing-term"
  | "missing-bias"
  | "constant-term"
  | "wrong-constant";

export interface Explained {
  readonly explanation: string;
  /** A question or a rule that leads on without giving the line away. */
  readonly nudge: string;
  readonly edits?: readonly Edit[];
  /** Where a general entry of the table has a more exact name. */
  readonly name?: MistakeName;
}

export interface Mistake {
  readonly name: MistakeName;
  /** The words for it where it explains the case, else undefined. */
  readonly applies: (wrong: Case) => Explained | undefined;
}
