// The style of circuits in the page: the writer's own rules as a style sheet of the document, with the page's colours.

import { circuitStyle } from "../../lesson/circuit/svg-style.ts";

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Adopts the rules, once. A style sheet made in code needs no `<style>` element, which the page's policy forbids. */
export function adoptCircuitStyle(): void {
  if (sheets.has(document)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(circuitStyle("light"));
  sheets.set(document, sheet);
  document.adoptedStyleSheets.push(sheet);
}

/** The picture as a file of its own, which brings its style along. */
export function standAlone(svg: string): string {
  return svg.replace("</desc>", `</desc>\n<style>\n${circuitStyle("auto")}\n</style>`);
}
