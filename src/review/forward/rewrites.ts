// Other ways to write a line of a forward pass, one mistake undone in each: what the right line may have been. Whoever tries them runs them.

import type { Node } from "@babel/types";
import { mentionsIn, operatorsIn, type Edit } from "../case.ts";
import type { MistakeName } from "../mistakes/types.ts";
import { endOf, startOf, walk } from "../syntax.ts";

export interface Rewrite {
  readonly name: MistakeName;
  readonly edits: readonly Edit[];
  readonly explanation: string;
  readonly nudge: string;
}

export interface Line {
  /** The expression, or the statement where it is none. */
  readonly root: Node;
  readonly text: string;
  /** Inputs and variables of the forward pass that are set before. */
  readonly names: readonly string[];
  /** Other functions of the user's own that may be meant by a call. */
  readonly helpers?: readonly string[];
}

/** What a slip of the pen changes; the likeliest first. */
export function* slips(line: Line): Generator<Rewrite> {
  yield* powers(line);
  yield* parentheses(line);
  yield* swapped(line);
  yield* operators(line);
  yield* signs(line);
  yield* functions(line);
}

/** What stands in the place of something else. */
export function* exchanges(line: Line): Generator<Rewrite> {
  yield* names(line);
  yield* constants(line);
  yield* cutOffs(line);
}

type Binary = Extract<Node, { type: "BinaryExpression" }>;

function nodesOf<Type extends Node["type"]>(root: Node, type: Type): Extract<Node, { type: Type }>[] {
  const found: Extract<Node, { type: Type }>[] = [];
  walk(root, (node) => {
    if (node.type === type) found.push(node as Extract<Node, { type: Type }>); // compared in the line before
  });
  return found;
}

function textOf(node: Node, text: string): string {
  return text.slice(startOf(node), endOf(node));
}

function around(start: number, end: number, opening = "(", closing = ")"): Edit[] {
  return [
    { start, end: start, text: opening },
    { start: end, end, text: closing },
  ];
}

function* powers({ root, text }: Line): Generator<Rewrite> {
  for (const { operator, start } of operatorsIn(root, text)) {
    if (operator !== "^") continue;
    yield {
      name: "wrong-operator",
      edits: [{ start, end: start + 1, text: "**" }],
      explanation: "^ is no power in TypeScript but an exclusive or of bits",
      nudge: "How is a power written in TypeScript?",
    };
  }
}

/** `x + y * z` where (x + y) * z is meant, `1 / 1 + e` where 1 / (1 + e) is. */
function* parentheses({ root }: Line): Generator<Rewrite> {
  for (const node of nodesOf(root, "BinaryExpression")) {
    for (const [start, end] of regroupings(node)) {
      yield {
        name: "missing-parentheses",
        edits: around(start, end),
        explanation: `parentheses are missing: ${operatorsWords(node)}`,
        nudge: "Which operation is done first here, and which one should be?",
      };
    }
  }
}

/** Ranges to be taken together that are not. */
function regroupings(node: Binary): [number, number][] {
  const found: [number, number][] = [];
  const { left, right } = node;
  if (left.type === "BinaryExpression" && left.operator !== "+") found.push([startOf(left.right), endOf(right)]);
  if (right.type === "BinaryExpression") found.push([startOf(left), endOf(right.left)]);
  return found;
}

function operatorsWords({ operator, left, right }: Binary): string {
  const inner = left.type === "BinaryExpression" ? left.operator : right.type === "BinaryExpression" ? right.operator : operator;
  return inner === operator ? `${operator} goes from left to right` : `${inner} is done before ${operator}`;
}

const ONE_WAY: ReadonlySet<string> = new Set(["-", "/", "**", ">", "<", ">=", "<="]);

function* swapped({ root, text }: Line): Generator<Rewrite> {
  const exchange = (first: Node, second: Node): Edit[] => [
    { start: startOf(first), end: endOf(first), text: enclosed(second, text) },
    { start: startOf(second), end: endOf(second), text: enclosed(first, text) },
  ];
  for (const node of nodesOf(root, "BinaryExpression")) {
    if (!ONE_WAY.has(node.operator)) continue;
    yield {
      name: "swapped-operands",
      edits: exchange(node.left, node.right),
      explanation: `the operands of ${node.operator} are swapped`,
      nudge: `a ${node.operator} b and b ${node.operator} a differ. Which one comes first in the source?`,
    };
  }
  for (const node of nodesOf(root, "CallExpression")) {
    const [first, second] = node.arguments;
    if (first === undefined || second === undefined) continue;
    yield {
      name: "swapped-operands",
      edits: exchange(first, second),
      explanation: `the arguments of ${textOf(node.callee, text)} are swapped`,
      nudge: "The order of the arguments matters here. Which one comes first in the source?",
    };
  }
}

/** An operand that has to stay together wherever it is put. */
function enclosed(node: Node, text: string): string {
  return node.type === "BinaryExpression" || node.type === "ConditionalExpression"
    ? `(${textOf(node, text)})`
    : textOf(node, text);
}

