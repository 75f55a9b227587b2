// Run, pause, one step, start again; and where training is.

import { describeAnswers } from "./answers.ts";
import { NetworkKey } from "./figure.tsx";
import { describeHistory, lossText } from "./loss-history.ts";
import { namesOf } from "./names.ts";
import type { Problem, TrainingPage } from "./page.ts";
import { PresetPick } from "./preset-pick.tsx";

export function RunBar({ page }: { readonly page: TrainingPage }) {
  const progress = page.progress.value;
  const running = progress?.running ?? false;
  const isReady = page.isReady.value;
  return (
    <section class="train-run" aria-label="Training">
      <PresetPick page={page} />
      <div class="train-buttons" role="group" aria-label="Run">
        <button type="button" class="primary" disabled={!isReady} onClick={() => (running ? page.pause() : page.run())}>
          {running ? "Pause" : "Run"}
        </button>
        <button type="button" disabled={!isReady || running} onClick={() => page.advance(1)}>
          Step
        </button>
        <button type="button" disabled={!isReady || running} onClick={() => page.advance(10)}>
          10 steps
        </button>
        <button type="button" disabled={!isReady} onClick={() => page.reset()}>
          Reset
        </button>
      </div>
      <Figures page={page} />
      <p role="status" class="train-status">
        {statusOf(page)}
      </p>
      {page.failure.value !== undefined && (
        <p role="alert">Something went wrong, which should not happen: {page.failure.value}</p>
      )}
    </section>
  );
}

function Figures({ page }: { readonly page: TrainingPage }) {
  const { steps = 0, epoch = 0, stepsPerSecond = 0, running = false } = page.progress.value ?? {};
  const picture = page.picture.value;
  const names = namesOf(page.state.value, page.networks.value);
  const losses = picture?.networks.map(({ loss }) => loss) ?? [];
  return (
    <dl class="train-figures">
      <div>
        <dt>step</dt>
        <dd data-figure="step">{steps}</dd>
      </div>
      <div>
        <dt>epoch</dt>
        <dd>{epoch}</dd>
      </div>
      {losses.map((loss, at) => (
        <div key={at}>
          <dt>
            loss
            {losses.length > 1 && (
              <>
                , <NetworkKey at={at} name={names[at] ?? ""} isTitle />
              </>
            )}
          </dt>
          <dd data-figure={`loss-${at}`} data-exact={loss}>
            {lossText(loss)}
          </dd>
        </div>
      ))}
      <div>
        <dt>steps per second</dt>
        <dd>{running ? Math.round(stepsPerSecond) : "–"}</dd>
      </div>
    </dl>
  );
}

function whyNothing(problem: Problem | undefined): string {
  if (problem === undefined) return "Compiling the network…";
  return problem.kind === "unfit" ? problem.text : "There are mistakes in the spec of the network.";
}

/** Told to screen readers, so it changes only when training starts or pauses. */
function statusOf(page: TrainingPage): string {
  const progress = page.progress.value;
  if (progress === undefined) return whyNothing(page.problem.value);
  const { steps, stopped } = progress;
  const isLate = page.picture.value?.steps !== steps; // as long as the numbers of the last step have not come
  if (progress.running || (steps > 0 && isLate)) return "Training…";
  if (steps === 0) return "Ready.";
  const names = namesOf(page.state.value, page.networks.value);
  const data = page.data.value;
  const picture = page.picture.value;
  const why = stopped === "diverged" ? "Stopped, as the loss is no longer a finite number. " : "Paused. ";
  if (picture === undefined || data === undefined) return why;
  const sentences = page.networks.value.map((network, at) => {
    const one = picture.networks[at];
    const history = page.histories.value[at];
    if (one === undefined || history === undefined) return "";
    const name = page.networks.value.length > 1 ? `${names[at]}: ` : "";
    return `${name}${describeHistory(history)} ${describeAnswers(network, data, one.answers)}`;
  });
  return why + sentences.join(" ");
}
