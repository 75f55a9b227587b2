import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 60_000,
    maxWorkers: "100%", // by default one core is left alone, half of a small machine
    coverage: { provider: "v8", include: ["src/**", "templates/**"] },
  },
});
