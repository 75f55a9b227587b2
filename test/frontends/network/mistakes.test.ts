// Every diagnostic of the network front end with its line and column, all problems of a spec at once; and no text whatever makes it throw.

import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { catalog } from "../../../src/diagnostics/catalog.ts";
import { complaints, networkOf, read } from "./source.ts";

const HEAD = "input: [batch, 4]\nlayers:\n"; // what follows starts in line 3
const TAIL = HEAD + "  - dense: 3\n"; // in line 4

/** What it is, the spec, then each `code line:column`. */
const CASES: readonly (readonly [string, string, ...string[]])[] = [
  // reading
  ["an empty file", "", "WG1402 1:1"],
  ["only a mark of the byte order", "\uFEFF", "WG1402 1:1"],
  ["only comments", "# a\n\n# b\n", "WG1402 1:1"],
  ["an empty document", "---\n---\n", "WG1402 1:1"],
  ["a zero byte", "input: [2]\nlayers: [\0]\n", "WG1005 2:10"],
  ["a tab", "input: [batch, 2]\nlayers:\n\t- relu\n", "WG1401 3:1"],
  ["an open quotation", 'input: [batch, 2]\nname: "net\nlayers: [relu]\n', "WG1401 2:7"],
  ["an open list", "input: [batch, 2\nlayers: [relu]\n", "WG1401 1:8"],
  ["a colon too many", HEAD + "  - dense: 4: 3\n", "WG1401 3:12"],
  ["a list at the top", "- dense: 3\n", "WG1403 1:1"],
  ["a word at the top", "\n  dense\n", "WG1403 2:3"],
  ["two documents", TAIL + "---\ninput: [2]\n", "WG1404 5:1"],
  ["an alias of nothing", HEAD + "  - dense: *width\n", "WG1405 3:12"],
  ["an alias in itself", HEAD + "  - &block { residual: [*block] }\n", "WG1405 3:25"],
  ["a bomb", bomb(), "WG1405 6:8"],
  ["tags", HEAD + "  - !layer relu\n  - dense: !!int 3\n", "WG1406 3:5", "WG1406 4:12"],
  ["keys twice", TAIL + "name: a\nname: b\nloss: { type: mse, type: mae }\n", "WG1407 5:1", "WG1407 6:20"],
  ["a name inside and beside", HEAD + "  - { dense: { units: 3, name: a }, name: b }\n", "WG1407 3:37"],
  ["__proto__ as a key", "__proto__: { polluted: 1 }\n" + TAIL, "WG1408 1:1"],
  ["keys of every object", "constructor: 1\nprototype: 2\n" + TAIL, "WG1408 1:1", "WG1408 2:1"],
  ["__proto__ deep inside", HEAD + '  - dense: { units: 3, "__proto__": { bias: 1 } }\n', "WG1408 3:24"],
  ["a merge key", "x: &x { units: 3 }\n" + HEAD + "  - dense: { <<: *x }\n", "WG1410 1:1", "WG1411 4:5", "WG1408 4:14"],
  ["keys that are no words", TAIL + "3: 4\n[a]: b\n? { a: b }\n: c\n", "WG1408 4:1", "WG1408 5:1", "WG1408 6:3"],
  ["deep brackets", "[".repeat(100_000), "WG1409 1:101"],
  ["deep dashes", "- ".repeat(100_000), "WG1409 1:201"],
  ["deep indentation", Array.from({ length: 200 }, (_, depth) => " ".repeat(depth) + "a:\n").join(""), "WG1409 101:101"],
  ["CRLF", "input: [batch, 4]\r\nlayers:\r\n  - dense: 3\r\n  - dens: 3\r\n", "WG1414 4:5"],
  ["a mark of the byte order, then a mistake", "\uFEFFinput: [batch, 4]\nlayer: [relu]\n", "WG1411 1:2", "WG1410 2:1"],
  ["JSON", '{\n\t"input": ["batch", 4],\n\t"layers": [{ "den": 3 }]\n}\n', "WG1414 3:15"],
  // keys and values
  ["unknown keys", TAIL + "los: mse\noptimiser: adam\n", "WG1410 4:1", "WG1410 5:1"],
  ["nothing of what is needed", "name: net\n", "WG1411 1:1", "WG1411 1:1"],
  ["both input and inputs", "inputs: { X: [2] }\n" + TAIL, "WG1416 1:1"],
  ["no layers", "input: [2]\nlayers: []\n", "WG1413 2:9"],
  ["layers that are no list", "input: [2]\nlayers: { dense: 3 }\n", "WG1412 2:9"],
  ["layers that are none", HEAD + "  - 3\n  - [relu]\n  - {}\n  -\n", "WG1412 3:5", "WG1412 4:5", "WG1416 5:5", "WG1412 6:4"],
  [
    "unknown layers",
    HEAD + "  - danse: 3\n  - { layer: rulu }\n  - residul: [relu]\n",
    "WG1414 3:5",
    "WG1414 4:14",
    "WG1414 5:5",
  ],
  ["two layers in one", HEAD + "  - { dense: 3, relu: }\n", "WG1416 3:17"],
  ["an option beside its layer", HEAD + "  - { dense: 3, bias: false }\n", "WG1416 3:17"],
  ["options that are missing or none", HEAD + "  - dense\n  - dense: { unit: 3 }\n", "WG1411 3:5", "WG1411 4:5", "WG1410 4:14"],
  ["a value for a layer without options", HEAD + "  - relu: 3\n", "WG1412 3:11"],
  ["a number in quotes", HEAD + '  - dense: "3"\n', "WG1412 3:12"],
  ["a list for a number", HEAD + "  - dense: [3]\n", "WG1412 3:12"],
  ["a word for a truth value", HEAD + "  - dense: { units: 3, bias: yes }\n", "WG1412 3:30"],
  [
    "NaN and infinities",
    HEAD + "  - dropout: .nan\n  - dropout: -.inf\n  - dropout: 1e999\n",
    "WG1412 3:14",
    "WG1412 4:14",
    "WG1412 5:14",
  ],
  ["sizes below one", HEAD + "  - dense: 0\n  - dense: -3\n", "WG1413 3:12", "WG1413 4:12"],
  ["sizes that are not whole", HEAD + "  - dense: 2.5\n", "WG1412 3:12"],
  ["absurd sizes", HEAD + "  - dense: 99999999999999999999999\n  - dense: 1e300\n", "WG1413 3:12", "WG1413 4:12"],
  [
    "dimensions",
    "input: [Batch, -1, 2.5, a b, new]\nlayers: [relu]\n",
    "WG1412 1:9",
    "WG1413 1:16",
    "WG1412 1:20",
    "WG1412 1:25",
  ],
  ["a reserved dimension", "input: [new, 3]\nlayers: [relu]\n", "WG1420 1:9"],
  ["sizes for no dimension", TAIL + "dims: { time: 3, Batch: 4, batch: 0 }\n", "WG1433 4:9", "WG1412 4:18", "WG1413 4:35"],
  [
    "inputs",
    "inputs:\n  X: { shape: [2], dtype: float }\n  a b: [2]\n  Z: { dtype: integer }\n  W: { shape: [2], below: 3 }\nlayers: [relu]\n",
    "WG1412 2:27",
    "WG1420 3:3",
    "WG1411 4:3",
    "WG1413 5:20",
  ],
  ["a target that is an input too", "inputs: { y: [batch, 2] }\nlayers: [{ dense: 2 }]\nloss: mse\n", "WG1421 1:11"],
  [
    "a seed that is an input too",
    "inputs: { X: [2], seed: [2] }\nlayers: [{ dropout: 0.5 }, { add: [X, seed] }]\n",
    "WG1421 1:19",
  ],
  // names and references
  ["code in names", HEAD + "  - { dense: 3, name: 'a; process.exit()//' }\nname: '`${x}`'\n", "WG1420 3:23", "WG1420 4:7"],
  [
    "names that are not free",
    HEAD + "  - { dense: 3, name: class }\n  - { dense: 3, name: __proto__ }\n",
    "WG1420 3:23",
    "WG1420 4:23",
  ],
  ["names that are no words", HEAD + "  - { dense: 3, name: 3, from: [] }\n", "WG1412 3:23", "WG1413 3:32"],
  [
    "names twice",
    HEAD + "  - { dense: 3, name: a }\n  - { dense: 3, name: a }\n  - { dense: 3, name: X }\n",
    "WG1421 4:23",
    "WG1421 5:23",
  ],
  [
    "unknown references",
    HEAD + "  - { dense: 3, from: x }\n  - { dense: 3, share: X }\n  - add: [X, b]\noutput: c\n",
    "WG1422 3:23",
    "WG1422 4:24",
    "WG1422 5:14",
    "WG1422 6:9",
  ],
  ["a cycle", HEAD + "  - { dense: 4, name: a, from: b }\n  - { dense: 4, name: b, from: a }\n", "WG1423 3:32"],
  ["a cycle through the order", HEAD + "  - add: [X, b]\n  - { relu: , name: b }\n", "WG1423 3:14"],
  ["a layer that takes itself", HEAD + "  - { dense: 4, name: a, from: a }\n", "WG1423 3:32"],
  ["a cycle through a block", HEAD + "  - { residual: [{ dense: 4, from: r }], name: r }\n", "WG1423 3:36"],
  ["a layer below", HEAD + "  - { dense: 4, from: b }\n  - { dense: 4, name: b, from: X }\n", "WG1424 3:23"],
  [
    "a repeated name from outside",
    HEAD + "  - { repeat: 2, layers: [{ dense: 4, name: h }] }\n  - add: [h, h1]\n  - add: [h2, h3]\n",
    "WG1422 4:11",
    "WG1422 5:15",
  ],
  ["several inputs for one", HEAD + "  - { dense: 4, name: a }\n  - { dense: 4, from: [a, X] }\n", "WG1413 4:27"],
  ["a join of nothing", HEAD + "  - add\n  - concatenate: { axis: 1 }\n", "WG1411 3:5", "WG1411 4:5"],
  // building
  ["shapes that do not fit", HEAD + "  - { dense: 3, name: a }\n  - add: [a, X]\n", "WG1430 4:5"],
  ["a block that changes the shape", HEAD + "  - residual: [{ dense: 5 }]\n", "WG1430 3:5"],
  [
    "an integer where reals belong",
    "inputs: { X: { shape: [batch, 3], dtype: integer } }\nlayers: [{ dense: 3 }]\n",
    "WG1430 2:12",
  ],
  ["a parameter of open size", "input: [batch, n]\nlayers: [{ dense: 3 }]\n", "WG1430 2:12"],
  ["a parameter named as an input", "inputs: { W1: [batch, 2] }\nlayers: [{ dense: 3 }]\n", "WG1430 2:12"],
  ["shared weights that do not fit", HEAD + "  - { dense: 5, name: a }\n  - { dense: 5, share: a }\n", "WG1430 4:7"],
  ["nothing to share", HEAD + "  - { relu: , name: a }\n  - { dense: 5, share: a }\n", "WG1430 4:7"],
  [
    "too large an index",
    "inputs: { X: { shape: [batch], dtype: integer, below: 9 } }\nlayers: [{ embedding: { rows: 5, width: 2 } }]\n",
    "WG1413 1:55",
  ],
  [
    "blocks",
    HEAD + "  - { repeat: 3 }\n  - { repeat: 2.5, layers: relu }\n  - residual\n",
    "WG1411 3:7",
    "WG1412 4:15",
    "WG1412 4:28",
    "WG1414 5:5",
  ],
  ["too many copies", HEAD + "  - { repeat: 900, layers: [{ repeat: 900, layers: [relu] }] }\n", "WG1451 3:7"],
  ["a sequence without end", "input: [batch, 2147483647, 2]\nlayers: [{ lstm: 2 }, { gru: 2 }]\n", "WG1430 2:12"],
  ["too much memory", HEAD + "  - dense: 100000\n  - dense: 100000\n", "WG1450 4:5"],
  ["too many elements", "input: [1000000000, 1000000000]\nlayers: [relu]\n", "WG1430 2:10"],
  ["layers for nothing", HEAD + "  - { dense: 4, name: a }\n  - { dense: 4, from: X }\n", "WG1432 3:7"],
  ["an input for nothing", "inputs: { X: [2], Z: [3] }\nlayers: [relu]\n", "WG1117 1:19"],
  // training
  [
    "unknown methods",
    TAIL + "loss: msee\noptimizer: adm\nschedule: { cosin: {} }\nclip: max\n",
    "WG1415 4:7",
    "WG1415 5:12",
    "WG1415 6:13",
    "WG1415 7:7",
  ],
  ["an optimizer without a loss", TAIL + "optimizer: adam\nregularization: { l2: 1 }\n", "WG1440 4:1", "WG1440 5:1"],
  [
    "sections without an optimizer",
    TAIL + "loss: mse\nschedule: { warmup: 3 }\nclip: { norm: 1 }\naccumulate: 2\n",
    "WG1440 5:1",
    "WG1440 6:1",
    "WG1440 7:1",
  ],
  ["a loss that is none", TAIL + "loss: 3\n", "WG1412 4:7"],
  ["a loss without a type", TAIL + "loss: { reduction: sum }\n", "WG1411 4:1"],
  [
    "a loss without a class axis",
    "input: [batch, 2]\nlayers: [{ dense: 2 }]\nloss: { type: cross-entropy, classWeights: [1, 2, 3] }\n",
    "WG1431 3:15",
  ],
  [
    "no reduction, and one number wanted",
    TAIL + "loss: { type: mse, reduction: none }\noptimizer: sgd\nregularization: { l1: 1 }\n",
    "WG1441 5:1",
    "WG1441 6:1",
  ],
  [
    "penalties of layers without a reduction",
    HEAD + "  - dense: { units: 3, l2: 1 }\nloss: { type: mse, reduction: none }\n",
    "WG1441 4:15",
  ],
  [
    "hyper-parameters",
    TAIL + "loss: mse\noptimizer: { adam: { rate: .nan, beta1: 1, epsilon: 0, beta: 3 } }\n",
    "WG1412 5:28",
    "WG1413 5:41",
    "WG1413 5:53",
    "WG1410 5:56",
  ],
  [
    "options of sections",
    TAIL +
      "loss: mse\noptimizer: { sgd: { nesterov: true } }\nclip: { norm: 0 }\naccumulate: 0\ninit: hee\nlimits: { memory: lots }\n",
    "WG1413 5:31",
    "WG1413 6:15",
    "WG1413 7:13",
    "WG1412 8:7",
    "WG1412 9:19",
  ],
  [
    "two methods in one",
    TAIL + "loss: mse\noptimizer: { sgd: , adam: }\nclip: { norm: 1, value: 2 }\n",
    "WG1416 5:21",
    "WG1416 6:18",
  ],
  ["nothing to train", HEAD + "  - relu\nloss: mse\noptimizer: sgd\n", "WG1442 5:1"],
  // several at once, and none that follow from others
  [
    "everything at once",
    "name: my net\ninput: [batch, 4]\nlayers:\n  - danse: 3\n  - relu\n  - { dense: 0, name: a }\n  - add: [a, X]\n  - add: [X, nobody]\nloss: msee\noptimizer: { sgd: { rate: -1 } }\nextra: 1\n",
    "WG1420 1:7",
    "WG1414 4:5",
    "WG1413 6:14",
    "WG1422 8:14",
    "WG1415 9:7",
    "WG1413 10:27",
    "WG1410 11:1",
  ],
];

