// Interpolated values on their way into a generated function: checked, and put among its arguments where their hidden inputs are.

/** What has to be known of a generated function to call it. */
export interface Callee {
  readonly inputs: readonly { readonly name: string }[];
  /** Inputs come in one array. */
  readonly packed: boolean;
}

type Call = (...args: unknown[]) => unknown;

/**
 * A function of the inputs that the user knows: `call` with `values` in the places of the hidden `inputs`. Generated code that the
 * bundler plugin writes does the same.
 */
export function bindValues(call: Call, fn: Callee, inputs: readonly (string | undefined)[], values: readonly unknown[]): Call {
  const places = placesOf(fn, inputs);
  if (places.length === 0) return call;
  const fillIn = (args: readonly unknown[]): unknown[] => {
    const filled = [...args];
    for (const { position, index } of places) filled.splice(position, 0, values[index]);
    return filled;
  };
  if (!fn.packed) return (...args) => call(...fillIn(args));
  return (packed, ...rest) => call(fillIn(Array.from(packed as ArrayLike<number>)), ...rest);
}

/** Where values go, first position first: each with the number of its gap. */
export function placesOf(
  fn: Pick<Callee, "inputs">,
  inputs: readonly (string | undefined)[],
): readonly { readonly position: number; readonly index: number }[] {
  return fn.inputs.flatMap(({ name }, position) => {
    const index = inputs.indexOf(name);
    return index === -1 ? [] : [{ position, index }];
  });
}

/** Throws a TypeError that says which interpolated value is no number. Generated code has the same. */
export function checkValues(tag: string, values: readonly unknown[]): void {
  values.forEach((value, index) => {
    if (typeof value === "number") return;
    throw new TypeError(
      `wengert: interpolated value ${index + 1} of a ${tag} template must be a number, not of type ${typeof value}`,
    );
  });
}
