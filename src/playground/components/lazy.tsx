// A component whose code is fetched when it is first shown.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Shows what `load` brings; until then a line that says so, and another where it cannot be fetched. */
export function Lazy<Props extends object>({
  load,
  props,
}: {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}) {
  const [loaded, setLoaded] = useState<{ readonly Component: ComponentType<Props> } | "failed" | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    load().then(
      (Component) => isGone || setLoaded({ Component }),
      () => isGone || setLoaded("failed"),
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  if (loaded === undefined) return <p class="quiet loading">Loading…</p>;
  if (loaded === "failed") return <p role="alert">This part of the page could not be loaded. Reload the page to try again.</p>;
  const { Component } = loaded;
  return <Component {...props} />;
}
