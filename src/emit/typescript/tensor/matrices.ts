// Jacobians and Hessians of tensor functions: loops over unit adjoints or unit directions around the generated passes.

import { property, writeFunctionHead, writeInterface, type FunctionHead } from "../pieces.ts";
import type { Writer } from "../writer.ts";
import { typeText } from "./module.ts";
import { type TensorEmission } from "./functions.ts";

/** `fJacobian`: a row per element of the output, a column per element of the inputs, in order. */
export function writeJacobian(writer: Writer, emission: TensorEmission): void {
  const { signature, output, door } = emission;
  const isScalar = output.type.shape.length === 0;
  const args = [...signature.inputs.map((input) => input.name), ...door.explicit];
  const names = signature.gradientProperties;
  const locals = signature.freshLocals();
  const [kept, J, row, seed, rows, width, gradients] = ["kept", "J", "row", "seed", "rows", "width", "gradients"].map((name) =>
    locals.allocate(name),
  ) as [string, string, string, string, string, string, string];
  const value = `${kept}.${signature.valueProperty}`;
  writer.writeLine();
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    { name: signature.valueProperty, type: typeText(output.type), doc: "the value" },
    {
      name: "J",
      type: "Float64Array",
      doc: `row-major: a row for each element of ${signature.value}, a column for each element of ${wrtText(emission)}`,
    },
  ]);
  writeHead(writer, emission, {
    doc: [`The value and the Jacobian of ${signature.value}: one backward pass for each of its elements.`],
    name: signature.derivative,
    returns: signature.resultType,
  });
  writer.writeLine(`  const ${kept} = ${signature.forward}(${args.join(", ")});`);
  writer.writeLine(`  const ${rows} = ${isScalar ? "1" : `${value}.length`};`);
  writer.writeLine(`  const ${width} = ${totalLength(emission)};`);
  writer.writeLine(`  const ${J} = new Float64Array(${rows} * ${width});`);
  if (!isScalar) writer.writeLine(`  const ${seed} = new Float64Array(${rows});`);
  writer.writeLine(`  for (let ${row} = 0; ${row} < ${rows}; ${row}++) {`);
  if (!isScalar) writer.writeLine(`    ${seed}[${row}] = 1;`);
  writer.writeBackward(() => {
    writer.writeLine(`    const ${gradients} = ${signature.backward}(${kept}${isScalar ? "" : `, ${seed}`});`);
    let offset = `${row} * ${width}`;
    signature.inputs
      .filter((input) => input.wrt)
      .forEach((input, index) => {
        const scalar = input.node.type.shape.length === 0;
        writer.writeLine(
          scalar
            ? `    ${J}[${offset}] = ${gradients}.${names[index]};`
            : `    ${J}.set(${gradients}.${names[index]}, ${offset});`,
        );
        offset += ` + ${scalar ? "1" : `${input.name}.length`}`;
      });
  });
  if (!isScalar) writer.writeLine(`    ${seed}[${row}] = 0;`);
  writer.writeLine("  }");
  writer.writeLine(`  return { ${signature.valueProperty}: ${value}, ${property("J", J)} };`);
  writer.writeLine("}");
}

