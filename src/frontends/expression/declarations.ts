// What the head of a source declares: which names are parameters, data or constants, where they live, in which order.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Node } from "../../ir/graph.ts";
import { REAL, type Dim, type TensorType } from "../../ir/shape.ts";
import type { Interval } from "../../ops/define.ts";
import { convert, type Conversion, type Scope } from "./convert.ts";
import type { Bound, DeclaredName, Role, Statement } from "./forms.ts";
import { callables } from "./functions.ts";
import { CONSTANTS, RESERVED } from "./names.ts";
import { excess } from "./sizes.ts";
import type { Syntax } from "./syntax.ts";
import { asReal } from "./truth.ts";

export interface Declared {
  readonly name: string;
  readonly role: Role;
  readonly domain?: Interval;
  readonly open?: readonly [low: boolean, high: boolean];
  /** Undefined where its shape was wrong. */
  readonly type: TensorType | undefined;
  /** What class indices are declared to stay below. */
  readonly below?: Dim | undefined;
  /** `const a = 2.5`: a name for a number, or for a matrix of numbers. */
  readonly isNumber: boolean;
  /** Undefined where its expression was wrong. */
  readonly value?: Node | undefined;
  readonly span: Span;
  used: boolean;
}

/** In the order written. */
export type Declarations = ReadonlyMap<string, Declared>;

export function readDeclarations(statements: readonly Statement[], conversion: Conversion): Declarations {
  const declared = new Map<string, Declared>();
  const { reporter } = conversion;
  let inHead = true;
  for (const statement of statements) {
    if (statement.kind !== "declaration") {
      inHead = false;
      continue;
    }
    if (!inHead) reporter.report("WG1012", statement.span);
    for (const item of statement.names) {
      const { text: name, span } = item.name;
      if (declared.has(name)) reporter.report("WG1107", span, { name, as: "a declaration" });
      else if (conversion.dimensions.has(name)) reporter.report("WG1107", span, { name, as: "a dimension" });
      else declared.set(name, declare(item, statement.role, declared, conversion));
    }
  }
  return declared;
}

function declare(item: DeclaredName, role: Role, above: Declarations, conversion: Conversion): Declared {
  const { text: name, span } = item.name;
  const numberOf = (syntax: Syntax): number | undefined => constantValue(syntax, above, conversion);
  const type = readType(item, above, conversion);
  const base = { name, role, span, type, used: false };
  if (item.value === undefined) {
    const domain = readDomain(item.bounds, numberOf, conversion.reporter);
    const below = item.below && readBelow(item.below, item, above, conversion);
    return { ...base, below, isNumber: false, ...(domain && { domain, open: openEnds(item.bounds) }) };
  }
  if (role !== "const") conversion.reporter.report("WG1011", span, {}, `a number has no gradient: write 'const ${name} = ...'`);
  if (type !== REAL)
    conversion.reporter.report(
      "WG1222",
      span,
      { problem: "a constant has the shape of its value" },
      `write 'const ${name} = ...'`,
    );
  return { ...base, isNumber: true, value: literalOf(item.value, above, conversion) };
}

function readType({ shape, dtype, name }: DeclaredName, above: Declarations, conversion: Conversion): TensorType | undefined {
  if (shape === undefined && (dtype === undefined || dtype === "real")) return REAL;
  const sizes = shape?.sizes.map((size) => readSize(size, name.text, above, conversion)) ?? [];
  const known = sizes.filter((size) => size !== undefined);
  const found = excess(known);
  if (found !== undefined) conversion.reporter.report("WG1230", shape?.span ?? name.span, { found });
  return found === undefined && known.length === sizes.length ? { dtype: dtype ?? "real", shape: known } : undefined;
}

/** A whole number, or a name that stands for one; undefined, reported, where it is something else. */
function readSize(syntax: Syntax, owner: string, above: Declarations, conversion: Conversion): Dim | undefined {
  if (syntax.kind === "poison") return undefined;
  if (syntax.kind === "name" && above.get(syntax.name)?.isNumber !== true)
    return readDimension(syntax.name, syntax.span, owner, above, conversion);
  const size = constantValue(syntax, above, conversion);
  if (size === undefined || (Number.isSafeInteger(size) && size > 0)) return size;
  conversion.reporter.report("WG1222", syntax.span, { problem: `a size is a whole number above 0, not ${size}` });
  return undefined;
}

