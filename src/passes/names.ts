// What stages are called: what the user assigned, else a name made from the op and its operands, else a short word.

import { capitalise, uncapitalise } from "../core/words.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";

/** Longer composed names are harder to read than a plain word: for gates of arithmetic, and for functions. */
const LONGEST_ARITHMETIC = 10;
const LONGEST = 14;
const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const GENERIC: Readonly<Record<string, string>> = {
  add: "sum",
  sub: "diff",
  mul: "prod",
  div: "quot",
  recip: "inv",
  pow: "power",
};

/** The role a stage plays for the one that uses it, when that gives the better name. */
export type StageRole =
  "numerator" | "denominator" | "dot" | "sum" | "shift" | "shifted exponential" | "sum of exponentials" | undefined;

/** Numerators and denominators, of divisions as they stand and of products with a reciprocal. */
export function quotientRoles(nodes: readonly Node[]): Map<Node, StageRole> {
  const roles = new Map<Node, StageRole>();
  for (const node of nodes) {
    if (node.kind !== "call") continue;
    if (node.op === "recip") roles.set(node.args[0]!, "denominator");
    if (node.op === "div") roles.set(node.args[0]!, "numerator").set(node.args[1]!, "denominator");
    const inverse = node.op === "mul" ? node.args[1]! : undefined;
    if (inverse?.kind === "call" && inverse.op === "recip") roles.set(node.args[0]!, "numerator");
  }
  return roles;
}

/** The parts of written-out log-sum-exps: `shift + log(exp(a - shift) + ...)`. */
export function logSumExpRoles(nodes: readonly Node[]): Map<Node, StageRole> {
  const roles = new Map<Node, StageRole>();
  for (const node of nodes) {
    if (node.kind !== "call" || node.op !== "exp") continue;
    const exponent = node.args[0]!;
    if (exponent.kind !== "call" || exponent.op !== "sub") continue;
    const shift = exponent.args[1]!;
    if (shift.kind === "call" && shift.op === "max") roles.set(shift, "shift").set(node, "shifted exponential");
  }
  for (const node of nodes) {
    if (node.kind !== "call" || node.op !== "log") continue;
    const sum = node.args[0]!;
    if (sum.kind === "call" && sum.op === "add" && roles.get(sum.args[1]!) === "shifted exponential")
      roles.set(sum, "sum of exponentials");
  }
  return roles;
}

/** What to call a stage, before collisions are resolved. `nameOf` gives the names of operands, undefined where one has none. */
export function proposeName(node: CallNode, role: StageRole, nameOf: (node: Node) => string | undefined): string {
  if (role === "dot" || role === "sum" || role === "shift") return role;
  if (role === "sum of exponentials") return "sumExp";
  if (role === "shifted exponential") return `exp${capitalise(nameOf(shiftedOperand(node)) ?? "")}`;
  const composed = compose(node, nameOf);
  const plain = GENERIC[node.op] !== undefined;
  if (plain && node.op !== "recip" && role === "numerator") return "num";
  if (plain && node.op !== "recip" && role === "denominator") return "den";
  if (composed !== undefined && composed.length <= (plain && node.op !== "pow" ? LONGEST_ARITHMETIC : LONGEST)) return composed;
  return GENERIC[node.op] ?? opWord(node.op);
}

function shiftedOperand(node: CallNode): Node {
  return (node.args[0] as CallNode).args[0]!; // exp(a - shift), as the role says
}

function compose(node: CallNode, nameOf: (node: Node) => string | undefined): string | undefined {
  const operands = node.args.map((arg) => operandWord(arg, nameOf));
  if (operands.some((operand) => operand === undefined)) return undefined;
  const words = operands as string[]; // checked in the line above
  if (node.op === "mul") return productName(node, words);
  const template = opNamed(node.op).stageName;
  const params = opNamed(node.op).variadic ? { "x...": words.map(capitalise).join("") } : zip(opNamed(node.op).params, words);
  const filled = template.replace(/\{([^}]+)\}/g, (_, param: string) => capitalise(params[param] ?? ""));
  const name = uncapitalise(filled);
  return /^[\p{ID_Start}_$]/u.test(name) ? name : undefined;
}

/** `xy` for short names, `twoX` for a small multiple, `halfX`, else `xTimesSigY`. */
function productName(node: CallNode, words: readonly string[]): string | undefined {
  const [left, right] = node.args as [Node, Node];
  const [a, b] = words as [string, string];
  if (left.kind === "const") return multipleName(left.value, b);
  if (right.kind === "const") return multipleName(right.value, a);
  if (a.length <= 2 && b.length <= 2) return a + b;
  return `${a}Times${capitalise(b)}`;
}

function multipleName(factor: number, word: string): string {
  if (factor === 0.5) return `half${capitalise(word)}`;
  const number = NUMBER_WORDS[factor];
  return number === undefined ? `scaled${capitalise(word)}` : `${number}${capitalise(word)}`;
}

function operandWord(node: Node, nameOf: (node: Node) => string | undefined): string | undefined {
  const name = nameOf(node);
  if (name !== undefined) return name;
  if (node.kind === "const") return NUMBER_WORDS[node.value];
  if (node.kind === "call" && node.op === "neg") {
    const inner = operandWord(node.args[0]!, nameOf);
    return inner && `neg${capitalise(inner)}`;
  }
  return undefined;
}

function opWord(op: string): string {
  return opNamed(op).stageName.replace(/\{[^}]+\}/g, "") || op;
}

function zip(names: readonly string[], words: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, words[index]!]));
}
