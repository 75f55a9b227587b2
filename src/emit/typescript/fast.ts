// The fast style: straight-line code into a caller's array, split into functions that stay below the engine's optimisation limit.

import type { Node } from "../../ir/graph.ts";
import type { Schedule, Statement } from "../../passes/schedule.ts";
import type { CompactPlan } from "./compact.ts";
import { contextOf, derivativeDoc, derivativeParameters } from "./compact.ts";
import { countOperations } from "../../core/syntax.ts";
import { namesRead, toExpression, weigh, type ExpressionContext } from "./expression.ts";
import { inputParameters, writeFunctionHead, type Parameter } from "./pieces.ts";
import { printStatement } from "./print.ts";
import type { Signature } from "./signature.ts";
import type { Writer, Written } from "./writer.ts";

/**
 * Operations in one function. V8 never optimises a function above 61,440 bytes of bytecode, about 1,700 straight-line operations; half of
 * that keeps a distance and compiles quickly.
 */
const CHUNK_OPERATIONS = 700;

/** Writes `f` and the mode's function, whose results go to an array: value first, then derivatives row by row. */
export function writeFast(writer: Writer, signature: Signature, plan: CompactPlan, formula: string): Written {
  const all = emissionOf(writer, signature, plan.all);
  const parts = chunk(plan.all.statements, all.context);
  const results = [...plan.result.outputs, ...plan.result.derived.flatMap(({ rows }) => rows.flat())];
  const doc = [derivativeDoc(signature), describeLayout(signature, plan)];
  const parameters = derivativeParameters(signature);
  if (parts.length > 1 && sharesForwardParts(signature)) {
    const slots = writeChunks(all, signature.derivative, parts, results);
    writeSharedValueFunction(all, slots, formula);
    writer.writeLine();
    writeArrayFunction(all, signature.derivative, parameters, results, doc, slots);
  } else {
    writeOwnValueFunction(emissionOf(writer, signature, plan.value()), formula, plan.result.outputs);
    writer.writeLine();
    const slots = parts.length > 1 ? writeChunks(all, signature.derivative, parts, results) : undefined;
    writeArrayFunction(all, signature.derivative, parameters, results, doc, slots);
  }
  return { counts: all.counts, mark: undefined };
}

function emissionOf(writer: Writer, signature: Signature, schedule: Schedule): Emission {
  return { writer, signature, schedule, context: contextOf(schedule, true), counts: { forward: 0, backward: 0 } };
}

/** Long code is not written twice where the value can be had from the forward parts of the derivative: those take no direction. */
function sharesForwardParts(signature: Signature): boolean {
  return !signature.isVector && !(signature.packed && usesDirections(signature));
}

interface Emission {
  readonly writer: Writer;
  readonly signature: Signature;
  readonly schedule: Schedule;
  readonly context: ExpressionContext;
  /** Operations printed so far. */
  readonly counts: { forward: number; backward: number };
}

function describeLayout(signature: Signature, plan: CompactPlan): string {
  const { outName } = signature;
  const count = plan.result.outputs.length;
  const outputs = count === 1 ? `${outName}[0] = ${signature.value}` : `${outName}[0..${count - 1}] = ${signature.value}`;
  let at = count;
  const parts = plan.result.derived.flatMap(({ kind, rows }) => {
    const size = rows.length * rows[0]!.length;
    if (size === 0) return [];
    const names =
      kind === "gradient" && size <= 8
        ? signature.gradientProperties.map((name, index) => `${outName}[${at + index}] = ${name}`)
        : undefined;
    const text =
      names?.join(", ") ??
      `${outName}[${at}..${at + size - 1}] = the ${kind}${rows.length > 1 ? ", row by row" : kind === "gradient" ? " in the order of the inputs" : ""}`;
    at += size;
    return text;
  });
  return `Writes ${[outputs, ...parts].join(", ")}.`;
}

