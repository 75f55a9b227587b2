// The choice of a ready-made training, and what to look at in it.

import type { TrainingPage } from "./page.ts";
import { presets } from "./presets.ts";

export function PresetPick({ page }: { readonly page: TrainingPage }) {
  const { spec, rival, data } = page.state.value;
  const preset = presets.find(({ state }) => state.spec === spec && state.rival === rival && state.data === data);
  return (
    <div class="train-preset">
      <label>
        Preset{" "}
        <select
          value={preset?.name ?? ""}
          onChange={({ currentTarget }) => {
            const found = presets.find(({ name }) => name === currentTarget.value);
            if (found !== undefined) page.choose(found.state);
          }}
        >
          {preset === undefined && <option value="">your own</option>}
          {presets.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {preset !== undefined && (
        <p class="train-doc">
          {preset.doc} <small>{preset.systems.join(" ")}</small>
        </p>
      )}
    </div>
  );
}
