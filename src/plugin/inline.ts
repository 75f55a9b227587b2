// The templates of one module, compiled through the session's cache, with their mistakes as a bundler shows them.

import { failureOf, type Failure } from "./failure.ts";
import { transformInline } from "./inline-transform.ts";
import type { Session } from "./session.ts";

export interface InlinedModule {
  /** Undefined where there is nothing to change. */
  readonly result: { readonly code: string; readonly map: string } | undefined;
  readonly failure: Failure | undefined;
}

export async function transformInlineModule(code: string, id: string, session: Session): Promise<InlinedModule> {
  const transformed = await transformInline(code, id, { compile: (text, { mode }) => session.compileText(text, mode) });
  if (transformed === undefined) return { result: undefined, failure: undefined };
  const file = id.replace(/\?.*$/, "");
  const failure = await failureOf(transformed.diagnostics, { name: session.nameOf(file), text: code }, file);
  return { result: { code: transformed.code, map: transformed.map.toString() }, failure };
}
