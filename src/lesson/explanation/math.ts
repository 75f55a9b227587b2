// Mathematics as HTML by KaTeX, which is large and loaded only when somebody asks; and of its style sheet what a page really uses.

/** HTML of LaTeX in math mode. */
export type RenderMath = (latex: string) => string;

/** With MathML inside for screen readers. Throws where KaTeX does not understand the LaTeX, which is a bug of ours. */
export async function loadMath(): Promise<RenderMath> {
  const { default: katex } = await import("katex");
  const rendered = new Map<string, string>();
  return (latex) => {
    let html = rendered.get(latex);
    if (html === undefined) rendered.set(latex, (html = katex.renderToString(latex, { throwOnError: true, strict: "ignore" })));
    return html;
  };
}

/** KaTeX's own style sheet, and its fonts by file name. */
export interface MathAssets {
  readonly css: string;
  /** The bytes of `KaTeX_Main-Regular.woff2` in base64. */
  readonly font: (file: string) => string;
}

/** The style sheet with those fonts in it that the page shows, so that the page asks for nothing. */
export function mathStyle({ css, font }: MathAssets, html: string): string {
  const rules = css.replace(/@font-face\s*\{[^}]*\}/g, "");
  const faces = FONTS.filter(({ shownBy }) => shownBy.test(html)).map(({ family, file, face }) => {
    const source = `url(data:font/woff2;base64,${font(`${file}.woff2`)}) format("woff2")`;
    return `@font-face{font-family:${family};src:${source};${face}}`;
  });
  return [...faces, rules].join("\n");
}

interface Font {
  readonly family: string;
  readonly file: string;
  readonly face: string;
  /** What stands in a page that shows it. */
  readonly shownBy: RegExp;
}

const UPRIGHT = "font-weight:400;font-style:normal";

/** All that the LaTeX of the op tables asks for; the package carries these files (package.json, `tsdown.copy`). */
const FONTS: readonly Font[] = [
  { family: "KaTeX_Main", file: "KaTeX_Main-Regular", face: UPRIGHT, shownBy: /class="katex"/ },
  { family: "KaTeX_Math", file: "KaTeX_Math-Italic", face: "font-weight:400;font-style:italic", shownBy: /mathnormal/ },
  { family: "KaTeX_Size1", file: "KaTeX_Size1-Regular", face: UPRIGHT, shownBy: /delimsizing size1|small-op/ },
  { family: "KaTeX_Size2", file: "KaTeX_Size2-Regular", face: UPRIGHT, shownBy: /delimsizing size2|large-op/ },
  { family: "KaTeX_Size3", file: "KaTeX_Size3-Regular", face: UPRIGHT, shownBy: /delimsizing size3/ },
  { family: "KaTeX_Size4", file: "KaTeX_Size4-Regular", face: UPRIGHT, shownBy: /delimsizing size4|delim-size4/ },
];
