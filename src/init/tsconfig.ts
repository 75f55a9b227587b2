// What the nearest tsconfig.json says of how modules are imported. It may hold comments, extend others, or only refer to others.

import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseExpression } from "@babel/parser";
import type { Node, ObjectExpression } from "@babel/types";
import { foldersUp, shownFrom } from "./folders.ts";
import { readOutput } from "../project/outputs.ts";
import { isFilled, isRecord, recordOf } from "./package-json.ts";

export interface TypeScriptSettings {
  /** The file in which options for the sources belong, as seen from the folder. */
  readonly file: string;
  /** In small letters; undefined where neither it nor `module` decides, or where what decides is not installed. */
  readonly moduleResolution: string | undefined;
  /** `./loss.math` may have its types in `./loss.d.math.ts`. */
  readonly allowArbitraryExtensions: boolean;
  /** Imports may end in `.ts`. */
  readonly allowTsEndings: boolean;
  /** Absolute. */
  readonly rootDir: string | undefined;
  readonly outDir: string | undefined;
  /** Files that could not be read. */
  readonly problems: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

/** The settings that hold in `folder`; undefined where there is no tsconfig.json in it or above. */
export function readTypeScriptSettings(folder: string): TypeScriptSettings | undefined {
  const nearest = foldersUp(folder)
    .map((at) => join(at, "tsconfig.json"))
    .find((file) => existsSync(file));
  if (nearest === undefined) return undefined;
  const problems: string[] = [];
  const read = (file: string): Values => {
    const { value, problem } = readLenientJson(file);
    if (problem !== undefined) problems.push(`${shownFrom(folder, file)}: ${problem}`);
    return value;
  };
  const file = referredFile(nearest, read(nearest)) ?? nearest;
  problems.length = 0; // the same file is read again
  const options = effectiveOptions(file, read, new Set());
  return { file: shownFrom(folder, file), ...settingsOf(options), problems };
}

/** A file that compiles nothing itself only refers to others: the one for the application, or the first. */
function referredFile(file: string, { files, include, references }: Values): string | undefined {
  if (!Array.isArray(files) || files.length > 0 || isFilled(include) || !Array.isArray(references)) return undefined;
  const targets = references
    .map((reference) => recordOf(reference)["path"])
    .filter((path) => typeof path === "string")
    .map((path) => resolve(dirname(file), path))
    .map((path) => (isFolder(path) ? join(path, "tsconfig.json") : path))
    .filter((path) => existsSync(path)); // frameworks write theirs when they first run
  return targets.find((path) => /tsconfig\.app\.json$/.test(path)) ?? targets[0];
}

/** The compiler options with those of what it extends below them. Paths become absolute. */
function effectiveOptions(file: string, read: (file: string) => Values, seen: Set<string>): Values {
  if (seen.has(file)) return {}; // a circle, which the compiler will complain about
  seen.add(file);
  const { extends: bases, compilerOptions } = read(file);
  const inherited = [bases]
    .flat()
    .filter((base) => typeof base === "string")
    .map((base) => findBase(base, dirname(file)))
    .filter((base) => base !== undefined)
    .map((base) => effectiveOptions(base, read, seen));
  return Object.assign({}, ...inherited, absolutePaths(recordOf(compilerOptions), dirname(file)));
}

function absolutePaths(options: Values, folder: string): Values {
  const paths = ["rootDir", "outDir"].filter((name) => typeof options[name] === "string");
  return { ...options, ...Object.fromEntries(paths.map((name) => [name, resolve(folder, String(options[name]))])) };
}

/** A path, or a file of an installed package. */
function findBase(base: string, folder: string): string | undefined {
  const places = /^\.{1,2}([\\/]|$)/.test(base) || isAbsolute(base) ? [resolve(folder, base)] : installedPlaces(base, folder);
  return places
    .flatMap((path) => [path, `${path}.json`, join(path, "tsconfig.json")])
    .find((path) => existsSync(path) && !isFolder(path));
}

function installedPlaces(name: string, folder: string): string[] {
  return foldersUp(folder).map((at) => join(at, "node_modules", name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function settingsOf(options: Values): Omit<TypeScriptSettings, "file" | "problems"> {
  const isOn = (name: string): boolean => options[name] === true;
  const pathOf = (name: string): string | undefined => (typeof options[name] === "string" ? options[name] : undefined);
  return {
    moduleResolution: wordOf(options["moduleResolution"]) ?? IMPLIED.get(wordOf(options["module"]) ?? ""),
    allowArbitraryExtensions: isOn("allowArbitraryExtensions"),
    allowTsEndings: isOn("allowImportingTsExtensions") || isOn("rewriteRelativeImportExtensions"),
    rootDir: pathOf("rootDir"),
    outDir: pathOf("outDir"),
  };
}

function wordOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

/** By `module`, where every version of TypeScript agrees. */
const IMPLIED: ReadonlyMap<string, string> = new Map([
  ["node16", "node16"],
  ["node18", "node16"],
  ["node20", "node16"],
  ["nodenext", "nodenext"],
  ["preserve", "bundler"],
]);

/** JSON with comments and trailing commas; an empty object where it cannot be read. */
function readLenientJson(file: string): { readonly value: Values; readonly problem?: string } {
  const { text, problem } = readOutput({ path: file });
  if (text === undefined) return { value: {}, problem: problem ?? "there is no such file" };
  try {
    const value = valueOf(parseExpression(text, { errorRecovery: true }));
    return isRecord(value) ? { value } : { value: {}, problem: "it holds no object" };
  } catch (error) {
    return { value: {}, problem: (error as SyntaxError).message }; // the parser throws nothing else
  }
}

/** Of a literal; undefined for what JSON does not have. */
function valueOf(node: Node | null): unknown {
  switch (node?.type) {
    case "ObjectExpression":
      return Object.fromEntries(entriesOf(node));
    case "ArrayExpression":
      return node.elements.map(valueOf);
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return node.value;
    default:
      return undefined;
  }
}

function entriesOf({ properties }: ObjectExpression): [string, unknown][] {
  return properties.flatMap((property): [string, unknown][] => {
    if (property.type !== "ObjectProperty" || property.key.type !== "StringLiteral") return [];
    return [[property.key.value, valueOf(property.value)]];
  });
}
