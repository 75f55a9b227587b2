// Staged code that the compiler wrote, with one fault planted in a line of its backward pass.

import type { Compilation } from "../../src/compiler/types.ts";
import type { Random } from "../../src/verify/prng.ts";

export interface Planted {
  readonly text: string;
  readonly kind: "sign" | "overwrite" | "drop" | "swap";
  /** Lines (1-based) that may be named: the planted one; where a line is gone, those that set the same variable. */
  readonly lines: readonly number[];
  readonly variable: string;
  readonly shown: string;
}

interface BackwardLine {
  readonly index: number;
  readonly declares: string;
  readonly variable: string;
  readonly operator: string;
  readonly right: string;
}

const LINE = /^ {2}((?:const|let) )?(d\w+) ([-+]?=) (.+);( \/\/.*)?$/;

/** Up to `count` faults in the gradient function of `name`. */
export function plantFaults({ code }: Pick<Compilation, "code">, name: string, random: Random, count: number): Planted[] {
  const all = code.split("\n");
  const start = all.findIndex((line) => line.startsWith(`export function ${name}(`));
  const end = all.findIndex((line, index) => index > start && line === "}");
  const from = all.findIndex((line, index) => index > start && index < end && line.includes("// backward"));
  if (from < 0) return [];
  const lines = all.slice(0, end).flatMap((line, index): BackwardLine[] => {
    const match = index > from ? LINE.exec(line) : null;
    if (match === null) return [];
    const [, declares = "", variable = "", operator = "", right = ""] = match;
    return [{ index, declares, variable, operator, right }];
  });
  const faults: Planted[] = [];
  for (let tried = 0; tried < 6 * count && faults.length < count && lines.length > 0; tried++) {
    const fault = plant(lines[random.below(lines.length)]!, lines, all, random);
    if (fault !== undefined && !faults.some(({ text }) => text === fault.text)) faults.push(fault);
  }
  return faults;
}

function plant(line: BackwardLine, lines: readonly BackwardLine[], all: readonly string[], random: Random): Planted | undefined {
  const kind = (["sign", "overwrite", "drop", "swap"] as const)[random.below(4)]!;
  const { index, declares, variable, operator, right } = line;
  const written = (replacement: string, named: readonly number[]): Planted => {
    const text = all.map((each, at) => (at === index ? replacement : each)).join("\n");
    return { text, kind, lines: named.map((at) => at + 1), variable, shown: `${all[index]!.trim()}  ->  ${replacement.trim()}` };
  };
  switch (kind) {
    case "sign":
      if (/^(?!Math\b)[a-z]\w*\(/i.test(right)) return undefined; // an array has no sign
      return written(`  ${declares}${variable} ${operator} -(${right});`, [index]);
    case "overwrite":
      return operator === "+=" ? written(`  ${variable} = ${right};`, [index]) : undefined;
    case "drop": {
      const others = lines.filter((each) => each.variable === variable && each.index !== index).map((each) => each.index);
      return operator === "+=" ? written("", others) : undefined;
    }
    case "swap": {
      const names = [...right.matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w*\()/g)].filter(([name]) => name !== "Math");
      const known = [
        ...all
          .slice(0, index)
          .join("\n")
          .matchAll(/(?:const|let) (\w+)\b/g),
      ].map(([, name]) => name!);
      const chosen = names[random.below(Math.max(1, names.length))];
      const isGradient = chosen !== undefined && lines.some((each) => each.variable === chosen[0]);
      const others = known.filter((name) => name !== chosen?.[0] && lines.some((each) => each.variable === name) === isGradient);
      const other = others[random.below(Math.max(1, others.length))];
      if (chosen === undefined || other === undefined) return undefined;
      const swapped = right.slice(0, chosen.index) + other + right.slice(chosen.index + chosen[0].length);
      return written(`  ${declares}${variable} ${operator} ${swapped};`, [index]);
    }
  }
}
