// Plots as SVG files. The same data give the same bytes: no dates, no random ids, numbers to a hundredth of a pixel.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

export { Plot };

/** Colours that stay apart for the colour-blind and in grey (Okabe and Ito). */
export const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/**
 * A plot with a title, as the text of an SVG file.
 *
 * @param {{ title: string, subtitle?: string, colorLegend?: boolean } & Plot.PlotOptions} options those of Plot.plot; a legend goes below
 * @returns {string}
 */
export function drawPlot({ title, subtitle = "", colorLegend = false, x, y, ...options }) {
  const { document } = parseHTML("<html></html>"); // Plot draws into a page; outside a browser, into this one
  const axis = { labelAnchor: "center", labelArrow: "none" };
  const margins = { marginTop: 60, marginLeft: 64, marginBottom: colorLegend ? 104 : 44 };
  const scales = { x: { ...axis, labelOffset: 38, ...x }, y: { ...axis, labelOffset: 54, ...y } };
  const svg = Plot.plot({ width: 640, height: 400, ...margins, ...options, ...scales, document });
  if (colorLegend) svg.append(makeLegend(options.color, svg, document));
  // What Plot leaves to a style sheet is written where every SVG reader and printer finds it.
  svg.querySelectorAll("style").forEach((style) => style.remove());
  for (const element of [svg, ...svg.querySelectorAll("svg")]) element.removeAttribute("class");
  const attributes = { xmlns: "http://www.w3.org/2000/svg", "font-family": "Helvetica, Arial, sans-serif", "font-size": 12 };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const text = svg.outerHTML.replace(
    />/,
    `>\n<rect width="100%" height="100%" fill="white"/>\n` +
      `<text x="16" y="24" text-anchor="start" font-size="16" font-weight="bold">${escapeText(title)}</text>\n` +
      `<text x="16" y="42" text-anchor="start" fill="#444">${escapeText(subtitle)}</text>`,
  );
  return `${roundNumbers(text.replaceAll("var(--plot-background)", "white").replace(/<g /g, "\n<g "))}\n`;
}

function makeLegend(color, svg, document) {
  const [width, height] = [Number(svg.getAttribute("width")) - 120, Number(svg.getAttribute("height"))];
  const legend = Plot.legend({ color, width, tickFormat: String, document });
  legend.setAttribute("text-anchor", "start");
  legend.setAttribute("x", 60);
  legend.setAttribute("y", height - 52);
  return legend;
}

/**
 * Writes a picture into examples/pictures, or where the variable PICTURES says.
 *
 * @param {string} name
 * @param {string} svg
 */
export function savePicture(name, svg) {
  const folder = process.env["PICTURES"] ?? fileURLToPath(new URL("../pictures", import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}`, svg);
  console.log(`picture: ${name}`);
}

/** Some of many values, evenly spaced, the first and last among them: enough for a line. */
export function thin(values, count = 300) {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, index) => values[Math.round((index * (values.length - 1)) / (count - 1))]);
}

/** In attributes only, as texts may hold small numbers. Also makes pictures the same where the last digits of two machines differ. */
function roundNumbers(svg) {
  const round = (number) => String(Math.round(Number(number) * 100) / 100);
  return svg.replace(/="[^"]*"/g, (attribute) => attribute.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, round));
}

function escapeText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
