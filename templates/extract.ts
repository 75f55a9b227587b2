// Reads the templates with ts-morph and answers what the emitter copies: each top-level declaration, its types, and what it uses.
// The pieces of all files end up in one, so a name is declared only once in all of them, and what a file imports from another is a piece.
// Runs when the project is built, never in a user's hands.

import { Node, Project, SyntaxKind, type Statement } from "ts-morph";

export interface TemplatePiece {
  /** The declaration with its doc comment, not exported. */
  readonly text: string;
  /** Half-open ranges of `text` that only TypeScript has. */
  readonly typeRanges: readonly (readonly [start: number, end: number])[];
  /** Other pieces it needs. */
  readonly uses: readonly string[];
}

/** All top-level functions, constants and types of the template files by name, in source order. */
export function extractTemplates(paths: readonly string[]): Record<string, TemplatePiece> {
  const project = new Project({
    useInMemoryFileSystem: false,
    compilerOptions: { strict: true, allowImportingTsExtensions: true, noEmit: true },
  });
  const files = paths.map((path) => project.addSourceFileAtPath(path));
  const pieces: Record<string, TemplatePiece> = {};
  for (const statement of files.flatMap((file) => file.getStatements())) {
    for (const name of namesOf(statement)) {
      if (name in pieces) throw new Error(`Two templates are called ${name}.`);
      pieces[name] = extractPiece(statement, name);
    }
  }
  return pieces;
}

function namesOf(statement: Statement): string[] {
  if (Node.isFunctionDeclaration(statement)) return [statement.getNameOrThrow()];
  if (Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement))
    return [statement.getName()];
  if (Node.isVariableStatement(statement))
    return statement.getDeclarations().map((declaration) => declaration.getName());
  return [];
}

function extractPiece(statement: Statement, name: string): TemplatePiece {
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
  const onlyType = Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement);
  return {
    text,
    typeRanges: onlyType
      ? [[0, text.length]]
      : typeRanges(statement).map(([from, to]) => [shift(from), shift(to)] as const),
    uses: usesOf(statement).filter((used) => used !== name),
  };
}

/** The top-level declarations that a statement speaks of, not what is called the same inside it. */
function usesOf(statement: Statement): string[] {
  const used = statement
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((identifier) => {
      const symbol = identifier.getSymbol();
      const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
      return declarations.some(isTopLevel);
    })
    .map((identifier) => identifier.getText());
  return [...new Set(used)].sort();
}

function isTopLevel(declaration: Node): boolean {
  const statement = Node.isVariableDeclaration(declaration)
    ? declaration.getVariableStatement()
    : declaration;
  const file = statement?.getParent();
  return Node.isSourceFile(file) && !file.isDeclarationFile();
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
    .filter(([, end], index, all) => all.every(([, other], i) => i >= index || other < end));
}
