// Copying and downloading what the page shows.

import { useState } from "preact/hooks";
import { download } from "../download.ts";
import type { Playground } from "../state/playground.ts";

export function CodeTools({ playground }: { readonly playground: Playground }) {
  const [said, setSaid] = useState("");
  const compiled = playground.answers.compiled.value;
  if (compiled === undefined) return null;
  const copy = async (): Promise<void> => {
    const isCopied = await navigator.clipboard.writeText(compiled.code).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? "Copied" : "The browser refused");
    setTimeout(() => setSaid(""), 2000);
  };
  const name = compiled.functions.at(-1) ?? "code";
  return (
    <div class="tools">
      <button type="button" onClick={() => void copy()}>
        {said === "" ? "Copy" : said}
      </button>
      <button type="button" onClick={() => download(`${name}.${compiled.options.mode}.ts`, compiled.code, "text/typescript")}>
        .ts
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