/** The value through forward parts, which leave it where results begin. */
function writeSharedValueFunction({ writer, signature }: Emission, slots: ChunkSlots, formula: string): void {
  const resultName = `${signature.value}Result`;
  writer.mark(undefined);
  writer.writeLine(`/** Where the forward parts leave the value. */`);
  writer.writeLine(`const ${resultName} = new Float64Array(1);`);
  writer.writeLine();
  writeValueHead(writer, signature, formula);
  const inputs = new Set(signature.inputs.map(({ name }) => name));
  const stored = slots.inputs.filter(({ name }) => inputs.has(name));
  writeCalls(writer, signature, { ...slots, inputs: stored, count: slots.forwardCount }, resultName);
  writer.write(`  return ${resultName}[0]`);
  writer.writeType("!");
  writer.writeLine(";");
  writer.writeLine("}");
}

function writeValueHead(writer: Writer, signature: Signature, formula: string): void {
  const parameters = inputParameters(signature);
  writeFunctionHead(writer, { doc: [formula], name: signature.value, parameters, returns: "number" });
}

/** The value by code of its own. */
function writeOwnValueFunction(emission: Emission, formula: string, outputs: readonly Node[]): void {
  const { writer, signature, schedule, context } = emission;
  const { statements } = schedule;
  const parts = chunk(statements, context);
  const slots = parts.length > 1 ? writeChunks(emission, signature.value, parts, outputs) : undefined;
  if (slots !== undefined && !signature.isVector) return writeSharedValueFunction(emission, slots, formula);
  if (signature.isVector) {
    const doc = [formula, `Writes the value to \`${signature.outName}\`.`];
    return writeArrayFunction(emission, signature.value, inputParameters(signature), outputs, doc, slots);
  }
  writeValueHead(writer, signature, formula);
  writePackedReads(emission, statements, outputs);
  const last = statements.at(-1);
  const returnsLast = last?.node === outputs[0];
  for (const statement of statements) if (!returnsLast || statement !== last) writeStatement(emission, statement);
  const returned = printStatement("return ", toExpression(outputs[0]!, context, !returnsLast), "  ");
  writer.writeFrom(outputs[0]!, () => writer.writeLine(returned));
  writer.writeLine("}");
}

function writeArrayFunction(
  emission: Emission,
  name: string,
  parameters: readonly Parameter[],
  results: readonly Node[],
  doc: readonly string[],
  slots: ChunkSlots | undefined,
): void {
  const { writer, signature, schedule } = emission;
  const out = { name: signature.outName, type: "Float64Array", default: `new Float64Array(${results.length})` };
  writeFunctionHead(writer, { doc, name, parameters: [...parameters, out], returns: "Float64Array" });
  if (slots !== undefined) writeCalls(writer, signature, slots, signature.outName);
  else {
    writePackedReads(emission, schedule.statements, results);
    for (const statement of schedule.statements) if (statement.part === "forward") writeStatement(emission, statement);
    writer.writeBackward(() => {
      for (const statement of schedule.statements) if (statement.part === "backward") writeStatement(emission, statement);
      results.forEach((node, index) => writeResult(emission, node, index));
    });
  }
  writer.writeLine(`  return ${signature.outName};`);
  writer.writeLine("}");
}

function writeStatement({ writer, context, counts }: Emission, statement: Statement): void {
  const expression = toExpression(statement.node, context);
  counts[statement.part] += countOperations(expression);
  writer.writeFrom(statement.node, () => writer.writeLine(printStatement(`const ${statement.name} = `, expression, "  ")));
}

function writeResult({ writer, context, signature, counts }: Emission, node: Node, index: number): void {
  const expression = toExpression(node, context, true);
  counts.backward += countOperations(expression);
  writer.writeFrom(node, () => writer.writeLine(printStatement(`${signature.outName}[${index}] = `, expression, "  ")));
}

