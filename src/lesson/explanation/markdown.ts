// An explanation as GitHub-flavoured Markdown that reads as well in a terminal: formulas are code spans in Unicode, no line is drawn.

import { unreachable } from "../../core/unreachable.ts";
import type {
  BackwardEntry,
  Block,
  CodeReference,
  Explanation,
  Phrase,
  Prose,
  Section,
  StageEntry,
  StepEntry,
  Table,
} from "./types.ts";

export function explanationMarkdown(explanation: Explanation): string {
  const head = [`# ${titleText(explanation)}`, ...explanation.summary.map(blockText)];
  return `${[...head, ...explanation.sections.map(sectionText)].join("\n\n")}\n`;
}

function titleText({ title, isFormula }: Explanation): string {
  return isFormula ? `\`${title}\`` : escaped(title);
}

function sectionText({ title, blocks }: Section): string {
  return [`## ${title}`, ...blocks.map(blockText)].join("\n\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return proseText(block.prose);
    case "folded":
      return `_${proseText(block.prose)}_`;
    case "list":
      return block.items.map((item) => `- ${proseText(item)}`).join("\n");
    case "table":
      return tableText(block);
    case "stage":
      return stageText(block);
    case "backward":
      return backwardText(block);
    default:
      return unreachable(block);
  }
}

/** The code of a stage stands on a line of its own: lines stay short enough for a terminal. */
function stageText({ number, formula, prose, items, code }: StageEntry): string {
  const head = `**(${number})** \`${formula.text}\`${prose.length === 0 ? "" : `: ${proseText(prose)}`}`;
  const lines = [...items.map(proseText), codeText(code)];
  return [head, "", ...lines.map((line) => `- ${line}`)].join("\n");
}

function backwardText({ number, prose, steps }: BackwardEntry): string {
  const head = number === undefined ? [] : [`**(${number})** ${proseText(prose)}:`, ""];
  return [...head, ...steps.flatMap(stepLines)].join("\n");
}

function stepLines({ formula, prose, items, code }: StepEntry): string[] {
  return [`- \`${formula.text}\`${proseText(prose)}`, ...[...items.map(proseText), codeText(code)].map((line) => `  - ${line}`)];
}

function codeText({ text, first, last }: CodeReference): string {
  const where = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return `${where}: \`${text.replace(/\s*\n\s*/g, " ")}\``;
}

function tableText({ caption, head, rows }: Table): string {
  const cells = [head.map(escaped), ...rows.map((row) => row.map(proseText))].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|")),
  );
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => [...(row[column] ?? "")].length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => padded(row[column] ?? "", width)).join(" | ")} |`;
  const [top, ...rest] = cells as [string[], ...string[][]];
  return [`${caption}:`, "", line(top), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest.map(line)].join(
    "\n",
  );
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}

function proseText(prose: Prose): string {
  return prose.map(phraseText).join("");
}

function phraseText(phrase: Phrase): string {
  if (typeof phrase === "string") return escaped(phrase);
  switch (phrase.kind) {
    case "formula":
      return `\`${phrase.formula.text}\``;
    case "code":
      return `\`${phrase.text}\``;
    case "stage":
      return `(${phrase.number})`;
    default:
      return unreachable(phrase);
  }
}

/** What Markdown would take for emphasis or markup. */
function escaped(text: string): string {
  return text.replace(/[*_<`]/g, "\\$&");
}
