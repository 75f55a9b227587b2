// Diagnostics as data, and the collector that the phases report to. Knows nothing of terminals (see render.ts).

import type { Span } from "../core/span.ts";
import { catalog, type DiagnosticCode, type Severity } from "./catalog.ts";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span?: Span;
  /** What to write instead: "did you mean 'sigmoid'?" */
  readonly suggestion?: string;
}

export interface Reporter {
  /** Adds a diagnostic; `values` fill the `{names}` of the catalogue text. */
  report(
    code: DiagnosticCode,
    span: Span | undefined,
    values?: Readonly<Record<string, string | number>>,
    suggestion?: string,
  ): void;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
}

export function createReporter(): Reporter {
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    report(code, span, values = {}, suggestion) {
      const entry = catalog[code];
      const message = entry.text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
      diagnostics.push({
        code,
        severity: entry.severity,
        message,
        ...(span && { span }),
        ...(suggestion !== undefined && { suggestion }),
      });
    },
    get hasErrors() {
      return diagnostics.some((diagnostic) => diagnostic.severity === "error");
    },
  };
}
