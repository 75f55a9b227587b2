// What generated functions ask of their arguments before they calculate, with messages for whoever
// called them. A shape is text such as "[batch, 784]".

/** Throws unless x is a Float64Array of this length. */
export function checkReal(name: string, x: unknown, length: number, shape: string): void {
  if (!(x instanceof Float64Array))
    throw new TypeError(
      `${name} must be a Float64Array of shape ${shape}, not ${describeValue(x)}`,
    );
  if (x.length !== length) throw new RangeError(wrongLengthMessage(name, x.length, length, shape));
}

/** Throws unless x is an Int32Array of this length with whole numbers from 0 to below `below`. */
export function checkIndices(
  name: string,
  x: unknown,
  length: number,
  below: number,
  shape: string,
): void {
  if (!(x instanceof Int32Array))
    throw new TypeError(`${name} must be an Int32Array of shape ${shape}, not ${describeValue(x)}`);
  if (x.length !== length) throw new RangeError(wrongLengthMessage(name, x.length, length, shape));
  for (let i = 0; i < length; i++) {
    if (x[i]! < 0 || x[i]! >= below)
      throw new RangeError(`${name}[${i}] must be from 0 to ${below - 1}, not ${x[i]!}`);
  }
}

/** The size of the symbolic dimension of x: how many times `unit` values it has. */
export function checkSize(name: string, x: ArrayLike<number>, unit: number, shape: string): number {
  if (!ArrayBuffer.isView(x))
    throw new TypeError(`${name} must be a typed array of shape ${shape}, not ${describeValue(x)}`);
  if (x.length === 0)
    throw new RangeError(`${name} must have at least one value for its shape ${shape}, not none`);
  const size = x.length / unit;
  if (!Number.isInteger(size))
    throw new RangeError(
      `${name} must have a multiple of ${unit} values for its shape ${shape}, not ${x.length}`,
    );
  return size;
}

/** Throws unless x is a number. */
export function checkNumber(name: string, x: unknown): void {
  if (typeof x !== "number")
    throw new TypeError(`${name} must be a number, not ${describeValue(x)}`);
}

/** Throws unless a size is between two others: parts that are read must be there. */
export function checkBounds(name: string, size: number, low: number, high: number): void {
  if (size < low) throw new RangeError(`${name} must be at least ${low} here, not ${size}`);
  if (size > high) throw new RangeError(`${name} must be at most ${high} here, not ${size}`);
}

/** "X must have batch * 784 = 7840 values for its shape [batch, 784], not 12". */
function wrongLengthMessage(name: string, found: number, length: number, shape: string): string {
  const factors = shape.slice(1, -1).split(", ");
  const formula = factors.map((factor) => (/[+-]/.test(factor) ? `(${factor})` : factor));
  const expected = shape === `[${length}]` ? `${length}` : `${formula.join(" * ")} = ${length}`;
  return `${name} must have ${expected} values for its shape ${shape}, not ${found}`;
}

/** "a value of type Float32Array", "undefined". */
function describeValue(x: unknown): string {
  if (x === null || x === undefined) return `${x}`;
  if (typeof x === "object") return `a value of type ${x.constructor?.name ?? "Object"}`;
  return `a value of type ${typeof x}`;
}
