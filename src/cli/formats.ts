// What `gen` can print of a source: its code, its derivation, its circuit.

import { MARK, MARKUP_MARK } from "../core/marks.ts";
import { sourceHash } from "../compiler/header.ts";
import type { Circuit } from "../lesson/circuit/circuit.ts";
import type { LoadedSource } from "../project/source-file.ts";
import { moduleName } from "../project/plan.ts";
import type { CompiledSource } from "./compile.ts";
import { derivationsLatex, EXPLAINED } from "./derivations.ts";
import type { CompileFlags } from "./flags.ts";
import type { FormatName } from "./format-names.ts";
import { usageError } from "./exit.ts";
import type { Point } from "./points.ts";

export interface Drawing {
  /** Where the numbers come from; the first of several. */
  readonly points: readonly Point[];
  /** Blocks to show stage by stage. */
  readonly unfold?: "all" | ReadonlySet<string>;
}

export interface Format {
  /** How it must be compiled. */
  readonly settings: Partial<Pick<CompileFlags, "mode" | "style">>;
  fileName(stem: string, kind: LoadedSource["kind"], flags: CompileFlags): string;
  /** Lines beside the text that do not spoil it; none where it has no room for them. */
  comment(lines: readonly string[]): string;
  textOf(source: CompiledSource, drawing: Drawing): Promise<string>;
}

const lineComment =
  (mark: string) =>
  (lines: readonly string[]): string =>
    lines.map((line) => `${mark} ${line}\n`).join("");

export const formats: Readonly<Record<FormatName, Format>> = {
  code: {
    settings: {},
    fileName: (stem, kind, { mode }) => moduleName(stem, kind, mode),
    comment: lineComment("//"),
    textOf: async ({ compilation }) => compilation!.code, // only good sources get here
  },
  latex: {
    settings: EXPLAINED,
    fileName: (stem) => `${stem}.tex`,
    comment: lineComment("%"),
    textOf: derivationsLatex,
  },
  svg: {
    settings: EXPLAINED,
    fileName: (stem) => `${stem}.circuit.svg`,
    comment: () => "",
    textOf: async (source, drawing) => {
      const { drawSvg } = await import("../lesson/circuit/draw-svg.ts");
      return `${MARKUP_MARK} from source ${sourceHash(source.source.text)}. -->\n${drawSvg(await circuitAt(source, drawing))}`;
    },
  },
  dot: {
    settings: EXPLAINED,
    fileName: (stem) => `${stem}.circuit.dot`,
    comment: lineComment("//"),
    textOf: async (source, drawing) => {
      const { drawDot } = await import("../lesson/circuit/draw-dot.ts");
      return `${MARK} from source ${sourceHash(source.source.text)}.\n${drawDot(await circuitAt(source, drawing))}`;
    },
  },
};

/** Of the last function, which is what a source is about. */
async function circuitAt(source: CompiledSource, { points, unfold }: Drawing): Promise<Circuit> {
  const { circuitOf } = await import("../lesson/circuit/circuit.ts");
  const { lessonAt } = await import("./lessons.ts");
  const { lesson, numbers } = lessonAt(source, points[0]);
  const { MOST_DRAWN } = await import("../lesson/circuit/fold.ts");
  if (unfold === "all" && lesson.stages.length > MOST_DRAWN)
    throw usageError(`--unfold all would draw ${lesson.stages.length} gates; at most ${MOST_DRAWN} fit a picture`);
  const circuit = circuitOf(lesson, { ...(numbers && { numbers }), ...(unfold && { unfold }) });
  if (unfold !== undefined && unfold !== "all") refuseUnknownBlocks(unfold, circuit);
  return circuit;
}

function refuseUnknownBlocks(asked: ReadonlySet<string>, { nodes, opened }: Circuit): void {
  const folded = nodes.flatMap((node) => (node.kind === "block" ? [node.block] : []));
  const known = [...opened.map(({ id }) => id), ...folded];
  const unknown = [...asked].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const there = known.length === 0 ? "nothing is folded" : `there are: ${known.slice(0, 20).join(", ")}`;
  throw usageError(`no block '${unknown.join("', '")}' to unfold; ${there}`);
}
