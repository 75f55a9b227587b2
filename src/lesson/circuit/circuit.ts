// A lesson as a circuit: nodes and the wires between them, with what is written on them. It knows neither places nor colours.

import type { Lesson, LessonCode, LessonStage, Numbers } from "../types.ts";
import { backFlowsOf, type BackFlows } from "./back-flow.ts";
import { fold, positionsOf, readInputs, type Folding, type Part } from "./fold.ts";
import { gateFace, type GateFace } from "./gate.ts";
import { labelsOf, NO_LABEL, type Labels, type WireLabel } from "./labels.ts";

export interface Circuit {
  readonly lesson: Lesson;
  readonly numbers: Numbers | undefined;
  readonly nodes: readonly CircuitNode[];
  readonly wires: readonly CircuitWire[];
  /** Blocks that were unfolded: their ids fold them again when they are left out. */
  readonly opened: readonly { readonly id: string; readonly title: string; readonly nodes: readonly string[] }[];
}

export type CircuitNode = InputNode | GateNode | BlockNode | ResultNode;

/** What lights up together: stages by number, backward steps by index, variables, and lines of the compilation's code. */
export interface Source {
  readonly stages: readonly number[];
  readonly steps: readonly number[];
  readonly variables: readonly string[];
  readonly code: readonly LessonCode[];
}

interface NodeCommon {
  readonly id: string;
  readonly source: Source;
  /** Where the node's only variable is read several times: value and complete gradient, written before the wires part. */
  readonly fork: WireLabel | undefined;
}

export interface InputNode extends NodeCommon {
  readonly kind: "input";
  readonly name: string;
}

export interface GateNode extends NodeCommon {
  readonly kind: "gate";
  readonly face: GateFace;
  readonly stage: LessonStage;
}

/** Several stages drawn as one. */
export interface BlockNode extends NodeCommon {
  readonly kind: "block";
  /** What to put into `unfold`. */
  readonly block: string;
  readonly title: string;
  /** "8 stages", "W1, b1". */
  readonly notes: readonly string[];
}

export interface ResultNode extends NodeCommon {
  readonly kind: "result";
  readonly name: string;
}

/** A value on its way from the node that makes it to one that reads it. */
export interface CircuitWire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly variable: string;
  /** Stages that read it at the far end; of the result's wire none. */
  readonly source: Source;
  readonly label: WireLabel;
}

export interface CircuitOptions {
  /** Values and gradients at a point. Without them the wires carry names. */
  readonly numbers?: Numbers;
  /** Blocks to show stage by stage, by `BlockNode.block`. */
  readonly unfold?: "all" | ReadonlySet<string>;
  /** Up to this many nodes nothing folds (40). */
  readonly maxNodes?: number;
}

const MOST_NODES = 40;
const RESULT = "result";

/** The circuit of a lesson. */
export function circuitOf(lesson: Lesson, options: CircuitOptions = {}): Circuit {
  const { numbers, unfold = new Set(), maxNodes = MOST_NODES } = options;
  const folding = fold(lesson, { unfold, maxNodes });
  const places = placesOf(lesson, folding);
  const reads = readsOf(lesson, places);
  const drawing: Drawing = {
    lesson,
    numbers,
    places,
    reads,
    forks: forksOf(reads),
    flows: backFlowsOf(lesson, numbers),
    labels: labelsOf(lesson, numbers),
  };
  const opened = folding.opened.map((block) => {
    const inside = positionsOf(block).map((position) => places.get(lesson.stages[position]!.variable)!);
    return { id: block.id, title: block.title, nodes: [...new Set(inside)] };
  });
  return { lesson, numbers, nodes: nodesOf(drawing, folding), wires: reads.map((read) => wireOf(drawing, read)), opened };
}

/** A variable on its way from one node to another, and the stages there that read it; none for the result. */
interface Read {
  readonly id: string;
  readonly variable: string;
  readonly from: string;
  readonly to: string;
  readonly stages: LessonStage[];
}

interface Drawing {
  readonly lesson: Lesson;
  readonly numbers: Numbers | undefined;
  readonly places: Places;
  readonly reads: readonly Read[];
  /** Nodes whose only variable is read several times, with that variable. */
  readonly forks: ReadonlyMap<string, string>;
  readonly flows: BackFlows;
  readonly labels: Labels;
}

/** Which node makes a variable. Parameters that only one block reads are part of it. */
type Places = ReadonlyMap<string, string>;

function placesOf(lesson: Lesson, { parts }: Folding): Places {
  const places = new Map<string, string>();
  for (const part of parts) {
    for (const position of positionsOf(part)) places.set(lesson.stages[position]!.variable, partId(lesson, part));
  }
  const readers = new Map<string, Set<string>>();
  for (const { variable, operands } of lesson.stages) {
    for (const operand of operands) readers.set(operand, (readers.get(operand) ?? new Set()).add(places.get(variable)!));
  }
  for (const { variable, role } of lesson.inputs) {
    const [reader, ...others] = readers.get(variable) ?? [];
    const taken = role !== "data" && others.length === 0 && reader?.startsWith("block:") === true;
    places.set(variable, taken ? reader : `input:${variable}`);
  }
  return places;
}