const MEANT: Readonly<Record<string, readonly string[]>> = {
  "+": ["-", "*"],
  "-": ["+", "*", "/"],
  "*": ["+", "-", "/", "**"],
  "/": ["*", "-"],
  "**": ["*"],
  ">": ["<"],
  "<": [">", "<="],
  ">=": ["<="],
  "<=": [">=", "<"],
};

function* operators({ root, text }: Line): Generator<Rewrite> {
  for (const { operator, start } of operatorsIn(root, text)) {
    for (const other of MEANT[operator] ?? []) {
      yield {
        name: "wrong-operator",
        edits: [{ start, end: start + operator.length, text: other }],
        explanation: `one ${operator} on this line should be another operator`,
        nudge: "Compare the operators on this line with those of the source, one by one.",
      };
    }
  }
}

function* signs({ root, text }: Line): Generator<Rewrite> {
  const nudge = "Put a number in and follow its sign through the line.";
  for (const node of nodesOf(root, "UnaryExpression")) {
    if (node.operator !== "-") continue;
    const start = startOf(node);
    const explanation = `the minus before ${textOf(node.argument, text)} is one too many`;
    yield { name: "sign", edits: [{ start, end: start + 1, text: "" }], explanation, nudge };
  }
  for (const { callee, arguments: given } of nodesOf(root, "CallExpression")) {
    const [first] = given;
    if (first === undefined || given.length > 1 || first.type.endsWith("FunctionExpression")) continue;
    const explanation = `the sign of what goes into ${textOf(callee, text)} is turned round`;
    yield { name: "sign", edits: around(startOf(first), endOf(first), "-(", ")"), explanation, nudge };
  }
  if (root.type.endsWith("Expression") || root.type === "Identifier")
    yield { name: "sign", edits: around(startOf(root), endOf(root), "-(", ")"), explanation: "the sign is turned round", nudge };
}

const FUNCTIONS = ["exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sqrt", "abs", "max", "min", "log2", "log10"];

function* functions({ root, text, helpers = [] }: Line): Generator<Rewrite> {
  const nudge = "Which function does the source call here?";
  for (const { callee, arguments: given } of nodesOf(root, "CallExpression")) {
    const written = textOf(callee, text);
    const [start, end] = [startOf(callee), endOf(callee)];
    for (const other of helpers.includes(written) ? helpers : []) {
      if (other === written) continue;
      yield {
        name: "wrong-function",
        edits: [{ start, end, text: other }],
        explanation: `${written} is not the function of this place`,
        nudge,
      };
    }
    const own = /^Math\.(\w+)$/.exec(written)?.[1];
    if (own === undefined) continue;
    for (const other of FUNCTIONS) {
      if (other === own) continue;
      const edits = [{ start, end, text: `Math.${other}` }];
      yield { name: "wrong-function", edits, explanation: `${written} is not the function of this place`, nudge };
    }
    if (given.length === 1)
      yield { name: "extra-function", edits: [{ start, end, text: "" }], explanation: `${written} is one too many`, nudge };
  }
}

function* names({ root, names: known }: Line): Generator<Rewrite> {
  for (const { name, start, end, isCallee } of mentionsIn(root)) {
    if (isCallee || !known.includes(name)) continue;
    for (const other of known) {
      if (other === name) continue;
      yield {
        name: "wrong-variable",
        edits: [{ start, end, text: other }],
        explanation: `${name} stands where another variable belongs`,
        nudge: "Which variables does the source use for this stage? Tick them off one by one.",
      };
    }
  }
}

/** `x * y` for `relu(x) * y`. */
function* cutOffs({ root, names: known }: Line): Generator<Rewrite> {
  const gates = [
    { opening: "Math.max(0, ", words: "relu of" },
    { opening: "Math.min(0, ", words: "the smaller of 0 and" },
    { opening: "Math.abs(", words: "the absolute value of" },
  ];
  for (const { name, start, end, isCallee } of mentionsIn(root)) {
    if (isCallee || !known.includes(name)) continue;
    for (const { opening, words } of gates) {
      yield {
        name: "missing-function",
        edits: around(start, end, opening, ")"),
        explanation: `${words} ${name} belongs here, not ${name} itself`,
        nudge: "Which max, min, abs or condition of the source has no counterpart on this line?",
      };
    }
  }
}

const CONSTANTS = ["0", "1", "2", "3", "0.5"];

function* constants({ root, text }: Line): Generator<Rewrite> {
  for (const node of nodesOf(root, "NumericLiteral")) {
    const written = textOf(node, text);
    for (const other of CONSTANTS) {
      if (Number(other) === node.value) continue;
      yield {
        name: "wrong-constant",
        edits: [{ start: startOf(node), end: endOf(node), text: other }],
        explanation: `the ${written} on this line should be another number`,
        nudge: "Compare the numbers on this line with those of the source.",
      };
    }
  }
}
