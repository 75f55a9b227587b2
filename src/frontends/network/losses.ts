// All losses by name, built from ops: one loss per element or per row. Reductions are applied outside.

import * as z from "zod";
import { shapeText } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import type { TensorType } from "../../ir/shape.ts";
import type { LossContext, LossDefinition, OutputKind, TargetType } from "./loss.ts";

type Build<Options> = (context: LossContext, output: Node, targets: Node, options: Options) => Node;

const NO_OPTIONS = z.strictObject({});
/** Keeps the cosine of a zero vector a number, as PyTorch does. */
const SHORTEST = 1e-8;

const targetsOption = z.enum(["classes", "one-hot"]).default("classes").describe("class indices, or a row of probabilities each");
const classWeights = z
  .array(z.number().min(0))
  .min(1)
  .max(1_000_000)
  .optional()
  .describe("weight of each class; the mean divides by the weights of the true classes");

const crossEntropyOptions = z.strictObject({
  from: z
    .enum(["logits", "probabilities", "log-probabilities"])
    .optional()
    .describe("what the network gives; unless given, the last layer decides: softmax, log-softmax, or else logits"),
  targets: targetsOption,
  classWeights,
  labelSmoothing: z.number().min(0).max(1).default(0).describe("share of each target that is spread evenly over all classes"),
});
type CrossEntropyOptions = z.infer<typeof crossEntropyOptions>;

export const losses: Readonly<Record<string, LossDefinition>> = {
  mse: defineLoss({
    doc: "squared error of each element",
    options: NO_OPTIONS,
    targets: sameAsOutput("any"),
    build: ({ call }, output, targets) => call("square", [call("sub", [output, targets])]),
  }),
  mae: defineLoss({
    doc: "absolute error of each element",
    options: NO_OPTIONS,
    targets: sameAsOutput("any"),
    build: ({ call }, output, targets) => call("abs", [call("sub", [output, targets])]),
  }),
  huber: defineLoss({
    doc: "half the squared error up to delta, beyond it a straight line",
    options: z.strictObject({ delta: z.number().positive().default(1).describe("where the parabola becomes a line") }),
    targets: sameAsOutput("any"),
    build: (context, output, targets, { delta }) => huber(context, output, targets, delta),
  }),
  "smooth-l1": defineLoss({
    doc: "the Huber loss divided by beta, so that its slope ends at 1",
    options: z.strictObject({ beta: z.number().positive().default(1).describe("where the parabola becomes a line") }),
    targets: sameAsOutput("any"),
    build: (context, output, targets, { beta }) => smoothL1(context, output, targets, beta),
  }),
  "binary-cross-entropy": defineLoss({
    doc: "cross-entropy of each element with the probability of yes",
    options: z.strictObject({
      from: z
        .enum(["logits", "probabilities"])
        .optional()
        .describe("what the network gives; unless given, the last layer decides: sigmoid, or else logits"),
    }),
    targets: sameAsOutput("probability"),
    build: binaryCrossEntropy,
  }),
  "cross-entropy": defineLoss({
    doc: "cross-entropy of each row with a class index or a distribution",
    options: crossEntropyOptions,
    targets: (output, options) => rowTargets(output, options.targets, options.classWeights),
    build: crossEntropy,
    weight: (context, _, targets, options) => weightOfRows(context, targets, options),
  }),
  nll: defineLoss({
    doc: "negative log-likelihood: minus the log-probability of the class of each row",
    options: z.strictObject({ classWeights }),
    targets: (output, options) => rowTargets(output, "classes", options.classWeights),
    build: (context, output, targets, options) => {
      if (context.outputKind === "probabilities") context.stop("nll takes log-probabilities: end with log-softmax instead");
      return crossEntropy(context, output, targets, asCrossEntropy(options.classWeights));
    },
    weight: (context, _, targets, options) => weightOfRows(context, targets, asCrossEntropy(options.classWeights)),
  }),
  kl: defineLoss({
    doc: "Kullback-Leibler divergence of each element: the network gives log-probabilities, the targets are probabilities",
    options: NO_OPTIONS,
    targets: sameAsOutput("distribution"),
    build: divergence,
  }),
  hinge: defineLoss({
    doc: "max(0, 1 - y x) for targets of 1 and -1",
    options: NO_OPTIONS,
    targets: sameAsOutput("sign"),
    build: ({ call, constant }, output, targets) => call("relu", [call("sub", [constant(1), call("mul", [targets, output])])]),
  }),
  "multiclass-hinge": defineLoss({
    doc: "support vector machine of many classes: for each wrong class, by how much its score comes too near to the right one",
    options: z.strictObject({
      margin: z.number().min(0).default(1).describe("by how much the right score should be larger than each other"),
    }),
    targets: (output) => rowTargets(output, "classes", undefined),
    build: (context, output, targets, { margin }) => multiclassHinge(context, output, targets, margin),
  }),
  cosine: defineLoss({
    doc: "1 minus the cosine of the angle between the rows",
    options: NO_OPTIONS,
    targets: (output) => (output.shape.length === 0 ? "a row of numbers is needed, not a scalar" : { ...output, sample: "any" }),
    build: cosine,
  }),
};

