// What variables of a backward pass are called: dq, d_q, dQ, grad_q, qGrad, dL_dq. Knows nothing of what they hold.

const PREFIXES = /^(?:d|D|∂|grad|gradient|adj|adjoint|delta|bar|g)_?(.+)$/u;
const SUFFIXES = /^(.+?)_?(?:grad|Grad|gradient|Gradient|bar|Bar|adjoint|Adjoint|adj|Adj)$/u;
const LEIBNIZ = /^[dD](\p{ID_Start}[\p{ID_Continue}]*?)_?[dD](?:_)?(\p{ID_Start}[\p{ID_Continue}]*)$/u;

/** The variable whose gradient `name` is by its name; undefined where it is none of `known`. `outputs` are names of what is differentiated. */
export function adjointOf(name: string, known: ReadonlySet<string>, outputs: ReadonlySet<string>): string | undefined {
  const readings = [PREFIXES.exec(name)?.[1], SUFFIXES.exec(name)?.[1]];
  for (const reading of readings) {
    const found = reading === undefined ? undefined : pick(reading, known);
    if (found !== undefined && found !== name) return found;
  }
  const [, output, variable] = LEIBNIZ.exec(name) ?? [];
  if (output === undefined || variable === undefined) return undefined;
  const isOutput = outputs.has(output) || /^(L|J|E|C|loss|cost|f|out)$/.test(output);
  return isOutput ? pick(variable, known) : undefined;
}

/** `Q` of dQ is q where there is no Q; `sigX` may be written SigX. */
function pick(reading: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(reading)) return reading;
  const lowered = reading[0]!.toLowerCase() + reading.slice(1);
  if (known.has(lowered)) return lowered;
  const raised = reading[0]!.toUpperCase() + reading.slice(1);
  return known.has(raised) ? raised : undefined;
}

/** Names under which an object holds gradients. */
export const GRADIENT_HOLDERS: ReadonlySet<string> = new Set([
  "gradient",
  "gradients",
  "grad",
  "grads",
  "g",
  "d",
  "partials",
  "derivatives",
]);

/** Names of a value in a result, after the function's own. */
export const VALUE_NAMES: readonly string[] = [
  "value",
  "f",
  "loss",
  "L",
  "J",
  "cost",
  "out",
  "output",
  "result",
  "y",
  "error",
  "E",
];
