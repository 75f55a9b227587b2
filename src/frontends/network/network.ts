// The network front end: a spec in YAML or JSON to the graphs of training and prediction. Reports every mistake it finds, each at its place.

import type { z } from "zod";
import type { SourceText, Span } from "../../core/span.ts";
import { createLocator } from "../../diagnostics/locate.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { createGraph, type Node } from "../../ir/graph.ts";
import { dependents, postOrder } from "../../ir/walk.ts";
import type { FunctionInput } from "../source.ts";
import { MOST_OPS, type Build } from "./context.ts";
import { readEntries } from "./entries.ts";
import { functionInputs, readInputs, readSizes, type NetworkInput } from "./inputs.ts";
import { checkMemory, USUAL_LIMIT } from "./memory.ts";
import { isName, readName } from "./names.ts";
import { buildObjective, penalised, readLoss, type LossSection, type Objective } from "./objective.ts";
import { createStore, type StoredParameter } from "./parameters.ts";
import { check, didYouMean, foundText } from "./problems.ts";
import { headOf, readDocument, type SpecEntry, type SpecMap } from "./read.ts";
import { resolveNames } from "./resolve.ts";
import { keyNamed, sections, spec } from "./schema.ts";
import type { SourceNetwork, Trainer } from "./source.ts";
import { clips, makeTrainer, optimizers, schedules, type Choice, type Chosen } from "./trainer.ts";
import { wireNetwork, type Wired, type Wiring } from "./wire.ts";

/** Undefined after an error. */
export function parseNetworkSource(source: SourceText, reporter: Reporter): SourceNetwork | undefined {
  const once = reportOnce(reporter);
  const root = readDocument(source.text, once.reporter);
  if (root === undefined) return undefined;
  const network = readNetwork(root, source, once.reporter);
  return once.hasErrors() ? undefined : network;
}

/** Passes each problem on once, though both passes and every copy of a repeat may meet it; and none with a value that an alias failed to give. */
function reportOnce(reporter: Reporter): { readonly reporter: Reporter; readonly hasErrors: () => boolean } {
  const seen = new Set<string>();
  const before = reporter.diagnostics.length;
  const report: Reporter["report"] = (code, span, values, suggestion) => {
    const place = `${span?.start}-${span?.end}`;
    const key = `${code} ${place} ${JSON.stringify(values)}`;
    if (!seen.has(key) && !seen.has(`WG1405 ${place}`)) reporter.report(code, span, values, suggestion);
    seen.add(key).add(`${code} ${place}`);
  };
  return {
    reporter: {
      report,
      diagnostics: reporter.diagnostics,
      get hasErrors() {
        return reporter.hasErrors;
      },
    },
    hasErrors: () => reporter.diagnostics.slice(before).some(({ severity }) => severity === "error"),
  };
}

type Section<Key extends keyof typeof sections> = z.infer<(typeof sections)[Key]>;

/** One reading of a spec. */
interface Reading {
  readonly root: SpecMap;
  readonly source: SourceText;
  readonly reporter: Reporter;
  /** A section of a plain schema, checked; undefined where it is missing or wrong. */
  section<Key extends keyof typeof sections>(key: Key): Section<Key> | undefined;
}

function createReading(root: SpecMap, source: SourceText, reporter: Reporter): Reading {
  return {
    root,
    source,
    reporter,
    section<Key extends keyof typeof sections>(key: Key) {
      const entry = root.entries.get(key);
      if (entry === undefined) return undefined;
      return check(
        sections[key] as unknown as z.ZodType<Section<Key>>,
        entry.node,
        { name: `'${key}'`, span: entry.key },
        reporter,
      );
    },
  };
}