function defineLoss<Options extends Readonly<Record<string, unknown>>>(definition: {
  readonly doc: string;
  readonly options: z.ZodType<Options>;
  readonly targets: (output: TensorType, options: Options) => TargetType | string;
  readonly build: Build<Options>;
  readonly weight?: (context: LossContext, output: Node, targets: Node, options: Options) => Node | undefined;
}): LossDefinition {
  return definition as unknown as LossDefinition; // its functions are only ever called with what `options` returned
}

function sameAsOutput(sample: NonNullable<TargetType["sample"]>): (output: TensorType) => TargetType {
  return (output) => ({ dtype: "real", shape: output.shape, sample });
}

/** Targets of losses over rows of classes. */
function rowTargets(
  { shape }: TensorType,
  kind: "classes" | "one-hot",
  weights: readonly number[] | undefined,
): TargetType | string {
  const classes = shape.at(-1);
  if (classes === undefined) return "a row of classes is needed, not a scalar";
  if (weights !== undefined && weights.length !== classes) {
    return `there are ${weights.length} class weights for the ${classes} classes of ${shapeText(shape)}`;
  }
  return kind === "classes"
    ? { dtype: "integer", shape: shape.slice(0, -1), below: classes }
    : { dtype: "real", shape, sample: "distribution" };
}

function huber({ call, constant }: LossContext, output: Node, targets: Node, delta: number): Node {
  const error = call("sub", [output, targets]);
  const distance = call("abs", [error]);
  const near = call("mul", [constant(0.5), call("square", [error])]);
  const far = call("mul", [constant(delta), call("sub", [distance, constant(0.5 * delta)])]);
  return call("select", [call("le", [distance, constant(delta)]), near, far]);
}

function smoothL1({ call, constant }: LossContext, output: Node, targets: Node, beta: number): Node {
  const error = call("sub", [output, targets]);
  const distance = call("abs", [error]);
  const near = call("mul", [constant(0.5 / beta), call("square", [error])]);
  return call("select", [call("lt", [distance, constant(beta)]), near, call("sub", [distance, constant(0.5 * beta)])]);
}

function binaryCrossEntropy(
  { call, constant, outputKind }: LossContext,
  output: Node,
  y: Node,
  options: { readonly from?: "logits" | "probabilities" | undefined },
): Node {
  if ((options.from ?? (outputKind === "probabilities" ? outputKind : "logits")) === "logits") {
    return call("sub", [call("softplus", [output]), call("mul", [y, output])]);
  }
  const one = constant(1);
  const yes = call("mul", [y, call("log", [output])]);
  const no = call("mul", [call("sub", [one, y]), call("log", [call("sub", [one, output])])]);
  return call("neg", [call("add", [yes, no])]);
}

function crossEntropy(context: LossContext, output: Node, targets: Node, options: CrossEntropyOptions): Node {
  const score = scoring(context, output, options.from ?? fromOutput(context.outputKind, output));
  return options.targets === "classes"
    ? ofClasses(context, output, targets, options, score)
    : score.rows(softened(context, output, targets, options));
}

type From = NonNullable<CrossEntropyOptions["from"]>;

/** Sigmoids are probabilities, but not of classes of which one is true. */
function fromOutput(kind: OutputKind, output: Node): From {
  return kind === "values" || (output.kind === "call" && output.op === "sigmoid") ? "logits" : kind;
}

/** Minus the log-probability: of the class of each row, or averaged over a distribution per row. */
interface Scoring {
  classes(targets: Node): Node;
  rows(targets: Node): Node;
}

