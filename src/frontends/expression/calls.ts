// Calls of functions and operators: which of their meanings is wanted, whether the arguments fit, and the nodes they make.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Node } from "../../ir/graph.ts";
import type { Conversion, Scope, UserCallee, Value } from "./convert.ts";
import { callables, type Builtin, type BuiltinCallee } from "./functions.ts";
import { checkBroadcast, describe, type Application, type Operand } from "./operand.ts";
import { argumentsOf, type CallSyntax, type Syntax } from "./syntax.ts";
import type { TensorFunction } from "./tensor-functions.ts";
import { asReal, asTruth } from "./truth.ts";

export function buildCall(syntax: CallSyntax, args: readonly Value[], scope: Scope, conversion: Conversion): Value {
  const { graph, reporter } = conversion;
  const { callee: name, at, span } = syntax;
  if (name === "to" && syntax.form === "operator") {
    reporter.report("WG1207", at, { found: "a conversion of units" });
    return undefined;
  }
  const callee = syntax.form === "function" ? scope.calleeOf(name, at) : callables.get(name);
  if (callee === undefined) return undefined;
  const nodes = args.filter((arg) => arg !== undefined);
  const texts = syntax.args[0]?.kind === "text" ? 1 : 0;
  const isPoisoned = nodes.length < args.length - texts;
  const isTensorial = nodes.some((node) => node.type.shape.length > 0);
  const chosen = "apply" in callee ? callee : formOf(callee, isTensorial);
  const isKnown = !isPoisoned || "apply" in callee || callee.tensor === undefined; // else what is missing may be a tensor
  if ((isKnown && !checkArity(name, chosen, syntax, reporter)) || isPoisoned) return undefined;
  if ("apply" in chosen || !("operands" in chosen)) {
    const application = applicationOf(shownName(syntax), syntax, nodes, conversion);
    if ("apply" in chosen) return chosen.apply(application);
    return isTensorial || chosen.takesNumbers ? buildTensor(chosen, application) : reportNumbers(application);
  }
  const read = chosen.operands === "truth" ? asTruth : asReal;
  const operands = nodes.map((node) => read(graph, node));
  if (chosen.takesDigits && !checkDigits(operands[1], syntax, reporter)) return undefined;
  warnIfFlat(name, chosen, operands, syntax, conversion);
  if (isTensorial && !checkBroadcast(applicationOf(name, syntax, operands, conversion))) return undefined;
  const value = chosen.build(graph, operands);
  warnIfNotFinite(value, operands, span, reporter);
  return value;
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["multiply", "*"],
  ["divide", "/"],
  ["pow", "^"],
  ["ctranspose", "'"],
]);

/** What messages call it. */
function shownName({ callee, form }: CallSyntax): string {
  return form === "function" ? callee : (OPERATORS.get(callee) ?? callee);
}

/** What a function does with tensors where one is given, else what it does with numbers. */
function formOf({ scalar, tensor }: BuiltinCallee, isTensorial: boolean): Builtin | TensorFunction {
  return isTensorial ? (tensor ?? scalar!) : (scalar ?? tensor!); // one of the two is there
}

/** Conditions count 1 or 0; class indices stay integers. */
function buildTensor({ build: make }: TensorFunction, application: Application): Value {
  const { graph } = application.conversion;
  return make({
    ...application,
    operands: application.operands.map(({ node, syntax }) => ({ node: asReal(graph, node), syntax })),
  });
}

export function applicationOf(name: string, syntax: Syntax, nodes: readonly Node[], conversion: Conversion): Application {
  const written = argumentsOf(syntax).filter(({ kind }) => kind !== "text");
  return { name, syntax, operands: nodes.map((node, index): Operand => ({ node, syntax: written[index]! })), conversion };
}

function reportNumbers({ name, syntax, operands, conversion }: Application): undefined {
  const [first] = operands;
  if (name === "'") {
    conversion.reporter.report("WG1214", syntax.at, { operator: "'" }, "leave it out: a number is its own transpose");
    return;
  }
  const isName = first?.syntax.kind === "name";
  const hint = isName
    ? `declare its shape if it has one: 'param ${first.syntax.kind === "name" ? first.syntax.name : ""} [3, 3]'`
    : undefined;
  const found = `'${name}' takes a matrix or a vector${first === undefined ? "" : `, and ${describe(first, conversion)}`}`;
  conversion.reporter.report("WG1201", syntax.at, { found }, hint);
}

function checkArity(
  name: string,
  callee: Builtin | TensorFunction | UserCallee,
  syntax: CallSyntax,
  reporter: Reporter,
): boolean {
  const [minimum, maximum] = "apply" in callee ? [callee.params, callee.params] : [callee.minimum, callee.maximum];
  const count = syntax.args.length;
  if (count >= minimum && count <= maximum) return true;
  const suggestion = name === "norm" ? "'hypot' is the norm of several numbers" : undefined;
  reporter.report("WG1103", syntax.at, { name, wanted: arityText(minimum, maximum), count }, suggestion);
  return false;
}

function arityText(minimum: number, maximum: number): string {
  if (minimum === maximum) return plural(minimum);
  return maximum === Infinity ? `${minimum} or more arguments` : `${minimum} or ${plural(maximum)}`;
}

function plural(count: number): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? "argument" : "arguments"}`;
}

function checkDigits(digits: Node | undefined, syntax: CallSyntax, reporter: Reporter): boolean {
  if (digits === undefined) return true;
  if (digits.kind === "const" && Number.isInteger(digits.value) && digits.value >= 0 && digits.value <= 15) return true;
  reporter.report("WG1215", syntax.args[1]!.span, { what: "the number of digits must be a whole number from 0 to 15" });
  return false;
}

function warnIfFlat(name: string, callee: Builtin, args: readonly Node[], syntax: CallSyntax, conversion: Conversion): void {
  const isActive = args[0] !== undefined && conversion.active.has(args[0]);
  if (callee.isFlat && isActive) conversion.reporter.report("WG1216", syntax.span, { name });
}

/** `1 / 0`, `sqrt(-1)`: a constant that folds to no number. Infinity may be meant, so this is no error. */
function warnIfNotFinite(value: Node, args: readonly Node[], span: Span, reporter: Reporter): void {
  if (value.kind !== "const" || Number.isFinite(value.value)) return;
  if (args.some((arg) => arg.kind === "const" && !Number.isFinite(arg.value))) return; // said before
  if (args.every((arg) => arg.kind === "const")) reporter.report("WG1218", span, { value: String(value.value) });
}
