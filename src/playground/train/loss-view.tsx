// The loss curve: a pale band from the least to the largest loss of neighbouring steps, and their moving average as a line.

import { Axes } from "./axes.tsx";
import { useWidth } from "./chart-width.ts";
import { Figure, NetworkKey } from "./figure.tsx";
import { describeHistory, movingAverage, type LossBucket, type LossHistory } from "./loss-history.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";
import { linearScale, logScale, type Scale } from "./scales.ts";
import { MOST_SMOOTHING } from "./state.ts";

const HEIGHT = 230;
const EDGE = { left: 52, right: 18, top: 24, bottom: 40 };

export function LossView({ page }: { readonly page: TrainingPage }) {
  const { logScale: isLog, smoothing } = page.state.value;
  const histories = page.histories.value;
  const names = namesOf(page.state.value, page.networks.value);
  const tools = (
    <div class="train-tools">
      <label>
        <input type="checkbox" checked={isLog} onInput={() => page.choose({ logScale: !isLog })} /> logarithmic
      </label>
      <label>
        average over{" "}
        <input
          type="number"
          min={1}
          max={MOST_SMOOTHING}
          value={smoothing}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            if (Number.isInteger(valueAsNumber) && valueAsNumber >= 1)
              page.choose({ smoothing: Math.min(MOST_SMOOTHING, valueAsNumber) });
          }}
        />{" "}
        steps
      </label>
    </div>
  );
  const text = histories.map((history, at) => (
    <p key={at}>
      {histories.length > 1 && <NetworkKey at={at} name={names[at] ?? ""} />} {describeHistory(history)}
    </p>
  ));
  return (
    <Figure id="train-loss" title="Loss" tools={tools} text={text}>
      <LossChart histories={histories} isLog={isLog} smoothing={smoothing} label={describeAll(histories, names)} />
    </Figure>
  );
}

interface LossChartProps {
  readonly histories: readonly LossHistory[];
  readonly isLog: boolean;
  readonly smoothing: number;
  readonly label: string;
}

function LossChart({ histories, isLog, smoothing, label }: LossChartProps) {
  const [place, width] = useWidth<HTMLDivElement>(480);
  const { x, y } = scalesFor(histories, isLog, width);
  return (
    <div ref={place} class="train-chart">
      <svg role="img" aria-label={`Loss curve. ${label}`} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <Axes
          x={x}
          y={y}
          left={EDGE.left}
          right={width - EDGE.right}
          top={EDGE.top}
          bottom={HEIGHT - EDGE.bottom}
          xLabel="step"
          yLabel={isLog ? "loss, logarithmic" : "loss"}
        />
        {histories.map(({ buckets }, at) => (
          <g key={at} class={`network-${at}`}>
            <path class="band" d={bandPath(merged(buckets, width), x, y)} />
            <path class="line" d={linePath(buckets, movingAverage(buckets, smoothing), x, y)} />
          </g>
        ))}
      </svg>
    </div>
  );
}

function scalesFor(histories: readonly LossHistory[], isLog: boolean, width: number): { x: Scale; y: Scale } {
  const steps = Math.max(10, ...histories.map((history) => history.steps));
  const finite = histories.flatMap(({ buckets }) => buckets.flatMap(({ least, most }) => [least, most])).filter(Number.isFinite);
  const high = finite.reduce((most, loss) => Math.max(most, loss), -Infinity);
  const low = finite.filter((loss) => !isLog || loss > 0).reduce((least, loss) => Math.min(least, loss), Infinity);
  const vertical = [HEIGHT - EDGE.bottom, EDGE.top] as const;
  const isEmpty = !(high >= low);
  const y = isLog
    ? logScale(isEmpty ? [0.1, 1] : [low, high], vertical)
    : linearScale(isEmpty ? [0, 1] : [Math.min(0, low), high > 0 ? high * 1.05 : 1], vertical);
  return { x: linearScale([0, steps], [EDGE.left, width - EDGE.right], width < 400 ? 3 : 5), y };
}

/** At most as many buckets as there are pixels. */
function merged(buckets: readonly LossBucket[], width: number): LossBucket[] {
  const size = Math.ceil(buckets.length / width);
  if (size <= 1) return [...buckets];
  return Array.from({ length: Math.ceil(buckets.length / size) }, (_, at) => {
    const group = buckets.slice(at * size, (at + 1) * size);
    return {
      ...group[0]!,
      least: Math.min(...group.map(({ least }) => least)),
      most: Math.max(...group.map(({ most }) => most)),
    };
  });
}

function bandPath(buckets: readonly LossBucket[], x: Scale, y: Scale): string {
  const finite = buckets.filter(({ least, most }) => Number.isFinite(least) && Number.isFinite(most));
  if (finite.length === 0) return "";
  const points = (of: "least" | "most"): string[] =>
    finite.map((bucket) => `${x.place(bucket.step).toFixed(1)},${y.place(bucket[of]).toFixed(1)}`);
  return `M${points("most").join("L")}L${points("least").reverse().join("L")}Z`;
}

function linePath(buckets: readonly LossBucket[], values: readonly number[], x: Scale, y: Scale): string {
  const points = buckets.flatMap(({ step }, at) =>
    Number.isFinite(values[at]) ? [`${x.place(step).toFixed(1)},${y.place(values[at]!).toFixed(1)}`] : [],
  );
  return points.length === 0 ? "" : `M${points.join("L")}`;
}

function describeAll(histories: readonly LossHistory[], names: readonly string[]): string {
  return histories.map((history, at) => (histories.length > 1 ? `${names[at]}: ` : "") + describeHistory(history)).join(" ");
}
