// `gen check`: what it prints, on which stream, and how it ends.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTerminal } from "./terminal.ts";

const SOURCE = "f(x, y) = x * y";
const RIGHT = "const f = x * y;\nconst dx = y;\nconst dy = x;\n";
const WRONG = RIGHT.replace("dx = y", "dx = -y");
const TWO = `function good(x, y) { return { f: x * y, dx: y, dy: x }; }\nfunction badGrad(x, y) { return { f: x * y, dx: x, dy: y }; }\n`;
const PAIR =
  "function gForward(x, y) { return { f: x * y, x, y }; }\nfunction gBackward({ x, y }, df = 1) { return { dx: y * df, dy: x * df }; }\n";
const XOR = readFileSync(join(import.meta.dirname, "../../examples/xor.net.yaml"), "utf8");

interface Row {
  /** mine.ts. */
  readonly mine?: string | Uint8Array;
  readonly files?: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly code: number;
  readonly out?: RegExp;
  readonly err?: RegExp;
}

const NOTHING = /^$/;
const against = (source: string, ...flags: string[]): string[] => ["mine.ts", "--against", source, ...flags];

const ROWS: Readonly<Record<string, Row>> = {
  "a right file": {
    mine: RIGHT,
    argv: against(SOURCE),
    code: 0,
    out: /^the script is right: f, dx, dy at 8 points, no error\n$/,
    err: NOTHING,
  },
  "a wrong line": {
    mine: WRONG,
    argv: against(SOURCE),
    code: 3,
    out: NOTHING,
    err: /mine\.ts:2:7: error WG5021: dx is .* after this line, and should be .* Likely: the sign[\s\S]*> 2 \| const dx = -y;[\s\S]*help: [\s\S]*1 error/,
  },
  "a wrong forward line": {
    mine: RIGHT.replace("x * y", "x + y"),
    argv: against(SOURCE),
    code: 3,
    err: /mine\.ts:1:7: error WG5020: f is .* after this line, and should be .* Likely: one \+ on this line/,
  },
  "the answer": {
    mine: WRONG,
    argv: against(SOURCE, "--show-answer"),
    code: 3,
    out: /^the line as it should be:\n {2}const dx = -\(-y\);\n$/,
  },
  "no answer unasked": { mine: WRONG, argv: against(SOURCE), code: 3, out: NOTHING },
  "a seed": { mine: WRONG, argv: against(SOURCE, "--seed", "7"), code: 3, err: /WG5021/ },
  "a seed that is none": { mine: RIGHT, argv: against(SOURCE, "--seed", "x"), code: 2, err: /seed/ },
  "a point of one's own": {
    mine: RIGHT,
    argv: against(SOURCE, "--at", "x=3,y=-4"),
    code: 0,
    out: /^the script is right: f, dx, dy at 9 points, no error\nat x = 3, y = -4:\n {2}f = -12\n {2}dx = -4\n {2}dy = 3\n$/,
    err: NOTHING,
  },
  "a wrong line at a point of one's own": {
    mine: WRONG,
    argv: against(SOURCE, "--at", "x=3,y=-4"),
    code: 3,
    out: /^at x = 3, y = -4:\n {2}f = -12\n {2}dx = 4, and should be -4\n {2}dy = 3\n$/,
    err: /dx is 4 after this line, and should be -4 at x = 3, y = -4\. Likely: the sign/,
  },
  "two points": {
    mine: RIGHT,
    argv: against(SOURCE, "--at", "x=3,y=-4", "--at", "x=1,y=0"),
    code: 0,
    out: /at x = 1, y = 0:\n {2}f = 0\n/,
  },
  "a point of a tensor": {
    mine: "function f(w) { const f = w[0] ** 2 + w[1] ** 2; const dw = w.map((v) => 2 * v); return { f, dw }; }",
    argv: against("param w [2]\nf = sum(w .* w)", "--at", "w=[3, -4]"),
    code: 0,
    out: /at point 1:\n {2}f = 25\n {2}dw = \[6, -8\]\n/,
  },
  "a point without an input": { mine: RIGHT, argv: against(SOURCE, "--at", "x=3"), code: 2, err: /no value for y/ },
  "a point that is none": { mine: RIGHT, argv: against(SOURCE, "--at", "x"), code: 2, err: /cannot read 'x' in --at/ },
  "a point on a corner": {
    mine: "const f = Math.max(0, x);\nconst dx = x > 0 ? 1 : 0;\n",
    argv: against("f(x) = relu(x)", "--at", "x=0"),
    code: 1,
    err: /WG5010: .* has a corner at x = 0, where its gradient is what convention says/,
  },
  "a point where nothing is finite": {
    mine: RIGHT,
    argv: against("f(x, y) = x / y", "--at", "x=1,y=0"),
    code: 1,
    err: /WG5010: .* no finite gradient at x = 1, y = 0/,
  },
  "by one input only": {
    mine: RIGHT.replace("const dy = x;\n", ""),
    argv: against(SOURCE, "--wrt", "x"),
    code: 0,
    out: /right: f, dx at/,
  },
  "a gradient nobody asked for": {
    mine: RIGHT.replace("dy = x", "dy = y"),
    argv: against(SOURCE, "--wrt", "x"),
    code: 0,
    out: /right: f, dx at/,
    err: /mine\.ts:3:7: warning WG5023: dy is not the gradient by y;/,
  },
  "an input that is not there": { mine: RIGHT, argv: against(SOURCE, "--wrt", "z"), code: 1, err: /z/ },
  "the function that is named": { mine: TWO, argv: against(SOURCE, "--function", "good"), code: 0, out: /^good is right/ },
  "the function that is likeliest": { mine: TWO, argv: against(SOURCE), code: 3, err: /mine\.ts:2:/ },
  "a pair by its stem": {
    mine: PAIR,
    argv: against(SOURCE, "--function", "g"),
    code: 0,
    out: /^gForward and gBackward are right/,
  },
  "a function that is not there": {
    mine: TWO,
    argv: against(SOURCE, "--function", "h"),
    code: 1,
    err: /WG5005: there is no function 'h' here; there is good, badGrad/,
  },
  "a syntax error": { mine: "const f = ;", argv: against(SOURCE), code: 1, err: /mine\.ts:1:11: error WG5001/ },
  "no UTF-8": { mine: Uint8Array.of(0xff, 0xfe, 0x41), argv: against(SOURCE), code: 1, err: /mine\.ts/ },
  "code on standard input": { argv: ["-", "--against", SOURCE], stdin: WRONG, code: 3, err: /<stdin>:2:7: error WG5021/ },
  "the source on standard input": { mine: RIGHT, argv: against("-"), stdin: SOURCE, code: 0, out: /is right/ },
  "both on standard input": { argv: ["-", "--against", "-"], code: 2, err: /not both/ },
  "a source in a file": { mine: RIGHT, files: { "f.math": SOURCE }, argv: against("f.math"), code: 0, out: /is right/ },
  "a network": { mine: RIGHT, files: { "xor.net.yaml": XOR }, argv: against("xor.net.yaml"), code: 1, err: /WG50/ },
  "a source that is wrong": { mine: RIGHT, argv: against("f(x) = x +"), code: 1, err: /error WG/ },
  "a source that is wrong, as JSON": { mine: RIGHT, argv: against("f(x) = x +", "--json"), code: 1, out: /"exitCode": 1/ },
  "a list": { mine: RIGHT, argv: against("[x, y]"), code: 1, err: /WG1301/ },
  "no such file": { argv: against(SOURCE), code: 2, err: /there is no file mine\.ts/ },
  "no such source": { mine: RIGHT, argv: against("f.math"), code: 1, err: /WG1020: there is no file 'f\.math'/ },
  "a folder": { argv: [".", "--against", SOURCE], code: 2, err: /cannot read \./ },
  "a source in the place of the code": { argv: ["f.math", "--against", SOURCE], code: 2, err: /f\.math is a source, not code/ },
  "no argument at all": { argv: [], code: 2, out: NOTHING, err: /Usage: gen check mine\.ts --against f\.math/ },
  "nothing to compare with": { mine: RIGHT, argv: ["mine.ts"], code: 2, err: /--against/ },
  "an option that is none": { mine: RIGHT, argv: against(SOURCE, "--fast"), code: 2, err: /--fast/ },
  help: { argv: ["--help"], code: 0, out: /Exit codes: 0 right; 3/ },
};

