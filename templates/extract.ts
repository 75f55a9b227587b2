// Reads the templates with ts-morph and answers what the emitter copies: each top-level declaration, its types, and what it uses.
// Runs when the project is built, never in a user's hands.

import { Node, Project, SyntaxKind, type SourceFile, type Statement } from "ts-morph";

export interface TemplatePiece {
  /** The declaration with its doc comment, not exported. */
  readonly text: string;
  /** Half-open ranges of `text` that only TypeScript has. */
  readonly typeRanges: readonly (readonly [start: number, end: number])[];
  /** Other pieces it needs. */
  readonly uses: readonly string[];
}

/** All top-level functions and constants of the template files by name, in source order. */
export function extractTemplates(paths: readonly string[]): Record<string, TemplatePiece> {
  const project = new Project({ useInMemoryFileSystem: false, compilerOptions: { strict: true } });
  const pieces: Record<string, TemplatePiece> = {};
  for (const path of paths) {
    const file = project.addSourceFileAtPath(path);
    const names = declaredNames(file);
    for (const statement of file.getStatements()) {
      for (const name of namesOf(statement)) pieces[name] = extractPiece(statement, name, names);
    }
  }
  return pieces;
}

function declaredNames(file: SourceFile): ReadonlySet<string> {
  return new Set(file.getStatements().flatMap(namesOf));
}

function namesOf(statement: Statement): string[] {
  if (Node.isFunctionDeclaration(statement)) return [statement.getNameOrThrow()];
  if (Node.isVariableStatement(statement))
    return statement.getDeclarations().map((declaration) => declaration.getName());
  return [];
}

function extractPiece(
  statement: Statement,
  name: string,
  names: ReadonlySet<string>,
): TemplatePiece {
  const start = Node.isJSDocable(statement)
    ? (statement.getJsDocs()[0]?.getStart() ?? statement.getStart())
    : statement.getStart();
  const whole = statement.getSourceFile().getFullText();
  const exported = Node.isExportable(statement) ? statement.getExportKeyword() : undefined;
  const cut =
    exported === undefined ? undefined : { start: exported.getStart(), end: exported.getEnd() + 1 };
  const shift = (position: number): number =>
    position - start - (cut !== undefined && position >= cut.end ? cut.end - cut.start : 0);
  const text =
    cut === undefined
      ? whole.slice(start, statement.getEnd())
      : whole.slice(start, cut.start) + whole.slice(cut.end, statement.getEnd());
  return {
    text,
    typeRanges: typeRanges(statement).map(([from, to]) => [shift(from), shift(to)] as const),
    uses: [
      ...new Set(
        statement
          .getDescendantsOfKind(SyntaxKind.Identifier)
          .map((identifier) => identifier.getText()),
      ),
    ]
      .filter((used) => used !== name && names.has(used))
      .sort(),
  };
}

/** Annotations (with their colon), non-null marks and `as` casts. */
function typeRanges(statement: Statement): [number, number][] {
  const whole = statement.getSourceFile().getFullText();
  const ranges: [number, number][] = [];
  for (const node of [statement, ...statement.getDescendants()]) {
    if (Node.isNonNullExpression(node)) ranges.push([node.getExpression().getEnd(), node.getEnd()]);
    else if (Node.isAsExpression(node)) ranges.push([node.getExpression().getEnd(), node.getEnd()]);
    else if (Node.isTyped(node) || Node.isReturnTyped(node)) {
      const type = Node.isReturnTyped(node) ? node.getReturnTypeNode() : node.getTypeNode();
      if (type !== undefined) ranges.push([whole.lastIndexOf(":", type.getStart()), type.getEnd()]);
    }
  }
  return ranges
    .sort((a, b) => a[0] - b[0])
    .filter(([start], index, all) => index === 0 || start >= all[index - 1]![1]);
}
