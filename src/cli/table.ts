// Columns of text, aligned.

/** Rows under headings, two blanks between columns; numbers (columns named in `right`) stand at the right. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => all.reduce((width, row) => Math.max(width, widthOf(row[column] ?? "")), 0));
  return all.map((row) => {
    const cells = widths.map((width, column) => {
      const text = row[column] ?? "";
      const blanks = " ".repeat(width - widthOf(text));
      return right.includes(column) ? blanks + text : text + blanks;
    });
    return cells.join("  ").trimEnd();
  });
}

/** Code points less combining marks: near enough for names and formulas. */
function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) if (!/\p{M}/u.test(sign)) width++;
  return width;
}

/** Ten significant digits, as many as anybody reads. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(10))) : String(value);
}
