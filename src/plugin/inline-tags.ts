// Finds what a module imports from `wengert/inline`, and which of its uses are tags of templates.

import type { ImportDeclaration, Node, Program, TaggedTemplateExpression } from "@babel/types";
import type { Mode } from "../emit/typescript/signature.ts";
import { findReferences, type Reference } from "./inline-scope.ts";

export const MODULE = "wengert/inline";

type Specifier = ImportDeclaration["specifiers"][number];

/** A name under which a tag, or all of them, are imported. */
export interface Binding {
  readonly specifier: Specifier;
  readonly declaration: ImportDeclaration;
  /** `*` for a namespace. */
  readonly tag: Mode | "*";
}

/** A template that one of our tags stands before. */
export interface TaggedTemplate {
  readonly node: TaggedTemplateExpression;
  readonly mode: Mode;
  readonly binding: Binding;
}

export interface InlineUses {
  readonly bindings: readonly Binding[];
  readonly templates: readonly TaggedTemplate[];
  /** Bindings that are also used otherwise: passed on, called, exported. */
  readonly used: ReadonlySet<Binding>;
}

const MODES: ReadonlySet<string> = new Set<Mode>(["grad", "jacobian", "hessian", "jvp", "hvp"]);

/** Undefined where the module imports no tag. */
export function findUses(program: Program): InlineUses | undefined {
  const bindings = program.body.flatMap((statement) => (statement.type === "ImportDeclaration" ? bindingsOf(statement) : []));
  if (bindings.length === 0) return undefined;
  const byName = new Map(bindings.map((binding) => [binding.specifier.local.name, binding]));
  const templates: TaggedTemplate[] = [];
  const used = new Set<Binding>();
  for (const reference of findReferences(program, new Set(byName.keys()))) {
    const binding = byName.get(reference.name)!; // only these were looked for
    const template = templateOf(reference, binding);
    if (template === undefined) used.add(binding);
    else templates.push(template);
  }
  return { bindings, templates, used };
}

function bindingsOf(declaration: ImportDeclaration): Binding[] {
  if (declaration.source.value !== MODULE || declaration.importKind === "type" || declaration.importKind === "typeof") return [];
  return declaration.specifiers.flatMap((specifier): Binding[] => {
    const tag = tagOf(specifier);
    return tag === undefined ? [] : [{ specifier, declaration, tag }];
  });
}

function tagOf(specifier: Specifier): Mode | "*" | undefined {
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  if (specifier.type !== "ImportSpecifier" || isTypeSpecifier(specifier)) return undefined;
  const name = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
  return isMode(name) ? name : undefined;
}

/** Whether a specifier imports a type and says so: `type GradientFunction`. */
export function isTypeSpecifier(specifier: Specifier): boolean {
  return specifier.type === "ImportSpecifier" && (specifier.importKind === "type" || specifier.importKind === "typeof");
}

function isMode(name: string): name is Mode {
  return MODES.has(name);
}

/** The template that a reference is the tag of. */
function templateOf({ node, parents }: Reference, binding: Binding): TaggedTemplate | undefined {
  const [parent, grandparent] = parents;
  if (binding.tag !== "*") return isTagOf(node, parent) ? { node: parent, mode: binding.tag, binding } : undefined;
  if (parent?.type !== "MemberExpression" || parent.computed || parent.property.type !== "Identifier") return undefined;
  const { name } = parent.property;
  return isMode(name) && isTagOf(parent, grandparent) ? { node: grandparent, mode: name, binding } : undefined;
}

function isTagOf(node: Node, parent: Node | undefined): parent is TaggedTemplateExpression {
  return parent?.type === "TaggedTemplateExpression" && parent.tag === node;
}
