// The templates of one module, compiled through the session's cache, with their mistakes as a bundler shows them.

import { failureOf, remarksOf, type Failure } from "./failure.ts";
import { transformInline } from "./inline-transform.ts";
import type { Session } from "./session.ts";

export interface InlinedModule {
  /** Undefined where there is nothing to change. */
  readonly result: { readonly code: string; readonly map: string } | undefined;
  readonly failure: Failure | undefined;
  /** Warnings, as text. */
  readonly remarks: string;
}

export async function transformInlineModule(code: string, id: string, session: Session): Promise<InlinedModule> {
  const transformed = await transformInline(code, id, { compile: (text, { mode }) => session.compileText(text, mode) });
  if (transformed === undefined) return { result: undefined, failure: undefined, remarks: "" };
  const file = id.replace(/\?.*$/, "");
  const source = { name: session.nameOf(file), text: code };
  const [failure, remarks] = await Promise.all([
    failureOf(transformed.diagnostics, source, file),
    remarksOf(transformed.diagnostics, source),
  ]);
  return { result: { code: transformed.code, map: transformed.map.toString() }, failure, remarks };
}
