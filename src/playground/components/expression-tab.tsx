// The tab for expressions: source and inputs beside code, circuit, values and explanation, in as many columns as the window has room for.

import { useEffect, useState } from "preact/hooks";
import { unreachable } from "../../core/unreachable.ts";
import type { Page } from "../state/page.ts";
import { CircuitPane } from "./circuit-pane.tsx";
import { CodePane } from "./code-pane.tsx";
import { InputsPane } from "./inputs-pane.tsx";
import { Lazy } from "./lazy.tsx";
import { SourcePane } from "./source-pane.tsx";
import { stepByKey } from "./step-keys.ts";
import { Stepper } from "./stepper.tsx";
import { panelId, tabId, TabList } from "./tabs.tsx";
import { useRoom, type Room } from "./use-room.ts";
import { ValuesTable } from "./values-table.tsx";

type Pane = "source" | "code" | "circuit" | "values" | "explanation";

const TITLES: Readonly<Record<Pane, string>> = {
  source: "Source",
  code: "Code",
  circuit: "Circuit",
  values: "Values",
  explanation: "Explanation",
};

/** With the style and the fonts of formulas. */
const loadExplanation = () => import("./explanation-pane.tsx").then(({ ExplanationPane }) => ExplanationPane);

/** Which panes share a place and are tabs of it. */
const TABBED: Readonly<Record<Room, readonly Pane[]>> = {
  wide: ["values", "explanation"],
  medium: ["code", "circuit", "values", "explanation"],
  narrow: ["source", "code", "circuit", "values", "explanation"],
};

export function ExpressionTab({ page }: { readonly page: Page }) {
  const room = useRoom();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => stepByKey(page.playground, event);
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [page]);
  return (
    <div class={`expression ${room}`}>
      {room !== "narrow" && (
        <div class="column">
          <SourcePane page={page} />
          <InputsPane playground={page.playground} />
        </div>
      )}
      {room === "wide" ? (
        <div class="workbench">
          <CircuitPane playground={page.playground} />
          <CodePane playground={page.playground} />
          <Tabbed page={page} panes={TABBED[room]} />
        </div>
      ) : (
        <div class="column">
          <Tabbed page={page} panes={TABBED[room]} />
        </div>
      )}
      <Stepper playground={page.playground} />
    </div>
  );
}

function Tabbed({ page, panes }: { readonly page: Page; readonly panes: readonly Pane[] }) {
  const [chosen, choose] = useState<Pane>(panes[0]!);
  const open = panes.includes(chosen) ? chosen : panes[0]!;
  const { wantsExplanation } = page.playground;
  useEffect(() => {
    wantsExplanation.value = open === "explanation";
  }, [open, wantsExplanation]);
  return (
    <div class="tabbed">
      <TabList group="pane" label="What to look at" names={panes} titles={TITLES} open={open} onOpen={choose} />
      <div
        role="tabpanel"
        id={panelId("pane", open)}
        aria-labelledby={tabId("pane", open)}
        class={`tab-panel panel-${open}`}
        tabIndex={0}
      >
        <PaneContent page={page} pane={open} />
      </div>
    </div>
  );
}

function PaneContent({ page, pane }: { readonly page: Page; readonly pane: Pane }) {
  const { playground } = page;
  switch (pane) {
    case "source":
      return (
        <>
          <SourcePane page={page} />
          <InputsPane playground={playground} />
        </>
      );
    case "code":
      return <CodePane playground={playground} />;
    case "circuit":
      return <CircuitPane playground={playground} />;
    case "values":
      return <ValuesTable playground={playground} />;
    case "explanation":
      return <Lazy load={loadExplanation} props={{ playground }} />;
    default:
      return unreachable(pane);
  }
}
