// Calls as closures, one for each number of arguments: without an array that holds them.

import type { Evaluate, Place } from "./scope.ts";

type Call = (...args: unknown[]) => unknown;
type Methods = Readonly<Record<string, Call>>;

/** The call of what `callee` is. */
export function callOf(callee: Place, args: readonly Evaluate[]): Place {
  const { constant, read } = callee;
  return { read: typeof constant?.value === "function" ? callKnown(constant.value as Call, args) : callRead(read, args) };
}

/** Of a function that is known when the code is read: most calls of hot code are of Math. */
function callKnown(call: Call, args: readonly Evaluate[]): Evaluate {
  const [a, b, c, d] = args as [Evaluate, Evaluate, Evaluate, Evaluate]; // as many as the case takes
  switch (args.length) {
    case 0:
      return () => call();
    case 1:
      return (frame) => call(a(frame));
    case 2:
      return (frame) => call(a(frame), b(frame));
    case 3:
      return (frame) => call(a(frame), b(frame), c(frame));
    case 4:
      return (frame) => call(a(frame), b(frame), c(frame), d(frame));
    default:
      return (frame) => call(...args.map((arg) => arg(frame)));
  }
}

function callRead(callee: Evaluate, args: readonly Evaluate[]): Evaluate {
  const [a, b, c] = args as [Evaluate, Evaluate, Evaluate]; // as many as the case takes
  switch (args.length) {
    case 1:
      return (frame) => (callee(frame) as Call)(a(frame));
    case 2:
      return (frame) => (callee(frame) as Call)(a(frame), b(frame));
    case 3:
      return (frame) => (callee(frame) as Call)(a(frame), b(frame), c(frame));
    default:
      return (frame) => (callee(frame) as Call)(...args.map((arg) => arg(frame)));
  }
}

/** The call of a method of what `object` is. */
export function methodCall(object: Evaluate, name: string, args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    const owner = object(frame) as Methods;
    return owner[name]!(...args.map((arg) => arg(frame)));
  };
}
