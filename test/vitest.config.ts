import { configDefaults, defineConfig } from "vitest/config";

/** What forbids to run text, or counts what a module does when it is loaded, needs modules of its own. */
const ALONE = [
  "test/inline/**/*.test.ts",
  "test/interpreter/forbidden.test.ts",
  "test/playground/plain-schemas.test.ts",
  "test/playground/train-session.test.ts",
];

export default defineConfig({
  test: {
    setupFiles: ["test/setup.ts"],
    testTimeout: 60_000,
    maxWorkers: "100%", // by default one core is left alone, half of a small machine
    coverage: { provider: "v8", include: ["src/**", "templates/**"] },
    projects: [
      // Modules are loaded once per worker, not once per file: a third of the time.
      {
        extends: true,
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: [...configDefaults.exclude, ...ALONE], isolate: false },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
  },
});
