// `gen ops`, `gen rules`: the tables of what the compiler knows. They read tables only; no parser is loaded.

import { toJson } from "../diagnostics/escape.ts";
import { EXIT } from "./exit.ts";
import type { Io } from "./io.ts";
import { opRows, type OpRow } from "./op-rows.ts";
import { table } from "./table.ts";

export interface ListingFlags {
  readonly json?: true;
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
