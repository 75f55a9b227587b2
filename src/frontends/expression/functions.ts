// The functions an expression may call: all ops and definitions by name and alias, and what mathjs calls by other names.

import type { DiagnosticCode } from "../../diagnostics/catalog.ts";
import type { Graph, Node } from "../../ir/graph.ts";
import { call, callDefinition } from "../../ops/build.ts";
import { definitions } from "../../ops/definitions.ts";
import { ops } from "../../ops/registry.ts";
import { tensorFunctions, type TensorFunction } from "./tensor-functions.ts";

export interface Builtin {
  readonly minimum: number;
  readonly maximum: number;
  /** What arguments are read as. */
  readonly operands: "real" | "truth";
  readonly build: (graph: Graph, args: readonly Node[]) => Node;
  /** The second argument, where given, must be a constant whole number of digits. */
  readonly takesDigits?: boolean;
  /** The derivative is zero almost everywhere, which is seldom what somebody wants. */
  readonly isFlat?: boolean;
}

type Build = Builtin["build"];

/** More arguments than this are taken in groups: a JavaScript call cannot spread any number of them. */
const GROUP = 4096;
const FLAT = new Set(["floor", "ceil", "round", "fix", "sign"]);

export const builtins: ReadonlyMap<string, Builtin> = new Map([
  ...opEntries(),
  ...definitionEntries(),
  ...Object.entries<Builtin>({
    add: real(2, Infinity, fold("add")),
    multiply: real(2, Infinity, fold("mul")),
    "percent add": real(2, 2, share("add")),
    "percent subtract": real(2, 2, share("sub")),
    dotMultiply: real(2, 2, fold("mul")),
    dotDivide: real(2, 2, fold("div")),
    dotPow: real(2, 2, fold("pow")),
    unaryPlus: real(1, 1, (_graph, [x]) => x!),
    sum: real(1, Infinity, fold("add")),
    prod: real(1, Infinity, fold("mul")),
    mean: real(1, Infinity, (graph, args) => call(graph, "div", [fold("add")(graph, args), graph.constant(args.length)])),
    log: real(1, 2, logarithm),
    nthRoot: real(1, 2, (graph, args) => call(graph, args.length === 1 ? "sqrt" : "nthRoot", args)),
    factorial: real(1, 1, (graph, [x]) => call(graph, "gamma", [call(graph, "add", [x!, graph.constant(1)])])),
    norm: real(1, 1, (graph, args) => call(graph, "abs", args)),
    and: truth(2, Infinity, fold("and")),
    or: truth(2, Infinity, fold("or")),
    not: truth(1, 1, (graph, args) => call(graph, "not", args)),
    xor: truth(2, 2, exclusiveOr),
    floor: rounding("floor"),
    ceil: rounding("ceil"),
    fix: rounding("fix"),
    trunc: rounding("fix"),
    round: rounding("round"),
  }),
]);

/** What a name stands for: of numbers, and where an argument is a tensor. Without the latter it acts on each element. */
export interface BuiltinCallee {
  readonly scalar?: Builtin | undefined;
  readonly tensor?: TensorFunction | undefined;
}

/** All that can be called, by name. */
export const callables: ReadonlyMap<string, BuiltinCallee> = new Map(
  [...new Set([...builtins.keys(), ...tensorFunctions.keys()])].map((name) => [
    name,
    { scalar: builtins.get(name), tensor: tensorFunctions.get(name) },
  ]),
);

function opEntries(): [string, Builtin][] {
  return [...ops.values()].flatMap((op) => {
    if (op.internal) return [];
    const build: Build = (graph, args) => (op.variadic ? grouped(graph, op.name, args) : call(graph, op.name, args));
    const [minimum, maximum] = op.variadic ? [1, Infinity] : [op.params.length, op.params.length];
    const entry: Builtin = { minimum, maximum, operands: "real", build, isFlat: FLAT.has(op.name) };
    return [op.name, ...(op.aliases ?? [])].map((name): [string, Builtin] => [name, entry]);
  });
}

function definitionEntries(): [string, Builtin][] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const maximum = definition.params.length;
    const minimum = maximum - Object.keys(definition.defaults ?? {}).length;
    const entry = real(minimum, maximum, (graph, args) => callDefinition(graph, name, args));
    return [name, ...(definition.aliases ?? [])].map((alias): [string, Builtin] => [alias, entry]);
  });
}

function real(minimum: number, maximum: number, build: Build): Builtin {
  return { minimum, maximum, operands: "real", build };
}

function truth(minimum: number, maximum: number, build: Build): Builtin {
  return { minimum, maximum, operands: "truth", build };
}

/** `((a op b) op c) op ...`. */
function fold(op: string): Build {
  return (graph, [first, ...rest]) => rest.reduce((sum, term) => call(graph, op, [sum, term]), first!);
}

