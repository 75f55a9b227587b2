// How a number is written on a wire: three or four digits that count, a proper minus sign.

const DIGITS = 4;
/** Above and below these a number is written with a power of ten. */
const LARGE = 1e5;
const SMALL = 1e-3;

/** `3`, `−0.526`, `1.8e−5`, `∞`. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return plainText(value).replaceAll("-", "−");
}

function plainText(value: number): string {
  const rounded = Number(value.toPrecision(DIGITS));
  const size = Math.abs(rounded);
  if (size === 0) return "0";
  if (size >= LARGE || size < SMALL)
    return value
      .toExponential(DIGITS - 2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  return String(rounded);
}
