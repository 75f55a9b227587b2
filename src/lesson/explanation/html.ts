// An explanation as a fragment of HTML without a frame: sections, tables with captions, formulas, and links between each line told and its code.

import { unreachable } from "../../core/unreachable.ts";
import { listingOf, type Listing } from "./listing.ts";
import type { RenderMath } from "./math.ts";
import type {
  BackwardEntry,
  Block,
  CodeReference,
  Explanation,
  Formula,
  Phrase,
  Prose,
  Section,
  StageEntry,
  StepEntry,
  Table,
} from "./types.ts";

export interface FragmentOptions {
  readonly math: RenderMath;
  /** Put before every id, where several fragments stand in one page. */
  readonly prefix?: string;
  /** SVG of the circuit, as it stands. */
  readonly circuit?: string;
}

/** `<article class="explanation">...</article>`; its code listing is part of it, in an `<aside>`. */
export function explanationFragment(explanation: Explanation, { math, prefix = "", circuit }: FragmentOptions): string {
  const writer: Writer = { math, id: (name) => escapeHtml(prefix + name) };
  const { title, isFormula, summary, sections } = explanation;
  const heading = isFormula ? `<code>${escapeHtml(title)}</code>` : escapeHtml(title);
  const listing = listingOf(explanation);
  return [
    `<article class="explanation">`,
    `<div class="told">`,
    `<h1>${heading}</h1>`,
    ...summary.map((block) => blockHtml(writer, block)),
    ...(circuit === undefined ? [] : [pictureHtml(circuit)]),
    ...sections.map((section) => sectionHtml(writer, section)),
    `</div>`,
    ...(listing.length === 0 ? [] : [listingHtml(writer, listing)]),
    `</article>`,
  ].join("\n");
}

/** Shrunk less than this its smallest text, of 11 pixels, stays readable; narrower screens scroll. */
const SMALLEST_SCALE = 0.85;

function pictureHtml(circuit: string): string {
  const [, width] = /^<svg [^>]*\bwidth="([\d.]+)"/.exec(circuit) ?? [];
  const least = width === undefined ? "" : ` style="--least: ${Math.round(Number(width) * SMALLEST_SCALE)}px"`;
  return `<figure class="picture"${least}><div class="wide" role="region" aria-label="circuit" tabindex="0">${circuit}</div><figcaption>${escapeHtml(LEGEND)}</figcaption></figure>`;
}

const LEGEND =
  "Above each wire its value, in green; below it its gradient, in red. Tensors show their shape and ‖·‖, the Euclidean norm. A dot is a fork: the value goes several ways.";

interface Writer {
  readonly math: RenderMath;
  readonly id: (name: string) => string;
}

function sectionHtml(writer: Writer, { id, title, blocks }: Section): string {
  const own = writer.id(id);
  return [
    `<section aria-labelledby="${own}">`,
    `<h2 id="${own}">${escapeHtml(title)}</h2>`,
    ...blocks.map((block) => blockHtml(writer, block)),
    `</section>`,
  ].join("\n");
}

