// Whether a data set fits a network, and as which arrays it is given to it. What does not fit is told in a sentence.

import type { SourceNetwork } from "../../frontends/network/source.ts";
import type { FunctionInput } from "../../frontends/source.ts";
import { shapeText } from "../../ir/dims.ts";
import { dataSets, type DataSet } from "./data-sets.ts";

/** Arguments of one call: inputs and targets of some rows. */
export interface Batch {
  readonly rows: number;
  readonly X: Float64Array;
  readonly y: Float64Array | Int32Array;
}

/** All rows as the network wants them, and how many numbers a row of each is. */
export interface FittedData extends Batch {
  readonly features: number;
  readonly targets: number;
}

export type Fit = { readonly kind: "fits"; readonly data: FittedData } | { readonly kind: "unfit"; readonly problem: string };

/** How many inputs per row a network takes: `[batch, 2]` gives 2; undefined where its data are not such rows. */
export function featuresOf(network: SourceNetwork): number | undefined {
  const data = dataOf(network);
  const shape = data[0]?.node.type.shape;
  if (data.length !== 1 || data[0]!.node.type.dtype !== "real" || shape?.length !== 2) return undefined;
  const [rows, features] = shape;
  return typeof rows === "string" && typeof features === "number" ? features : undefined;
}

function dataOf(network: SourceNetwork): readonly FunctionInput[] {
  return network.inputs.filter(({ name }) => name !== "y" && name !== "seed");
}

export function fitData(network: SourceNetwork, data: DataSet): Fit {
  const features = featuresOf(network);
  const { label } = dataSets[data.name];
  if (features === undefined) {
    const taken = dataOf(network).map(({ name, node }) => `${name} ${shapeText(node.type.shape)}`);
    return unfit(
      `The data sets here are rows of numbers, as \`input: [batch, 2]\` takes them; this network takes ${taken.join(" and ")}. Its code is below.`,
    );
  }
  if (features !== data.features) {
    return unfit(
      `${label} has ${count(data.features, "input")} per row, the network takes ${features}: write \`input: [batch, ${data.features}]\`.`,
    );
  }
  const targets = network.inputs.find(({ name }) => name === "y");
  if (targets === undefined) return unfit("The spec has no loss, so there is nothing to make small: add `loss: mse`.");
  const y = targetsFor(targets, data);
  if (typeof y === "string") return unfit(y);
  return { kind: "fits", data: { rows: data.rows, features, targets: y.length / data.rows, X: data.X, y } };
}

function unfit(problem: string): Fit {
  return { kind: "unfit", problem };
}

/** The answers in the form that the loss wants, or why there is none. */
function targetsFor({ node, below, sample, domain }: FunctionInput, data: DataSet): Float64Array | Int32Array | string {
  const { shape, dtype } = node.type;
  const { classes, answers, rows } = data;
  const { label } = dataSets[data.name];
  if (dtype === "integer") {
    if (classes === undefined)
      return `${label} has numbers as answers, and the loss wants classes: take \`loss: mse\` and one output.`;
    if (shape.length !== 1) return `The loss wants targets ${shapeText(shape)}; the data have one class per row.`;
    if (typeof below === "number" && below < classes) return tooFew(label, classes, below);
    return Int32Array.from(answers);
  }
  const width = shape.length === 1 ? 1 : shape[1];
  if (shape.length > 2 || typeof width !== "number")
    return `The loss wants targets ${shapeText(shape)}; the data have one answer per row.`;
  const low = sample === "sign" ? -1 : 0;
  if (width === 1) {
    const isAny = sample === undefined && domain === undefined;
    if (classes === undefined)
      return isAny ? answers : `${label} has numbers as answers, and the loss wants yes or no: take \`loss: mse\`.`;
    if (classes > 2) return tooFew(label, classes, 1);
    return answers.map((kind) => (kind === 1 ? 1 : low));
  }
  if (classes === undefined) return `${label} has one number as the answer, the network gives ${width}: end with \`dense: 1\`.`;
  if (width < classes) return tooFew(label, classes, width);
  const y = new Float64Array(rows * width).fill(low);
  answers.forEach((kind, row) => (y[row * width + kind] = 1));
  return y;
}

function tooFew(label: string, classes: number, outputs: number): string {
  const outputText = count(outputs, "output");
  return `${label} has ${classes} classes, the network has ${outputText}: end with \`dense: ${classes}\` and \`loss: cross-entropy\`.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
