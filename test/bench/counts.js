// Operations of both passes against those of the forward pass: the figure of reverse mode, and it cannot be noisy.

import { readFile } from "node:fs/promises";
import { digits, table } from "./markdown.js";
import { PACKAGE } from "./package.js";
import { S7, chain, nestedStatements, plainProduct, recurrence } from "./sources.js";

const STYLES = ["staged", "tidy", "fast"];

export async function report() {
  const { compile } = await import(PACKAGE);
  const camera = await readFile(new URL("../../examples/camera.math", import.meta.url), "utf8");
  const subjects = [
    ["S7", S7],
    ["camera reprojection, 10 inputs", camera],
    ["chain of 1,000", chain(1000)],
    ["recurrence of 1,000", recurrence(1000)],
    ["product of 1,001", plainProduct(1000)],
    ["50 nested factors", nestedStatements(50)],
    ["100 nested factors", nestedStatements(100)],
    ["200 nested factors", nestedStatements(200)],
  ];
  const rows = subjects.flatMap(([name, source]) => STYLES.map((style) => rowOf(name, style, compile(source, { style }))));
  return `## Operations\n\n${table(["source", "style", "forward", "backward", "total", "total / forward"], rows)}`;
}

function rowOf(name, style, { ok, opCount, diagnostics }) {
  if (!ok) return [name, style, "–", "–", "–", diagnostics[0]?.message ?? "failed"];
  const { forward, backward, ratio } = opCount;
  return [name, style, forward, backward, forward + backward, digits(ratio)];
}
