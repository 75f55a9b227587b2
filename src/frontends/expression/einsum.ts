// einsum("ij,jk->ik", A, B, ...): any number of tensors, two at a time, by ops that name two each.

import { shapeText } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";
import type { Conversion, Value } from "./convert.ts";
import { differ, reportShapes, type Application } from "./operand.ts";
import { argumentsOf } from "./syntax.ts";

/** A tensor and the letter of each of its axes. */
interface Lettered {
  readonly node: Node;
  readonly letters: string;
}

/** The operands are those after the specification. */
export function einsum(application: Application): Value {
  const { operands, conversion, syntax } = application;
  const first = argumentsOf(syntax)[0]!;
  const read =
    first.kind === "text" ? readSpecification(first.text, operands.length) : "it must be given first, in double quotes";
  if (typeof read === "string") {
    conversion.reporter.report("WG1231", first.span, { problem: read }, 'write einsum("ij,jk->ik", A, B)');
    return undefined;
  }
  const { inputs, output } = read;
  const problem = sizeProblem(inputs, application);
  if (problem !== undefined) return reportShapes(application, problem);
  const lettered = inputs.map((letters, index) => distinct({ node: operands[index]!.node, letters }, conversion));
  let product = withoutUnshared(lettered[0]!, wanted(output, lettered.slice(1)), conversion);
  for (let index = 1; index < lettered.length; index++) {
    const needed = wanted(output, lettered.slice(index + 1));
    const factor = withoutUnshared(lettered[index]!, needed + product.letters, conversion);
    product = contract(withoutUnshared(product, needed + factor.letters, conversion), factor, needed, conversion);
  }
  return arranged(withoutUnshared(product, output, conversion), output, conversion);
}

interface Specification {
  readonly inputs: readonly string[];
  readonly output: string;
}

function readSpecification(text: string, count: number): Specification | string {
  const [left, right, ...more] = text.replace(/\s/g, "").split("->");
  if (more.length > 0) return "there is more than one '->'";
  const inputs = left!.split(",");
  const odd = /[^A-Za-z,]/.exec(left!) ?? /[^A-Za-z]/.exec(right ?? "");
  if (odd !== null) return `'${odd[0]}' is no letter`;
  if (inputs.length !== count) return `it names ${inputs.length} operands, and there are ${count}`;
  const output = right ?? implicitOutput(inputs.join(""));
  const repeated = [...output].find((letter, at) => output.indexOf(letter) !== at);
  if (repeated !== undefined) return `'${repeated}' occurs twice in the result`;
  const missing = [...output].find((letter) => !left!.includes(letter));
  return missing === undefined ? { inputs, output } : `'${missing}' of the result is in no operand`;
}

/** Without an arrow: the letters that occur once, in alphabetical order. */
function implicitOutput(letters: string): string {
  return [...letters]
    .filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter))
    .sort()
    .join("");
}

function sizeProblem(inputs: readonly string[], { operands }: Application): string | undefined {
  const sizes = new Map<string, Dim>();
  for (const [index, letters] of inputs.entries()) {
    const { shape } = operands[index]!.node.type;
    if (letters.length !== shape.length)
      return `"${letters}" names ${letters.length} axes, ${shapeText(shape)} has ${shape.length}`;
    for (const [axis, letter] of [...letters].entries()) {
      const dim = shape[axis]!;
      const known = sizes.get(letter);
      if (known !== undefined && known !== dim) return `'${letter}': ${differ(known, dim)}`;
      sizes.set(letter, dim);
    }
  }
  return undefined;
}

/** Letters that the result or a later operand has. */
function wanted(output: string, later: readonly Lettered[]): string {
  return output + later.map(({ letters }) => letters).join("");
}

/** A letter twice in one operand is its diagonal. */
function distinct({ node, letters }: Lettered, { graph }: Conversion): Lettered {
  let [tensor, names] = [node, letters];
  for (;;) {
    const letter = [...names].find((other, at) => names.indexOf(other) !== at);
    if (letter === undefined) return { node: tensor, letters: names };
    const [first, second] = [names.indexOf(letter), names.lastIndexOf(letter)];
    const others = [...names].map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
    const perm = [...others, first, second];
    tensor = call(graph, "diagonal", [call(graph, "transpose", [tensor], { perm })]);
    names = others.map((axis) => names[axis]).join("") + letter;
  }
}

/** Sums the axes whose letters nobody else has. */
function withoutUnshared({ node, letters }: Lettered, others: string, { graph }: Conversion): Lettered {
  const axes = [...letters].flatMap((letter, axis) => (others.includes(letter) ? [] : [axis]));
  if (axes.length === 0) return { node, letters };
  const kept = [...letters].filter((letter) => others.includes(letter)).join("");
  return { node: call(graph, "sum", [node], { axes }), letters: kept };
}

function contract(a: Lettered, b: Lettered, needed: string, { graph }: Conversion): Lettered {
  const all = [...new Set(a.letters + b.letters)];
  const letters = all.filter((letter) => needed.includes(letter)).join("");
  const isProduct = a.letters === b.letters || a.letters === "" || b.letters === "";
  if (isProduct && letters.length === all.length) return { node: call(graph, "mul", [a.node, b.node]), letters };
  return { node: call(graph, "contract", [a.node, b.node], { spec: `${a.letters},${b.letters}->${letters}` }), letters };
}

function arranged({ node, letters }: Lettered, output: string, { graph }: Conversion): Node {
  return call(graph, "transpose", [node], { perm: [...output].map((letter) => letters.indexOf(letter)) });
}