function readDimension(
  name: string,
  span: Span,
  owner: string,
  above: Declarations,
  { reporter, dimensions }: Conversion,
): Dim | undefined {
  const taken = above.get(name)?.role ?? (name === owner ? "param" : undefined);
  if (taken !== undefined) {
    reporter.report(
      "WG1222",
      span,
      { problem: `'${name}' is declared ${taken}, so it cannot name a size` },
      `write 'const ${name} = ...' if it is a number`,
    );
    return undefined;
  }
  if (RESERVED.has(name) || name === "end") {
    reporter.report("WG1113", span, { name });
    return undefined;
  }
  if (!dimensions.has(name)) dimensions.set(name, span);
  return name;
}

function readBelow(below: Syntax, { dtype, name }: DeclaredName, above: Declarations, conversion: Conversion): Dim | undefined {
  if (dtype === "integer") return readSize(below, name.text, above, conversion);
  const hint = `write '${name.text} integer below ...'`;
  conversion.reporter.report("WG1222", below.span, { problem: "only integers are declared to stay below a bound" }, hint);
  return undefined;
}

/** An end that is not declared is infinity, which no input is. */
function openEnds(bounds: readonly Bound[]): [low: boolean, high: boolean] {
  const isOpen = (side: Bound["side"]): boolean => bounds.find((bound) => bound.side === side)?.excluded ?? true;
  return [isOpen("low"), isOpen("high")];
}

function readDomain(
  bounds: readonly Bound[],
  numberOf: (syntax: Syntax) => number | undefined,
  reporter: Reporter,
): Interval | undefined {
  let [low, high] = [-Infinity, Infinity];
  for (const bound of bounds) {
    const value = numberOf(bound.value);
    if (value === undefined) return undefined;
    if (bound.side === "low") low = value;
    else high = value;
  }
  if (bounds.length === 0) return undefined;
  if (low < high) return [low, high];
  const place = { start: bounds[0]!.value.span.start, end: bounds.at(-1)!.value.span.end };
  reporter.report("WG1014", place, { low, high });
  return undefined;
}

/** The number or the matrix of numbers that a constant is. */
function literalOf(syntax: Syntax, above: Declarations, conversion: Conversion): Node | undefined {
  const node = convert(syntax, constantScope(above, conversion), conversion);
  if (node === undefined || (node.kind === "call" && node.op === "literal")) return node;
  const value = finiteNumber(node, syntax, conversion);
  return value === undefined ? undefined : conversion.graph.constant(value);
}

/** The number a constant expression stands for; it may use constants declared above. */
function constantValue(syntax: Syntax, above: Declarations, conversion: Conversion): number | undefined {
  const node = convert(syntax, constantScope(above, conversion), conversion);
  return node && finiteNumber(node, syntax, conversion);
}

function finiteNumber(node: Node, syntax: Syntax, { graph, reporter }: Conversion): number | undefined {
  const real = asReal(graph, node);
  if (real.kind === "const" && Number.isFinite(real.value)) return real.value;
  reporter.report("WG1215", syntax.span, { what: "this must be a finite number" });
  return undefined;
}

function constantScope(above: Declarations, { graph, reporter }: Conversion): Scope {
  return {
    knows: (name) => above.has(name),
    valueOf(name, span) {
      const declared = above.get(name);
      if (declared?.isNumber) {
        declared.used = true;
        return declared.value;
      }
      const constant = declared === undefined ? CONSTANTS.get(name) : undefined;
      if (constant !== undefined) return graph.constant(constant);
      reporter.report("WG1215", span, { what: `'${name}' is not a constant` });
      return undefined;
    },
    calleeOf(name, span) {
      const builtin = callables.get(name);
      if (builtin === undefined) reporter.report("WG1101", span, { name });
      return builtin;
    },
  };
}
