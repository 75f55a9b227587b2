// The table of what sources may call, as rows: `gen ops` prints it, the playground's editor completes from it. Reads tables only; no parser is loaded.

import { builtins } from "../frontends/expression/functions.ts";
import { tensorFunctions } from "../frontends/expression/tensor-functions.ts";
import { definitions } from "../ops/definitions.ts";
import { ops } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

export interface OpRow {
  readonly name: string;
  readonly family: string;
  readonly aliases: readonly string[];
  /** `max(x, ...)`. */
  readonly call: string;
  /** Per parameter: the local gradient, or what the parameter receives, in terms of `adj`. Empty for a definition. */
  readonly gradients: readonly string[];
  /** What a definition is written out as. */
  readonly formula: string | undefined;
  /** Equations that hold on its kinks and jumps. */
  readonly kinks: readonly string[];
  readonly doc: string;
}

/** Everything a user may call. */
export function opRows(): OpRow[] {
  const tabled = tabledRows();
  const known = new Set(tabled.flatMap(({ name, aliases }) => [name, ...aliases]));
  const others = [...builtins].filter(([name]) => !known.has(name));
  return [...tabled, ...others.map(([name, { minimum, maximum }]) => otherRow(name, minimum, maximum)), ...tensorRows()];
}

/** What functions do with tensors; all others act on each element. */
function tensorRows(): OpRow[] {
  return [...tensorFunctions].map(([name, { minimum, maximum }]): OpRow => {
    const op = tensorOps.get(TENSOR_OPS[name] ?? name);
    const params = ["A", "B"].slice(0, minimum).join(", ") + (maximum > minimum ? ", ..." : "");
    const gradients = op?.identity === undefined ? [] : [op.identity];
    const doc = op?.doc ?? "as in mathjs";
    return { name, family: "tensors", aliases: [], call: `${name}(${params})`, gradients, formula: undefined, kinks: [], doc };
  });
}

/** Functions whose op has another name. */
const TENSOR_OPS: Readonly<Record<string, string>> = {
  multiply: "contract",
  einsum: "contract",
  dot: "contract",
  outer: "contract",
  max: "reduceMax",
  min: "reduceMin",
  logsumexp: "logSumExp",
  lusolve: "solve",
  log_softmax: "logSoftmax",
  logsoftmax: "logSoftmax",
  softmax_cross_entropy: "crossEntropy",
  diag: "diagonal",
  ctranspose: "transpose",
};

function tabledRows(): OpRow[] {
  const gates = [...ops.values()].filter((op) => op.internal !== true);
  return [
    ...gates.map((op): OpRow => {
      const texts = op.pullback ?? op.derivative ?? [];
      return {
        name: op.name,
        family: op.family,
        aliases: op.aliases ?? [],
        call: `${op.name}(${op.variadic ? `${op.params[0]}, ...` : op.params.join(", ")})`,
        gradients: op.params.map((param, index) => gradientText(param, texts[index] ?? null, op.pullback !== undefined)),
        formula: undefined,
        kinks: (op.kinks ?? []).map((formula) => `${formula.replace("roundHalfUp", "round")} = 0`),
        doc: op.doc,
      };
    }),
    ...Object.entries(definitions).map(([name, definition]): OpRow => {
      const { params, defaults = {}, formula, doc, aliases = [] } = definition;
      const shown = params.map((param) => (Object.hasOwn(defaults, param) ? `${param} = ${defaults[param]}` : param));
      return { name, family: "formulas", aliases, call: `${name}(${shown.join(", ")})`, gradients: [], formula, kinks: [], doc };
    }),
  ];
}

/** Names that stand for several gates, `mean` for a sum and a quotient. */
function otherRow(name: string, minimum: number, maximum: number): OpRow {
  const params = ["x", "y"].slice(0, minimum).join(", ") + (maximum > minimum ? ", ..." : "");
  const doc = "as in mathjs, written out";
  return { name, family: "others", aliases: [], call: `${name}(${params})`, gradients: [], formula: undefined, kinks: [], doc };
}

function gradientText(param: string, text: string | null, includesAdjoint: boolean): string {
  if (text === null) return "";
  if (text === "0" || includesAdjoint) return `d${param} = ${text}`;
  if (text === "1" || text === "-1") return `d${param} = ${text.replace("1", "adj")}`;
  return `d${param} = ${/ [-+?] /.test(text) ? `(${text})` : text} * adj`;
}
