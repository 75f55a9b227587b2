// From arguments to source texts: an expression as it stands, a file, or standard input.

import { resolve } from "node:path";
import { decode, isSourceFile, readSource, sourceOf, type LoadedSource } from "../project/source-file.ts";
import { originalArgument } from "./arguments.ts";
import type { Io } from "./io.ts";

export async function loadSources(args: readonly string[], io: Io): Promise<LoadedSource[]> {
  const texts = args.map(originalArgument);
  const expressions = texts.filter((text) => text !== "-" && !isFileName(text)).length;
  let expression = 0;
  return Promise.all(
    texts.map(async (text) => {
      if (text === "-") return decode(sourceOf("<stdin>", ""), await io.readStdin());
      if (isFileName(text)) return readSource(resolve(io.cwd, text), text);
      expression++;
      return sourceOf(expressions === 1 ? "<expression>" : `<expression ${expression}>`, text);
    }),
  );
}

/** `net.math`, `./a`, `../b`, `/c`, `notes.txt`: no expression looks like these. */
export function isFileName(text: string): boolean {
  if (isSourceFile(text) && !/[\n=]/.test(text)) return true;
  if (/\d\.e\d*$/i.test(text)) return false; // a number, 2.e3
  return /^(\.{0,2}[\\/]|[A-Za-z]:[\\/])[^\n=*^+()]*$/.test(text) || /^[\w-]+([\\/][\w.-]+)*([\\/]|\.[A-Za-z]\w*)$/.test(text);
}