function writePackedReads(emission: Emission, statements: readonly Statement[], results: readonly Node[]): void {
  const { signature, writer } = emission;
  if (!signature.packed) return;
  const read = namesRead([...statements.flatMap(({ node }) => node.args), ...results], emission.context);
  for (const [name, source] of packedSources(signature)) if (read.has(name)) writeRead(writer, name, source);
}

/** Variables that come out of a packed parameter, with the element each is. */
function packedSources(signature: Signature): [name: string, source: string][] {
  const inputs = signature.inputs.map(({ name }, index): [string, string] => [name, `${signature.packedName}[${index}]`]);
  const directed = signature.mode === "jvp" || signature.mode === "hvp";
  const directions = signature.directions.map((name, index): [string, string] => [name, `${signature.directionName}[${index}]`]);
  return directed ? [...inputs, ...directions] : inputs;
}

function writeRead(writer: Writer, name: string, source: string, suffix = ""): void {
  writer.write(`  const ${name} = ${source}`);
  writer.writeType("!");
  writer.writeLine(`${suffix};`);
}

function chunk(statements: readonly Statement[], context: ExpressionContext): Statement[][] {
  const counts = statements.map(({ node }) => 1 + weigh(node, context.nameOf));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 1.5 * CHUNK_OPERATIONS) return [[...statements]];
  const chunks: Statement[][] = [];
  let size = Infinity;
  statements.forEach((statement, index) => {
    const turns = index > 0 && statement.part !== statements[index - 1]!.part; // forward parts serve the value as well
    if (size > CHUNK_OPERATIONS || turns) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)!.push(statement);
    size += counts[index]!;
  });
  return chunks;
}

interface ChunkSlots {
  readonly name: string;
  readonly count: number;
  /** How many of the parts are forward. */
  readonly forwardCount: number;
  readonly workName: string;
  /** Values that the entry function stores: inputs that chunks read. */
  readonly inputs: readonly { readonly name: string; readonly slot: number }[];
}

interface ChunkPlan {
  readonly statements: readonly Statement[];
  readonly results: readonly { readonly node: Node; readonly index: number }[];
  readonly reads: ReadonlyMap<string, Node>;
}

/** Writes the chunk functions and the workspace in which they hand values on. */
function writeChunks(
  emission: Emission,
  name: string,
  chunks: readonly (readonly Statement[])[],
  results: readonly Node[],
): ChunkSlots {
  const { writer, signature } = emission;
  const plans = planChunks(emission, chunks, results);
  const { slots, size } = assignSlots(emission, plans);
  const workName = `${name}Work`;
  writer.mark(undefined);
  writer.writeLine(`/** What the parts of ${name} hand on to each other. */`);
  writer.writeLine(`const ${workName} = new Float64Array(${size});`);
  writer.writeLine();
  const sources = new Map(signature.packed ? packedSources(signature) : []);
  plans.forEach((plan, index) => {
    const parameters = [{ name: signature.workName, type: "Float64Array" }];
    if (signature.packed) parameters.push({ name: signature.packedName, type: "ArrayLike<number>" });
    if (signature.packed && usesDirections(signature))
      parameters.push({ name: signature.directionName, type: "ArrayLike<number>" });
    parameters.push({ name: signature.outName, type: "Float64Array" });
    writeFunctionHead(writer, { doc: [], name: `${name}Part${index + 1}`, parameters, returns: "void", exported: false });
    writeChunkBody(emission, plan, slots, sources);
    writer.writeLine("}");
    writer.writeLine();
  });
  const parameterNodes = signature.packed ? [] : [...slots.keys()].filter((node) => node.kind === "input");
  return {
    name,
    count: plans.length,
    forwardCount: chunks.filter(([first]) => first!.part === "forward").length,
    workName,
    inputs: parameterNodes.map((node) => ({ name: emission.schedule.names.get(node)!, slot: slots.get(node)! })),
  };
}

