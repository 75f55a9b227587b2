// Colours and type of a circuit, as CSS that touches nothing outside it.

export type CircuitTheme = "auto" | "light" | "dark";

/** Contrast with the background is at least 4.5 for all text (WCAG AA); a test computes it. */
export const PALETTES = {
  light: {
    background: "#ffffff",
    ink: "#1f2328",
    quiet: "#57606a",
    line: "#6e7781",
    gate: "#f6f8fa",
    block: "#eef3fb",
    value: "#116329",
    gradient: "#b3160b",
    lit: "#fff3b0",
  },
  dark: {
    background: "#0d1117",
    ink: "#e6edf3",
    quiet: "#9da7b3",
    line: "#8b949e",
    gate: "#1c2129",
    block: "#172236",
    value: "#56d364",
    gradient: "#ff8d85",
    lit: "#5a4a00",
  },
} as const;

const RULES = `
.circuit-background { fill: var(--circuit-background); }
.circuit-wire path, .circuit-stub path { fill: none; stroke: var(--circuit-line); stroke-width: 1.4; }
.circuit-dot { fill: var(--circuit-line); }
.circuit-gate .shape, .circuit-block .shape { fill: var(--circuit-gate); stroke: var(--circuit-ink); stroke-width: 1.3; }
.circuit-block .shape { fill: var(--circuit-block); }
.circuit text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--circuit-ink); }
.circuit .caption, .circuit .note, .circuit .tag, .circuit .shape-text { fill: var(--circuit-quiet); }
.circuit .value, .circuit .gradient, .circuit .shape-text { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.circuit .value { fill: var(--circuit-value); }
.circuit .gradient { fill: var(--circuit-gradient); }
.circuit .pending { visibility: hidden; }
.circuit .lit .shape { fill: var(--circuit-lit); }
.circuit .lit path { stroke: var(--circuit-ink); stroke-width: 2.6; }
.circuit .lit .tag { fill: var(--circuit-ink); }
.circuit text.lit { font-weight: 700; }
`.trim();

/** The style sheet. A page that puts circuits in may set the custom properties `--circuit-…` itself. */
export function circuitStyle(theme: CircuitTheme): string {
  const light = `.circuit { ${properties("light")} }`;
  // On paper the background is white whatever the screen was, and nothing is cut off: only what would become too small goes over several pages.
  const print = `@media print { .circuit { ${properties("light")} max-width: 100%; height: auto; } .circuit-page { max-height: 100vh; } }`;
  const dark = `.circuit { ${properties("dark")} }`;
  switch (theme) {
    case "light":
      return [light, RULES, print].join("\n");
    case "dark":
      return [dark, RULES, print].join("\n");
    case "auto":
      return [light, `@media (prefers-color-scheme: dark) { ${dark} }`, RULES, print].join("\n");
  }
}

function properties(palette: keyof typeof PALETTES): string {
  return Object.entries(PALETTES[palette])
    .map(([name, colour]) => `--circuit-${name}: ${colour};`)
    .join(" ");
}
