// The page as a whole: its head, its tabs, and the one that is open.

import { useEffect, useRef } from "preact/hooks";
import { unreachable } from "../../core/unreachable.ts";
import type { TrainingState } from "../train/state.ts";
import type { TrainingTabProps } from "../train/training-tab.tsx";
import { openNetworkSource, TABS, type Page, type TabName } from "../state/page.ts";
import { ExpressionTab } from "./expression-tab.tsx";
import { Header } from "./header.tsx";
import { Lazy } from "./lazy.tsx";
import { tabId, panelId } from "./tabs.tsx";

export function App({ page }: { readonly page: Page }) {
  const tab = page.tab.value;
  const opened = useRef(new Set<TabName>()).current;
  opened.add(tab);
  // What somebody wrote or trains in a tab is still there when they come back; the first tab keeps all that in signals, and listens to keys.
  const shown = TABS.filter((name) => name === tab || (name !== "expression" && opened.has(name)));
  useEffect(() => {
    document.title = `${TITLES[tab]} – wengert`;
  }, [tab]);
  return (
    <>
      <Header page={page} titles={TITLES} names={TABS} />
      <main>
        {shown.map((name) => (
          <div
            key={name}
            id={panelId("page", name)}
            role="tabpanel"
            aria-labelledby={tabId("page", name)}
            class={`page-panel tab-${name}`}
            hidden={name !== tab}
          >
            <TabPanel page={page} tab={name} />
          </div>
        ))}
      </main>
    </>
  );
}

const TITLES: Readonly<Record<TabName, string>> = {
  expression: "Expression",
  training: "Network",
  exercises: "Exercises",
  check: "Check yours",
};

function TabPanel({ page, tab }: { readonly page: Page; readonly tab: TabName }) {
  switch (tab) {
    case "expression":
      return <ExpressionTab page={page} />;
    case "training":
      return <Lazy key={`training ${page.trainings.value}`} load={loadTraining} props={trainingProps(page)} />;
    case "exercises":
      return <Lazy key="exercises" load={loadExercises} props={page.exercises} />;
    case "check":
      return <Lazy key="check" load={loadCheck} props={{}} />;
    default:
      return unreachable(tab);
  }
}

const loadExercises = () => import("../exercises/exercises-tab.tsx").then(({ ExercisesTab }) => ExercisesTab);
const loadCheck = () => import("../check/check-tab.tsx").then(({ CheckTab }) => CheckTab);
const loadTraining = () => import("../train/training-tab.tsx").then(({ TrainingTab }) => TrainingTab);

/** The tab reads what it starts from once and then says what became of it. */
function trainingProps(page: Page): TrainingTabProps {
  const { training } = page;
  return {
    initial: training.peek() as TrainingState | undefined, // the tab reads it with care
    onChange: (state) => {
      training.value = state;
    },
    onStepThrough: (spec) => openNetworkSource(page, spec),
  };
}
