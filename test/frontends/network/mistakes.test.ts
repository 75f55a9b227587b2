// What is said to wrong specs: the code, where it points, and that all mistakes of a spec are told at once.

import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/diagnostics/catalog.ts";
import { createLocator } from "../../../src/diagnostics/locate.ts";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../../src/frontends/network/network.ts";

/** `WG1414 4:5` for each diagnostic, in order. */
function diagnose(text: string): string[] {
  const reporter = createReporter();
  const network = parseNetworkSource({ name: "net.net.yaml", text }, reporter);
  const locate = createLocator(text);
  if (reporter.hasErrors) expect(network).toBeUndefined();
  return reporter.diagnostics.map(({ code, span }) => {
    const at = span && locate(span.start);
    return at === undefined ? code : `${code} ${at.line}:${at.column}`;
  });
}

const head = "input: [n, 4]\nlayers:\n";

const rows: readonly [name: string, text: string, ...expected: string[]][] = [
  ["an unclosed bracket", "input: [n, 2\nlayers: [relu]\n", "WG1401 2:1"],
  ["an unterminated quote", 'name: "a\ninput: [n, 2]\n', "WG1401"],
  ["a tab as indentation", "layers:\n\t- relu\n", "WG1401"],
  ["an empty file", "", "WG1402 1:1"],
  ["comments alone", "# nothing\n", "WG1402"],
  ["a list at the top", "- relu\n", "WG1403"],
  ["two documents", `${head}  - relu\n---\n${head}  - relu\n`, "WG1404 5:1"],
  ["an alias without an anchor", "input: [n, 2]\nlayers: *a\n", "WG1405 2:9"],
  ["a tag", `${head}  - !!js/function "x"\n`, "WG1406 3:5"],
  ["a key twice", `${head}  - relu\ninput: [n, 3]\n`, "WG1407 4:1"],
  ["__proto__ as a key", `${head}  - relu\n__proto__: { a: 1 }\n`, "WG1408 4:1"],
  ["deep nesting", `layers: ${"[".repeat(3000)}${"]".repeat(3000)}\n`, "WG1409"],
  ["an unknown section", `${head}  - relu\noptimiser: adam\n`, "WG1410 4:1"],
  ["an unknown option", `${head}  - dense: { units: 3, biass: true }\n`, "WG1410 3:24"],
  ["no layers", "input: [n, 2]\n", "WG1411"],
  ["a layer without its option", `${head}  - dense\n`, "WG1411 3:5"],
  ["text for a number", `${head}  - dense: many\n`, "WG1412 3:12"],
  ["NaN as a rate", `${head}  - dense: 2\nloss: mse\noptimizer: { adam: { rate: .nan } }\n`, "WG1412 5:28"],
  ["infinity as a rate", `${head}  - dense: 2\nloss: mse\noptimizer: { sgd: { rate: .inf } }\n`, "WG1412 5:27"],
  ["a negative size", `${head}  - dense: -2\n`, "WG1413 3:12"],
  ["no width", `${head}  - dense: 0\n`, "WG1413 3:12"],
  ["half a unit", `${head}  - dense: 2.5\n`, "WG1412 3:12"],
  ["an absurd size", `${head}  - dense: 99999999999999\n`, "WG1413 3:12"],
  ["an unknown layer", `${head}  - danse: 3\n`, "WG1414 3:5"],
  ["an unknown loss", `${head}  - relu\nloss: msee\n`, "WG1415 4:7"],
  ["code as a name", `name: "a; alert(1)"\n${head}  - relu\n`, "WG1420 1:7"],
  ["a name twice", `${head}  - { dense: 2, name: a }\n  - { dense: 2, name: a }\n`, "WG1421 4:23"],
  ["a name that is nobody's", `${head}  - { dense: 2, from: b }\n`, "WG1422 3:23"],
  ["a circle", `${head}  - { dense: 4, name: x, from: y }\n  - { dense: 4, name: y, from: x }\n`, "WG1423"],
  ["shapes that do not fit", `${head}  - { dense: 4, name: a }\n  - { dense: 5, name: b }\n  - add: [a, b]\n`, "WG1430 5:5"],
  ["heads that do not divide", "input: [n, 3, 10]\nlayers:\n  - attention: 4\n", "WG1430 3:5"],
  ["an open length for a recurrent layer", "input: [n, time, 3]\nlayers:\n  - lstm: 4\n", "WG1430 3:5"],
  [
    "class weights for other classes",
    `${head}  - dense: 3\nloss: { type: cross-entropy, classWeights: [1, 2] }\n`,
    "WG1431 4:15",
  ],
  ["an optimizer without a loss", `${head}  - dense: 2\noptimizer: adam\n`, "WG1440 4:1"],
  ["an optimizer and no reduction", `${head}  - dense: 2\nloss: { type: mse, reduction: none }\noptimizer: adam\n`, "WG1441"],
  ["nothing to train", `${head}  - relu\nloss: mse\noptimizer: adam\n`, "WG1442 5:1"],
  ["more memory than there is", `${head}  - dense: 9999999\n  - dense: 9999999\n`, "WG1450"],
  [
    "too many layers",
    `${head}  - repeat: 10000\n    layers: [relu, relu, relu, relu, relu, relu, relu, relu, relu, relu, relu]\n`,
    "WG1451",
  ],
];

