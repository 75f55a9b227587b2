// The arguments before commander sees them: an expression may start with a minus, and a point may have blanks between its parts.

/** Marks an argument that only looks like an option; no argument of a process can contain it. */
const MARK = "\0";

/** Short options; what else starts with one `-` and computes something is an expression: `-x^2`. */
const SHORT_OPTION = /^-[oqhV]/;
const COMPUTES = /[-+*/^()=<>?\s,]/;
const ASSIGNMENT = /^[\p{L}_$][\p{L}\p{N}_$]*\s*=\s*[-+]?[\p{L}\p{N}.]+$/u;

/** Arguments for commander; `originalArgument` undoes what was done to one. */
export function prepareArguments(argv: readonly string[]): string[] {
  const prepared: string[] = [];
  let isPoint = false;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === "--") return [...prepared, ...argv.slice(at)];
    if (isPoint && ASSIGNMENT.test(argument)) {
      prepared[prepared.length - 1] += `,${argument}`;
      continue;
    }
    isPoint = argv[at - 1] === "--at" || argument.startsWith("--at=");
    prepared.push(looksLikeExpression(argument) ? MARK + argument : argument);
  }
  return prepared;
}

export function originalArgument(argument: string): string {
  return argument.startsWith(MARK) ? argument.slice(1) : argument;
}

function looksLikeExpression(argument: string): boolean {
  return /^-[^-]/.test(argument) && !SHORT_OPTION.test(argument) && COMPUTES.test(argument.slice(1));
}
