// explanationHtml(): explanations as one page in one file: its style and fonts are in it, it has no script and asks for nothing.

import { escapeHtml, explanationFragment } from "./html.ts";
import { mathStyle, type MathAssets, type RenderMath } from "./math.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { Explanation } from "./types.ts";

export interface PagePart {
  readonly explanation: Explanation;
  /** SVG of its circuit. */
  readonly circuit?: string | undefined;
}

export interface PageOptions {
  readonly math: RenderMath;
  readonly assets: MathAssets;
}

export function explanationHtml(parts: readonly PagePart[], { math, assets }: PageOptions): string {
  const body = parts
    .map(({ explanation, circuit }, index) =>
      explanationFragment(explanation, {
        math,
        prefix: parts.length > 1 ? `${explanation.name}-${index + 1}-` : "",
        ...(circuit !== undefined && { circuit }),
      }),
    )
    .join("\n");
  const title = `${parts.map(({ explanation }) => explanation.name).join(", ")}: backpropagation step by step`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="wengert">
<title>${escapeHtml(title)}</title>
<style>
${mathStyle(assets, body)}
${PAGE_STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
