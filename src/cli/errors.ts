// `gen errors [code...]`: the diagnostics and what to do about them.

import { catalog, type CatalogEntry } from "../diagnostics/catalog.ts";
import { toJson } from "../diagnostics/escape.ts";
import { EXIT, usageError } from "./exit.ts";
import type { Io } from "./io.ts";
import { table } from "./table.ts";

const entries: ReadonlyMap<string, CatalogEntry> = new Map(Object.entries(catalog));

export function listErrors(codes: readonly string[], { json }: { readonly json?: true }, io: Io): number {
  const chosen = choose(codes);
  if (json) io.stdout.write(`${toJson(chosen.map(([code, entry]) => ({ code, ...entry })))}\n`);
  else if (codes.length > 0) return explainErrors(codes, io);
  else
    io.stdout.write(
      `${table(
        ["code", "", "message"],
        chosen.map(([code, { severity, text }]) => [code, severity, text]),
      ).join("\n")}\n`,
    );
  return EXIT.good;
}

export function explainErrors(codes: readonly string[], io: Io): number {
  const blocks = choose(codes).map(
    ([code, { severity, text, explanation }]) => `${code} (${severity}): ${text}\n${explanation}\n`,
  );
  io.stdout.write(blocks.join("\n"));
  return EXIT.good;
}

function choose(codes: readonly string[]): [code: string, entry: CatalogEntry][] {
  if (codes.length === 0) return [...entries];
  return codes.map((given) => {
    const code = given.toUpperCase();
    const entry = entries.get(code);
    if (entry === undefined) throw usageError(`there is no diagnostic ${given}; \`gen errors\` lists them`);
    return [code, entry];
  });
}