/** 10^6 values in six lines. */
function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [before, name] of ["ab", "bc", "cd", "de", "ef"])
    lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
  return `${lines.join("\n")}\n${HEAD}  - relu\n`;
}

describe("a mistake is reported where it stands", () => {
  test.each(CASES)("%s", (_, text, ...wanted) => expect(complaints(text)).toEqual(wanted));
});

test("each diagnostic of the front end has its case", () => {
  const seen = new Set(CASES.flatMap(([, , ...wanted]) => wanted.map((complaint) => complaint.slice(0, 6))));
  expect(Object.keys(catalog).filter((code) => code.startsWith("WG14") && !seen.has(code))).toEqual([]);
});

test.each([
  [HEAD + "  - danse: 3\n", "did you mean 'dense'?"],
  [HEAD + "  - layer-nrm\n", "did you mean 'layer-norm'?"],
  [HEAD + "  - dense: { unit: 3 }\n", "did you mean 'units'?"],
  [HEAD + '  - dense: "3"\n', "without quotes: 3"],
  [HEAD + "  - dense: { units: 3, bias: off }\n", "write false"],
  [HEAD + "  - { dense: 3, bias: false }\n", "options go inside: dense: { bias: ... }"],
  [HEAD + "  - { dense: 3, relu: }\n", "start a line of its own with '- relu'"],
  [HEAD + "  - { dense: 3, name: hidden-layer }\n", "'hiddenLayer' would do"],
  [HEAD + "  - { dense: 4, name: hidden }\n  - add: [X, hiden]\n", "did you mean 'hidden'?"],
  [
    HEAD + "  - { repeat: 2, layers: [{ dense: 4, name: h }] }\n  - add: [X, h]\n",
    "it is repeated: 'h1' is that of the first copy",
  ],
  [HEAD + "  - dense: { <<: *x }\n", "merge keys are not read; write the options out"],
  [HEAD + "  - residual\n", "write residual: [ ... ]"],
  ["input: [2]\nlayers:\n\t- relu\n", "indent with blanks"],
  [TAIL + "los: mse\n", "did you mean 'loss'?"],
  [TAIL + "loss: cross-entrpy\n", "did you mean 'cross-entropy'?"],
  [TAIL + "loss: mse\noptimizer: adma\n", "did you mean 'adam'?"],
  [TAIL + "init: xavior\n", "did you mean 'xavier'?"],
])("%j: %s", (text, suggestion) =>
  expect(read(text).diagnostics.map((diagnostic) => diagnostic.suggestion)).toContain(suggestion),
);

