// How much gradient arrives at each layer: mean and largest absolute gradient as bars on a logarithmic scale, networks side by side.

import { Axes } from "./axes.tsx";
import { useWidth } from "./chart-width.ts";
import { Figure, NetworkKey } from "./figure.tsx";
import { describeFlow, small, type LayerFlow } from "./gradient-flow.ts";
import type { Range } from "./messages.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";
import { logScale } from "./scales.ts";

const HEIGHT = 230;
const EDGE = { left: 52, right: 8, top: 24, bottom: 40 };
/** Less than this is drawn as this: below it, bars of all other layers would be squeezed. */
const LEAST = 1e-14;

export function FlowView({ page }: { readonly page: TrainingPage }) {
  const picture = page.picture.value;
  const flows = picture?.networks.map(({ flow }) => flow) ?? [];
  const names = namesOf(page.state.value, page.networks.value);
  const firstFlows = page.firstFlows.value;
  const domain = domainOf([...flows, ...firstFlows]);
  const sentences = flows.map((flow, at) => describeFlow(flow, picture?.steps === 0 ? undefined : firstFlows[at]));
  const text = (
    <>
      {sentences.map((sentence, at) => (
        <p key={at}>
          {flows.length > 1 && <NetworkKey at={at} name={names[at] ?? ""} />} {sentence}
        </p>
      ))}
      <FlowTables flows={flows} names={names} />
    </>
  );
  return (
    <Figure id="train-flow" title="Gradient by layer" text={text}>
      <div class={`train-pair of-${flows.length}`}>
        {flows.map((flow, at) => (
          <div key={at}>
            {flows.length > 1 && <NetworkKey at={at} name={names[at] ?? ""} isTitle />}
            <FlowChart
              flow={flow}
              at={at}
              domain={domain}
              label={`${flows.length > 1 ? `${names[at]}: ` : ""}${sentences[at]}`}
            />
          </div>
        ))}
      </div>
    </Figure>
  );
}

function domainOf(flows: readonly (readonly LayerFlow[])[]): Range {
  const values = flows
    .flat()
    .flatMap(({ mean, max }) => [mean, max])
    .filter((value) => value > 0 && Number.isFinite(value));
  const low = values.reduce((least, value) => Math.min(least, value), 1);
  const high = values.reduce((most, value) => Math.max(most, value), LEAST);
  return values.length === 0 ? [1e-3, 1] : [Math.max(LEAST, low / 2), high];
}

interface FlowChartProps {
  readonly flow: readonly LayerFlow[];
  readonly at: number;
  readonly domain: Range;
  readonly label: string;
}

function FlowChart({ flow, at, domain, label }: FlowChartProps) {
  const [place, width] = useWidth<HTMLDivElement>(480);
  const bottom = HEIGHT - EDGE.bottom;
  const y = logScale(domain, [bottom, EDGE.top], 5);
  const band = (width - EDGE.left - EDGE.right) / Math.max(1, flow.length);
  const bar = Math.min(44, 0.72 * band);
  const every = Math.ceil(20 / band);
  return (
    <div ref={place} class="train-chart">
      <svg role="img" aria-label={`Gradient by layer. ${label}`} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <Axes
          x={undefined}
          y={y}
          left={EDGE.left}
          right={width - EDGE.right}
          top={EDGE.top}
          bottom={bottom}
          xLabel={width < 300 ? "layer" : "layer, the first next to the input"}
          yLabel="|gradient|: mean, and largest"
        />
        <g class={`network-${at}`} aria-hidden="true">
          {flow.map(({ layer, mean, max }, index) => {
            const middle = EDGE.left + (index + 0.5) * band;
            return (
              <g key={layer}>
                <title>{`${layer}: mean ${small(mean)}, largest ${small(max)}`}</title>
                <rect class="mean" x={middle - bar / 2} width={bar} {...bars(y.place(mean), bottom)} />
                <rect class="most" x={middle - bar / 8} width={bar / 4} {...bars(y.place(max), bottom)} />
                {index % every === 0 && (
                  <text x={middle} y={bottom + 16} text-anchor="middle">
                    {index + 1}
                  </text>
                )}
              </g>
            );
          })}
        </g>
      </svg>
    </div>
  );
}

function bars(top: number, bottom: number): { y: number; height: number } {
  const y = Number.isFinite(top) ? top : bottom;
  return { y, height: Math.max(0, bottom - y) };
}

function FlowTables({ flows, names }: { readonly flows: readonly (readonly LayerFlow[])[]; readonly names: readonly string[] }) {
  return (
    <details class="train-details">
      <summary>Gradients and weights in numbers</summary>
      {flows.map((flow, at) => (
        <div
          class="train-scroll"
          key={at}
          tabIndex={0}
          role="region"
          aria-label={`Gradients and weights of ${names[at] ?? "the network"}`}
        >
          <table>
            <caption>{flows.length > 1 ? names[at] : "of the weights of each layer, on all rows"}</caption>
            <thead>
              <tr>
                <th scope="col">layer</th>
                <th scope="col">mean |g|</th>
                <th scope="col">max |g|</th>
                <th scope="col">norm of g</th>
                <th scope="col">norm of weights</th>
              </tr>
            </thead>
            <tbody>
              {flow.map(({ layer, arrays, mean, max, norm, parameterNorm }) => (
                <tr key={layer}>
                  <th scope="row">
                    {layer} <span class="quiet">{arrays.join(", ")}</span>
                  </th>
                  {[mean, max, norm].map((value, column) => (
                    <td key={column} class="gradient">
                      {small(value)}
                    </td>
                  ))}
                  <td class="value">{small(parameterNorm)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </details>
  );
}
