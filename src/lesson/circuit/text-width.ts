// How wide a text will be, without a browser: sizes per character, generous enough for the fonts that systems come with.

/** Fractions of the font size for the wider of the common sans serif fonts (DejaVu Sans, Verdana, Segoe UI, Helvetica). */
const NARROW = new Set("ijlI.,:;'|![]()ft ′·");
const WIDE = new Set("mwMW@%—…√∑");
const NARROW_WIDTH = 0.42;
const WIDE_WIDTH = 1.02;
const BROAD = /[A-Z+=<>^~×÷−±]/;
const BROAD_WIDTH = 0.84;
/** Greek and accented letters, raised digits. */
const LETTER = /[\u00a1-\u024fΑ-ω]/;
const CAPITAL_WIDTH = 0.76;
const USUAL_WIDTH = 0.66;
const FOREIGN_SANS_WIDTH = 0.9;
/** Monospaced fonts: 0.6 is usual, the widest has 0.61. What the font lacks comes from a wider one. */
const MONOSPACE_WIDTH = 0.61;
const FOREIGN_WIDTH = 0.75;

export type Face = "sans" | "mono";

/** Width in pixels of a text of this size, rounded up. */
export function textWidth(text: string, size: number, face: Face): number {
  let width = 0;
  for (const character of text) width += face === "mono" ? monospaceWidth(character) : sansWidth(character);
  return Math.ceil(width * size);
}

function monospaceWidth(character: string): number {
  return character <= "~" ? MONOSPACE_WIDTH : FOREIGN_WIDTH;
}

function sansWidth(character: string): number {
  if (NARROW.has(character)) return NARROW_WIDTH;
  if (WIDE.has(character)) return WIDE_WIDTH;
  if (BROAD.test(character)) return BROAD_WIDTH;
  if (character <= "~") return USUAL_WIDTH;
  return LETTER.test(character) ? CAPITAL_WIDTH : FOREIGN_SANS_WIDTH;
}
