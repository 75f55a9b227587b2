// A package.json as it is found: read leniently, since others wrote it. Knows nothing of what is concluded from it.

import { join } from "node:path";
import { readOutput } from "../project/outputs.ts";

export interface PackageJson {
  /** As written; packages that say nothing are CommonJS. */
  readonly type: "module" | "commonjs" | undefined;
  /** The names of everything it depends on, for whatever purpose. */
  readonly packages: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  /** It names the packages of a workspace. */
  readonly hasWorkspaces: boolean;
}

export type PackageReading =
  | { readonly kind: "missing" }
  | { readonly kind: "found"; readonly value: PackageJson }
  | { readonly kind: "broken"; readonly detail: string };

export const PACKAGE_FILE = "package.json";

export function readPackageJson(folder: string): PackageReading {
  const { text, problem } = readOutput({ path: join(folder, PACKAGE_FILE) });
  if (problem !== undefined) return { kind: "broken", detail: problem };
  if (text === undefined) return { kind: "missing" };
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (!isRecord(value)) return { kind: "broken", detail: "it is JSON, but no object" };
    return { kind: "found", value: readFields(value) };
  } catch (problem) {
    return { kind: "broken", detail: `it is no JSON: ${(problem as SyntaxError).message}` }; // JSON.parse throws nothing else
  }
}

const DEPENDENCIES = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

function readFields(value: Readonly<Record<string, unknown>>): PackageJson {
  const { type, workspaces } = value;
  return {
    type: type === "module" || type === "commonjs" ? type : undefined,
    packages: DEPENDENCIES.flatMap((field) => Object.keys(recordOf(value[field]))),
    scripts: Object.fromEntries(
      Object.entries(recordOf(value["scripts"])).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    hasWorkspaces: isFilled(workspaces) || isFilled(recordOf(workspaces)["packages"]), // yarn 1 also has the longer form
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