/** `fHessian`: a Hessian-vector product for each unit direction. */
export function writeHessian(
  writer: Writer,
  emission: TensorEmission,
  names: { readonly name: string; readonly type: string },
): void {
  const { signature, output, door } = emission;
  const wrt = signature.inputs.filter((input) => input.wrt);
  const locals = signature.freshLocals();
  const [H, width, row, i, j, along] = ["H", "width", "row", "i", "j", "along"].map((name) => locals.allocate(name)) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  writeInterface(writer, names.type, `What ${names.name} returns.`, [
    { name: signature.valueProperty, type: typeText(output.type), doc: "the value" },
    ...wrt.map((input, index) => ({
      name: signature.gradientProperties[index]!,
      type: typeText(input.node.type),
      doc: `∂${signature.value}/∂${input.name}`,
    })),
    { name: "H", type: "Float64Array", doc: `row-major and symmetric, over the elements of ${wrtText(emission)}` },
  ]);
  writeHead(writer, emission, {
    doc: [`The value, the gradient and the Hessian of ${signature.value}: a product with each unit direction.`],
    name: names.name,
    returns: names.type,
  });
  wrt.forEach(({ node, name }, index) => {
    const isScalar = node.type.shape.length === 0;
    writer.writeLine(
      `  ${isScalar ? "let" : "const"} ${signature.directions[index]!} = ${isScalar ? "0" : `new Float64Array(${name}.length)`};`,
    );
  });
  const args = [...signature.inputs.map((input) => input.name), ...door.explicit, ...signature.directions].join(", ");
  const first = [signature.valueProperty, ...signature.gradientProperties];
  const call = `${signature.derivative}(${args})`;
  writer.writeLine(`  const { ${first.join(", ")} } = ${call};`);
  writer.writeLine(`  const ${width} = ${totalLength(emission)};`);
  writer.writeLine(`  const ${H} = new Float64Array(${width} * ${width});`);
  writer.writeLine(`  let ${row} = 0;`);
  wrt.forEach(({ node }, index) => {
    const isScalar = node.type.shape.length === 0;
    const direction = signature.directions[index]! + (isScalar ? "" : `[${i}]`);
    writer.writeLine(isScalar ? "  {" : `  for (let ${i} = 0; ${i} < ${direction.slice(0, -3)}.length; ${i}++, ${row}++) {`);
    writer.writeLine(`    ${direction} = 1;`);
    writer.writeBackward(() => {
      writer.writeLine(`    const ${along} = ${call};`);
      let offset = `${row} * ${width}`;
      for (const other of wrt) {
        const single = other.node.type.shape.length === 0;
        const value = `${along}.h${other.source}`;
        writer.writeLine(single ? `    ${H}[${offset}] = ${value};` : `    ${H}.set(${value}, ${offset});`);
        offset += ` + ${single ? "1" : `${other.name}.length`}`;
      }
    });
    writer.writeLine(`    ${direction} = 0;`);
    if (isScalar) writer.writeLine(`    ${row}++;`);
    writer.writeLine("  }");
  });
  writer.writeLine("  // each product rounds in its own way: the lower half is made the mirror of the upper");
  writer.writeLine(`  for (let ${i} = 1; ${i} < ${width}; ${i}++) {`);
  writer.writeLine(`    for (let ${j} = 0; ${j} < ${i}; ${j}++) {`);
  writer.write(`      ${H}[${i} * ${width} + ${j}] = ${H}[${j} * ${width} + ${i}]`);
  writer.writeType("!");
  writer.writeLine(";");
  writer.writeLine("    }");
  writer.writeLine("  }");
  writer.writeLine(`  return { ${[...first, property("H", H)].join(", ")} };`);
  writer.writeLine("}");
  writer.writeLine();
}

function writeHead(writer: Writer, { signature, door }: TensorEmission, head: Omit<FunctionHead, "parameters">): void {
  const parameters = [
    ...signature.inputs.map((input) => ({ name: input.name, type: typeText(input.node.type) })),
    ...door.explicit.map((each) => ({ name: each, type: "number" })),
  ];
  writeFunctionHead(writer, { ...head, parameters });
}

function wrtText({ signature }: TensorEmission): string {
  return signature.inputs
    .filter((input) => input.wrt)
    .map((input) => input.name)
    .join(", ");
}

/** How many elements all differentiated inputs have. */
function totalLength({ signature }: TensorEmission): string {
  const lengths = signature.inputs
    .filter((input) => input.wrt)
    .map(({ node, name }) => (node.type.shape.length === 0 ? "1" : `${name}.length`));
  return lengths.join(" + ") || "0";
}
