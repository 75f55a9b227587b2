// Identifiers as LaTeX: w0 is w with a subscript, alpha is Greek, words stand upright.

import { BINDING } from "./latex-templates.ts";

/** LaTeX, and how tightly its outermost operation binds. */
export interface Fragment {
  readonly text: string;
  readonly binding: number;
}

const GREEK_LETTERS = new Map([
  ...zip(
    "αβγδεζηθικλμνξπρστυφχψω",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega",
  ),
  ...zip("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"),
  ...zip("µϕϵϑ", "mu phi epsilon theta"),
]);

const GREEK_NAMES: ReadonlySet<string> = new Set(GREEK_LETTERS.values());

function zip(letters: string, names: string): [letter: string, name: string][] {
  const words = names.split(" ");
  return [...letters].map((letter, index) => [letter, words[index]!]); // a name for each letter
}

/** An identifier in math mode. Only letters, digits, `_` and `$` are expected; nothing else gets through as a command. */
export function latexName(name: string): Fragment {
  const [first, ...rest] = name.split("_");
  if (first === undefined || first === "" || rest.includes("")) return atom(word(name));
  const [, stem = first, digits] = /^(.*[^\d])(\d+)$/su.exec(first) ?? [];
  const below = [...(digits === undefined ? [] : [digits]), ...rest].map((part) => (/^\d+$/.test(part) ? part : word(part)));
  return atom(below.length === 0 ? word(stem) : `${word(stem)}_{${below.join(",")}}`);
}

function atom(text: string): Fragment {
  return { text, binding: BINDING.atom };
}

function word(name: string): string {
  if (GREEK_NAMES.has(name)) return `\\${name}`;
  const letter = GREEK_LETTERS.get(name);
  if (letter !== undefined) return `\\${letter}`;
  if (/^[A-Za-z]$/.test(name)) return name;
  const escaped = name.replace(/[^\p{L}\p{N}\p{M}]/gu, (sign) => (sign === "_" || sign === "$" ? `\\${sign}` : "?"));
  return /^[\x20-\x7e]*$/.test(escaped) ? `\\mathrm{${escaped}}` : `\\text{${escaped}}`;
}
