// Generated modules as lists of declarations, so that an exercise can leave out those that would give its answers away.

import { namesIn } from "./statements.ts";

export interface Declaration {
  /** What it declares. */
  readonly name: string;
  /** With its doc comment, without the end of its last line. */
  readonly text: string;
}

/** The declarations of a generated module, in order. What stands above the first, its header, is not among them. */
export function declarationsOf(code: string): Declaration[] {
  return code
    .trimEnd()
    .split(/\n{2,}(?=\S)/) // inside a declaration, what follows an empty line is indented
    .flatMap((text) => {
      const name = DECLARED.exec(text)?.[1];
      return name === undefined ? [] : [{ name, text }];
    });
}

const DECLARED = /^(?:export )?(?:function|interface|const|type) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/mu;

/** Those that `roots` are and, directly or not, mention. */
export function neededFor(roots: readonly string[], declarations: readonly Declaration[]): Declaration[] {
  const named = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const needed = new Set<Declaration>();
  const pending = [...roots];
  while (pending.length > 0) {
    const declaration = named.get(pending.pop()!);
    if (declaration === undefined || needed.has(declaration)) continue;
    needed.add(declaration);
    pending.push(...mentionedIn(declaration.text));
  }
  return declarations.filter((declaration) => needed.has(declaration));
}

function mentionedIn(text: string): string[] {
  return namesIn(text.replace(/\/\*\*[\s\S]*?\*\//g, ""));
}
