// The verified compilation of what is being trained: slower than the one that training starts with, so it runs beside it.

import { compileNetwork } from "../../compiler/network-source.ts";

/** What the check says of one network. */
export interface Verdict {
  readonly status: "passed" | "failed" | "skipped";
  /** The code with its verified header. */
  readonly code: string;
  /** One sentence. */
  readonly text: string;
}

export function checkNetwork(text: string): Verdict {
  const { ok, code, verification, diagnostics } = compileNetwork(text, { name: "network.net.yaml" });
  const { status, points, maxRelativeError } = verification;
  if (status === "passed" && ok) {
    const error = maxRelativeError.toExponential(0);
    return {
      status,
      code,
      text: `Gradients checked against central differences at ${points} points: largest relative error ${error}.`,
    };
  }
  const problem = diagnostics.find(({ severity }) => severity === "error")?.message;
  return { status: ok ? "skipped" : "failed", code, text: problem ?? "There was nothing to check." };
}
