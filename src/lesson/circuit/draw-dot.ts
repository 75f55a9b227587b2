// drawDot(): a circuit as text for Graphviz, with the same signs, values and gradients as the picture.

import type { Circuit, CircuitNode } from "./circuit.ts";
import type { LabelText, WireLabel } from "./labels.ts";
import { captionOf } from "./node-size.ts";
import { PALETTES } from "./svg-style.ts";

const COLOURS = PALETTES.light;

/** A digraph from left to right; stages of the same layer or named stage stand in a cluster. */
export function drawDot(circuit: Circuit): string {
  const lines = [
    `digraph ${quote(circuit.lesson.name)} {`,
    `  rankdir=LR;`,
    `  node [fontname="Helvetica", fontsize=12, color="${COLOURS.ink}", fontcolor="${COLOURS.ink}", style=filled, fillcolor="${COLOURS.gate}"];`,
    `  edge [fontname="Courier", fontsize=10, color="${COLOURS.line}", arrowsize=0.6];`,
    ...circuit.nodes.filter((node) => clusterOf(circuit, node) === undefined).flatMap((node) => nodeLines(node)),
    ...clusterLines(circuit),
    ...circuit.wires.map(
      ({ from, to, label }) => `  ${quote(leavingId(circuit, from))} -> ${quote(to)}${labelAttribute(label)};`,
    ),
    `}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The block of a gate, where others of it are shown as well. */
function clusterOf({ nodes }: Circuit, node: CircuitNode): string | undefined {
  const block = blockOf(node);
  return block !== undefined && nodes.filter((other) => blockOf(other) === block).length > 1 ? block : undefined;
}

function blockOf(node: CircuitNode): string | undefined {
  return node.kind === "gate" ? node.stage.block : undefined;
}

function clusterLines(circuit: Circuit): string[] {
  const clusters = new Map<string, CircuitNode[]>();
  for (const node of circuit.nodes) {
    const block = clusterOf(circuit, node);
    if (block !== undefined) clusters.set(block, [...(clusters.get(block) ?? []), node]);
  }
  return [...clusters].flatMap(([block, nodes], at) => [
    `  subgraph cluster_${at + 1} {`,
    `    label=${quote(block)}; fontname="Helvetica"; fontsize=11; color="${COLOURS.quiet}"; style=rounded;`,
    ...nodes.flatMap((node) => nodeLines(node).map((line) => `  ${line}`)),
    `  }`,
  ]);
}

function nodeLines(node: CircuitNode): string[] {
  const lines = [`  ${quote(node.id)} [${nodeAttributes(node)}];`];
  if (node.fork === undefined) return lines;
  const dot = `  ${quote(`${node.id} fork`)} [shape=point, width=0.06, fillcolor="${COLOURS.line}"];`;
  const stub = `  ${quote(node.id)} -> ${quote(`${node.id} fork`)}${labelAttribute(node.fork, "arrowhead=none, ")};`;
  return [...lines, dot, stub];
}

function nodeAttributes(node: CircuitNode): string {
  switch (node.kind) {
    case "input":
    case "result":
      return `label=${quote(node.name)}, shape=plaintext, style=""`;
    case "block":
      return `label=${quote([node.title, ...node.notes].join("\n"))}, shape=box, style="rounded,filled", fillcolor="${COLOURS.block}"`;
    case "gate": {
      const caption = `<font point-size="9" color="${COLOURS.quiet}">${escapeText(captionOf(node) ?? "")}</font>`;
      const shape = node.face.form === "circle" ? "shape=ellipse, margin=0.02" : `shape=box, style="rounded,filled"`;
      return `label=<${node.face.lines.map(escapeText).join("<br/>")}<br/>${caption}>, ${shape}`;
    }
  }
}

/** Where a node's wires start: at its dot, if they part there. */
function leavingId({ nodes }: Circuit, id: string): string {
  return nodes.find((node) => node.id === id)?.fork === undefined ? id : `${id} fork`;
}

function labelAttribute({ above, below }: WireLabel, others = ""): string {
  const texts = [...above, ...below];
  if (texts.length === 0) return others === "" ? "" : ` [${others.replace(/, $/, "")}]`;
  return ` [${others}label=<${texts.map(colouredText).join("<br/>")}>]`;
}

function colouredText({ role, text }: LabelText): string {
  const colour = role === "shape" ? COLOURS.quiet : COLOURS[role];
  return `<font color="${colour}">${escapeText(text)}</font>`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
