// A wrong line with everything that an explanation may need: what it reads, what there is to mix it up with, and a way to try it written otherwise.

import type { Node } from "@babel/types";
import type { Probe } from "./probe.ts";
import type { Roles } from "./roles.ts";
import type { Site } from "./sites.ts";
import { childrenOf } from "../core/syntax-tree.ts";
import { endOf, isFunction, isPropertyName, startOf, walk } from "./syntax.ts";
import type { PerPoint } from "./per-point.ts";
import type { Suspect } from "./suspect.ts";
import type { Walk } from "./walk.ts";

/** Something that has a value at each point, as the user would write it. */
export interface Quantity {
  readonly text: string;
  readonly values: PerPoint;
  readonly kind: "stage" | "gradient" | "size";
}

/** A change of the text, by offsets in the user's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Case extends Suspect {
  readonly probe: Probe;
  readonly roles: Roles;
  readonly text: string;
  readonly gradientOf: Walk["gradientOf"];
  /** Values of stages, complete gradients, sizes. */
  quantities(): readonly Quantity[];
  /** Text of the forward statements that the contributions come back through. */
  readonly forwardText: string;
  /** Whether the line is right when it is written so. */
  solves(edits: readonly Edit[]): boolean;
}

export interface CaseRequest {
  readonly suspect: Suspect;
  readonly probe: Probe;
  readonly roles: Roles;
  readonly walk: Walk;
  readonly text: string;
  readonly solves: Case["solves"];
}

export function createCase({ suspect, probe, roles, walk, text, solves }: CaseRequest): Case {
  const known: Quantity[] = [];
  const statements = [...new Set(suspect.all.map(({ read }) => read.statement))];
  return {
    ...suspect,
    probe,
    roles,
    text,
    gradientOf: walk.gradientOf,
    quantities() {
      if (known.length === 0) known.push(...quantitiesOf(probe, roles, walk));
      return known;
    },
    forwardText: statements.map((node) => text.slice(startOf(node), endOf(node))).join("\n"),
    solves,
  };
}

function quantitiesOf(probe: Probe, roles: Roles, walk: Walk): Quantity[] {
  const { points } = probe;
  const valuesOf = (site: Site): PerPoint => points.map((_, point) => probe.valueAt(site, point));
  const stages = [...roles.stages].flatMap(([text, sites]): Quantity[] => {
    const site = sites.at(-1);
    return site === undefined ? [] : [{ text, values: valuesOf(site), kind: "stage" }];
  });
  const named = new Map(roles.adjoints.filter(({ isResult }) => !isResult).map(({ of, name }) => [of, name]));
  const gradients = [...roles.stages.keys()].flatMap((of): Quantity[] => {
    const values = walk.gradientOf(of);
    return values === undefined ? [] : [{ text: named.get(of) ?? `d${of}`, values, kind: "gradient" }];
  });
  const symbols = [...(points[0]?.sizes.keys() ?? [])];
  const sizes = symbols.map((text): Quantity => ({ text, values: points.map(({ sizes }) => [sizes.get(text)!]), kind: "size" }));
  return [...stages, ...gradients, ...sizes];
}

/** NaN somewhere, or no numbers at all. */
export function isBroken(value: readonly number[] | undefined): boolean {
  return value !== undefined && (value.length === 0 || value.some(Number.isNaN));
}

/** An identifier of an expression that names a variable. */
export interface Mention {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isCallee: boolean;
}

export function mentionsIn(root: Node): Mention[] {
  const found: Mention[] = [];
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type.startsWith("TSType")) return;
    if (node.type === "Identifier" && !isPropertyName(node, parent)) {
      const isCallee = parent?.type === "CallExpression" && parent.callee === node;
      found.push({ name: node.name, start: startOf(node), end: startOf(node) + node.name.length, isCallee });
    }
    for (const child of childrenOf(node)) {
      const isParameter = isFunction(node) && child !== node.body;
      if (!isParameter) visit(child, node);
    }
  };
  visit(root, undefined);
  return found;
}

/** The arithmetic of an expression: each operator with its place. */
export function operatorsIn(
  root: Node,
  text: string,
): { readonly operator: string; readonly start: number; readonly node: Node }[] {
  const found: { operator: string; start: number; node: Node }[] = [];
  walk(root, (node) => {
    if (node.type !== "BinaryExpression") return;
    const from = endOf(node.left);
    const between = text.slice(from, startOf(node.right));
    const at = between.indexOf(node.operator);
    if (at >= 0) found.push({ operator: node.operator, start: from + at, node });
  });
  return found;
}