function partId(lesson: Lesson, part: Part): string {
  return part.kind === "stage" ? `stage:${lesson.stages[part.position]!.number}` : `block:${part.id}`;
}

function readsOf(lesson: Lesson, places: Places): Read[] {
  const reads = new Map<string, Read>();
  for (const stage of lesson.stages) {
    for (const variable of stage.operands) {
      const [from, to] = [places.get(variable)!, places.get(stage.variable)!];
      const id = `${variable}>${to}`;
      if (from === to) continue;
      const read = reads.get(id);
      if (read === undefined) reads.set(id, { id, variable, from, to, stages: [stage] });
      else read.stages.push(stage);
    }
  }
  const variable = lesson.output;
  const from = places.get(variable);
  if (from === undefined) return [...reads.values()]; // a constant: nothing flows
  return [...reads.values(), { id: `${variable}>${RESULT}`, variable, from, to: RESULT, stages: [] }];
}

function forksOf(reads: readonly Read[]): Map<string, string> {
  const leaving = new Map<string, string[]>();
  for (const { from, variable } of reads) leaving.set(from, [...(leaving.get(from) ?? []), variable]);
  const forks = [...leaving].filter(([, variables]) => variables.length > 1 && new Set(variables).size === 1);
  return new Map(forks.map(([id, variables]) => [id, variables[0]!]));
}

function wireOf({ lesson, numbers, forks, flows, labels }: Drawing, { id, from, to, variable, stages }: Read): CircuitWire {
  const readers = stages.map(({ number }) => number);
  const flow = to === RESULT ? flows.complete(variable) : flows.along(variable, readers);
  const steps = flow?.steps ?? [];
  const code = [...stages.map((stage) => stage.code), ...steps.map((index) => lesson.steps[index]!.code)];
  // Names stand before the fork and would only be said again behind it.
  const label = numbers === undefined && forks.has(from) ? NO_LABEL : labels.labelOf(variable, flow);
  return { id, from, to, variable, source: { stages: readers, steps, variables: [variable], code }, label };
}

function nodesOf(drawing: Drawing, { parts }: Folding): CircuitNode[] {
  const { lesson, places, flows } = drawing;
  const read = readInputs(lesson);
  const inputs = lesson.inputs
    .filter(({ variable }) => read.has(variable) && places.get(variable) === `input:${variable}`)
    .map(({ name, variable }): InputNode => {
      const id = `input:${variable}`;
      const steps = flows.complete(variable)?.steps ?? [];
      const source = { stages: [], steps, variables: [variable], code: steps.map((index) => lesson.steps[index]!.code) };
      return { kind: "input", id, name, source, fork: forkLabel(drawing, id) };
    });
  const made = parts.map((part) => partNode(drawing, part));
  const source = { stages: [], steps: [], variables: [lesson.output], code: [] };
  return [...inputs, ...made, { kind: "result", id: RESULT, name: resultName(lesson), source, fork: undefined }];
}

/** The stage that is the result; the function's own name where it hands on an input, with its value where it is a constant. */
export function resultName({ name, output, formula, inputs }: Lesson): string {
  if (output === "") return `${name} = ${formula}`;
  return inputs.some(({ variable }) => variable === output) ? name : output;
}

function forkLabel({ forks, flows, labels }: Drawing, id: string): WireLabel | undefined {
  const variable = forks.get(id);
  return variable === undefined ? undefined : labels.labelOf(variable, flows.complete(variable));
}

function partNode(drawing: Drawing, part: Part): GateNode | BlockNode {
  const { lesson, places } = drawing;
  const id = partId(lesson, part);
  const stages = positionsOf(part).map((position) => lesson.stages[position]!);
  const common = { id, source: stagesSource(lesson, stages), fork: forkLabel(drawing, id) };
  if (part.kind === "stage") return { kind: "gate", face: gateFace(stages[0]!), stage: stages[0]!, ...common };
  const parameters = lesson.inputs.filter(({ variable }) => places.get(variable) === id).map(({ name }) => name);
  const notes = [`${stages.length} ${stages.length === 1 ? "stage" : "stages"}`];
  if (parameters.length > 0) notes.push(parameters.length <= 3 ? parameters.join(", ") : `${parameters.length} parameters`);
  return { kind: "block", block: part.id, title: part.title, notes, ...common };
}

function stagesSource(lesson: Lesson, stages: readonly LessonStage[]): Source {
  const numbers = new Set(stages.map(({ number }) => number));
  const steps = lesson.steps.filter(({ stage }) => stage !== undefined && numbers.has(stage));
  return {
    stages: [...numbers],
    steps: steps.map(({ index }) => index),
    variables: stages.map(({ variable }) => variable),
    code: [...stages.map(({ code }) => code), ...steps.map(({ code }) => code)],
  };
}
