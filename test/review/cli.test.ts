// `gen check`: what it prints and how it ends.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTerminal } from "../cli/terminal.ts";

const SOURCE = "f(x, y) = x * y";
const RIGHT = "const f = x * y;\nconst dx = y;\nconst dy = x;\n";

interface Row {
  readonly text?: string;
  readonly argv?: readonly string[];
  readonly code: number;
  readonly out?: RegExp;
  readonly err?: RegExp;
}

const ROWS: Readonly<Record<string, Row>> = {
  "a right file": { text: RIGHT, code: 0, out: /^the script is right: f, dx, dy at 5 points, no error\n$/, err: /^$/ },
  "a wrong line": {
    text: RIGHT.replace("dx = y", "dx = -y"),
    code: 3,
    out: /^$/,
    err: /mine\.ts:2:7: error WG5021: dx is .* after this line, and should be .* Likely: the sign[\s\S]*> 2 \| const dx = -y;[\s\S]*help: /,
  },
  "the answer": { text: RIGHT.replace("dx = y", "dx = -y"), argv: ["--show-answer"], code: 3, out: /const dx = -\(-y\);/ },
  json: { text: RIGHT.replace("dx = y", "dx = -y"), argv: ["--json"], code: 3, out: /"mistake": "sign"/ },
  "a syntax error": { text: "const f = ;", code: 1, err: /mine\.ts:1:11: error WG5001/ },
  "no such file": { code: 2, err: /there is no file mine\.ts/ },
};

test.each(Object.entries(ROWS))("%s", async (_, { text, argv = [], code, out, err }) => {
  const { folder, gen } = openTerminal();
  if (text !== undefined) writeFileSync(join(folder, "mine.ts"), text);
  const result = await gen(["check", "mine.ts", "--against", SOURCE, ...argv]);
  expect(result.code).toBe(code);
  if (out !== undefined) expect(result.out).toMatch(out);
  if (err !== undefined) expect(result.err).toMatch(err);
});
