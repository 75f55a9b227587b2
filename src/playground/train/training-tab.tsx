// The training tab: a network spec, the data it learns, and what happens while it does.

import { useEffect, useMemo, useState } from "preact/hooks";
import { AnswersView } from "./answers-view.tsx";
import { BoundaryView } from "./boundary-view.tsx";
import { CodeView } from "./code-view.tsx";
import { Controls } from "./controls.tsx";
import { FlowView } from "./flow-view.tsx";
import { LossView } from "./loss-view.tsx";
import { createTrainingPage, watchState } from "./page.ts";
import { firstPreset } from "./presets.ts";
import { RunBar } from "./run-bar.tsx";
import { SpecPane } from "./spec-pane.tsx";
import { readState, type TrainingState } from "./state.ts";
import { SurfaceView } from "./surface-view.tsx";
import { onFrame, openTrainWorker } from "./surroundings.ts";
import "./train.css";

export interface TrainingTabProps {
  /** From the address, or from a gallery; read once. */
  readonly initial?: TrainingState | undefined;
  readonly onChange?: ((state: TrainingState) => void) | undefined;
  /** Shows a spec as a source, line by line. */
  readonly onStepThrough?: ((spec: string) => void) | undefined;
}

/** Where charts and choices stand side by side; as in train.css. Elsewhere the choices are folded away at first. */
const WIDE = "(width >= 64rem)";

export function TrainingTab({ initial, onChange, onStepThrough }: TrainingTabProps) {
  const page = useMemo(() => createTrainingPage(readState(initial, firstPreset.state), { open: openTrainWorker, onFrame }), []);
  const [isOpen, setOpen] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => () => page.close(), [page]);
  useEffect(() => {
    if (onChange === undefined) return undefined;
    const stop = watchState(page, onChange);
    return () => queueMicrotask(stop); // the editors, which go after this, pass on what was typed last
  }, [page, onChange]);
  return (
    <div class="train">
      <RunBar page={page} />
      <details class="train-left" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Data, pace and network</summary>
        {isOpen && <Controls page={page} />}
        {isOpen && <SpecPane page={page} onStepThrough={onStepThrough} />}
      </details>
      <div class="train-right">
        <div class="train-charts" hidden={!page.isReady.value}>
          <div class="train-column">
            <LossView page={page} />
            <BoundaryView page={page} />
          </div>
          <div class="train-column">
            <FlowView page={page} />
            <AnswersView page={page} />
            <SurfaceView page={page} />
          </div>
        </div>
        <CodeView page={page} />
      </div>
    </div>
  );
}
