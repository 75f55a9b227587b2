// Parses modules as bundlers hand them over: JavaScript or TypeScript, with or without JSX, of any file ending.

import { parse, type ParserPlugin } from "@babel/parser";
import type { Program } from "@babel/types";

/** Syntax that some tool of the chain may know, in any language. */
const ALWAYS: readonly ParserPlugin[] = [
  "decorators",
  "decoratorAutoAccessors",
  "deferredImportEvaluation",
  "sourcePhaseImports",
];

type Language = readonly ParserPlugin[];

const JSX: Language = ["jsx"];
const FLOW: Language = ["jsx", "flow"];
const TYPED: Language = ["typescript"];
const TYPED_JSX: Language = ["typescript", "jsx"];

/** The module, read as what its name says it is, or as the first language that fits. Undefined where it is none. */
export function parseModule(code: string, id: string): Program | undefined {
  for (const language of languagesOf(id)) {
    const program = tryParse(code, language);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** JavaScript that wengert wrote. */
export function parseGenerated(javascript: string): Program {
  return parse(javascript, { sourceType: "module" }).program;
}

function tryParse(code: string, language: Language): Program | undefined {
  try {
    return parse(code, {
      sourceType: "module",
      plugins: [...language, ...ALWAYS],
      // What is wrong otherwise is for the bundler to say.
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowNewTargetOutsideFunction: true,
      allowSuperOutsideMethod: true,
      allowUndeclaredExports: true,
    }).program;
  } catch {
    return undefined;
  }
}

/** By the file's ending. What frameworks make of their components has an ending of theirs, and is tried as each. */
function languagesOf(id: string): readonly Language[] {
  const [path = ""] = id.split("?", 1);
  switch (/\.(\w+)$/.exec(path)?.[1]) {
    case "ts":
    case "mts":
    case "cts":
      return [TYPED];
    case "tsx":
      return [TYPED_JSX];
    case "js":
    case "jsx":
    case "mjs":
    case "cjs":
      return [JSX, FLOW];
    default:
      return [JSX, TYPED, TYPED_JSX];
  }
}
