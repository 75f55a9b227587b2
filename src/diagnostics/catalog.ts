// Every message a user can see: its code, severity, text and explanation. `{name}` marks what report() fills in.
// Codes never change meaning. 10xx reading, 11xx names and calls, 12xx values and derivatives, 13xx options, 20xx output, 30xx verification.

export type Severity = "error" | "warning" | "note";

export interface CatalogEntry {
  readonly severity: Severity;
  readonly text: string;
  /** Why it matters and what to do, for the error table and `--help`-like output. */
  readonly explanation: string;
}

export const catalog = {
  WG1001: {
    severity: "error",
    text: "{detail}",
    explanation: "The text is not an expression in mathjs syntax. The frame shows where reading stopped.",
  },
  WG1101: {
    severity: "error",
    text: "there is no function '{name}'",
    explanation: "`gen ops` lists the functions; a function of your own must be defined above its use.",
  },
} as const satisfies Record<string, CatalogEntry>;

export type DiagnosticCode = keyof typeof catalog;
