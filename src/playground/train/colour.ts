// Colours as numbers: read from text, mixed.

export type Colour = readonly [red: number, green: number, blue: number];

/** `#rgb`, `#rrggbb` or `rgb(r, g, b)`. */
export function parseColour(text: string): Colour {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (digits !== undefined) {
    const size = digits.length / 3;
    const channel = (at: number): number => Number.parseInt(digits.slice(at * size, (at + 1) * size).repeat(3 - size), 16);
    return [channel(0), channel(1), channel(2)];
  }
  const [red, green, blue] = /^rgba?\(/.test(text) ? (text.match(/[\d.]+/g) ?? []).map(Number) : [];
  return [red ?? 128, green ?? 128, blue ?? 128];
}

/** The sum of colours by their shares. */
export function mixed(colours: readonly Colour[], shares: readonly number[]): Colour {
  const channel = (at: 0 | 1 | 2): number => shares.reduce((sum, share, index) => sum + share * (colours[index]?.[at] ?? 0), 0);
  return [channel(0), channel(1), channel(2)];
}
