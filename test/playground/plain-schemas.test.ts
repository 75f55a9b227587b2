// What reads network specs never tries to run text as code, not even to find out whether it may.

import { expect, test, vi } from "vitest";
import { createReporter } from "../../src/diagnostics/report.ts";

test("the readers of specs make no function from text", async () => {
  const made = vi.fn();
  vi.stubGlobal(
    "Function",
    new Proxy(Function, {
      construct(target, args: string[]) {
        made(...args);
        return Reflect.construct(target, args) as object;
      },
    }),
  );
  await import("../../src/playground/worker/plain-schemas.ts");
  const { parseNetworkSource } = await import("../../src/frontends/network/network.ts");
  const text = "input: [batch, 2]\nlayers:\n  - dense: 1\nloss: mse\noptimizer: { sgd: { rate: 0.1 } }\n";
  const network = parseNetworkSource({ name: "a.net.yaml", text }, createReporter());
  vi.unstubAllGlobals();
  expect(network?.parameters).toHaveLength(2);
  expect(made).not.toHaveBeenCalled();
});
