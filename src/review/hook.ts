// Puts the hooks into one pass: `set` around what is assigned, `read` around what is read, `poke` after statements that change arrays in place.

import type MagicString from "magic-string";
import type { Node } from "@babel/types";
import { GRADIENT_HOLDERS } from "./names.ts";
import type { SetSite, Site } from "./sites.ts";
import type { Pass } from "./subject.ts";
import { childrenOf } from "../core/syntax-tree.ts";
import { bare, endOf, isFunction, isLoop, isPropertyName, namesBound, patternNames, startOf } from "./syntax.ts";
import { heldGradient, MUTATING, storesIn, type Store } from "./stores.ts";
import { countersOf, namesAssigned, namesDeclared } from "./variables.ts";

export interface HookContext {
  readonly out: MagicString;
  /** Name of the hooks in the user's text. */
  readonly hooks: string;
  readonly sites: Site[];
}

interface Scope {
  readonly statement: Node;
  readonly loop: Node | undefined;
  readonly perRound: ReadonlySet<string>;
  /** What nested functions bind. */
  readonly shadowed: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** `inputs` are what a script finds set; empty for functions, which have parameters. */
export function hookPass(pass: Pass, which: SetSite["pass"], context: HookContext, inputs: readonly string[]): void {
  const { out, hooks, sites } = context;
  const tracked = new Set([...inputs, ...(pass.fn ? namesBound(pass.fn) : namesAssigned(pass))]);
  for (const name of countersOf(pass)) tracked.delete(name);
  hookParameters();
  if (pass.fn !== undefined && pass.fn.body.type !== "BlockStatement") {
    const { body } = pass.fn;
    return visitResult(body, undefined, { statement: body, loop: undefined, perRound: NOTHING, shadowed: NOTHING });
  }
  pass.body.forEach((statement, index) => {
    if (statement.type === "FunctionDeclaration") return;
    const marker = which === "backward" ? -1 - index : index;
    if (!/^(Export|TS|Import)/.test(statement.type)) out.appendRight(startOf(statement), `${hooks}.at(${marker});`);
    visit(statement, undefined, { statement, loop: undefined, perRound: NOTHING, shadowed: NOTHING });
  });

  function hookParameters(): void {
    const { fn } = pass;
    for (const variable of fn === undefined ? inputs : fn.params.flatMap((param) => patternNames(param))) {
      if (which === "backward") continue;
      const id = addSet(
        { variable, how: "parameter", node: fn ?? pass.body[0]!, right: undefined, operator: undefined },
        undefined,
      );
      if (fn?.body.type === "BlockStatement")
        out.appendRight(startOf(fn.body) + 1, `${variable} = ${hooks}.set(${id}, ${variable});`);
    }
  }

  function visit(node: Node, parent: Node | undefined, scope: Scope): void {
    if (node.type.startsWith("TS") && bare(node) === node) return;
    switch (node.type) {
      case "Identifier":
        return visitRead(node, node.name, parent, scope);
      case "VariableDeclaration":
        return visitDeclaration(node, parent, scope);
      case "AssignmentExpression":
        return visitAssignment(node, scope);
      case "UpdateExpression":
        return;
      case "ReturnStatement":
        if (scope.shadowed === NOTHING && node.argument) return visitResult(node.argument, node, scope);
        break;
      case "ExpressionStatement":
        return visitStatement(node, scope);
      case "CallExpression":
        return visitCall(node, scope);
      case "MemberExpression":
        return visitMember(node, scope);
      case "ObjectProperty":
        if (node.shorthand) return;
        return visit(node.value, node, scope);
      case "UnaryExpression":
        if (node.operator === "typeof" || node.operator === "delete") return;
        break;
      case "TaggedTemplateExpression":
        return;
      default:
    }
    if (isFunction(node)) {
      const inner = { ...scope, shadowed: new Set([...scope.shadowed, ...namesBound(node)]) };
      return visit(node.body, node, inner);
    }
    if (isLoop(node)) return visitLoop(node, scope);
    for (const child of childrenOf(node)) visit(child, node, scope);
  }

  function visitLoop(node: Node, scope: Scope): void {
    const isOutermost = scope.loop === undefined;
    if (isOutermost && scope.shadowed === NOTHING) out.appendRight(startOf(node), "{");
    const loop = scope.loop ?? node;
    const inner = { ...scope, loop, perRound: isOutermost ? namesDeclared(node) : scope.perRound };
    for (const child of childrenOf(node)) {
      const isHead = node.type === "ForStatement" && child !== node.body;
      if (!isHead) visit(child, node, inner);
    }
    if (isOutermost && scope.shadowed === NOTHING) out.appendRight(endOf(node), `${pokesAfter(node, inner)}}`);
  }

  function visitStatement(node: Extract<Node, { type: "ExpressionStatement" }>, scope: Scope): void {
    const pokes = scope.loop === undefined && scope.shadowed === NOTHING ? storedIn(node, scope).size > 0 : false;
    if (pokes) out.appendRight(startOf(node), "{");
    visit(node.expression, node, scope);
    if (pokes) out.appendRight(endOf(node), `;${pokesAfter(node, scope)}}`);
  }

  function pokesAfter(node: Node, scope: Scope): string {
    return [...storedIn(node, scope)]
      .map(([variable, { store, right, operator }]) => {
        const id = addSet({ variable, how: "store", node: store, right, operator }, scope);
        return `${hooks}.poke(${id}, ${variable});`;
      })
      .join("");
  }

  function storedIn(root: Node, scope: Scope): Map<string, Store> {
    const stores = new Map<string, Store>();
    for (const store of storesIn(root)) {
      if (!tracked.has(store.variable) || scope.shadowed.has(store.variable) || scope.perRound.has(store.variable)) continue;
      if (!stores.has(store.variable)) stores.set(store.variable, store);
    }
    return stores;
  }

  function visitDeclaration(node: Extract<Node, { type: "VariableDeclaration" }>, parent: Node | undefined, scope: Scope): void {
    const isStatement = parent === undefined || /^(BlockStatement|Program|SwitchCase|ExportNamedDeclaration)$/.test(parent.type);
    for (const declarator of node.declarations) {
      const { id, init } = declarator;
      if (!init) continue;
      if (id.type === "Identifier") {
        const shape = bare(init);
        if (shape.type === "ObjectExpression") visitResult(init, declarator, scope);
        else if (isFunction(shape) || !isTracked(id.name, scope)) visit(init, declarator, scope);
        else
          wrapSet(
            init,
            declarator,
            { variable: id.name, how: "declaration", node: declarator, right: init, operator: "=" },
            scope,
          );
        continue;
      }
      visit(init, declarator, scope);
      if (!isStatement) continue;
      if (node.kind === "const") out.update(startOf(node), startOf(node) + 5, "let  ");
      const names = patternNames(id).filter((name) => isTracked(name, scope));
      const sets = names.map((variable) => {
        const site = addSet({ variable, how: "declaration", node: declarator, right: init, operator: "=" }, scope);
        return `${variable} = ${hooks}.set(${site}, ${variable});`;
      });
      if (sets.length > 0) out.appendRight(endOf(node), `;${sets.join("")}`);
    }
  }

  function visitAssignment(node: Extract<Node, { type: "AssignmentExpression" }>, scope: Scope): void {
    const { left, right, operator } = node;
    if (left.type === "Identifier" && isTracked(left.name, scope)) {
      const set = { variable: left.name, how: "assignment" as const, node, right, operator };
      if (operator === "=") return wrapSet(right, node, set, scope);
      out.appendRight(startOf(node), "(");
      visit(right, node, scope);
      const id = addSet({ ...set, how: "update" }, scope);
      out.appendLeft(endOf(node), `, ${left.name} = ${hooks}.set(${id}, ${left.name}))`);
      return;
    }
    const held = heldGradient(left);
    if (held !== undefined && operator === "=")
      return wrapSet(right, node, { variable: held, how: "assignment", node, right, operator }, scope);
    visit(right, node, scope);
  }

  function visitCall(node: Extract<Node, { type: "CallExpression" }>, scope: Scope): void {
    if (node.callee.type === "MemberExpression") visitMember(node.callee, scope);
    else if (node.callee.type !== "Identifier") visit(node.callee, node, scope);
    for (const argument of node.arguments) visit(argument, node, scope);
  }

  function visitMember(node: Extract<Node, { type: "MemberExpression" }>, scope: Scope): void {
    const name = node.property.type === "Identifier" && !node.computed ? node.property.name : "";
    if (name === "length" || MUTATING.test(name)) return;
    visit(node.object, node, scope);
  }

  function visitRead(node: Node, variable: string, parent: Node | undefined, scope: Scope): void {
    if (!isTracked(variable, scope) || isPropertyName(node, parent)) return;
    const id = sites.length;
    sites.push({ id, kind: "read", variable, node, statement: scope.statement });
    out.appendRight(startOf(node), `${hooks}.read(${id}, `);
    out.appendLeft(endOf(node), ")");
  }

  /** What goes out: each property or element is one more place where a gradient is set. */
  function visitResult(expression: Node, parent: Node | undefined, scope: Scope): void {
    const node = bare(expression);
    if (which === "forward") return visit(expression, parent, scope);
    if (node.type === "ObjectExpression") return visitResultObject(node, scope);
    if (node.type === "ArrayExpression") return visitResultArray(node, "", scope);
    visit(expression, parent, scope);
  }

  function visitResultObject(
    node: Extract<Node, { type: "ObjectExpression" }>,
    scope: Scope,
    isGradient = which === "backward",
  ): void {
    for (const property of node.properties) {
      if (property.type !== "ObjectProperty" || property.computed) {
        visit(property, node, scope);
        continue;
      }
      const { key } = property;
      const name = key.type === "Identifier" ? key.name : key.type === "StringLiteral" ? key.value : "";
      const value = bare(property.value);
      if (property.shorthand) {
        const id = addSet({ variable: name, how: "result", node: property, right: undefined, operator: "=", isGradient }, scope);
        out.appendLeft(endOf(property), `: ${hooks}.set(${id}, ${name})`);
      } else if (value.type === "ObjectExpression") visitResultObject(value, scope, isGradient || GRADIENT_HOLDERS.has(name));
      else if (value.type === "ArrayExpression" && GRADIENT_HOLDERS.has(name)) visitResultArray(value, `${name}.`, scope);
      else
        wrapSet(
          property.value,
          property,
          { variable: name, how: "result", node: property, right: property.value, operator: "=", isGradient },
          scope,
        );
    }
  }

  /** Elements are called by their places until it is known which gradient stands where: `#0`, `#1.0`. */
  function visitResultArray(node: Extract<Node, { type: "ArrayExpression" }>, path: string, scope: Scope): void {
    node.elements.forEach((element, index) => {
      if (!element) return;
      const inner = bare(element);
      if (inner.type === "ArrayExpression" && path === "") return visitResultArray(inner, `${index}.`, scope);
      if (inner.type === "ObjectExpression") return visitResultObject(inner, scope);
      if (element.type === "SpreadElement") return visit(element, node, scope);
      wrapSet(
        element,
        node,
        { variable: `#${path}${index}`, how: "result", node: element, right: element, operator: "=" },
        scope,
      );
    });
  }

  function wrapSet(right: Node, parent: Node, set: NewSet, scope: Scope): void {
    const id = addSet(set, scope);
    const input =
      inputs.includes(set.variable) && scope.loop === undefined ? `${hooks}.input(${JSON.stringify(set.variable)}, ` : "";
    out.appendRight(startOf(right), `${hooks}.set(${id}, ${input}`);
    visit(right, parent, scope);
    out.appendLeft(endOf(right), input === "" ? ")" : "))");
  }

  function isTracked(name: string, scope: Scope): boolean {
    return tracked.has(name) && !scope.shadowed.has(name);
  }

  function addSet(set: NewSet, scope: Scope | undefined): number {
    const id = sites.length;
    const isPerRound = scope?.perRound.has(set.variable) ?? false;
    sites.push({ id, kind: "set", pass: which, isPerRound, isGradient: false, loop: scope?.loop, ...set });
    return id;
  }
}

type NewSet = Pick<SetSite, "variable" | "how" | "node" | "right" | "operator"> & Partial<Pick<SetSite, "isGradient">>;
