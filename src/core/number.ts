// How numbers are written: the shortest text that reads back as the same double.

/** JavaScript source for a finite double: `0.5`, `-3`, `1e-10`. Infinity and NaN come out as identifiers. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "Infinity";
  if (value === -Infinity) return "-Infinity";
  if (Object.is(value, -0)) return "-0";
  return String(value).replace("e+", "e");
}

/** One significant digit, rounded up, so that a header stays the same across machines: `3e-10`. */
export function oneDigit(value: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(value));
  const digit = Math.ceil(value / 10 ** exponent - 1e-9);
  return digit >= 10 ? `1e${exponent + 1}` : `${digit}e${exponent}`;
}
