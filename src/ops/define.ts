// What an op is: one entry says everything the compiler knows of it. Families are the tables beside this file.
//
// Formulas (`derivative`, `pullback`, `kinks`) are in the language of core/syntax.ts: parameters by name, `out` for the op's own
// result, `adj` for the adjoint that arrives (pullback only), operators and op names as functions.

import { countMentions, countOperations, parseExpression, type Expression } from "../core/syntax.ts";

/** Closed interval [low, high]. */
export type Interval = readonly [low: number, high: number];

export interface OpSpec {
  /** The numeric meaning; NaN outside the real domain. Used by the reference evaluator and by constant folding. */
  readonly evaluate: (...args: number[]) => number;
  /**
   * One formula per parameter: the partial derivative. `null`: the op does not depend on it smoothly (a condition), `"0"`: zero almost
   * everywhere. A variadic op has one formula, in `x`, for each of its arguments. Either this or `pullback`; with neither the op has no
   * derivative, and asking for one is a diagnostic.
   */
  readonly derivative?: readonly (string | null)[];
  /** Like `derivative` but already multiplied by `adj`; for selections, `x > 0 ? adj : 0`. Linear in `adj`. */
  readonly pullback?: readonly (string | null)[];
  /** The pullback under `--ties split`, where it differs. */
  readonly pullbackAtTies?: readonly (string | null)[];
  readonly result?: "real" | "boolean";
  /** Per parameter, where verification samples it. */
  readonly domain: readonly Interval[];
  /** Bounds of the result for any real arguments in the domain of definition; default all reals. */
  readonly range?: Interval;
  /** Formulas whose zeros are the kinks and jumps; verification looks from both sides of each. */
  readonly kinks?: readonly string[];
  readonly emit: {
    /** JavaScript, in the parameters; a variadic op writes its list as `x...`. Functions from `templates/` go by their name. */
    readonly ts: string;
    /** In the fast style, where another form is faster. */
    readonly fast?: string;
    /** LaTeX with `{x}` for parameters; `{x...}` for a variadic list. */
    readonly latex: string;
  };
  /** Name of a stage of this op from the names of its operands: `sig{x}` gives `sigX`; `{x}Sq` gives `xSq`. */
  readonly stageName: string;
  /** One phrase for the op table. */
  readonly doc: string;
  /** The derivative's name in comments, for ops that have a well-known one: `σ′ = σ(1 − σ)`. */
  readonly identity?: string;
  /** What a user may also call it. */
  readonly aliases?: readonly string[];
  /** Not to be written by a user, only made by the compiler. */
  readonly internal?: boolean;
}

export interface OpDefinition extends OpSpec {
  readonly name: string;
  /** Parameter names; a variadic op has the single parameter `x`. */
  readonly params: readonly string[];
  readonly variadic: boolean;
  readonly result: "real" | "boolean";
  /** Parsed from `derivative` or `pullback`: what an argument receives; undefined entries receive nothing. */
  readonly rule: DerivativeRule | undefined;
  readonly ruleAtTies: DerivativeRule | undefined;
  readonly js: Expression;
  readonly jsFast: Expression;
  /** How often the code mentions each parameter; more than once asks for a variable. */
  readonly mentions: readonly number[];
  readonly mentionsFast: readonly number[];
  /** Operations in the code of one call. */
  readonly operations: number;
  readonly kinkFormulas: readonly Expression[];
}

export interface DerivativeRule {
  /** Whether the formulas say `adj` themselves. */
  readonly includesAdjoint: boolean;
  readonly formulas: readonly (Expression | undefined)[];
}

/** `op(["x", "y"], {...})`; `op(["x..."], {...})` is variadic. The registry fills in the name. */
export function op(params: readonly string[], spec: OpSpec): Omit<OpDefinition, "name"> {
  const variadic = params[0]?.endsWith("...") ?? false;
  const rule = spec.pullback ? derivativeRule(spec.pullback, true) : spec.derivative && derivativeRule(spec.derivative, false);
  const js = parseExpression(spec.emit.ts);
  const jsFast = parseExpression(spec.emit.fast ?? spec.emit.ts);
  return {
    ...spec,
    params: params.map((param) => param.replace("...", "")),
    variadic,
    result: spec.result ?? "real",
    rule,
    ruleAtTies: spec.pullbackAtTies ? derivativeRule(spec.pullbackAtTies, true) : rule,
    js,
    jsFast,
    operations: countOperations(jsFast),
    mentions: params.map((param) => countMentions(js, param)),
    mentionsFast: params.map((param) => countMentions(jsFast, param)),
    kinkFormulas: (spec.kinks ?? []).map(parseExpression),
  };
}

function derivativeRule(texts: readonly (string | null)[], includesAdjoint: boolean): DerivativeRule {
  return {
    includesAdjoint,
    formulas: texts.map((text) => (text === null || text === "0" ? undefined : parseExpression(text))),
  };
}
