// What is trained on what: data, batches, pace, seeds.

import { dataSetNames, dataSets, type DataSetName } from "./data-sets.ts";
import { NumberField } from "./number-field.tsx";
import type { TrainingPage } from "./page.ts";
import { MOST_PACE, MOST_ROWS, MOST_STEPS } from "./state.ts";

const PACES = [0, 5, 20, 60, 200, 1000, 5000] as const;
const BATCHES = [0, 8, 16, 32, 64] as const;

export function Controls({ page }: { readonly page: TrainingPage }) {
  const { data, dataSeed, rows, noise, seed, batch, until, pace } = page.state.value;
  const definition = data === undefined ? undefined : dataSets[data];
  const drawn = definition?.drawn;
  return (
    <section class="train-controls" aria-label="Data and pace">
      <label>
        Data
        <select
          value={data ?? ""}
          onChange={({ currentTarget: { value } }) =>
            page.choose({ data: value as DataSetName, rows: undefined, noise: undefined })
          } // options are names
        >
          {data === undefined && <option value="">…</option>}
          {dataSetNames.map((name) => (
            <option key={name} value={name}>
              {dataSets[name].label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Rows per step
        <select value={batch} onChange={({ currentTarget }) => page.choose({ batch: Number(currentTarget.value) })}>
          {withChosen(BATCHES, batch).map((size) => (
            <option key={size} value={size}>
              {size === 0 ? "all" : size}
            </option>
          ))}
        </select>
      </label>
      {drawn !== undefined && (
        <>
          <NumberField
            label="Rows"
            value={rows ?? drawn.rows}
            low={2}
            high={MOST_ROWS}
            whole
            onInput={(next) => page.choose({ rows: next })}
          />
          <NumberField
            label="Noise"
            value={noise ?? drawn.noise}
            low={0}
            high={1}
            step={0.01}
            onInput={(next) => page.choose({ noise: next })}
          />
          <NumberField
            label="Seed of the data"
            value={dataSeed}
            low={0}
            high={1e9}
            whole
            onInput={(next) => page.choose({ dataSeed: next })}
          />
        </>
      )}
      <NumberField
        label="Seed of the weights"
        value={seed}
        low={0}
        high={1e9}
        whole
        onInput={(next) => page.choose({ seed: next })}
      />
      <label>
        Steps per second
        <select
          value={pace}
          onChange={({ currentTarget }) => page.choose({ pace: Math.min(MOST_PACE, Number(currentTarget.value)) })}
        >
          {withChosen(PACES, pace).map((perSecond) => (
            <option key={perSecond} value={perSecond}>
              {perSecond === 0 ? "as many as possible" : perSecond}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label="Pause every (0: never)"
        value={until}
        low={0}
        high={MOST_STEPS}
        whole
        onInput={(next) => page.choose({ until: next })}
      />
    </section>
  );
}

/** The usual choices, and what an address brought. */
function withChosen(usual: readonly number[], chosen: number): readonly number[] {
  return usual.includes(chosen) ? usual : [...usual, chosen].toSorted((a, b) => a - b);
}