function blockHtml(writer: Writer, block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${proseHtml(writer, block.prose)}</p>`;
    case "folded":
      return `<p class="folded">${proseHtml(writer, block.prose)}</p>`;
    case "list":
      return listHtml(writer, block.items);
    case "table":
      return tableHtml(writer, block);
    case "stage":
      return stageHtml(writer, block);
    case "backward":
      return backwardHtml(writer, block);
    default:
      return unreachable(block);
  }
}

function stageHtml(writer: Writer, { number, formula, prose, items, code }: StageEntry): string {
  const gate = prose.length === 0 ? "" : ` <span class="gate">${proseHtml(writer, prose)}</span>`;
  return [
    `<div class="entry stage" id="${writer.id(`stage-${number}`)}" data-stage="${number}">`,
    `<p class="formula"><span class="number">(${number})</span> ${displayHtml(writer, formula)}${gate}</p>`,
    listHtml(writer, items),
    codeHtml(writer, code),
    `</div>`,
  ].join("\n");
}

function backwardHtml(writer: Writer, { number, prose, steps }: BackwardEntry): string {
  const own = number === undefined ? "" : ` id="${writer.id(`backward-${number}`)}" data-stage="${number}"`;
  const head = number === undefined ? [] : [`<p class="through">${stageLink(writer, number)} ${proseHtml(writer, prose)}</p>`];
  return [`<div class="entry backward"${own}>`, ...head, ...steps.map((step) => stepHtml(writer, step)), `</div>`].join("\n");
}

function stepHtml(writer: Writer, { index, formula, prose, items, code }: StepEntry): string {
  return [
    `<div class="step" id="${writer.id(`step-${index + 1}`)}" data-step="${index}">`,
    `<p class="formula">${displayHtml(writer, formula)}${proseHtml(writer, prose)}</p>`,
    listHtml(writer, items),
    codeHtml(writer, code),
    `</div>`,
  ].join("\n");
}

function codeHtml(writer: Writer, { text, first, last }: CodeReference): string {
  const where = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return `<p class="source"><a href="#${writer.id(`line-${first}`)}">${where}</a> <code>${escapeHtml(text)}</code></p>`;
}

function listHtml(writer: Writer, items: readonly Prose[]): string {
  if (items.length === 0) return "";
  return `<ul>${items.map((item) => `<li>${proseHtml(writer, item)}</li>`).join("")}</ul>`;
}

function tableHtml(writer: Writer, { caption, head, rows }: Table): string {
  const body = rows.map((row) => {
    const cells = row.map((cell, column) => {
      return column === 0 ? `<th scope="row">${headingHtml(writer, cell)}</th>` : `<td>${proseHtml(writer, cell)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const columns = head.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join("");
  return [
    `<div class="wide" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table>`,
    `<caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${columns}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody>`,
    `</table></div>`,
  ].join("\n");
}

/** Not every screen reader takes a formula for the name of a row: a lone one is also there as plain text, and unseen. */
function headingHtml(writer: Writer, cell: Prose): string {
  const [only, ...others] = cell;
  const html = proseHtml(writer, cell);
  if (only === undefined || typeof only === "string" || only.kind !== "formula" || others.length > 0) return html;
  return `<span aria-hidden="true">${html}</span><span class="unseen">${escapeHtml(only.formula.text)}</span>`;
}

function listingHtml(writer: Writer, parts: readonly Listing[]): string {
  const blocks = parts.map(({ title, lines }) => {
    const rows = lines.map(({ line, text, target, label }) => {
      const name = target === undefined ? "" : ` aria-label="line ${line}, ${escapeHtml(label)}"`;
      const number = target === undefined ? `<span>${line}</span>` : `<a href="#${writer.id(target)}"${name}>${line}</a>`;
      return `<span class="line" id="${writer.id(`line-${line}`)}">${number}<span class="text">${escapeHtml(text)}</span></span>`;
    });
    return `<h3>${escapeHtml(title)}</h3>\n<pre><code>${rows.join("\n")}</code></pre>`;
  });
  const own = writer.id("code");
  return [`<aside class="listing" aria-labelledby="${own}">`, `<h2 id="${own}">The code</h2>`, ...blocks, `</aside>`].join("\n");
}

/** No line begins with the comma behind a formula: a word joiner holds them together. */
function proseHtml(writer: Writer, prose: Prose): string {
  return prose
    .map((phrase) => (typeof phrase === "string" && /^[,.;:)]/.test(phrase) ? JOINER : "") + phraseHtml(writer, phrase))
    .join("");
}

const JOINER = "&#8288;";

function phraseHtml(writer: Writer, phrase: Phrase): string {
  if (typeof phrase === "string") return escapeHtml(phrase);
  switch (phrase.kind) {
    case "formula":
      return `<span class="math">${writer.math(phrase.formula.latex)}</span>`;
    case "code":
      return `<code>${escapeHtml(phrase.text)}</code>`;
    case "stage":
      return stageLink(writer, phrase.number);
    default:
      return unreachable(phrase);
  }
}

function stageLink(writer: Writer, number: number): string {
  return `<a class="number" href="#${writer.id(`stage-${number}`)}">(${number})</a>`;
}

/** Fractions in their full size; lines break at relations and signs where they must. */
function displayHtml(writer: Writer, { latex }: Formula): string {
  return `<span class="math">${writer.math(latex.replaceAll("\\frac", "\\dfrac"))}</span>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