/** `x + 10%` is `x + x * 0.1`. */
function share(op: string): Build {
  return (graph, [x, part]) => call(graph, op, [x!, call(graph, "mul", [x!, part!])]);
}

function grouped(graph: Graph, op: string, args: readonly Node[]): Node {
  if (args.length <= GROUP) return call(graph, op, args);
  const groups: Node[] = [];
  for (let at = 0; at < args.length; at += GROUP) groups.push(call(graph, op, args.slice(at, at + GROUP)));
  return grouped(graph, op, groups);
}

/** `log(x)`, `log(x, base)`. */
function logarithm(graph: Graph, [x, base]: readonly Node[]): Node {
  if (base === undefined) return call(graph, "log", [x!]);
  if (base.kind === "const" && base.value === 2) return call(graph, "log2", [x!]);
  if (base.kind === "const" && base.value === 10) return call(graph, "log10", [x!]);
  return call(graph, "div", [call(graph, "log", [x!]), call(graph, "log", [base])]);
}

function exclusiveOr(graph: Graph, [a, b]: readonly Node[]): Node {
  const onlyFirst = call(graph, "and", [a!, call(graph, "not", [b!])]);
  const onlySecond = call(graph, "and", [call(graph, "not", [a!]), b!]);
  return call(graph, "or", [onlyFirst, onlySecond]);
}

/** `round(x)`, `round(x, digits)`. */
function rounding(op: string): Builtin {
  const build: Build = (graph, [x, digits]) => {
    if (digits?.kind !== "const") return call(graph, op, [x!]);
    const scale = graph.constant(10 ** digits.value);
    return call(graph, "div", [call(graph, op, [call(graph, "mul", [x!, scale])]), scale]);
  };
  return { ...real(1, 2, build), takesDigits: true, isFlat: true };
}

/** What mathjs can call and we cannot, with the code of the reason. */
export const unsupported: ReadonlyMap<string, DiagnosticCode> = new Map(
  Object.entries<string>({
    WG1206: "complex re im conj arg polynomialRoot nthRoots",
    WG1207: "unit createUnit splitUnit to toBest",
    WG1208: "bignumber bigint fraction number numeric boolean string format print bin hex oct den num rationalize",
    WG1212: "bitAnd bitNot bitOr bitXor leftShift rightArithShift rightLogShift",
    WG1201:
      "matrix sparse index subset range pinv cross kron " +
      "resize size count column row cumsum diff sort map forEach filter apply mapSlices " +
      "matrixFromColumns matrixFromFunction matrixFromRows getMatrixDataType partitionSelect rotate rotationMatrix " +
      "eigs expm logm sqrtm lup lsolve lsolveAll usolve usolveAll qr slu schur sylvester lyap",
    WG1102:
      "zeta gcd lcm xgcd invmod random randomInt pickRandom integrate derivative simplify simplifyCore simplifyConstant " +
      "symbolicEqual resolve parse parser compile evaluate besselj bessely besseli besselk airyai airybi " +
      "combinations combinationsWithRep permutations multinomial bellNumbers bernoulli catalan stirlingS2 composition " +
      "median mode mad corr quantileSeq kldivergence distance intersect fft ifft freqz zpk2tf solveODE " +
      "isBounded isFinite isInteger isNaN isNegative isNumeric isPositive isPrime isZero hasNumericValue typeOf clone " +
      "compare compareNatural compareText deepEqual equalText equalScalar setCartesian setDifference setDistinct " +
      "setIntersect setIsSubset setMultiplicity setPowerset setSize setSymDifference setUnion hypergeometric",
  }).flatMap(([code, names]) => names.split(" ").map((name) => [name, code as DiagnosticCode] as const)), // keys above are codes
);

/** Names of other languages, and what they are here. */
export const elsewhereCalled: ReadonlyMap<string, string> = new Map([
  ["arcsin", "asin"],
  ["arccos", "acos"],
  ["arctan", "atan"],
  ["arctan2", "atan2"],
  ["arcsinh", "asinh"],
  ["arccosh", "acosh"],
  ["arctanh", "atanh"],
  ["arsinh", "asinh"],
  ["arcosh", "acosh"],
  ["artanh", "atanh"],
  ["tg", "tan"],
  ["ctg", "cot"],
  ["cotan", "cot"],
  ["cosec", "csc"],
  ["lg", "log10"],
  ["lb", "log2"],
  ["sgn", "sign"],
  ["signum", "sign"],
  ["ceiling", "ceil"],
  ["fabs", "abs"],
  ["power", "pow"],
  ["maximum", "max"],
  ["minimum", "min"],
  ["product", "prod"],
  ["average", "mean"],
  ["rem", "mod"],
  ["tgamma", "gamma"],
  ["psi", "digamma"],
  ["lse", "logsumexp"],
  ["expit", "sigmoid"],
  ["sigma", "sigmoid"],
]);
