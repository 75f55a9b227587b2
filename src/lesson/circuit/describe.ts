// A circuit in words, for those who do not see it: what comes in, what each gate makes of it, what flows back.

import type { Measure } from "../types.ts";
import { backFlowsOf } from "./back-flow.ts";
import { resultName, type Circuit, type CircuitNode, type CircuitWire, type InputNode } from "./circuit.ts";
import { stageText } from "./gate.ts";
import { measureText } from "./labels.ts";

/** A longer circuit is told in sizes alone: nobody listens to hundreds of sentences. */
const MOST_NODES = 40;

/** One paragraph of what is drawn: inputs, gates forward, gradients backward. */
export function describeCircuit(circuit: Circuit): string {
  const { lesson, numbers, nodes } = circuit;
  const result = `Result: ${resultName(lesson)}${lesson.output === "" ? "" : equals(numbers?.value)}.`;
  if (nodes.length > MOST_NODES)
    return `${lesson.inputs.length} inputs, ${lesson.stages.length} stages, ${lesson.steps.length} backward steps. ${result}`;
  const inputs = nodes.flatMap((node) => (node.kind === "input" ? describeInput(circuit, node) : []));
  const forward = nodes.flatMap((node) => describeForward(circuit, node));
  const parts = [
    inputs.length === 0 ? [] : [`In: ${listText(inputs)}.`],
    forward.length === 0 ? [] : [`Forward: ${forward.join("; ")}.`],
    result,
    lesson.output === "" ? "Nothing flows back: it is a constant." : describeBackward(circuit),
  ];
  return parts.flat().join(" ");
}

function describeInput({ lesson, numbers }: Circuit, { name, source }: InputNode): string {
  const input = lesson.inputs.find(({ variable }) => variable === source.variables[0])!;
  return withShape(name, input.shape) + equals(numbers?.values[input.variable]);
}

function describeForward({ numbers, wires }: Circuit, node: CircuitNode): string[] {
  if (node.kind === "gate") {
    const { number, variable, shape } = node.stage;
    return [`(${number}) ${withShape(variable, shape)} = ${stageText(node.stage)}${equals(numbers?.values[variable])}`];
  }
  if (node.kind !== "block") return [];
  const read = variablesOf(wires.filter(({ to }) => to === node.id));
  const made = variablesOf(wires.filter(({ from }) => from === node.id)).map(
    (variable) => variable + equals(numbers?.values[variable]),
  );
  const [reads, makes] = [
    read.length === 0 ? [] : [`reads ${listText(read)}`],
    made.length === 0 ? [] : [`makes ${listText(made)}`],
  ];
  return [`${node.title} (${node.notes.join("; ")}) ${[...reads, ...makes].join(" and ")}`];
}

/** The wires again, from the result to the inputs: what each variable receives, and from where. */
function describeBackward({ lesson, numbers, nodes, wires }: Circuit): string {
  const flows = backFlowsOf(lesson, numbers);
  const names = new Map(nodes.map((node) => [node.id, nodeName(node)]));
  const senders = [...nodes.filter(({ kind }) => kind !== "input").toReversed(), ...nodes.filter(({ kind }) => kind === "input")];
  const variables = senders.flatMap(({ id }) => variablesOf(wires.filter(({ from }) => from === id)));
  const received = variables.flatMap((variable) => {
    const flow = flows.complete(variable);
    if (flow === undefined || variable === lesson.output) return [];
    const from = wires.filter((wire) => wire.variable === variable && flows.along(variable, wire.source.stages) !== undefined);
    const gradient = flow.name === undefined ? equals(flow.measure).replace(/^ = | with /, "") : flow.name + equals(flow.measure);
    return [`${variable} receives ${gradient} from ${listText(from.map(({ to }) => names.get(to)!))}`];
  });
  const arrival = `${lesson.seed}${equals(numbers?.gradients[lesson.output])} arrives at ${lesson.output}`;
  return `Backward: ${[arrival, ...received].join("; ")}.`;
}

function nodeName(node: CircuitNode): string {
  switch (node.kind) {
    case "gate":
      return node.stage.variable;
    case "block":
      return node.title;
    case "input":
    case "result":
      return node.name;
  }
}

function variablesOf(wires: readonly CircuitWire[]): string[] {
  return [...new Set(wires.map(({ variable }) => variable))];
}

function equals(measure: Measure | undefined): string {
  if (measure === undefined) return "";
  return typeof measure === "object" ? ` with norm ${measureText(measure).replace("‖·‖ ", "")}` : ` = ${measureText(measure)}`;
}

function withShape(name: string, shape: string): string {
  return shape === "" ? name : `${name} ${shape}`;
}

function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
