// Names of tensor stages: what the user or the spec gave, else made from the op and its operands, as textbooks have them.

import { capitalise, uncapitalise } from "../core/words.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

const LONGEST = 12;
const GENERIC: Readonly<Record<string, string>> = {
  add: "sum",
  sub: "diff",
  mul: "prod",
  div: "quot",
  pow: "power",
  contract: "product",
};

/** What to call a stage, before collisions are resolved. */
export function proposeTensorName(node: CallNode, nameOf: (node: Node) => string | undefined): string {
  if (isMean(node)) return joined("mean", operandWord((node.args[0] as CallNode).args[0]!, nameOf)) ?? "mean";
  const tensorOp = tensorOps.get(node.op);
  const template = tensorOp?.stageName ?? opNamed(node.op).stageName;
  const params = tensorOp?.params ?? opNamed(node.op).params;
  const words = new Map(params.map((param, index) => [param, node.args[index] && operandWord(node.args[index], nameOf)]));
  const mentioned = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
  const generic = GENERIC[node.op] ?? (uncapitalise(template.replace(/\{[^}]+\}/g, "")) || node.op);
  if (mentioned.some((param) => words.get(param) === undefined)) return generic;
  const startsWithOperand = template.startsWith("{");
  const filled = template.replace(/\{([^}]+)\}/g, (_, param: string, at: number) =>
    at === 0 ? words.get(param)! : capitalise(words.get(param)!),
  );
  const name = startsWithOperand ? filled : uncapitalise(filled);
  return name.length <= LONGEST && /^[\p{ID_Start}_$]/u.test(name) ? name : generic;
}

/** `sum(x) / n`. */
function isMean({ op, args: [sum, size] }: CallNode): boolean {
  const isSum = sum?.kind === "call" && (sum.op === "sum" || (sum.op === "reshape" && (sum.args[0] as CallNode).op === "sum"));
  return op === "div" && isSum && (size?.kind === "const" || (size?.kind === "call" && size.op === "size"));
}

function joined(word: string, operand: string | undefined): string | undefined {
  const name = operand && word + capitalise(operand);
  return name && name.length <= LONGEST ? name : undefined;
}

function operandWord(node: Node, nameOf: (node: Node) => string | undefined): string | undefined {
  const name = nameOf(node);
  if (name !== undefined) return name;
  if (node.kind === "call" && (node.op === "reshape" || node.op === "broadcast" || node.op === "neg"))
    return operandWord(node.args[0]!, nameOf);
  return undefined;
}
