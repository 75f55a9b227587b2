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
  ["an open list", "input: [batch, 2\nlayers: [relu]\n", "WG1401 2:1"],
  ["a colon too many", HEAD + "  - dense: 4: 3\n", "WG1401 3:12"],
  ["a list at the top", "- dense: 3\n", "WG1403 1:1"],
  ["a word at the top", "\n  dense\n", "WG1403 2:3"],
  ["two documents", TAIL + "---\ninput: [2]\n", "WG1404 5:1"],
  ["an alias of nothing", HEAD + "  - dense: *width\n", "WG1405 3:12"],
  ["an alias in itself", HEAD + "  - &block { residual: [*block] }\n", "WG1405 3:25"],
  ["a bomb", bomb(), "WG1405 6:8"],
  ["tags", HEAD + "  - !layer relu\n  - dense: !!int 3\n", "WG1406 3:5", "WG1406 4:12"],
  ["keys twice", TAIL + "name: a\nname: b\nloss: { type: mse, type: mae }\n", "WG1407 5:1", "WG1407 6:20"],
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
