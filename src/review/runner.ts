// Runs instrumented text: by the engine, or, where a policy forbids to run text as code, by an interpreter that is fetched only then.

import type { Runner } from "./types.ts";

/** The engine where it may; else an interpreter. */
export async function chooseRunner(): Promise<Runner> {
  return mayRunText() ? runByEngine : loadInterpreter();
}

function mayRunText(): boolean {
  try {
    return new Function("return 1")() === 1;
  } catch {
    return false;
  }
}

/** `new Function`: full speed. The text sees no module of its surroundings; names of the environment are hidden by parameters. */
export const runByEngine: Runner = (expression) => (new Function(`return (${expression}\n);`) as () => unknown)();

/** sval, some fifty times slower. */
export async function loadInterpreter(): Promise<Runner> {
  const { default: Sval } = await import("sval");
  return (expression) => {
    const interpreter = new Sval({ ecmaVer: "latest", sourceType: "script", sandBox: true });
    interpreter.run(`exports.made = ${expression};`);
    return interpreter.exports["made"] as unknown;
  };
}
