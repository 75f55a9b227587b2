// The package's face: everything a program may import.

export { compile } from "./compiler/compile.ts";
export { evaluateAt, load } from "./compiler.ts";
export type { Evaluation, StageValue } from "./compiler/trace.ts";
export type { Compilation, CompiledFunction, CompileOptions, OpCount, ResultLayout, Rewrite } from "./compiler/types.ts";
export type { Diagnostic } from "./diagnostics/report.ts";
export type { Verification } from "./verify/verification.ts";