function readNetwork(root: SpecMap, source: SourceText, reporter: Reporter): SourceNetwork | undefined {
  const reading = createReading(root, source, reporter);
  checkKeys(reading);
  const graph = createGraph();
  const name = readNetworkName(reading);
  const inputs = readInputs(root, graph, reporter);
  const taken = new Set([...inputs.map((input) => input.name), "y", "seed"]);
  const build: Build = {
    graph,
    reporter,
    store: createStore(graph, taken),
    init: reading.section("init"),
    stageNames: new Map(),
    named: new Set(),
    origins: new Map(),
    placed: new Set(),
    opsLeft: MOST_OPS,
    sources: new Map(
      inputs.flatMap((input) => (input.node === undefined ? [] : [[input.node, `input '${input.name}'`] as const])),
    ),
  };
  const training = readTraining(reading);
  const wiring = readWiring(reading, inputs, build);
  const trained = wireNetwork(wiring, true);
  const output = chooseOutput(reading, trained);
  checkReserved(inputs, training.loss, trained.pass.streams > 0, reporter);
  const made = output === undefined ? undefined : makeTraining(reading, training, trained, output, build);
  const sizes = readSizes(root.entries.get("dims"), reading.section("dims") ?? {}, inputs, reporter);
  const limit = reading.section("limits")?.memory ?? USUAL_LIMIT;
  if (output === undefined || reporter.hasErrors) return undefined;

  const predicted = wireNetwork(wiring, false);
  const prediction = chooseOutput(reading, predicted);
  if (prediction === undefined || made === undefined) return undefined;
  const roots = [output, ...(made.loss === undefined ? [] : [made.loss])];
  reportUnused(trained, roots, reporter);
  checkMemory({ roots, parameters: made.parameters, sizes, limit, origins: build.origins }, reporter);
  const data = functionInputs(inputs, [...roots, prediction], reporter);
  const needed = new Set<Node>(postOrder([prediction]));
  const seed = trained.pass.streams === 0 ? undefined : seedInput(build, root.span);
  return {
    name,
    graph,
    inputs: [...data, ...(made.targets === undefined ? [] : [made.targets]), ...(seed === undefined ? [] : [seed])],
    predictInputs: data.filter((input) => needed.has(input.node)),
    parameters: made.parameters,
    states: [...build.store.states.values()].filter((state) => needed.has(state.node)),
    training: { output, loss: made.loss },
    predict: { output: prediction },
    stageNames: build.stageNames,
    trainer: training.trainer,
    sizes,
    origins: build.origins,
    span: root.span,
  };
}

function checkKeys({ root, reporter }: Reading): void {
  const known = Object.keys(spec.shape);
  for (const [key, { key: span }] of root.entries) {
    if (!known.includes(key))
      reporter.report("WG1410", span, { owner: "a network spec", name: key.slice(0, 60) }, didYouMean(key, known));
  }
}

/** As given, else after the file. */
function readNetworkName({ root, source, reporter }: Reading): string {
  const entry = root.entries.get("name");
  if (entry !== undefined) return readName(entry.node, "'name'", reporter)?.name ?? "network";
  const [base] = source.name.split(/[\\/]/).at(-1)!.split(".");
  const word = base!.replace(/[^\p{L}\p{Nd}_]+(.?)/gu, (_, next: string) => next.toUpperCase());
  return isName(word) ? word : "network";
}

function readWiring({ root, source, reporter }: Reading, inputs: readonly NetworkInput[], build: Build): Wiring {
  const entry = root.entries.get("layers");
  if (entry === undefined) reporter.report("WG1411", headOf(root), { owner: "a network", name: "layers" });
  const entries = entry === undefined ? [] : readEntries(entry.node, "'layers'", reporter);
  const resolved = resolveNames(entries, new Set(inputs.map(({ name }) => name)), source.text, reporter);
  const nodes = inputs.flatMap(({ name, node }) => (node === undefined ? [] : [[name, node] as const]));
  return {
    build,
    entries,
    inputs: new Map(nodes),
    first: inputs[0]?.node,
    ...resolved,
    locate: createLocator(source.text),
  };
}

function chooseOutput({ root, reporter }: Reading, { last, results }: Wired): Node | undefined {
  const entry = root.entries.get("output");
  if (entry === undefined) return last.node;
  const wanted = readName(entry.node, "'output'", reporter);
  if (wanted === undefined) return undefined;
  const found = results.get(wanted.name);
  if (found === undefined) reporter.report("WG1422", wanted.span, { name: wanted.name }, didYouMean(wanted.name, results.keys()));
  return found?.node;
}

/** The names of the targets and of the seed, where there are such. */
function checkReserved(
  inputs: readonly NetworkInput[],
  loss: LossSection | undefined,
  hasSeed: boolean,
  reporter: Reporter,
): void {
  for (const { name, span } of inputs) {
    if (name === "y" && loss !== undefined) reporter.report("WG1421", span, { name, as: "the targets of the loss" });
    if (name === "seed" && hasSeed) reporter.report("WG1421", span, { name, as: "the seed of dropout" });
  }
}

interface TrainingSections {
  readonly loss: LossSection | undefined;
  readonly trainer: Trainer | undefined;
}

function readTraining(reading: Reading): TrainingSections {
  const { root, reporter } = reading;
  const entry = (key: string): SpecEntry | undefined => root.entries.get(key);
  const lossEntry = entry("loss");
  const loss = lossEntry && readLoss(lossEntry, reporter);
  const optimizer = readChoice(entry("optimizer"), "optimizer", optimizers, reporter);
  const schedule = readChoice(entry("schedule"), "schedule", schedules, reporter);
  const clip = readChoice(entry("clip"), "clip", clips, reporter);
  const accumulate = reading.section("accumulate") ?? 1;
  requireSection(reading, ["optimizer", "regularization"], "loss");
  requireSection(reading, ["schedule", "clip", "accumulate"], "optimizer");
  if (loss?.reduction === "none") {
    for (const key of ["optimizer", "regularization"]) {
      const section = entry(key);
      if (section !== undefined) reporter.report("WG1441", section.key, { what: `'${key}'` });
    }
  }
  return { loss, trainer: optimizer && makeTrainer({ optimizer, schedule, clip, accumulate }) };
}

