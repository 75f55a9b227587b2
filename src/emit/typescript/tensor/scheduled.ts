// Tensor code when both passes are seen at once: tidy gradients, directional derivatives, Hessian-vector products.

import type { Node } from "../../../ir/graph.ts";
import type { TensorSchedule } from "../../../passes/tensor-schedule.ts";
import { property, writeFunctionHead, writeInterface, writeReturnObject } from "../pieces.ts";
import { createWriter, type Writer } from "../writer.ts";
import { printFlat } from "./code.ts";
import { codeOf } from "./lines.ts";
import { argumentNames, doorLine, parameters, sourceOf, valueField, type TensorEmission } from "./functions.ts";
import { lineContext, typeText, writeArrayCheck, writeMarked, writeStatement } from "./module.ts";

export interface ScheduledResult {
  /** Property, node, type and doc of each result. */
  readonly fields: readonly { readonly name: string; readonly node: Node; readonly doc: string }[];
  readonly directions: readonly { readonly name: string; readonly node: Node }[];
}

export function writeScheduled(
  writer: Writer,
  emission: TensorEmission,
  schedule: TensorSchedule,
  result: ScheduledResult,
  doc: string,
): void {
  const { signature } = emission;
  const context = lineContext(emission.module, schedule.names);
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    valueField(emission),
    ...result.fields.map(({ name, node, doc: text }) => ({ name, type: typeText(node.type), doc: text })),
  ]);
  const body = createWriter();
  for (const { name, node } of result.directions) writeArrayCheck(body, emission.module, name, node.type);
  const derivedFrom = schedule.statements.findIndex((statement) => statement.part === "backward");
  schedule.statements.forEach((statement, index) => {
    if (index === derivedFrom && index > 0) body.writeLine();
    if (statement.part === "backward") body.writeBackward(() => writeStatement(body, context, statement, ""));
    else writeStatement(body, context, statement, "");
  });
  const returned = createWriter();
  const given = new Set<string>();
  const fresh = (node: Node): string => {
    const { code, isFresh } = codeOf(node, context);
    const text = printFlat(code);
    const isShared = !isFresh && node.type.shape.length > 0 && (given.has(text) || sourceOf(node).kind === "input");
    given.add(text);
    return isShared ? `${text}.slice()` : text;
  };
  writeReturnObject(returned, [
    property(signature.valueProperty, fresh(emission.output)),
    ...result.fields.map(({ name, node }) => property(name, fresh(node))),
  ]);
  body.writeBackward(() => writeMarked(body, returned.finish().text.trimEnd()));
  const params = [...parameters(emission), ...result.directions.map(({ name, node }) => ({ name, type: typeText(node.type) }))];
  writeFunctionHead(writer, {
    doc: [doc],
    name: signature.derivative,
    parameters: params,
    returns: signature.resultType,
  });
  const finished = body.finish();
  writer.writeLine(doorLine(emission.sizesName, emission.door, argumentNames(emission), finished.text));
  writer.append(finished);
  writer.writeLine("}");
  writer.writeLine();
}
