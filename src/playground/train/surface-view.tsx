// The loss over a plane through the parameters, with contours, and the way that training took through it. Drawn when asked for.

import { useCallback, useState } from "preact/hooks";
import { contour, contourLevels } from "./contours.ts";
import { Figure } from "./figure.tsx";
import { HeatMap, segmentPath } from "./heat-map.tsx";
import { lossText } from "./loss-history.ts";
import type { LossSurface, NetworkFacts, PlaneRequest, WeightPlace } from "./messages.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";
import { mixed, type Colour } from "./colour.ts";

const COLOURS = ["--train-low", "--train-high"];
const LEVELS = 9;
const SPANS = [0.25, 0.5, 1, 1.5, 3] as const;

const PLANES: Readonly<Record<PlaneRequest["kind"], string>> = {
  path: "along the path of training",
  random: "two random directions",
  weights: "two single weights",
};

export function SurfaceView({ page }: { readonly page: TrainingPage }) {
  const [kind, setKind] = useState<PlaneRequest["kind"]>("random");
  const [network, setNetwork] = useState(0);
  const [span, setSpan] = useState<number>(1);
  const [seed, setSeed] = useState(1);
  const [weights, setWeights] = useState<readonly [string, string]>(["", ""]);
  const networks = page.networks.value;
  const facts = networks[Math.min(network, networks.length - 1)];
  const report = page.surface.value;
  const places = facts === undefined ? [] : weightPlaces(facts);
  const chosen = weights.map((key, at) => places.find((place) => keyOf(place) === key) ?? places[at]);
  const draw = (direction: number): void => {
    const [first, second] = chosen;
    if (facts === undefined || first === undefined || second === undefined) return;
    const plane: PlaneRequest =
      kind === "weights" ? { kind, first, second } : kind === "random" ? { kind, seed: direction } : { kind };
    page.drawSurface({ network: networks.indexOf(facts), plane, span });
  };
  const tools = (
    <div class="train-tools">
      {networks.length > 1 && (
        <label>
          network{" "}
          <select value={network} onChange={({ currentTarget }) => setNetwork(Number(currentTarget.value))}>
            {namesOf(page.state.value, networks).map((name, at) => (
              <option key={at} value={at}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        plane{" "}
        <select value={kind} onChange={({ currentTarget }) => setKind(planeNamed(currentTarget.value))}>
          {Object.entries(PLANES).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {kind === "weights" &&
        chosen.map((place, at) => (
          <label key={at}>
            {at === 0 ? "across" : "up"}{" "}
            <select
              value={place && keyOf(place)}
              onChange={({ currentTarget: { value } }) => setWeights(at === 0 ? [value, weights[1]] : [weights[0], value])}
            >
              {places.map((option) => (
                <option key={keyOf(option)} value={keyOf(option)}>
                  {keyOf(option)}
                </option>
              ))}
            </select>
          </label>
        ))}
      <label>
        reach{" "}
        <select value={span} onChange={({ currentTarget }) => setSpan(Number(currentTarget.value))}>
          {SPANS.map((one) => (
            <option key={one} value={one}>
              ± {one}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={!page.isReady.value} onClick={() => draw(seed)}>
        Draw
      </button>
      {kind === "random" && (
        <button
          type="button"
          disabled={!page.isReady.value}
          onClick={() => {
            setSeed(seed + 1);
            draw(seed + 1);
          }}
        >
          Other directions
        </button>
      )}
    </div>
  );
  return (
    <Figure id="train-surface" title="Loss surface" tools={tools} text={textOf(report?.surface, report?.done)}>
      {report?.surface === undefined ? null : <SurfaceMap surface={report.surface} />}
    </Figure>
  );
}

function SurfaceMap({ surface }: { readonly surface: LossSurface }) {
  const { side, bounds, losses, path, axes } = surface;
  const colourOf = useCallback(
    (cell: number, colours: readonly Colour[]) => {
      const share = shareOf(surface, losses[cell]!);
      return mixed(colours, [1 - share, share]);
    },
    [surface],
  );
  const levels = contourLevels(losses, LEVELS);
  return (
    <HeatMap
      side={side}
      bounds={bounds}
      properties={COLOURS}
      colourOf={colourOf}
      label={`Loss surface. ${describeSurface(surface)}`}
      xLabel={axes[0]}
      yLabel={axes[1]}
      overlay={(x, y) => (
        <>
          <path
            class="contour"
            d={levels.map((level) => segmentPath(contour(losses, side, level), side, bounds, x, y)).join("")}
          />
          <path class="path-rim" d={wayOf(path, x.place, y.place)} />
          <path class="path" d={wayOf(path, x.place, y.place)} />
          <path class="here-rim" transform={`translate(${x.place(0)} ${y.place(0)})`} d={CROSS} />
          <path class="here" transform={`translate(${x.place(0)} ${y.place(0)})`} d={CROSS} />
        </>
      )}
    />
  );
}

const CROSS = "M-6,-6L6,6M-6,6L6,-6";

function wayOf(path: LossSurface["path"], x: (value: number) => number, y: (value: number) => number): string {
  const points = path.filter((place) => place.every(Number.isFinite)).map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`);
  return points.length < 2 ? "" : `M${points.join("L")}`;
}

/** From 0 at the least loss to 1 at the largest, by ratio where they are far apart. */
function shareOf({ losses }: LossSurface, loss: number): number {
  const { least, most } = extremesOf(losses);
  if (!Number.isFinite(loss)) return 1;
  if (most === least) return 0;
  return least > 0 && most / least > 20 ? Math.log(loss / least) / Math.log(most / least) : (loss - least) / (most - least);
}

const extremes = new WeakMap<Float64Array, { readonly least: number; readonly most: number }>();

function extremesOf(losses: Float64Array): { readonly least: number; readonly most: number } {
  const known = extremes.get(losses);
  if (known !== undefined) return known;
  const finite = losses.filter(Number.isFinite);
  const found = {
    least: finite.reduce((a, b) => Math.min(a, b), Infinity),
    most: finite.reduce((a, b) => Math.max(a, b), -Infinity),
  };
  extremes.set(losses, found);
  return found;
}

function textOf(surface: LossSurface | undefined, done: number | undefined): string {
  if (surface !== undefined) return describeSurface(surface);
  if (done !== undefined) return `Drawing: ${Math.round(100 * done)} %`;
  return "The loss around the parameters as they are now, over a plane of two directions; the line is the way training came.";
}

function describeSurface({ losses, here, steps, side, plane }: LossSurface): string {
  const { least, most } = extremesOf(losses);
  const scale = {
    random: "1 is as far as the weights of each unit are from zero",
    weights: "changes of two weights",
    path: "1 is as far as the start",
  };
  const where = `At step ${steps}, at the cross, the loss is ${lossText(here)}; on the ${side} by ${side} grid it goes from ${lossText(least)} (dark) to ${lossText(most)} (light).`;
  return `${where} Along the axes, ${scale[plane]}.`;
}

function planeNamed(name: string): PlaneRequest["kind"] {
  return name === "path" || name === "weights" ? name : "random";
}

/** The first elements of each array: enough to choose from. */
function weightPlaces({ parameters }: NetworkFacts): WeightPlace[] {
  return parameters.flatMap(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return Array.from({ length: Math.min(size, 12) }, (_, element) => ({ parameter: name, element }));
  });
}

function keyOf({ parameter, element }: WeightPlace): string {
  return `${parameter}[${element}]`;
}
