// Seeded initialisation of a network's parameters, as text.

import { formatNumber } from "../../../core/number.ts";
import { sizeOfShape } from "../../../ir/dims.ts";
import type { Initialiser, Parameter } from "../../../frontends/network/layer.ts";
import { writeFunctionHead } from "../pieces.ts";
import type { Writer } from "../writer.ts";
import type { NetworkEmission } from "./network.ts";

export function writeInit(writer: Writer, { names, parameters, states, title, module }: NetworkEmission): void {
  const texts = parameters.map((parameter) => ({ parameter, ...initialValue(parameter) }));
  texts.forEach(({ kernel }) => kernel && module.kernels.add(kernel));
  const random = texts.some(({ isRandom }) => isRandom);
  if (random) module.kernels.add("createRandom");
  writeFunctionHead(writer, {
    doc: [`Fresh parameters of ${title}${random ? "; the same seed gives the same ones" : ""}.`],
    name: names.init,
    parameters: random ? [{ name: "seed", type: "number" }] : [],
    returns: names.params,
  });
  if (random) writer.writeLine("  const random = createRandom(seed);");
  writer.writeLine("  return {");
  for (const { parameter, text, note } of texts)
    writer.writeFrom(parameter.node, () => writer.writeLine(`    ${parameter.name}: ${text},${note}`));
  writer.writeLine("  };");
  writer.writeLine("}");
  writer.writeLine();
  if (states.length === 0) return;
  writeFunctionHead(writer, {
    doc: [`Running statistics before the first batch.`],
    name: names.initState,
    parameters: [],
    returns: names.state,
  });
  writer.writeLine("  return {");
  for (const { name, node, shape, initial } of states) {
    if (initial !== 0) module.kernels.add("filled");
    const size = sizeOfShape(shape);
    const text = initial === 0 ? `new Float64Array(${size})` : `filled(${size}, ${formatNumber(initial)})`;
    writer.writeFrom(node, () => writer.writeLine(`    ${name}: ${text},`));
  }
  writer.writeLine("  };");
  writer.writeLine("}");
  writer.writeLine();
}

interface InitialValue {
  readonly text: string;
  readonly kernel?: string;
  readonly isRandom: boolean;
  readonly note: string;
}

/** He et al. 2015: variance 2 / fan-in. Glorot and Bengio 2010: 2 / (fan-in + fan-out). */
function initialValue({ shape, init }: Parameter): InitialValue {
  const size = sizeOfShape(shape);
  const random = (kernel: "normal" | "uniform", spread: string, note: string): InitialValue => ({
    text: `${kernel}(${size}, ${spread}, random)`,
    kernel,
    isRandom: true,
    note: note === "" ? "" : ` // ${note}`,
  });
  const both = `(${init.fanIn ?? 1} + ${init.fanOut ?? 1})`;
  switch (init.kind) {
    case "he":
      return random("normal", `Math.sqrt(2 / ${init.fanIn ?? 1})`, "He");
    case "he-uniform":
      return random("uniform", `Math.sqrt(6 / ${init.fanIn ?? 1})`, "He");
    case "xavier":
      return random("normal", `Math.sqrt(2 / ${both})`, "Xavier");
    case "xavier-uniform":
      return random("uniform", `Math.sqrt(6 / ${both})`, "Xavier");
    case "uniform":
      return random("uniform", spreadOf(init, 0.05), "");
    case "normal":
      return random("normal", spreadOf(init, 0.02), "");
    case "ones":
      return { text: `filled(${size}, 1)`, kernel: "filled", isRandom: false, note: "" };
    case "zeros":
      return { text: `new Float64Array(${size})`, isRandom: false, note: "" };
  }
}

function spreadOf({ scale }: Initialiser, usual: number): string {
  return formatNumber(scale ?? usual);
}