/** Results are written by the chunk that computes them; those that no statement computes, by the last one. */
function planChunks(emission: Emission, chunks: readonly (readonly Statement[])[], results: readonly Node[]): ChunkPlan[] {
  const home = new Map<Node, number>();
  chunks.forEach((statements, index) => statements.forEach(({ node }) => home.set(node, index)));
  const resultsOf = chunks.map((): { node: Node; index: number }[] => []);
  results.forEach((node, index) => resultsOf[home.get(node) ?? chunks.length - 1]!.push({ node, index }));
  return chunks.map((statements, index) => {
    const own = new Set<Node>(statements.map(({ node }) => node));
    const mentioned = [...statements.flatMap(({ node }) => node.args), ...resultsOf[index]!.map(({ node }) => node)];
    const reads = new Map([...namesRead(mentioned, emission.context)].filter(([, node]) => !own.has(node)));
    return { statements, results: resultsOf[index]!, reads };
  });
}

/** A place in the workspace for every value that another chunk reads; places are used again once nobody reads them any more. */
function assignSlots(emission: Emission, plans: readonly ChunkPlan[]): { slots: Map<Node, number>; size: number } {
  const lastRead = new Map<Node, number>();
  plans.forEach((plan, index) => plan.reads.forEach((node) => lastRead.set(node, index)));
  const slots = new Map<Node, number>();
  const free: number[] = [];
  let size = 0;
  const place = (node: Node): void => void slots.set(node, free.pop() ?? size++);
  const dying = plans.map((): Node[] => []);
  for (const [node, last] of lastRead) dying[last]?.push(node);
  if (!emission.signature.packed) for (const node of lastRead.keys()) if (node.kind === "input") place(node);
  plans.forEach((plan, index) => {
    for (const { node } of plan.statements) if (lastRead.has(node)) place(node);
    for (const node of dying[index]!) if (slots.has(node)) free.push(slots.get(node)!);
  });
  return { slots, size: Math.max(size, 1) };
}

function writeChunkBody(
  emission: Emission,
  plan: ChunkPlan,
  slots: ReadonlyMap<Node, number>,
  sources: ReadonlyMap<string, string>,
): void {
  const { writer, signature } = emission;
  for (const [name, node] of plan.reads) {
    const source = sources.get(name) ?? `${signature.workName}[${slots.get(node)}]`;
    writeRead(writer, name, source, node.type.dtype === "boolean" ? " !== 0" : "");
  }
  const write = (statement: Statement): void => {
    writeStatement(emission, statement);
    const slot = slots.get(statement.node);
    const stored = statement.node.type.dtype === "boolean" ? `${statement.name} ? 1 : 0` : statement.name;
    if (slot !== undefined)
      writer.writeFrom(statement.node, () => writer.writeLine(`  ${signature.workName}[${slot}] = ${stored};`));
  };
  for (const statement of plan.statements) if (statement.part === "forward") write(statement);
  writer.writeBackward(() => {
    for (const statement of plan.statements) if (statement.part === "backward") write(statement);
    for (const { node, index } of plan.results) writeResult(emission, node, index);
  });
}

function usesDirections(signature: Signature): boolean {
  return signature.mode === "jvp" || signature.mode === "hvp";
}

/** The body of an exported function over parts: inputs into the workspace, then the parts in turn. */
function writeCalls(writer: Writer, signature: Signature, slots: ChunkSlots, resultName: string): void {
  for (const { name, slot } of slots.inputs) writer.writeLine(`  ${slots.workName}[${slot}] = ${name};`);
  const args = [slots.workName];
  if (signature.packed) args.push(signature.packedName);
  if (signature.packed && usesDirections(signature)) args.push(signature.directionName);
  args.push(resultName);
  for (let index = 1; index <= slots.count; index++) writer.writeLine(`  ${slots.name}Part${index}(${args.join(", ")});`);
}
