// Numbers, typed arrays and arrays of arrays as flat lists of numbers, and how to change one element of them.

/** Row-major elements; undefined for anything that is not made of numbers. */
export function toVector(value: unknown): number[] | undefined {
  if (typeof value === "number") return [value];
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? undefined : Array.from(value as Float64Array); // or another typed array
  if (!Array.isArray(value)) return undefined;
  const all: number[] = [];
  for (const item of value as unknown[]) {
    const part = toVector(item);
    if (part === undefined) return undefined;
    for (const element of part) all.push(element);
  }
  return all;
}

/** The value with one element moved; a new value, the old one stays. Anything but numbers comes back as it is. */
export function moved(value: unknown, element: number, amount: number): unknown {
  if (typeof value === "number") return element === 0 ? value + amount : value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const copy = (value as Float64Array).slice();
    if (element >= 0 && element < copy.length) copy[element]! += amount;
    return copy;
  }
  if (!Array.isArray(value)) return value;
  let at = element;
  return (value as unknown[]).map((item) => {
    const size = toVector(item)?.length ?? 0;
    const changed = at >= 0 && at < size ? moved(item, at, amount) : item;
    at -= size;
    return changed;
  });
}

/** The same, in place. */
export function moveInPlace(value: unknown, element: number, amount: number): void {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    if (element < (value as Float64Array).length) (value as Float64Array)[element]! += amount;
    return;
  }
  if (!Array.isArray(value)) return;
  let at = element;
  for (let index = 0; index < value.length; index++) {
    const item = value[index] as unknown;
    const size = toVector(item)?.length ?? 0;
    if (at >= 0 && at < size) {
      if (typeof item === "number") value[index] = item + amount;
      else moveInPlace(item, at, amount);
      return;
    }
    at -= size;
  }
}

/** Other numbers in the same shape; a new value, the old one stays. */
export function replaced(value: unknown, numbers: readonly number[]): unknown {
  if (typeof value === "number") return numbers.length === 1 ? numbers[0] : value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Float64Array.from(numbers);
  if (!Array.isArray(value)) return value;
  let at = 0;
  return (value as unknown[]).map((item) => {
    const size = toVector(item)?.length ?? 0;
    at += size;
    return replaced(item, numbers.slice(at - size, at));
  });
}

/** The same, in place; nothing happens where there are more or fewer numbers. */
export function replaceInPlace(value: unknown, numbers: readonly number[]): void {
  if (toVector(value)?.length !== numbers.length) return;
  if (Array.isArray(value)) value.splice(0, value.length, ...(replaced(value, numbers) as unknown[]));
  else if (ArrayBuffer.isView(value)) (value as Float64Array).set(numbers); // or another typed array
}

export function add(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value + (b[index] ?? NaN));
}

export function subtract(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value - (b[index] ?? NaN));
}

export function scale(a: readonly number[], factor: number): number[] {
  return a.map((value) => value * factor);
}

export function times(a: readonly number[], b: readonly number[]): number[] {
  if (b.length === 1) return scale(a, b[0]!);
  if (a.length === 1) return scale(b, a[0]!);
  return a.map((value, index) => value * (b[index] ?? NaN));
}

export function largest(a: readonly number[]): number {
  return a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

export const TOLERANCE = 2e-5;

/** Whether two lists are equal but for rounding and the error of differences. `size` is what numbers around here are as large as. */
export function agree(a: readonly number[], b: readonly number[], size = 0): boolean {
  if (a.length !== b.length) return false;
  const room = 1e-7 * Math.max(size, largest(a.filter(Number.isFinite)), largest(b.filter(Number.isFinite))) + 1e-10;
  return a.every((value, index) => {
    const other = b[index]!;
    if (!Number.isFinite(value) || !Number.isFinite(other)) return value === other;
    return Math.abs(value - other) <= TOLERANCE * Math.max(Math.abs(value), Math.abs(other)) + room;
  });
}

function norm(a: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
}

/** Relative error |a − n| / (|a| + |n|) of two lists, by the Euclidean norm. NaN is infinite. */
export function relativeError(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  const difference = norm(subtract(a, b));
  const size = norm(a) + norm(b);
  if (Number.isNaN(difference)) return Infinity;
  return size < 1e-9 ? difference : difference / size;
}
