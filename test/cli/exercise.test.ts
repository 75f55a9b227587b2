// `gen exercise`: from an empty folder to a solved exercise.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTerminal, type Terminal } from "./terminal.ts";

const SOURCE = "q = x + y\nf = q * z\n";
const FILE = "compound.exercise.js";

async function begin(
  flags: readonly string[] = ["--blank", "all", "--js"],
): Promise<Terminal & { read(): string; put(text: string): void }> {
  const terminal = openTerminal();
  writeFileSync(join(terminal.folder, "compound.math"), SOURCE);
  const { code, err } = await terminal.gen(["exercise", "compound.math", ...flags]);
  expect(err).toBe("");
  expect(code).toBe(0);
  const path = join(terminal.folder, FILE);
  return { ...terminal, read: () => readFileSync(path, "utf8"), put: (text) => writeFileSync(path, text) };
}

describe("gen exercise", () => {
  it("lists the set", async () => {
    const { gen, snapshot } = openTerminal();
    const { code, out } = await gen(["exercise"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}1 {2}The multiply gate\n[\s\S]* 20 {2}A network of two layers\n/);
    expect(JSON.parse((await gen(["exercise", "--json"])).out)).toHaveLength(20);
    expect(snapshot()).toEqual({});
  });

  it("makes none that nothing could grade", async () => {
    const { gen, snapshot } = openTerminal();
    const { code, err } = await gen(["exercise", "f(x) = (x^x - x^2 - 1)^x"]);
    expect(code).toBe(2);
    expect(err).toContain("found no point where its gradient is a number");
    expect(snapshot()).toEqual({});
  });

  it("writes one of the set, and its test", async () => {
    const { gen, folder } = openTerminal();
    const { code, out } = await gen(["exercise", "7", "--js", "-o", "learn/"]);
    expect(code).toBe(0);
    expect(out).toMatch(/wrote learn\/07-patterns\.exercise\.js\n[\s\S]*fill in 5 TODOs/);
    expect(readdirSync(join(folder, "learn")).sort()).toEqual(["07-patterns.exercise.js", "07-patterns.exercise.test.js"]);
    expect((await gen(["exercise", "--grade", "learn/07-patterns.exercise.js"])).out).toMatch(/0 of 5 right/);
  });

  it("gives hints one by one, then a verdict", async () => {
    const { gen, read, put } = await begin();
    const first = await gen(["exercise", "--hint", FILE]);
    expect(first.out).toMatch(
      /^TODO\(1\), line \d+: what q receives from f\n\n1\. .*\n\nMore: {2}npx gen exercise --hint 2 compound/,
    );
    expect(first.out).not.toContain("2. ");
    expect((await gen(["exercise", FILE, "--hint", "4"])).out).toContain("4. The line: const dq = z;");
    expect((await gen(["exercise", "--hint", FILE, "--todo", "3"])).out).toMatch(/^TODO\(3\)/);
    const line =
      read()
        .split("\n")
        .findIndex((text) => text.includes("TODO(2)")) + 1;
    expect((await gen(["exercise", "--hint", FILE, "--line", String(line)])).out).toMatch(/^TODO\(2\)/);

    put(read().replace("TODO(1)", "-z").replace("TODO(2)", "q").replace("TODO(3)", "dq"));
    const wrong = await gen(["exercise", "--grade", FILE]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(
      /TODO\(1\).*wrong: const dq = -z;\n.*should be[\s\S]*sign[\s\S]*TODO\(2\).*right[\s\S]*TODO\(4\).*not filled in\n2 of 4 right/,
    );
    expect((await gen(["exercise", "--hint", FILE])).out).toMatch(/^TODO\(1\)/);

    put(read().replace("= -z;", "= z;").replace("TODO(4)", "dq"));
    expect(await gen(["exercise", "--grade", FILE])).toMatchObject({ code: 0, out: expect.stringContaining("4 of 4 right") });
    expect((await gen(["exercise", "--hint", FILE])).out).toBe("Every line is right.\n");
  });

  it("never writes over what has been begun, unless it is told to", async () => {
    const { gen, read, put } = await begin();
    expect((await gen(["exercise", "compound.math", "--blank", "all", "--js"])).out).toContain("unchanged: compound.exercise.js");
    const begun = read().replace("TODO(1)", "z");
    put(begun);
    const refused = await gen(["exercise", "compound.math", "--blank", "2", "--js"]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/may hold your work; --force/);
    expect(read()).toBe(begun);
    expect((await gen(["compound.math", "-o", FILE])).code).toBe(2); // nor does anything else
    expect((await gen(["exercise", "compound.math", "--js", "--force"])).code).toBe(0);
    expect(read()).not.toBe(begun);
  });

  it("writes the solution beside the exercise", async () => {
    const { gen, folder } = await begin();
    expect((await gen(["exercise", FILE, "--solution"])).out).toBe("wrote compound.solution.js\n");
    expect(readFileSync(join(folder, "compound.solution.js"), "utf8")).toContain("const dq = z; // (2)");
  });

  it("takes vitest and TypeScript where the project has vitest, modules where a package is none", async () => {
    const { gen, folder } = openTerminal();
    for (const name of ["a", "b"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "a/package.json"), '{ "devDependencies": { "vitest": "^4" } }');
    writeFileSync(join(folder, "b/package.json"), '{ "type": "commonjs" }');
    await gen(["exercise", "1", "-o", "a"]);
    await gen(["exercise", "1", "-o", "b", "--js"]);
    expect(readFileSync(join(folder, "a/01-multiply.exercise.test.ts"), "utf8")).toContain('from "vitest"');
    expect(readdirSync(join(folder, "b"))).toContain("01-multiply.exercise.test.mjs");
    expect((await gen(["exercise", "--hint", "b/01-multiply.exercise.mjs"])).code).toBe(0);
  });

  it.each([
    [["exercise", "21"], /1 to 20/],
    [["exercise", "--hint"], /name the exercise's file: gen exercise --hint /],
    [["exercise", "--grade"], /name the exercise's file: gen exercise --grade /],
    [["exercise", "x*y", "--blank", "dq"], /no line of the backward pass sets dq; those set dx, dy/],
    [
      ["exercise", "x*y", "--line", "1,2"],
      /line 1, 2 of the code is no line of the backward pass that can be left out; those are \d/,
    ],
    [["exercise", "1", "2"], /one exercise at a time, except with --grade/],
    [["exercise", "--hint", "x.math"], /is no exercise's file/],
    [["exercise", "--grade", "none.exercise.js"], /cannot read none\.exercise\.js/],
    [["exercise", "f(x) = 3"], /makes no exercise: its backward pass has no line/],
    [["exercise", "x*y", "--blank", "0"], /whole number, 1 or more/],
  ])("%j is a mistake in the command line", async (argv, message) => {
    const { gen, snapshot } = openTerminal();
    const { code, err } = await gen(argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(snapshot()).toEqual({});
  });

  it("leaves out the lines that are named, by variable and by line of the code", async () => {
    const { gen, folder } = openTerminal();
    writeFileSync(join(folder, "compound.math"), SOURCE);
    const line = (await gen(["compound.math"])).out.split("\n").findIndex((text) => text.includes("const dz = q;")) + 1;
    const blanks = async (...flags: string[]): Promise<string[]> => {
      await gen(["exercise", "compound.math", "--js", "--force", ...flags]);
      const text = readFileSync(join(folder, FILE), "utf8");
      return [...text.matchAll(/(\w+) = TODO/g)].map(([, name]) => name!);
    };
    expect(await blanks("--blank", "dx, dq")).toEqual(["dq", "dx"]);
    expect(await blanks("--line", `${line},${line + 1}`)).toEqual(["dz", "dx"]);
    expect((await gen(["exercise", "--grade", FILE])).out).toMatch(/0 of 2 right/);
  });

  it("grades several files, a line for each, or all of it as data", async () => {
    const { gen, read, put } = await begin();
    put(read().replace("TODO(1)", "-z").replace("TODO(2)", "q"));
    await gen(["exercise", "1", "--js"]);
    const files = [FILE, "01-multiply.exercise.js"];
    expect(await gen(["exercise", "--grade", ...files])).toMatchObject({
      code: 1,
      out:
        "compound.exercise.js     1 of 4 right; wrong: TODO 1; not filled in: TODO 3, 4\n" +
        "01-multiply.exercise.js  0 of 2 right; not filled in: TODO 1, 2\n0 of 2 files all right\n",
    });
    const { code, out } = await gen(["exercise", "--grade", "--json", ...files, "none.exercise.js"]);
    expect(code).toBe(2);
    const [first, second, third] = JSON.parse(out);
    expect(first).toMatchObject({
      file: FILE,
      isRight: false,
      right: 1,
      of: 4,
      todos: [{ todo: 1, verdict: "wrong" }, {}, {}, {}],
    });
    expect(first.todos[0].message).toContain("sign");
    expect(second).toMatchObject({ right: 0, of: 2, changed: [] });
    expect(third.problem).toMatch(/cannot read/);
  });

  it("reads a file that begins with a byte order mark", async () => {
    const { gen, read, put } = await begin();
    put(`\uFEFF${read().replace("TODO(1)", "z")}`);
    expect((await gen(["exercise", "--grade", FILE])).out).toMatch(/1 of 4 right/);
  });

  it("never changes the case of code, and tells shapes", async () => {
    const { gen, folder } = openTerminal();
    await gen(["exercise", "17", "--js"]);
    const file = join(folder, "17-linear-layer.exercise.js");
    const text = readFileSync(file, "utf8").replace("const dW = TODO(3)", "const dW = R.slice()");
    writeFileSync(file, text.replace("const db = TODO(2)", "const db = dR.slice(0, 2)"));
    const { out } = await gen(["exercise", "--grade", "17-linear-layer.exercise.js"]);
    expect(out).toContain("dW has 4 values; expected the shape [3, 2], here 6 values");
    expect(out).toMatch(/wrong: const db = dR\.slice/);
    expect(out).not.toMatch(/^\s*(?:Db|DB|DR|B) /m);
  });

  it("says what an exercise is on, and that a line makes no difference", async () => {
    const { gen, folder } = openTerminal();
    const { out } = await gen(["exercise", "f(x, y) = max(x * y, x * y - 1) * y", "--blank", "all", "--js"]);
    expect(out).toMatch(/TODO\(\d\) can hold something wrong and pass: no point was found where it shows\n/);
    const text = readFileSync(join(folder, "f.exercise.js"), "utf8");
    expect(text).toMatch(/^\/\/ An exercise in backpropagation on f\(x, y\) = max/);
    expect((await gen(["exercise", "--grade", "f.exercise.js"])).out).toMatch(/0 of \d right/);
    expect((await gen(["exercise", "--help"])).out).toMatch(/--seed <number> +seed of the choice of lines/);
  });

  it("says what is wrong with a source", async () => {
    const { gen } = openTerminal();
    expect(await gen(["exercise", "x * * y"])).toMatchObject({ code: 1, err: expect.stringContaining("WG") });
  });

  it("refuses a file that is no exercise any more", async () => {
    const { gen, put, read } = await begin();
    put(read().replace(/^\/\/ Settings.*$/m, ""));
    const { code, err } = await gen(["exercise", "--grade", FILE]);
    expect(code).toBe(2);
    expect(err).toMatch(/is no exercise that wengert wrote/);
  });
});
