// How the page of an explanation looks: one column on a phone and on paper, code beside the text where there is room, light and dark.

export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --text: #1a1c20; --quiet: #5a606b; --paper: #ffffff; --panel: #f5f6f8; --rule: #d5d9e0; --link: #1a56b0; --mark: #fff3c4;
}
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e6ea; --quiet: #a3a9b5; --paper: #15171b; --panel: #1e2126; --rule: #3a3f48; --link: #8ab4f8; --mark: #4a3f12; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 92rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
.explanation + .explanation { border-top: 1px solid var(--rule); margin-top: 3rem; }
h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem; }
h3 { font-size: 0.9rem; margin: 1rem 0 0.3rem; color: var(--quiet); font-weight: 600; }
p, ul { margin: 0.5rem 0; }
ul { padding-left: 1.3rem; }
li { margin: 0.25rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
a.number { text-decoration: none; font-variant-numeric: tabular-nums; }
a:hover, a:focus-visible { text-decoration: underline; }
code { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.told > p, .told section > p, .told li { max-width: 75ch; }
.picture { margin: 1rem 0; }
.picture svg { display: block; max-width: 100%; min-width: var(--least, 0); height: auto; }
.picture figcaption { color: var(--quiet); font-size: 0.9rem; margin-top: 0.4rem; }
.entry { margin: 0.8rem 0; padding: 0.5rem 0.8rem; border-left: 3px solid var(--rule); border-radius: 2px; scroll-margin-top: 1rem; }
.entry p { margin: 0.25rem 0; }
.step { margin: 0.3rem 0; padding: 0.3rem 0.5rem; border-radius: 4px; scroll-margin-top: 3rem; }
.number { color: var(--quiet); font-variant-numeric: tabular-nums; }
a.number { color: var(--link); }
.through, .folded, .source, .gate { color: var(--quiet); }
.gate { margin-left: 0.8rem; }
.folded { font-style: italic; }
.source { font-size: 0.9rem; }
.source code { white-space: pre-wrap; color: var(--text); }
.formula, .entry li { overflow-x: auto; overflow-y: hidden; position: relative; }
.formula { padding: 0.2rem 0; }
.katex { font-size: 1.1em; }
.formula .katex .base { margin-block: 0.35em; }
.wide { overflow-x: auto; margin: 0.8rem 0; position: relative; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.3rem; }
th, td { text-align: left; padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--rule); vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; }
td { min-width: 6rem; }
td code { overflow-wrap: normal; display: inline-block; min-width: min(100%, 16rem); }
.listing { background: var(--panel); border-radius: 6px; padding: 0.2rem 0.8rem 0.8rem; margin-top: 2rem; min-width: 0; }
.listing h2 { margin-top: 0.8rem; }
.listing pre { margin: 0; overflow-x: auto; }
.listing code { font-size: 0.8125rem; overflow-wrap: normal; display: grid; width: max-content; min-width: 100%; }
.line { display: flex; gap: 1rem; padding: 0.1rem 0.4rem; border-radius: 3px; scroll-margin-block: 6rem; }
.line > :first-child { min-width: 3ch; text-align: right; color: var(--quiet); text-decoration: none; flex: none; }
.line > a:first-child { color: var(--link); }
.line > a:first-child:hover { text-decoration: underline; }
.text { white-space: pre; }
.line:hover, .step:hover { background: color-mix(in srgb, var(--mark) 45%, transparent); }
:target { background: var(--mark); }
@media (min-width: 70rem) {
  .explanation { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 33rem); gap: 2.5rem; align-items: start; }
  .listing { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow: auto; margin-top: 1.5rem; }
}
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444; --paper: #fff; --panel: #fff; --rule: #bbb; --link: #000; --mark: #fff; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  .entry, .step, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .listing { border: 1px solid var(--rule); }
  .listing code { font-size: 8.5pt; width: auto; }
  .text { white-space: pre-wrap; }
  .picture svg { min-width: 0; }
  a { text-decoration: none; }
}
`;