test.each(rows)("%s", (_, text, ...expected) => {
  const found = diagnose(text);
  for (const each of expected)
    expect(found.some((diagnostic) => diagnostic === each || diagnostic.startsWith(`${each} `))).toBe(true);
});

describe("all at once", () => {
  test("mistakes of several kinds in one spec", () => {
    const text = `name: a
input: [batch, 4]
layers:
  - danse: 3
  - dense: -2
  - { dense: 3, name: x, from: y }
  - { relu: {}, name: y, from: x }
  - add: [x, zz]
loss: mse
optimizer: { adam: { rate: .nan } }
`;
    expect(diagnose(text).sort()).toEqual(["WG1412 10:28", "WG1413 5:12", "WG1414 4:5", "WG1422 8:14", "WG1423 6:32"]);
  });
});

describe("what is no mistake", () => {
  test.each([
    ["JSON", '{ "input": ["n", 4], "layers": [{ "dense": 2 }], "loss": "mse" }'],
    ["a byte order mark", `\uFEFF${head}  - relu\n`],
    ["Windows line ends", `${head}  - relu\n`.replaceAll("\n", "\r\n")],
    ["anchors and aliases", "input: [n, 4]\nlayers:\n  - &wide { dense: 4 }\n  - *wide\n"],
    ["dashes in names of layers", `${head}  - layer-norm\n  - leaky-relu: 0.1\n`],
    ["a limit that is raised", `${head}  - dense: 200000\n  - dense: 3000\nlimits: { memory: 1.0e+12 }\n`],
  ])("%s", (_, text) => {
    expect(diagnose(text)).toEqual([]);
  });
});

test("an alias bomb is refused before it is unfolded", () => {
  const names = "abcdefgh";
  const lines = [...names].map(
    (name, i) =>
      `${name}: &${name} [${Array(9)
        .fill(i === 0 ? "1" : `*${names[i - 1]}`)
        .join(", ")}]`,
  );
  const found = diagnose(`${lines.join("\n")}\n${head}  - relu\n`);
  expect(found.length).toBeGreaterThan(0);
});

test("every diagnostic of specs is provoked here", () => {
  const provoked = new Set(rows.flatMap(([, text]) => diagnose(text).map((each) => each.slice(0, 6))));
  const more = [
    `${head}  - { dense: 2, from: b }\n  - { relu: {}, name: b, from: X }\n`,
    `${head}  - { dense: 2, name: a }\n  - { dense: 3, from: X }\n`,
    `${head}  - dense: 2\ndims: { time: 3 }\n`,
    `${head}  - { dense: 2, relu: {} }\n`,
  ];
  for (const text of more) diagnose(text).forEach((each) => provoked.add(each.slice(0, 6)));
  const codes = Object.keys(catalog).filter((code) => code.startsWith("WG14"));
  expect(codes.filter((code) => !provoked.has(code))).toEqual([]);
});
