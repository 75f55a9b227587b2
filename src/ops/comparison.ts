// Comparisons, logic, selection, and the gates that route: min and max.

import { op } from "./define.ts";

const ANY = [-4, 4] as const;
const TRUTH = [0, 1] as const;

const comparison2 = (
  evaluate: (x: number, y: number) => boolean,
  ts: string,
  latex: string,
  doc: string,
  name: string,
  alias: string,
) =>
  op(["x", "y"], {
    evaluate: (x, y) => (evaluate(x, y) ? 1 : 0),
    derivative: [null, null],
    result: "boolean",
    domain: [ANY, ANY],
    kinks: ["x - y"],
    emit: { ts: `x ${ts} y`, latex: `{x} ${latex} {y}` },
    stageName: `{x}${name}{y}`,
    doc,
    aliases: [alias],
  });

export const comparison = {
  lt: comparison2((x, y) => x < y, "<", "<", "less than", "Below", "smaller"),
  le: comparison2((x, y) => x <= y, "<=", "\\le", "at most", "AtMost", "smallerEq"),
  gt: comparison2((x, y) => x > y, ">", ">", "greater than", "Above", "larger"),
  ge: comparison2((x, y) => x >= y, ">=", "\\ge", "at least", "AtLeast", "largerEq"),
  eq: comparison2((x, y) => x === y, "===", "=", "equal, to the last bit", "Equals", "equal"),
  ne: comparison2((x, y) => x !== y, "!==", "\\ne", "not equal", "Differs", "unequal"),
  and: op(["x", "y"], {
    evaluate: (x, y) => (x !== 0 && y !== 0 ? 1 : 0),
    derivative: [null, null],
    result: "boolean",
    domain: [TRUTH, TRUTH],
    emit: { ts: "x && y", latex: "{x} \\land {y}" },
    stageName: "both",
    doc: "logical and",
  }),
  or: op(["x", "y"], {
    evaluate: (x, y) => (x !== 0 || y !== 0 ? 1 : 0),
    derivative: [null, null],
    result: "boolean",
    domain: [TRUTH, TRUTH],
    emit: { ts: "x || y", latex: "{x} \\lor {y}" },
    stageName: "either",
    doc: "logical or",
  }),
  not: op(["x"], {
    evaluate: (x) => (x === 0 ? 1 : 0),
    derivative: [null],
    result: "boolean",
    domain: [TRUTH],
    emit: { ts: "!x", latex: "\\lnot {x}" },
    stageName: "not{x}",
    doc: "logical not",
  }),
  select: op(["c", "x", "y"], {
    evaluate: (c, x, y) => (c !== 0 ? x : y),
    pullback: [null, "c ? adj : 0", "c ? 0 : adj"],
    domain: [TRUTH, ANY, ANY],
    emit: { ts: "c ? x : y", latex: "\\begin{cases}{x} & {c} \\\\ {y} & \\text{otherwise}\\end{cases}" },
    stageName: "choice",
    doc: "the ternary c ? x : y; the gradient takes the branch taken",
    internal: true,
  }),
  max: op(["x..."], {
    evaluate: (...x) => Math.max(...x),
    pullback: ["x >= out ? adj : 0"],
    pullbackAtTies: ["x >= out ? adj / ties : 0"],
    domain: [ANY],
    kinks: ["x - out"],
    emit: { ts: "Math.max(x...)", latex: "\\max\\left({x...}\\right)" },
    stageName: "max{x...}",
    doc: "largest; routes the gradient to it, at a tie to each (one half each with --ties split)",
    identity: "max routes the gradient to the larger input",
  }),
  min: op(["x..."], {
    evaluate: (...x) => Math.min(...x),
    pullback: ["x <= out ? adj : 0"],
    pullbackAtTies: ["x <= out ? adj / ties : 0"],
    domain: [ANY],
    kinks: ["x - out"],
    emit: { ts: "Math.min(x...)", latex: "\\min\\left({x...}\\right)" },
    stageName: "min{x...}",
    doc: "smallest; routes the gradient to it, at a tie to each (one half each with --ties split)",
    identity: "min routes the gradient to the smaller input",
  }),
};
