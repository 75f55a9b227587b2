// The text of the test that grades an exercise: numbers from the verified code as literals, nothing of wengert at run time.

import { MARK } from "../core/marks.ts";
import { formatNumber } from "../core/number.ts";
import { fileNames, languageOf, type FileOptions } from "./file-text.ts";
import { inert } from "./record.ts";
import { NESTED } from "./run.ts";
import type { Exercise, Grading, GradingPoint, PointValue } from "./types.ts";

const WIDTH = 100;

export function graderText(exercise: Exercise, options: FileOptions): string {
  const { grading } = exercise;
  const names = fileNames(exercise, options);
  const hasArrays = grading.points.some(({ wanted }) => Object.values(wanted).some((value) => typeof value === "object"));
  const type = (text: string): string => (languageOf(options) === "typescript" ? text : "");
  return [
    header(names.exercise, options, names.test),
    imports(names.exercise, options, grading.call),
    pointsText(grading),
    resultsText(grading, options, hasArrays),
    testsText(hasArrays),
    problemText(type),
    hasArrays ? compareArraysText(type) : compareNumbersText(type),
  ].join("\n");
}

function header(file: string, { runner }: FileOptions, test: string): string {
  const run = runner === "vitest" ? `npx vitest run ${test}` : `node --test ${test}`;
  return `${inert(`${MARK}: grades ${file}. To run it: ${run}`)}\n`;
}

/** TypeScript as Node runs it names the file as it is; bundlers and type checkers take the name it will have. */
function imports(file: string, { runner }: FileOptions, call: string): string {
  const from = runner === "vitest" ? file.replace(/\.(m?)ts$/, ".$1js") : file;
  const test = runner === "vitest" ? "vitest" : "node:test";
  return `import assert from "node:assert/strict";\nimport { test } from "${test}";\nimport { ${call} } from ${JSON.stringify(`./${from}`)};\n`;
}

function pointsText(grading: Grading): string {
  const points = grading.points.map((point, index) => pointText(grading, point, index));
  return `/** Where the gradients are looked at, and what the verified code gives there. */\nconst points = [\n${points.join("")}];\n`;
}

