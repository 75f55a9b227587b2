// What the head of a source declares: which names are parameters, data or constants, where they live, in which order.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Node } from "../../ir/graph.ts";
import type { Interval } from "../../ops/define.ts";
import { asReal, convert, type Conversion, type Scope } from "./convert.ts";
import type { Bound, DeclaredName, Role, Statement } from "./forms.ts";
import { builtins } from "./functions.ts";
import { CONSTANTS } from "./names.ts";
import type { Syntax } from "./syntax.ts";

export interface Declared {
  readonly name: string;
  readonly role: Role;
  readonly domain?: Interval;
  readonly open?: readonly [low: boolean, high: boolean];
  /** `const a = 2.5`: a name for a number. */
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
      else declared.set(name, declare(item, statement.role, declared, conversion));
    }
  }
  return declared;
}

function declare(item: DeclaredName, role: Role, above: Declarations, conversion: Conversion): Declared {
  const { text: name, span } = item.name;
  const numberOf = (syntax: Syntax): number | undefined => constantValue(syntax, above, conversion);
  const base = { name, role, span, used: false };
  if (item.value === undefined) {
    const domain = readDomain(item.bounds, numberOf, conversion.reporter);
    return { ...base, isNumber: false, ...(domain && { domain, open: openEnds(item.bounds) }) };
  }
  if (role !== "const") conversion.reporter.report("WG1011", span, {}, `a number has no gradient: write 'const ${name} = ...'`);
  const value = numberOf(item.value);
  return { ...base, isNumber: true, value: value === undefined ? undefined : conversion.graph.constant(value) };
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

/** The number a constant expression stands for; it may use constants declared above. */
function constantValue(syntax: Syntax, above: Declarations, conversion: Conversion): number | undefined {
  const { graph, reporter } = conversion;
  const node = convert(syntax, constantScope(above, conversion), conversion);
  if (node === undefined) return undefined;
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
      const builtin = builtins.get(name);
      if (builtin === undefined) reporter.report("WG1101", span, { name });
      return builtin;
    },
  };
}