test.each(Object.entries(ROWS))("%s", async (_, { mine, files = {}, argv, stdin, code, out, err }) => {
  const { folder, gen } = openTerminal();
  if (mine !== undefined) writeFileSync(join(folder, "mine.ts"), mine);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const result = await gen(["check", ...argv], stdin === undefined ? {} : { stdin });
  expect({ code: result.code, err: result.err }).toEqual({ code, err: result.err });
  if (out !== undefined) expect(result.out).toMatch(out);
  if (err !== undefined) expect(result.err).toMatch(err);
});

test("JSON holds the finding, and nothing else is on standard output", async () => {
  const { folder, gen } = openTerminal();
  writeFileSync(join(folder, "mine.ts"), WRONG);
  const { code, out } = await gen(["check", "mine.ts", "--against", SOURCE, "--json"]);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    exitCode: 3,
    kind: "wrong",
    source: "mine.ts",
    compared: { subject: "the script", points: 8 },
    finding: { line: 2, mistake: "sign", pass: "backward", variable: "dx" },
    diagnostics: [{ code: "WG5021" }],
  });
});

test("the option --check of gen is another thing", async () => {
  const { gen } = openTerminal();
  const { code, err } = await gen(["chekc"]);
  expect([code, err]).toEqual([2, expect.stringMatching(/there is no command 'chekc'/)]);
});
