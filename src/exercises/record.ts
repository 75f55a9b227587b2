// The settings at the end of an exercise's file: the source and which lines are blank, so that hints and grading can make the exercise again.

import type { Exercise, ExerciseSettings, ExerciseSource } from "./types.ts";

export interface ExerciseRecord {
  readonly source: ExerciseSource;
  readonly settings: ExerciseSettings;
  readonly stem: string;
  readonly title: string;
}

const HEAD = "// For --hint and --grade. The source:";
const SETTINGS = "// Settings: ";

export function settingsText({ source, settings, stem, title }: Exercise): string {
  const lines = source.text.trimEnd().split("\n");
  const data = { name: source.name, stem, ...(title !== "" && { title }), ...settings };
  return [HEAD, ...lines.map((line) => `//   ${inert(line)}`.trimEnd()), `${SETTINGS}${inert(JSON.stringify(data))}`, ""].join(
    "\n",
  );
}

/** Some characters end a line, and with it a comment: a source must not get out of it. */
export function inert(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]/g, " ");
}

/** What settingsText() wrote; undefined where the text has none, or none that can be read. */
export function readRecord(text: string): ExerciseRecord | undefined {
  const lines = text.split(/\r?\n/);
  const head = lines.lastIndexOf(HEAD);
  const end = lines.findIndex((line, index) => index > head && line.startsWith(SETTINGS));
  if (head < 0 || end < 0) return undefined;
  const source = lines.slice(head + 1, end).map((line) => line.replace(/^\/\/ {0,3}/, ""));
  const data = parseSettings(lines[end]!.slice(SETTINGS.length));
  if (data === undefined) return undefined;
  const { name, stem, title, ...settings } = data;
  return { source: { name, text: `${source.join("\n")}\n` }, stem, title, settings };
}

type Settings = ExerciseSettings & { readonly name: string; readonly stem: string; readonly title: string };

function parseSettings(text: string): Settings | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null) return undefined;
  const { name, stem, title = "", steps, hard, wrt, ties, number } = data as Record<string, unknown>;
  const isIndices = Array.isArray(steps) && steps.every((step) => Number.isInteger(step));
  if (typeof name !== "string" || typeof stem !== "string" || typeof title !== "string" || !isIndices) return undefined;
  return {
    name,
    stem,
    title,
    steps: steps as number[], // looked at one by one
    hard: hard === true,
    ...(Array.isArray(wrt) && { wrt: wrt.map(String) }),
    ...((ties === "each" || ties === "split") && { ties }),
    ...(typeof number === "number" && { number }),
  };
}
