// From tokens to the syntax tree of one expression. mathjs recurses into brackets and would overflow the call stack beyond a
// depth of some 800, so deep groups are read on their own, innermost first, and stand in the outer text as one name.

import type { Reporter } from "../../diagnostics/report.ts";
import { align, Misalignment, type Piece } from "./align.ts";
import { OPERATOR_WORDS, type Token } from "./lexer.ts";
import { isMathSyntaxError, parseMath, type ParsedNode } from "./mathjs.ts";
import { RESERVED } from "./names.ts";
import { poison, type Syntax } from "./syntax.ts";
import { reportSyntaxError, type ReadText } from "./syntax-error.ts";

const BRACKET_DEPTH = 60;
/** mathjs reads what follows a `%` twice, to tell a remainder from a percentage: twice per level would be 2^60 times. */
const BRACKET_DEPTH_WITH_PERCENT = 4;
/** Signs, powers and cases that nest without brackets; mathjs recurses for each. Far below what the stack holds. */
const RUN_LENGTH = 1000;

/** A group being read on its own: the pieces of the argument that is open. */
interface OpenGroup {
  readonly depth: number;
  pieces: Piece[];
}

/** The expression that `tokens` spell; brackets are balanced. Poison where that is none, reported. */
export function readExpression(tokens: readonly Token[], reporter: Reporter): Syntax {
  const limit = tokens.some((token) => token.text === "%") ? BRACKET_DEPTH_WITH_PERCENT : BRACKET_DEPTH;
  let open: OpenGroup = { depth: 0, pieces: [] };
  const outer: OpenGroup[] = [];
  let depth = 0;

  const closeArgument = (): void => {
    const pieces = open.pieces;
    if (pieces.length === 0) return;
    const syntax = readPieces(pieces, reporter);
    outer.at(-1)!.pieces.push({
      kind: "group",
      text: "x",
      syntax,
      start: pieces[0]!.start,
      end: pieces.at(-1)!.end,
    });
    open.pieces = [];
  };

  for (const token of tokens) {
    const isInner = outer.length > 0 && depth === open.depth;
    if (token.kind === "close") {
      if (isInner) {
        closeArgument();
        open = outer.pop()!;
      }
      depth--;
      open.pieces.push(token);
    } else if (isInner && (token.text === "," || token.text === ";")) {
      closeArgument();
      outer.at(-1)!.pieces.push(token);
    } else {
      open.pieces.push(token);
      if (token.kind !== "open") continue;
      depth++;
      if (depth % limit !== 0) continue;
      outer.push(open);
      open = { depth, pieces: [] };
    }
  }
  return readPieces(open.pieces, reporter);
}

function readPieces(pieces: readonly Piece[], reporter: Reporter): Syntax {
  const span = { start: pieces[0]!.start, end: pieces.at(-1)!.end };
  const stray = strayEnd(pieces);
  if (stray !== undefined) {
    reporter.report("WG1001", stray, { detail: "';' cannot stand here" });
    return poison(span);
  }
  const tooDeep = longRun(pieces);
  if (tooDeep !== undefined) {
    reporter.report("WG1008", tooDeep);
    return poison(span);
  }
  const node = parsed(pieces, reporter);
  return node === undefined ? poison(span) : aligned(node, pieces, reporter);
}

/**
 * Where what follows a `%` cannot be read, mathjs takes the `%` for a percentage and goes on after the unreadable part, as if it
 * were not there: `x % (y +) z` is `x% z` to it. Only the places show that, and reading the rest again shows what is wrong.
 */
function aligned(node: ParsedNode, pieces: readonly Piece[], reporter: Reporter): Syntax {
  try {
    return align(node, pieces, reporter);
  } catch (error) {
    const isSkipped = error instanceof Misalignment && pieces.some((piece) => piece.text === "%");
    if (!isSkipped) throw error;
    const rest = pieces.slice(error.index);
    const found = rest[0] ?? pieces.at(-1)!;
    if (rest.length > 0 && parsed(rest, reporter) === undefined) return poison(found);
    reporter.report("WG1001", found, { detail: `'${found.text}' was not expected here` });
    return poison(found);
  }
}

function parsed(pieces: readonly Piece[], reporter: Reporter): ParsedNode | undefined {
  const text = mathText(pieces);
  try {
    return parseMath(text.text);
  } catch (error) {
    if (isMathSyntaxError(error)) reportSyntaxError(error, text, reporter);
    else if (error instanceof RangeError) reporter.report("WG1008", pieces[0]);
    else throw error;
    return undefined;
  }
}

/**
 * One blank between all pieces: mathjs finds the same tokens, whatever stood between them. Of words it sees those that it reads
 * as operators or values; all others are `x` to it, and so are texts.
 */
function mathText(pieces: readonly Piece[]): ReadText {
  const isName = ({ kind, text }: Piece): boolean => kind === "string" || (kind === "word" && !RESERVED.has(text));
  const parts = pieces.map((piece) => (isName(piece) ? "x" : piece.text));
  return { text: parts.join(" "), parts, pieces };
}

/** A `;` outside brackets, which mathjs would take for the end of a statement. */
function strayEnd(pieces: readonly Piece[]): Piece | undefined {
  let depth = 0;
  for (const piece of pieces) {
    if (piece.kind === "open") depth++;
    else if (piece.kind === "close") depth--;
    else if (depth === 0 && piece.text === ";" && piece.kind === "operator") return piece;
  }
  return undefined;
}

/** The piece at which signs, powers or cases have nested too often without a bracket. */
function longRun(pieces: readonly Piece[]): Piece | undefined {
  if (pieces.length < RUN_LENGTH) return undefined;
  const cases: number[] = [0]; // per open bracket
  let run = 0;
  let isOperand = false; // whether the piece before ends a value
  for (const piece of pieces) {
    const { text } = piece;
    if (piece.kind === "open") cases.push(0);
    else if (piece.kind === "close") cases.pop();
    else if (text === "?") cases.push(cases.pop()! + 1);
    else if (text === "," || text === ";") cases[cases.length - 1] = 0;
    const nests = text === "^" || text === ".^" || (!isOperand && ["-", "+", "not"].includes(text));
    if (nests) run++;
    else if (piece.kind === "open" || (piece.kind === "operator" && text !== "!")) run = 0;
    else if (OPERATOR_WORDS.has(text)) run = 0;
    if (run > RUN_LENGTH || (cases.at(-1) ?? 0) > RUN_LENGTH) return piece;
    isOperand = text === "!" || text === "%" || (piece.kind !== "operator" && piece.kind !== "open" && !OPERATOR_WORDS.has(text));
  }
  return undefined;
}