function requireSection({ root, reporter }: Reading, keys: readonly string[], needed: string): void {
  if (root.entries.has(needed)) return;
  for (const key of keys) {
    const entry = root.entries.get(key);
    if (entry !== undefined) reporter.report("WG1440", entry.key, { section: `'${key}'`, needed: `'${needed}'` });
  }
}

/** `adam`, or `{ adam: { rate: 0.01 } }`. */
function readChoice(
  entry: SpecEntry | undefined,
  what: string,
  table: Readonly<Record<string, Choice>>,
  reporter: Reporter,
): Chosen | undefined {
  if (entry === undefined) return undefined;
  const { key: sectionKey, node } = entry;
  const words =
    typeof node.value === "string" ? [[node.value, undefined] as const] : node.kind === "map" ? [...node.entries] : [];
  const [word, ...others] = words;
  if (word === undefined) {
    reporter.report("WG1412", node.span, {
      name: `'${what}'`,
      wanted: `one of ${Object.keys(table).join(", ")}, with options`,
      found: foundText(node),
    });
    return undefined;
  }
  for (const [other, inner] of others) {
    const isKnown = keyNamed(table, other) !== undefined;
    const problem = isKnown
      ? `'${what}' has one method, and this has '${word[0]}' and '${other}'`
      : `'${other}' cannot stand beside '${word[0]}'`;
    reporter.report(
      "WG1416",
      inner?.key ?? sectionKey,
      { problem },
      isKnown ? undefined : `options go inside: ${word[0]}: { ${other}: ... }`,
    );
  }
  const key = keyNamed(table, word[0]);
  if (key === undefined) {
    reporter.report(
      "WG1415",
      word[1]?.key ?? node.span,
      { what, name: word[0].slice(0, 60) },
      didYouMean(word[0], Object.keys(table)),
    );
    return undefined;
  }
  const span = word[1]?.key ?? node.span;
  const given = word[1]?.node;
  const isBare = given === undefined || given.value === null;
  const options = check(
    table[key]!.options,
    isBare ? { kind: "map", value: {}, entries: new Map(), span, size: 1 } : given,
    { name: `'${key}'`, span },
    reporter,
  );
  return options === undefined || others.length > 0 ? undefined : { key, options };
}

interface Made {
  readonly loss: Node | undefined;
  readonly targets: FunctionInput | undefined;
  readonly parameters: readonly StoredParameter[];
}

function makeTraining(
  reading: Reading,
  training: TrainingSections,
  { pass }: Wired,
  output: Node,
  build: Build,
): Made | undefined {
  const { reporter, root } = reading;
  const used = new Set(postOrder([output]));
  const parameters = [...build.store.parameters.values()].filter(({ node }) => used.has(node));
  const optimizer = root.entries.get("optimizer");
  if (optimizer !== undefined && parameters.length === 0) reporter.report("WG1442", optimizer.key);
  const general = { l1: 0, l2: 0, ...withoutMissing(reading.section("regularization") ?? {}) };
  const { loss: section } = training;
  if (section === undefined) return { loss: undefined, targets: undefined, parameters };
  const objective: Objective | undefined = buildObjective(section, output, build);
  if (objective === undefined) return undefined;
  if (section.reduction === "none" && pass.penalties.length > 0)
    reporter.report("WG1441", section.span, { what: "penalties of layers" });
  const weights = parameters.filter(({ isWeight }) => isWeight);
  const isUsed = dependents(pass.penalties, new Set(parameters.map(({ node }) => node)));
  const own = pass.penalties.filter(isUsed);
  const span: Span = root.entries.get("regularization")?.key ?? section.span;
  const loss = section.reduction === "none" ? objective.loss : penalised(objective.loss, own, general, weights, build, span);
  return { loss, targets: objective.targets, parameters };
}

function withoutMissing(penalties: { readonly l1?: number | undefined; readonly l2?: number | undefined }): {
  l1?: number;
  l2?: number;
} {
  return { ...(penalties.l1 !== undefined && { l1: penalties.l1 }), ...(penalties.l2 !== undefined && { l2: penalties.l2 }) };
}

/** A reshape of a reshape is made one: the layer's own may be in no graph. */
function withoutReshape(node: Node): Node {
  return node.kind === "call" && node.op === "reshape" ? node.args[0]! : node;
}

function reportUnused({ layers }: Wired, roots: readonly Node[], reporter: Reporter): void {
  const used = new Set(postOrder(roots));
  const usedSpans = new Set(layers.filter(({ node }) => used.has(withoutReshape(node))).map(({ span }) => span));
  for (const { span, layer } of layers) if (!usedSpans.has(span)) reporter.report("WG1432", span, { layer });
}

function seedInput({ graph }: Build, span: Span): FunctionInput {
  return { name: "seed", node: graph.input("seed", { dtype: "integer", shape: [] }), role: "const", span };
}
