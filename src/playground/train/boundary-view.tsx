// What the network answers over the plane of its two inputs, with the rows of the data on top; or its curve over one input.

import { useCallback } from "preact/hooks";
import { classOf, describeAnswers, probabilitiesOf } from "./answers.ts";
import { contour } from "./contours.ts";
import type { DataSet } from "./data-sets.ts";
import { Figure, NetworkKey } from "./figure.tsx";
import { FittedCurve } from "./fitted-curve.tsx";
import { HeatMap, segmentPath } from "./heat-map.tsx";
import type { NetworkFacts, PredictionGrid, Range } from "./messages.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";
import { mixed, type Colour } from "./colour.ts";
import { RowMark } from "./row-mark.tsx";
import type { Scale } from "./scales.ts";

const CLASS_COLOURS = ["--train-class-0", "--train-class-1", "--train-class-2", "--train-paper"];
/** How much of the paper shows through, so that the rows stand out. */
const PAPER = 0.45;

export function BoundaryView({ page }: { readonly page: TrainingPage }) {
  const data = page.data.value;
  const networks = page.networks.value;
  const picture = page.picture.value;
  const names = namesOf(page.state.value, networks);
  if (data === undefined || picture === undefined || picture.networks.length !== networks.length) return null;
  if (data.features > 2) return null;
  const title = data.features === 1 ? "Fitted curve" : data.classes === undefined ? "Answers" : "Decision boundary";
  const texts = networks.map((network, at) => describeAnswers(network, data, picture.networks[at]!.answers));
  const text = texts.map((sentence, at) => (
    <p key={at}>
      {networks.length > 1 && <NetworkKey at={at} name={names[at] ?? ""} />} {sentence}
    </p>
  ));
  return (
    <Figure id="train-boundary" title={title} text={text}>
      {data.features === 1 ? (
        <FittedCurve data={data} grids={picture.networks.map(({ grid }) => grid)} label={texts.join(" ")} />
      ) : (
        <div class={`train-pair of-${networks.length}`}>
          {networks.map((network, at) => {
            const { grid, answers } = picture.networks[at]!;
            const label = `${title}. ${networks.length > 1 ? `${names[at]}: ` : ""}${texts[at]}`;
            return (
              <div key={at}>
                {networks.length > 1 && <NetworkKey at={at} name={names[at] ?? ""} isTitle />}
                {grid && <Boundary network={network} data={data} grid={grid} answers={answers} label={label} />}
              </div>
            );
          })}
        </div>
      )}
    </Figure>
  );
}

interface BoundaryProps {
  readonly network: NetworkFacts;
  readonly data: DataSet;
  readonly grid: PredictionGrid;
  /** For the rows of the data. */
  readonly answers: Float64Array;
  readonly label: string;
}

function Boundary({ network, data, grid, answers, label }: BoundaryProps) {
  const { side, values } = grid;
  const bounds = grid.bounds as readonly [Range, Range]; // as there are two inputs
  const isNumber = data.classes === undefined;
  const colourOf = useCallback(
    (cell: number, colours: readonly Colour[]) =>
      onPaper(
        colours,
        isNumber ? shareOf(values[cell * network.outputs]!, data.answers) : probabilitiesOf(network, values, cell),
      ),
    [grid, data, network],
  );
  return (
    <HeatMap
      side={side}
      bounds={bounds}
      properties={CLASS_COLOURS}
      colourOf={colourOf}
      label={label}
      xLabel="first input"
      yLabel="second input"
      overlay={(x, y) => (
        <>
          {!isNumber && <path class="boundary" d={boundaryPath(network, grid, bounds, x, y)} />}
          {Array.from(data.answers, (answer, row) => (
            <RowMark
              key={row}
              kind={isNumber ? 0 : answer}
              isRight={isNumber || classOf(network, answers, row) === answer}
              x={x.place(data.X[2 * row]!)}
              y={y.place(data.X[2 * row + 1]!)}
            />
          ))}
        </>
      )}
    />
  );
}

function onPaper(colours: readonly Colour[], probabilities: readonly number[]): Colour {
  const shares = [0, 1, 2].map((kind) => (1 - PAPER) * (probabilities[kind] ?? 0));
  return mixed(colours, [...shares, 1 - shares.reduce((sum, share) => sum + share, 0)]);
}

/** Where a number stands between the least and the largest answer, as shares of two colours. */
function shareOf(value: number, answers: Float64Array): number[] {
  const low = Math.min(...answers);
  const high = Math.max(...answers);
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return [1 - share, share];
}

/** Where a class becomes the most probable one: its probability less the largest of the others crosses 0. */
function boundaryPath(
  network: NetworkFacts,
  { side, values }: PredictionGrid,
  bounds: readonly [Range, Range],
  x: Scale,
  y: Scale,
): string {
  const rows = Array.from({ length: side * side }, (_, cell) => probabilitiesOf(network, values, cell));
  const classes = rows[0]!.length === 2 ? [0] : rows[0]!.map((_, kind) => kind);
  const lead = (kind: number): number[] => rows.map((row) => row[kind]! - Math.max(...row.filter((_, other) => other !== kind)));
  return classes.map((kind) => segmentPath(contour(lead(kind), side, 0), side, bounds, x, y)).join("");
}
