// What zod found wrong, as diagnostics: in our words, at the key or value in question, with a suggestion where a word is misspelt.

import * as z from "zod";
import { formatNumber } from "../../core/number.ts";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { nearest } from "../../diagnostics/suggest.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { SpecEntry, SpecNode } from "./read.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is being checked, for messages about it as a whole. */
export interface Subject {
  readonly name: string;
  readonly span: Span;
}

/** The value that `schema` makes of a part of the spec; undefined, with every problem reported, where it does not fit. */
export function check<T>(schema: z.ZodType<T>, node: SpecNode, subject: Subject, reporter: Reporter): T | undefined {
  const result = schema.safeParse(node.value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of lastOfEach(result.error.issues)) reportIssue(issue, { schema, node, subject, reporter });
  return undefined;
}

/** A number may be too big for being whole and for the option: the option's bound, which comes last, is worth saying. */
function lastOfEach(issues: readonly Issue[]): readonly Issue[] {
  const keyOf = (issue: Issue): string => `${issue.code} ${issue.path.map(String).join("/")}`;
  const last = new Map(issues.map((issue) => [keyOf(issue), issue]));
  return issues.filter((issue) => last.get(keyOf(issue)) === issue);
}

interface Checking {
  readonly schema: z.ZodType;
  readonly node: SpecNode;
  readonly subject: Subject;
  readonly reporter: Reporter;
}

function reportIssue(issue: Issue, checking: Checking, above: Path = []): void {
  const path = [...above, ...issue.path];
  const { reporter } = checking;
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) reportUnknown(key, path, checking);
    return;
  }
  if (issue.code === "invalid_union") {
    const telling = tellingBranch(issue.errors);
    if (telling !== undefined) {
      for (const inner of lastOfEach(telling)) reportIssue(inner, checking, path);
      return;
    }
  }
  const place = placeOf(path, checking);
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    const span = entryOf(placeOf(path.slice(0, -1), checking).node, key)?.key ?? place.span;
    reporter.report("WG1412", span, {
      name: "this key",
      wanted: issue.issues[0]?.message ?? "another word",
      found: `'${key.slice(0, 60)}'`,
    });
  } else if (place.missing !== undefined) reporter.report("WG1411", place.span, { owner: place.name, name: place.missing });
  else if (issue.code === "custom") reporter.report("WG1413", place.span, { problem: issue.message });
  else if (isRange(issue))
    reporter.report("WG1413", place.span, { problem: `${place.name} must be ${wanted(issue)}, not ${foundText(place.node)}` });
  else
    reporter.report(
      "WG1412",
      place.span,
      { name: place.name, wanted: wanted(issue), found: foundText(place.node) },
      hintFor(issue, place.node),
    );
}

function reportUnknown(key: string, path: Path, { schema, node, subject, reporter }: Checking): void {
  const owner = placeOf(path, { schema, node, subject, reporter });
  const span = entryOf(owner.node, key)?.key ?? owner.span;
  const known = keysOf(schemaAt(schema, path));
  const near = nearest(key, known);
  const hint =
    near === undefined ? (known.length > 0 ? `${owner.name} has ${known.join(", ")}` : undefined) : `did you mean '${near}'?`;
  reporter.report("WG1410", span, { name: key, owner: owner.name }, hint);
}

/** Of several forms the one that was meant, if its kind of value is there and something in it is wrong. */
function tellingBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find(
    (issues) =>
      issues.length > 0 && issues.every((issue) => issue.path.length > 0 || isRange(issue) || issue.code === "unrecognized_keys"),
  );
}

function isRange(issue: Issue): boolean {
  return issue.code === "too_small" || issue.code === "too_big" || issue.code === "not_multiple_of";
}

interface Place {
  readonly name: string;
  readonly span: Span;
  readonly node: SpecNode | undefined;
  /** The key that should be there. */
  readonly missing?: string;
}

function placeOf(path: Path, { node, subject }: Checking): Place {
  let place: Place = { name: subject.name, span: node.kind === "map" || node.value === null ? subject.span : node.span, node };
  for (const [at, step] of path.entries()) {
    const inner = place.node?.kind === "list" ? place.node.items[Number(step)] : entryOf(place.node, String(step))?.node;
    if (inner === undefined) return at === path.length - 1 ? { ...place, node: undefined, missing: String(step) } : place;
    const isItem = place.node?.kind === "list";
    place = {
      name: isItem ? `an entry of ${place.name}` : `'${String(step)}'`,
      span: inner.value === null ? (entryOf(place.node, String(step))?.key ?? inner.span) : inner.span,
      node: inner,
    };
  }
  return place;
}

function entryOf(node: SpecNode | undefined, key: string): SpecEntry | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** What would have been right, in words. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return KIND_WORDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "invalid_union": {
      const kinds = [...new Set(issue.errors.flatMap((issues) => issues.slice(0, 1).map(wanted)))];
      return kinds.length > 4 ? `${kinds.slice(0, 4).join(", ")} or another form` : kinds.join(" or ");
    }
    case "too_small":
      return limit(issue.inclusive === true ? "at least" : "greater than", Number(issue.minimum), issue.origin);
    case "too_big":
      return limit(issue.inclusive === true ? "at most" : "less than", Number(issue.maximum), issue.origin);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
    case "custom":
    case "invalid_key":
    case "invalid_element":
    case "unrecognized_keys":
      return issue.message;
    default:
      return unreachable(issue);
  }
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a word",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "nothing",
};

function oneOf(values: readonly string[]): string {
  if (values.length === 1) return `'${values[0]}'`;
  const shown = values.slice(0, 8);
  return `one of ${shown.join(", ")}${values.length > shown.length ? ", ..." : ""}`;
}

function limit(relation: string, bound: number, origin: string): string {
  const isList = origin === "array" || origin === "set" || origin === "map";
  const unit = isList ? (bound === 1 ? " entry" : " entries") : origin === "string" ? " characters" : "";
  return `${isList || origin === "string" ? "of " : ""}${relation} ${formatNumber(bound)}${unit}`;
}

/** What stands there. */
export function foundText(node: SpecNode | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a mapping";
  const { value } = node;
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return `the text '${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`;
  return value === null ? "nothing" : String(value);
}

function hintFor(issue: Issue, node: SpecNode | undefined): string | undefined {
  if (typeof node?.value !== "string") return undefined;
  const { value } = node;
  if (issue.code === "invalid_value") return didYouMean(value, issue.values.map(String));
  if (
    issue.code === "invalid_type" &&
    (issue.expected === "number" || issue.expected === "int") &&
    value.trim() !== "" &&
    Number.isFinite(Number(value))
  ) {
    return `without quotes: ${formatNumber(Number(value))}`;
  }
  if (issue.code === "invalid_type" && issue.expected === "boolean" && /^(yes|no|on|off)$/i.test(value)) {
    return `write ${/^(yes|on)$/i.test(value) ? "true" : "false"}`;
  }
  if (issue.code === "invalid_union")
    return issue.errors
      .flat()
      .map((inner) => hintFor(inner, node))
      .find((hint) => hint !== undefined);
  return undefined;
}

export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? undefined : `did you mean '${near}'?`;
}

/** The schema at the end of a path, as far as it leads through objects. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let inner: z.ZodType | undefined = bare(schema);
  for (const step of path)
    inner = inner instanceof z.ZodObject ? bare((inner.shape as Record<string, z.ZodType>)[String(step)]) : undefined;
  return inner;
}

function bare(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
    inner = inner.unwrap() as z.ZodType;
  return inner;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape as object) : [];
}