test.each([
  [
    HEAD + "  - { dense: 3, name: a }\n  - add: [a, X]\n",
    "add: [batch, 3] and [batch, 4] cannot be broadcast together; it gets [batch, 3] from dense 'a' in line 3 and [batch, 4] from input 'X'",
  ],
  [
    HEAD + "  - dense: 6\n  - residual: [relu, { dense: 5 }]\n",
    "residual: the block makes [batch, 5] from dense in line 4, and is added to [batch, 6] from dense in line 3",
  ],
  [
    HEAD + "  - { dense: 5, name: a }\n  - { dense: 7, share: a }\n",
    "dense: the shared aW has shape [4, 5], and [5, 7] is needed here; it gets [batch, 5] from dense 'a' in line 3",
  ],
  [HEAD + "  - { dense: 4, name: a, from: b }\n  - { relu: , name: b, from: a }\n", "'a' needs its own result: a from b from a"],
  [HEAD + "  - { dense: 4, name: a }\n  - { dense: 4, name: a }\n", "'a' is already the name of the layer in line 3"],
  [HEAD + "  - dense: -3\n", "'units' must be at least 1, not -3"],
  [HEAD + "  - conv2d: { filters: 2, kernel: 3, padding: full }\n", "'padding' must be"],
  [HEAD + "  - dense: 90000\n  - dense: 90000\n", "this network needs about 64.8 GB, most of it here; the limit is 4 GB"],
  ["__proto__: 1\n" + TAIL, "'__proto__' cannot be a key"],
])("%j says %s", (text, message) =>
  expect(
    read(text)
      .diagnostics.map((diagnostic) => diagnostic.message)
      .join("\n"),
  ).toContain(message),
);

