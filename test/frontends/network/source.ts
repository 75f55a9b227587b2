// Helpers for the tests of the network front end: read a spec, list what was said about it.

import type { Diagnostic } from "../../../src/diagnostics/report.ts";
import { createLocator } from "../../../src/diagnostics/locate.ts";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../../src/frontends/network/network.ts";
import type { SourceNetwork } from "../../../src/frontends/network/source.ts";

export interface Read {
  readonly network: SourceNetwork | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function read(text: string, name = "test.net.yaml"): Read {
  const reporter = createReporter();
  const network = parseNetworkSource({ name, text }, reporter);
  return { network, diagnostics: reporter.diagnostics };
}

/** The network of a spec without mistakes. */
export function networkOf(text: string, name?: string): SourceNetwork {
  const { network, diagnostics } = read(text, name);
  if (network === undefined) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return network;
}

/** `code line:column` of each diagnostic, in the order of the text. */
export function complaints(text: string): string[] {
  const locate = createLocator(text);
  return [...read(text).diagnostics]
    .sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1))
    .map(({ code, span }) => {
      if (span === undefined) return `${code} nowhere`;
      const { line, column } = locate(span.start);
      return `${code} ${line}:${column}`;
    });
}