function scoring({ call }: LossContext, output: Node, from: From): Scoring {
  if (from === "logits") {
    return {
      classes: (targets) => call("crossEntropy", [output, targets]),
      rows: (targets) => call("softmaxCrossEntropy", [output, targets]),
    };
  }
  const logOf = (x: Node): Node => (from === "probabilities" ? call("log", [x]) : x);
  return {
    classes: (targets) => call("neg", [logOf(call("pick", [output, targets]))]),
    rows: (targets) =>
      call("neg", [call("sum", [call("mul", [targets, logOf(output)])], { axes: [output.type.shape.length - 1] })]),
  };
}

function ofClasses(
  context: LossContext,
  output: Node,
  targets: Node,
  options: Pick<CrossEntropyOptions, "targets" | "classWeights" | "labelSmoothing">,
  score: Scoring,
): Node {
  const { call, constant } = context;
  const weights = weightOfRows(context, targets, options);
  const plain = score.classes(targets);
  const sharp = weights === undefined ? plain : call("mul", [weights, plain]);
  if (options.labelSmoothing === 0) return sharp;
  const even = call("broadcast", [evenTargets(context, output, options)], { shape: output.type.shape });
  return call("add", [call("mul", [constant(1 - options.labelSmoothing), sharp]), score.rows(even)]);
}

/** Distributions with label smoothing and class weights worked in. */
function softened(
  context: LossContext,
  output: Node,
  targets: Node,
  options: Pick<CrossEntropyOptions, "classWeights" | "labelSmoothing">,
): Node {
  const { call, constant } = context;
  const weights = weightsOf(context, options.classWeights);
  const weighted = weights === undefined ? targets : call("mul", [targets, weights]);
  if (options.labelSmoothing === 0) return weighted;
  return call("add", [call("mul", [constant(1 - options.labelSmoothing), weighted]), evenTargets(context, output, options)]);
}

/** The share of label smoothing: the same for all classes but for their weights. */
function evenTargets(
  context: LossContext,
  output: Node,
  options: Pick<CrossEntropyOptions, "classWeights" | "labelSmoothing">,
): Node {
  const { call, constant, size } = context;
  const share = call("div", [constant(options.labelSmoothing), size(output.type.shape.at(-1)!)]);
  const weights = weightsOf(context, options.classWeights);
  return weights === undefined ? share : call("mul", [share, weights]);
}

/** The weight of the true class of each row; where targets are distributions the mean divides by the rows, as PyTorch's does. */
function weightOfRows(
  context: LossContext,
  targets: Node,
  options: Pick<CrossEntropyOptions, "targets" | "classWeights">,
): Node | undefined {
  const weights = weightsOf(context, options.classWeights);
  return weights === undefined || options.targets !== "classes" ? undefined : context.call("gather", [weights, targets]);
}

function weightsOf({ call }: LossContext, classWeights: readonly number[] | undefined): Node | undefined {
  return classWeights && call("literal", [], { shape: [classWeights.length], values: classWeights });
}

function asCrossEntropy(classWeights: number[] | undefined): CrossEntropyOptions {
  return { from: "log-probabilities", targets: "classes", classWeights, labelSmoothing: 0 };
}

/** y ln y − y x, where 0 ln 0 is 0. */
function divergence({ call, constant }: LossContext, output: Node, y: Node): Node {
  const zero = constant(0);
  const entropy = call("select", [call("gt", [y, zero]), call("mul", [y, call("log", [y])]), zero]);
  return call("sub", [entropy, call("mul", [y, output])]);
}

/** The right class itself always comes too near by exactly the margin, which is taken off again. */
function multiclassHinge({ call, constant }: LossContext, scores: Node, classes: Node, margin: number): Node {
  const right = call("pick", [scores, classes]);
  const shape = [...right.type.shape, 1];
  const over = call("add", [call("sub", [scores, call("reshape", [right], { shape })]), constant(margin)]);
  const total = call("sum", [call("relu", [over])], { axes: [scores.type.shape.length - 1] });
  return call("sub", [total, constant(margin)]);
}

function cosine({ call, constant }: LossContext, output: Node, targets: Node): Node {
  const axes = { axes: [output.type.shape.length - 1] };
  const dot = call("sum", [call("mul", [output, targets])], axes);
  const lengths = [output, targets].map((x) => call("max", [call("norm", [x], axes), constant(SHORTEST)]));
  return call("sub", [constant(1), call("div", [dot, call("mul", lengths)])]);
}