test("the limit of memory can be raised, and lowered", () => {
  const spec = HEAD + "  - dense: 30000\n  - dense: 30000\n";
  expect(complaints(spec)).toEqual(["WG1450 4:5"]);
  expect(complaints(spec + "limits: { memory: 8e9 }\n")).toEqual([]);
  expect(complaints(TAIL + "limits: { memory: 100 }\n")).toEqual(["WG1450 3:5"]);
});

test("keys of every object reach none", () => {
  read("__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n" + TAIL);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test.each([
  ["aliases", "input: [batch, 4]\nlayers:\n  - &block { dense: 4 }\n  - *block\n  - dense: &width 3\n  - dense: *width\n"],
  [
    "JSON with tabs",
    '{\n\t"input": ["batch", 4],\n\t"layers": [\n\t\t{ "dense": 4 }, "relu", { "dense": { "units": 2 } }\n\t]\n}',
  ],
  [
    "CRLF, a mark of the byte order, a marked end",
    "\uFEFF---\r\ninput: [batch, 4]\r\nlayers:\r\n  - dense: 3 # width\r\n...\r\n",
  ],
  ["one nested deeply, but not too deeply", `input: [2]\nlayers: [${"{ residual: [".repeat(20)}relu${"] }".repeat(20)}]\n`],
])("%s are no mistake", (_, text) => expect(complaints(text)).toEqual([]));

const long = process.env["LONG"] !== undefined;
const specs = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../golden/networks.json"), "utf8")) as { spec: string }[]
).map(({ spec }) => spec);

const SOME_LAYERS: unknown = parse(`[
  relu, flatten, softmax, batchNorm, layerNorm, globalAveragePool, maxPool, positionalEncoding, { dense: 3 }, { lstm: 2 }, { gru: 2 },
  { attention: 1 }, { transformerBlock: 1 }, { dropout: 0.5 }, { reshape: [-1] }, { groupNorm: 1 }, { transpose: [1, 0] },
  { conv2d: { filters: 2, kernel: 3, stride: 2 } }, { conv1d: { filters: 2, kernel: 2 } }, { embedding: { rows: 3, width: 2 } },
  { residual: [relu] }, { repeat: 2, layers: [{ dense: 3, name: r }] }, { add: [X, X] },
]`);

describe("whatever the text", () => {
  /** Nothing is thrown, what was wrong has its place, and without a mistake there is a network. */
  function expectSound(text: string): void {
    const { network, diagnostics } = read(text);
    expect(network === undefined, text).toBe(diagnostics.some(({ severity }) => severity === "error"));
    for (const { span, message } of diagnostics) {
      expect(
        span !== undefined && span.start >= 0 && span.end >= span.start && span.end <= text.length,
        `${text}: ${message}`,
      ).toBe(true);
      expect(message.replace(/'[^']*'/g, ""), text).not.toMatch(/undefined|\[object|\{\w+\}/);
    }
  }

  test("cut, doubled and misspelt specs", () => {
    const piece = fc.constantFrom(
      ..."\n - : [ ] { } , ' \" & * ! # | > ? 0 -1 .nan null true X batch".split(" "),
      "  ",
      "\t",
      "\0",
      "<<: ",
      "name: a",
    );
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), put: piece });
    const property = fc.property(fc.constantFrom(...specs), fc.array(edit, { minLength: 1, maxLength: 4 }), (spec, edits) => {
      let text = spec;
      for (const { at, cut, put } of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + put + text.slice(start + cut);
      }
      expectSound(text);
    });
    fc.assert(property, { numRuns: long ? 20_000 : 500, seed: 11 });
  });

  test("values that do not belong", () => {
    const layer = fc.constantFrom(...(SOME_LAYERS as unknown[]));
    const value = fc.oneof(
      layer,
      fc.constantFrom<unknown>(
        0,
        1,
        2,
        3,
        -1,
        0.5,
        1e9,
        1e300,
        null,
        true,
        "",
        "a",
        "X",
        "y",
        "seed",
        "batch",
        "same",
        "relu",
        "none",
        "__proto__",
      ),
      fc.constantFrom<unknown>([], {}, [1], [0, 1], ["X", "X"], ["batch", 3], ["batch", 2, 5, 5], {
        shape: ["batch"],
        dtype: "integer",
      }),
    );
    const edit = fc.record({ at: fc.nat(), value, how: fc.constantFrom("put", "drop", "insert") });
    const property = fc.property(fc.constantFrom(...specs), fc.array(edit, { minLength: 1, maxLength: 4 }), (spec, edits) => {
      const root: unknown = parse(spec);
      for (const each of edits) change(root, each);
      expectSound(JSON.stringify(root, null, 1));
    });
    fc.assert(property, { numRuns: long ? 20_000 : 500, seed: 12 });
  });

  interface Edit {
    readonly at: number;
    readonly value: unknown;
    readonly how: string;
  }

  /** One of all the places inside `root` gets another value. */
  function change(root: unknown, { at, value, how }: Edit): void {
    const places = placesIn(root);
    const [owner, key] = places[at % places.length]!;
    const fresh: unknown = structuredClone(value);
    if (Array.isArray(owner)) owner.splice(Number(key), how === "insert" ? 0 : 1, ...(how === "drop" ? [] : [fresh]));
    else if (how === "drop") delete owner[key];
    else owner[key] = fresh;
  }

  function placesIn(value: unknown): [owner: Record<string, unknown>, key: string][] {
    if (typeof value !== "object" || value === null) return [];
    const owner = value as Record<string, unknown>; // lists have keys too
    return Object.keys(owner).flatMap((key) => [[owner, key] as [Record<string, unknown>, string], ...placesIn(owner[key])]);
  }
});

test("a mistake does not hide those that do not follow from it", () => {
  const bad = ["  - dense: 0", "  - relu: 1", "  - danse: 2", "  - { dense: 3, from: nobody }"];
  for (const line of bad) {
    const [alone] = complaints(`${HEAD}  - dense: 3\n${line}\n`);
    for (const other of bad.filter((each) => each !== line)) expect(complaints(`${HEAD}${other}\n${line}\n`)).toContain(alone);
  }
  expect(networkOf(TAIL).parameters).toHaveLength(2);
});