function pointText(grading: Grading, point: GradingPoint, index: number): string {
  const args = grading.arguments.map((name) => argumentText(grading, point, name));
  const flat = `${grading.call}(${grading.packed ? `[${args.map((arg) => arg.flat).join(", ")}]` : args.map((arg) => arg.flat).join(", ")})`;
  const isShort = flat.length <= 60 && !flat.includes("[");
  const at = isShort ? flat : `the ${ORDINALS[index] ?? `${index + 1}th`} point`;
  const wanted = Object.entries(point.wanted);
  return [
    "  {\n",
    `    at: "${at}",\n`,
    foundText(grading, args, flat),
    `    wanted: ${objectText(
      wanted.map(([name, value]) => ({ name, text: numbersText(value) })),
      4,
      "    wanted: ,".length,
    )},\n`,
    "  },\n",
  ].join("");
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

interface Argument {
  readonly flat: string;
  /** Over several lines, at an indentation. */
  readonly broken: (indent: number) => string;
}

function foundText(grading: Grading, args: readonly Argument[], flat: string): string {
  if (grading.isNested) {
    const call = brokenCall(grading, args, 6, flat, "      const result = ;".length);
    const returned = `{ ${grading.value}: result.${grading.value}, ...result.${NESTED} }`;
    return `    found: () => {\n      const result = ${call};\n      return ${returned};\n    },\n`;
  }
  const room = "    found: () => ,".length;
  if (room + flat.length <= WIDTH) return `    found: () => ${flat},\n`;
  return `    found: () =>\n      ${brokenCall(grading, args, 6, flat, 7)},\n`;
}

function brokenCall({ call, packed }: Grading, args: readonly Argument[], indent: number, flat: string, room: number): string {
  if (flat.length + room <= WIDTH) return flat;
  const space = " ".repeat(indent);
  if (packed) {
    const [numbers] = [args.map((arg) => arg.flat)];
    return `${call}(${listText(numbers, indent, WIDTH)})`;
  }
  const lines = args.map((arg) => {
    const fits = indent + 2 + arg.flat.length + 1 <= WIDTH;
    return `${space}  ${fits ? arg.flat : arg.broken(indent + 2)},\n`;
  });
  return `${call}(\n${lines.join("")}${space})`;
}

function argumentText(grading: Grading, point: GradingPoint, name: string | readonly string[]): Argument {
  if (typeof name !== "string") {
    const fields = name.map((each) => ({ name: each, value: valueText(grading, point, each) }));
    const flat = `{ ${fields.map((field) => `${field.name}: ${field.value.flat}`).join(", ")} }`;
    return { flat, broken: (indent) => brokenObject(fields, indent) };
  }
  return valueText(grading, point, name);
}

function brokenObject(fields: readonly { readonly name: string; readonly value: Argument }[], indent: number): string {
  const space = " ".repeat(indent);
  const lines = fields.map(({ name, value }) => {
    const line = `${space}  ${name}: ${value.flat},`;
    return line.length <= WIDTH ? `${line}\n` : `${space}  ${name}: ${value.broken(indent + 2)},\n`;
  });
  return `{\n${lines.join("")}${space}}`;
}

function valueText({ kinds }: Grading, { inputs }: GradingPoint, name: string): Argument {
  const value: PointValue = inputs[name]!;
  if (typeof value !== "object") {
    const flat = typeof value === "number" ? formatNumber(value) : String(value);
    return { flat, broken: () => flat };
  }
  const type = kinds[name] === "integers" ? "Int32Array" : "Float64Array";
  const numbers = value.map(formatNumber);
  return {
    flat: `new ${type}([${numbers.join(", ")}])`,
    broken: (indent) => `new ${type}(${listText(numbers, indent, WIDTH)})`,
  };
}

function numbersText(value: number | readonly number[]): Argument {
  if (typeof value === "number") return { flat: formatNumber(value), broken: () => formatNumber(value) };
  const numbers = value.map(formatNumber);
  return { flat: `[${numbers.join(", ")}]`, broken: (indent) => listText(numbers, indent, WIDTH) };
}

function objectText(fields: readonly { readonly name: string; readonly text: Argument }[], indent: number, room: number): string {
  const flat = `{ ${fields.map(({ name, text }) => `${name}: ${text.flat}`).join(", ")} }`;
  if (flat.length + room <= WIDTH) return flat;
  return brokenObject(
    fields.map(({ name, text }) => ({ name, value: text })),
    indent,
  );
}

/** Numbers over several lines, as many on each as fit. */
function listText(numbers: readonly string[], indent: number, width: number): string {
  const space = " ".repeat(indent + 2);
  const lines: string[] = [];
  let line = "";
  for (const number of numbers) {
    if (line !== "" && indent + 2 + line.length + 1 + number.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line += `${line === "" ? "" : " "}${number},`;
  }
  return `[\n${[...lines, line].map((each) => `${space}${each}\n`).join("")}${" ".repeat(indent)}]`;
}

/** A table of what is compared: the value as well, so that a changed forward pass is named as what it is. */
function resultsText({ value, gradients }: Grading, options: FileOptions, hasArrays: boolean): string {
  const rows = [
    { name: value, from: "the forward pass, which is to stay as it is", columns: undefined },
    ...gradients.map(({ property, blanks, columns }) => ({ name: property, from: fromBlanks(blanks), columns })),
  ];
  const lines = rows.map(
    ({ name, from, columns = 1 }) => `  { name: "${name}", from: "${from}"${hasArrays ? `, columns: ${columns}` : ""} },\n`,
  );
  return `const results = [\n${lines.join("")}]${languageOf(options) === "typescript" ? " as const" : ""};\n`;
}

function fromBlanks(blanks: readonly number[]): string {
  if (blanks.length === 0) return "no TODO";
  const [last, ...others] = [...blanks].reverse();
  return others.length === 0 ? `TODO ${last}` : `TODO ${others.reverse().join(", ")} and ${last}`;
}

function testsText(hasArrays: boolean): string {
  const head = hasArrays ? "{ name, from, columns }" : "{ name, from }";
  const compared = hasArrays ? "compare(found()[name], wanted[name], columns)" : "compare(found()[name], wanted[name])";
  return `const problem = findProblem();

test("every TODO is filled in", () => {
  if (problem !== undefined) assert.fail(problem);
});

for (const ${head} of results) {
  test(\`\${name} is right\`, { skip: problem !== undefined }, () => {
    for (const { at, found, wanted } of points) {
      const wrong = ${compared};
      if (wrong !== undefined) assert.fail(\`\${name}\${wrong}, at \${at}. It comes from \${from}.\`);
    }
  });
}
`;
}

function problemText(type: (text: string) => string): string {
  return `/** Why the code does not run: a TODO that is left, or what it throws. */
function findProblem()${type(": string | undefined")} {
  try {
    for (const { found } of points) found();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
`;
}

function compareNumbersText(type: (text: string) => string): string {
  return `/** " is 5 and must be -4"; nothing where they are equal but for rounding. NaN is equal to nothing. */
function compare(found${type(": unknown")}, wanted${type(": number")})${type(": string | undefined")} {
  const allowed = 1e-6 * Math.abs(wanted) + 1e-10;
  if (typeof found === "number" && Math.abs(found - wanted) <= allowed) return undefined;
  return \` is \${String(found)} and must be \${String(wanted)}\`;
}
`;
}

function compareArraysText(type: (text: string) => string): string {
  const parameters = ["found: unknown", "wanted: number | readonly number[]", "columns: number"];
  const head =
    type("typed") === ""
      ? "function compare(found, wanted, columns) {"
      : `function compare(\n${parameters.map((each) => `  ${each},\n`).join("")}): string | undefined {`;
  return `/** What is wrong with a number or an array: " is 5 and must be -4". */
${head}
  if (typeof wanted === "number") return isNear(found, wanted) ? undefined : told(found, wanted);
  if (!(found instanceof Float64Array || Array.isArray(found)))
    return \` is \${String(found)} and must be an array\`;
  if (found.length !== wanted.length)
    return \` has \${found.length} elements and must have \${wanted.length}\`;
  const wrong = wanted.flatMap((each, index) => (isNear(found[index], each) ? [] : [index]));
  const [first] = wrong;
  if (first === undefined) return undefined;
  const place = columns > 1 ? \`\${Math.floor(first / columns)}, \${first % columns}\` : String(first);
  const others = wrong.length > 1 ? \`; \${wrong.length} of \${wanted.length} elements are off\` : "";
  return \`[\${place}]\${told(found[first], wanted[first])}\${others}\`;
}

function told(found${type(": unknown")}, wanted${type(": unknown")})${type(": string")} {
  return \` is \${String(found)} and must be \${String(wanted)}\`;
}

/** Equal but for rounding. NaN is equal to nothing. */
function isNear(found${type(": unknown")}, wanted${type(": number")})${type(": boolean")} {
  return typeof found === "number" && Math.abs(found - wanted) <= 1e-6 * Math.abs(wanted) + 1e-10;
}
`;
}
