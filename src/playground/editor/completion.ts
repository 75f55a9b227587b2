// Completes names while an expression is typed: functions with what they do and their gradient, inputs, stages. The table of functions is loaded
// when somebody types the first name.

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { OpRow } from "../../cli/op-rows.ts";

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Letters after which names are offered unasked. */
const ENOUGH = 2;

export const completion = autocompletion({ override: [complete], icons: false, maxRenderedOptions: 40 });

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(NAME);
  if (!context.explicit && (typed === null || typed.text.length < ENOUGH)) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (line.text.slice(0, context.pos - line.from).includes("#")) return null; // in a comment
  const { opRows } = await import("../../cli/op-rows.ts");
  const options = optionsFor(context.state.doc.toString(), opRows(), typed?.text ?? "");
  if (!context.explicit && options.some(({ label }) => label === typed?.text)) return null; // it is complete already, and Enter ends the line
  return { from: typed?.from ?? context.pos, options, validFor: /^[\p{ID_Continue}$]*$/u };
}

/** What the text declares and assigns, less the name being typed; then every function. */
export function optionsFor(text: string, rows: readonly OpRow[], typed: string): Completion[] {
  const own = [...declaredNames(text)].filter(([name]) => name !== typed || countOf(text, name) > 1);
  const taken = new Set(own.map(([name]) => name));
  const known = new Set<string>();
  const functions = rows.flatMap((row): Completion[] => {
    if (known.has(row.name) || taken.has(row.name) || !/^[a-z]\w*$/i.test(row.name)) return [];
    known.add(row.name);
    return [{ label: row.name, type: "function", detail: row.call.slice(row.name.length), info: tellOf(row), boost: -1 }];
  });
  return [...own.map(([label, detail]) => ({ label, detail, type: "variable" })), ...functions];
}

/** What it does, and its gradient or what it is short for. */
function tellOf({ doc, gradients, formula, aliases }: OpRow): string {
  const told = gradients.filter((text) => text !== "");
  const lines = [
    doc,
    formula === undefined ? "" : `= ${formula}`,
    ...told,
    told.some((text) => text.includes("adj")) ? "adj: the gradient that arrives" : "",
    aliases.length === 0 ? "" : `also ${aliases.join(", ")}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** Inputs, parameters of functions, and stages, each with what it is. */
function declaredNames(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.replace(/#.*/g, "").split(/[\n;]/)) {
    const declared = /^\s*(param|input|const)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(line);
    if (declared !== null) names.set(declared[2]!, declared[1]!);
    const assigned = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:\(([^)]*)\))?\s*=(?!=)/u.exec(line);
    if (assigned === null) continue;
    const parameters = (assigned[2] ?? "").split(",").map((name) => name.trim());
    names.set(assigned[1]!, assigned[2] === undefined ? "stage" : "function");
    parameters.filter((name) => NAME.test(name)).forEach((name) => names.set(name, "input"));
  }
  return names;
}

function countOf(text: string, name: string): number {
  return text.split(/[^\p{ID_Continue}$]+/u).filter((word) => word === name).length;
}
