// JavaScript that was TypeScript, laid out anew where its types took room: heads of functions that now fit on one line.

const WIDTH = 100;

/** A declaration with the end of its last line. TypeScript stays as it is: its heads are as short as they can be. */
export function layOut(text: string): string {
  const joined = text.replace(
    /^((?:export )?function [^\n(]+)\(\n([\s\S]*?)\n\) \{$/m,
    (broken, head: string, parameters: string) => {
      const flat = `${head}(${parameters
        .split("\n")
        .map((line) => line.trim())
        .join(" ")
        .replace(/,$/, "")}) {`;
      return flat.length <= WIDTH ? flat : broken;
    },
  );
  return `${joined.trimEnd()}\n`;
}
