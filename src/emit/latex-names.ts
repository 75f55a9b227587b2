// Identifiers as LaTeX: w0 is w with a subscript, alpha is Greek, words stand upright.

import { BINDING } from "./latex-templates.ts";

/** LaTeX, and how tightly its outermost operation binds. */
export interface Fragment {
  readonly text: string;
  readonly binding: number;
}

const GREEK = new Set(
  (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega " +
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
  ).split(" "),
);
const GREEK_LETTERS: Readonly<Record<string, string>> = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ζ: "zeta", η: "eta", θ: "theta", ι: "iota", κ: "kappa",
  λ: "lambda", μ: "mu", µ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho", σ: "sigma", τ: "tau", υ: "upsilon", φ: "phi", χ: "chi",
  ψ: "psi", ω: "omega", Γ: "Gamma", Δ: "Delta", Θ: "Theta", Λ: "Lambda", Ξ: "Xi", Π: "Pi", Σ: "Sigma", Υ: "Upsilon",
  Φ: "Phi", Ψ: "Psi", Ω: "Omega",
};

/** An identifier in math mode. Only letters, digits, `_` and `$` are expected; nothing else gets through as a command. */
export function latexName(name: string): Fragment {
  const [, base, digits, tail] = /^(.*?[^_\d]|.)_?(\d*)(?:_([^_].*))?$/su.exec(name) ?? [];
  if (base === undefined || base === "") return atom(word(name));
  const [stem, ...rest] = base.split("_");
  if (stem === "" || rest.includes("")) return atom(word(name));
  const subscripts = [...rest, digits ?? "", ...(tail === undefined ? [] : [tail])].filter((part) => part !== "");
  const below = subscripts.map((part) => (/^\d+$/.test(part) ? part : word(part))).join(",");
  return atom(below === "" ? word(stem!) : `${word(stem!)}_{${below}}`);
}

function atom(text: string): Fragment {
  return { text, binding: BINDING.atom };
}

function word(name: string): string {
  if (GREEK.has(name)) return `\\${name}`;
  const letter = GREEK_LETTERS[name];
  if (letter !== undefined) return `\\${letter}`;
  if (/^[A-Za-z]$/.test(name)) return name;
  const escaped = name.replace(/[^\p{L}\p{N}\p{M}]/gu, (sign) => (sign === "_" || sign === "$" ? `\\${sign}` : "?"));
  return /^[\x20-\x7e]*$/.test(escaped) ? `\\mathrm{${escaped}}` : `\\text{${escaped}}`;
}
