// `gen ops`, `gen rules`: the tables of what the compiler knows. They read tables only; no parser is loaded.

import { toJson } from "../diagnostics/escape.ts";
import { builtins } from "../frontends/expression/functions.ts";
import { tensorFunctions } from "../frontends/expression/tensor-functions.ts";
import { definitions } from "../ops/definitions.ts";
import { ops } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { EXIT } from "./exit.ts";
import type { Io } from "./io.ts";
import { table } from "./table.ts";

export interface ListingFlags {
  readonly json?: true;
}

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

export function listOps({ json }: ListingFlags, io: Io): number {
  const rows = opRows();
  if (json) io.stdout.write(`${toJson(rows)}\n`);
  else io.stdout.write(`${opLines(rows).join("\n")}\n`);
  return EXIT.good;
}

function opLines(rows: readonly OpRow[]): string[] {
  const families = [...new Set(rows.map((row) => row.family))];
  const lines = families.flatMap((family) => {
    const cells = rows.filter((row) => row.family === family).map(opCells);
    return [
      `${family}:`,
      ...table(["", "", "", ""], cells)
        .slice(1)
        .map((line) => `  ${line}`),
      "",
    ];
  });
  return [
    "adj: the gradient that arrives; out: the function's own result. dx: what the argument x receives.",
    "Operators: + - * / ^ mod, comparisons, and or not, condition ? x : y. Constants: pi, e, tau.",
    "",
    ...lines.slice(0, -1),
  ];
}

function opCells({ call, aliases, gradients, formula, kinks, doc }: OpRow): string[] {
  const gradient = formula === undefined ? gradients.filter((text) => text !== "").join("; ") : `= ${formula}`;
  const kink = kinks.length === 0 ? "" : `   [kink: ${kinks.join(", ")}]`;
  return [call, aliases.join(", "), doc, gradient + kink];
}

export async function listRules({ json }: ListingFlags, io: Io): Promise<number> {
  const { allRules } = await import("../rules/all.ts");
  const rows = allRules.map(({ name, phase, safety, text, why, when }) => ({ name, phase, safety, text, why, when }));
  if (json) io.stdout.write(`${toJson(rows)}\n`);
  else io.stdout.write(`${ruleLines(rows).join("\n")}\n`);
  return EXIT.good;
}

interface RuleRow {
  readonly name: string;
  readonly phase: string;
  readonly safety: string;
  readonly text: string;
  readonly why: string;
  readonly when: Readonly<Record<string, readonly string[]>>;
}

const CLASSES = [
  "exact: the same bits for every input",
  "rounding: the same real function, rounded otherwise",
  "stabilising: the same real function, over a larger range or with fewer digits lost",
  "domain: only where its condition is proved from declared domains",
];

function ruleLines(rows: readonly RuleRow[]): string[] {
  const lines = rows.flatMap(({ name, safety, text, why, when }) => {
    const conditions = Object.entries(when).map(([subject, properties]) => `${subject} ${properties.join(" and ")}`);
    return [`${name} (${safety})`, `  ${text}${conditions.length === 0 ? "" : `    if ${conditions.join(", ")}`}`, `  ${why}`];
  });
  return [...CLASSES, "", ...lines];
}
