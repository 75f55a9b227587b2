// Every stage with its value and its gradient, as far as stepping has come; then what the function returns.

import { useSignal } from "@preact/signals";
import { longMeasure, shortMeasure, shortNumber } from "../format.ts";
import { samePlace } from "../code/lines.ts";
import type { Lesson, Measure } from "../../lesson/types.ts";
import type { Result } from "../protocol.ts";
import type { Place, Playground } from "../state/playground.ts";
import { isReached } from "../state/stepping.ts";

export function ValuesTable({ playground }: { readonly playground: Playground }) {
  const lesson = playground.answers.compiled.value?.lesson;
  return (
    <div class="values">
      {lesson !== undefined && <StageTable playground={playground} lesson={lesson} />}
      <Results playground={playground} />
    </div>
  );
}

interface StageTableProps {
  readonly playground: Playground;
  readonly lesson: Lesson;
}

function StageTable({ playground, lesson }: StageTableProps) {
  const showsAll = useSignal(false);
  const stages = showsAll.value ? lesson.stages : stagesAround(lesson, playground.current.value);
  return (
    <table onPointerLeave={() => (playground.pointed.value = undefined)}>
      <caption>Inputs and stages</caption>
      <thead>
        <tr>
          <th scope="col">stage</th>
          <th scope="col">computes</th>
          <th scope="col">value</th>
          <th scope="col">gradient</th>
        </tr>
      </thead>
      <tbody>
        {lesson.inputs.map(({ variable, shape }) => (
          <Row
            key={variable}
            playground={playground}
            lesson={lesson}
            variable={variable}
            what={shape === "" ? "input" : `input ${shape}`}
          />
        ))}
        {stages.map(({ variable, expression }) => (
          <Row key={variable} playground={playground} lesson={lesson} variable={variable} what={expression} />
        ))}
      </tbody>
      {stages.length < lesson.stages.length && (
        <tfoot>
          <tr>
            <td colSpan={4}>
              Stages {stages[0]!.number} to {stages.at(-1)!.number} of {lesson.stages.length}.{" "}
              <button type="button" onClick={() => (showsAll.value = true)}>
                Show all
              </button>
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** More rows than these are drawn only when somebody asks; until then those around where the stepping is. */
const MOST_ROWS = 200;

function stagesAround({ stages, steps }: Lesson, place: Place | undefined): Lesson["stages"] {
  if (stages.length <= MOST_ROWS) return stages;
  const variable = place?.kind === "step" ? steps[place.index]?.from : place?.variable;
  const at = Math.max(
    0,
    stages.findIndex((stage) => stage.variable === variable),
  );
  const page = Math.floor((2 * at) / MOST_ROWS); // half a table at a time, so that rows seldom move
  const first = Math.max(0, Math.min((page * MOST_ROWS) / 2 - MOST_ROWS / 4, stages.length - MOST_ROWS));
  return stages.slice(first, first + MOST_ROWS);
}

interface RowProps extends StageTableProps {
  readonly variable: string;
  readonly what: string;
}

function Row({ playground, lesson, variable, what }: RowProps) {
  const place: Place = { kind: "stage", variable };
  const position = playground.choices.position.value;
  const numbers = playground.answers.numbers.value?.numbers;
  const isThere = isReached(lesson, place, position);
  const gradient = gradientNow(lesson, variable, position, numbers);
  return (
    <tr class={samePlace(playground.lit.value, place) ? "lit" : ""} onPointerEnter={() => (playground.pointed.value = place)}>
      <th scope="row">{variable}</th>
      <td class="what">{what}</td>
      <Cell kind="value" measure={isThere ? numbers?.values[variable] : undefined} />
      <Cell kind="gradient" measure={gradient} />
    </tr>
  );
}

function Cell({ kind, measure }: { readonly kind: "value" | "gradient"; readonly measure: Measure | undefined }) {
  return (
    <td class={kind} title={measure === undefined ? undefined : longMeasure(measure)}>
      {measure === undefined ? "" : shortMeasure(measure)}
    </td>
  );
}

/** What the stage's adjoint holds by now: after the last step so far that set it or added to it. */
function gradientNow(
  lesson: Lesson,
  variable: string,
  position: Playground["choices"]["position"]["value"],
  numbers: NonNullable<Playground["answers"]["numbers"]["value"]>["numbers"],
): Measure | undefined {
  if (numbers === undefined) return undefined;
  if (position === "all" || position >= lesson.stages.length + lesson.steps.length) return numbers.gradients[variable];
  if (variable === lesson.output && position >= lesson.stages.length) return numbers.gradients[variable];
  const last = lesson.steps
    .slice(0, Math.max(0, position - lesson.stages.length))
    .findLast(({ target, action }) => target === variable && action !== "help");
  return last && numbers.steps[last.index]?.after;
}

function Results({ playground }: { readonly playground: Playground }) {
  const { compiled, numbers } = playground.answers;
  const results = numbers.value?.results ?? [];
  const called = compiled.value?.exports["derivative"];
  if (results.length === 0 || called === undefined) return null;
  return (
    <table class="results">
      <caption>
        What <code>{called}</code> returns
      </caption>
      <tbody>
        {results.map(({ name, rows, size }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Matrix rows={rows} size={size} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Matrix({ rows, size }: Pick<Result, "rows" | "size">) {
  const [first] = rows;
  if (rows.length === 1 && first?.length === 1) return <>{shortNumber(first[0]!)}</>;
  return (
    <div class="matrix">
      {rows.map((row, at) => (
        <div key={at}>
          {row.map((element, column) => (
            <span key={column}>{shortNumber(element)}</span>
          ))}
          {size[1] > row.length && <span>…</span>}
        </div>
      ))}
      {size[0] > rows.length && <div>…</div>}
      {(size[0] > rows.length || size[1] > first!.length) && (
        <div class="quiet">
          {size[0]} × {size[1]} in all
        </div>
      )}
    </div>
  );
}
