// The generated code, line by line: coloured, with the values of the stages that stepping has come to, and lit where the circuit is lit.

import { useComputed, useSignal } from "@preact/signals";
import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { chunksOf, type Chunk } from "../code/chunks.ts";
import { functionLines, functionsFrom, type Excerpt } from "../code/extract.ts";
import { linePlaces, samePlace, type LinePlaces } from "../code/lines.ts";
import { tokensOf } from "../code/tokens.ts";
import { shortMeasure } from "../format.ts";
import type { Lesson } from "../../lesson/types.ts";
import type { Compiled, PointNumbers } from "../protocol.ts";
import type { Place, Playground } from "../state/playground.ts";
import { isReached } from "../state/stepping.ts";
import { CodeTools } from "./code-tools.tsx";
import { VerdictBadge } from "./verdict-badge.tsx";

export function CodePane({ playground }: { readonly playground: Playground }) {
  const compiled = playground.answers.compiled.value;
  const isWhole = useSignal(false);
  const isOutdated = playground.answers.diagnostics.value.some(({ severity }) => severity === "error");
  return (
    <section class="pane code-pane" aria-labelledby="code-title">
      <div class="pane-head">
        <h2 id="code-title">Code</h2>
        {isOutdated ? (
          <p class="verdict checking">of the last source without errors</p>
        ) : (
          <VerdictBadge playground={playground} />
        )}
        <label class="inline">
          <input type="checkbox" checked={isWhole.value} onInput={() => (isWhole.value = !isWhole.value)} /> whole file
        </label>
        <CodeTools playground={playground} />
      </div>
      {compiled === undefined ? (
        <p class="quiet">The code appears here as soon as the source compiles.</p>
      ) : (
        <CodeLines playground={playground} compiled={compiled} isWhole={isWhole.value} />
      )}
    </section>
  );
}

interface CodeLinesProps {
  readonly playground: Playground;
  readonly compiled: Compiled;
  readonly isWhole: boolean;
}

function CodeLines({ playground, compiled, isWhole }: CodeLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => compiled.code.trimEnd().split("\n"), [compiled.code]);
  const places = useMemo(() => placesIn(compiled), [compiled]);
  const excerpt = useMemo(
    () => (isWhole ? { first: 0, last: lines.length - 1 } : excerptOf(compiled, lines)),
    [isWhole, lines, compiled],
  );
  const signature = lines[functionLines(lines, compiled.exports["derivative"] ?? "").first + 1];
  useEffect(() => {
    scroller.current?.scrollTo(0, 0); // another function: from its beginning
  }, [signature, isWhole]);
  const chunks = useMemo(() => chunksOf(excerpt.first, excerpt.last), [excerpt]);
  const line = useComputed(() => {
    const place = playground.current.value;
    return place && places?.linesOf(place)?.first;
  });
  const at = line.value;
  useEffect(() => {
    if (at !== undefined) scrollTo(scroller.current, at);
  }, [at, places]);
  return (
    <div ref={scroller} class="code-lines" role="region" aria-label="Generated code" tabIndex={0}>
      <ol style={{ counterReset: `line ${excerpt.first}` }} onPointerLeave={() => (playground.pointed.value = undefined)}>
        {chunks.map((chunk, number) => (
          <Lines
            key={chunk.first}
            playground={playground}
            compiled={compiled}
            places={places}
            lines={lines}
            chunk={chunk}
            isNeeded={number === 0 || (at !== undefined && at >= chunk.first && at < chunk.end)}
          />
        ))}
      </ol>
    </div>
  );
}

/** What the mode's function does, with the passes that it calls where stages are lines of those. */
function excerptOf(compiled: Compiled, lines: readonly string[]): Excerpt {
  const name = compiled.exports["derivative"] ?? "";
  const first = compiled.lessonCode === compiled.code ? compiled.lesson?.stages[0]?.code.first : undefined;
  return first === undefined ? functionLines(lines, name) : functionsFrom(lines, first, name);
}

/** Lines of the lesson are lines of the staged gradient only. */
function placesIn({ lesson, lessonCode, code }: Compiled): LinePlaces | undefined {
  return lesson === undefined || lessonCode !== code ? undefined : linePlaces(lesson);
}

/** Brings a line into view, by scrolling the pane and nothing around it. */
function scrollTo(scroller: HTMLElement | null, line: number): void {
  const item = scroller?.querySelector<HTMLElement>(`[data-line="${line}"]`);
  if (scroller === null || item === null || item === undefined) return;
  const margin = 3 * item.offsetHeight;
  const top = item.offsetTop - margin;
  const bottom = item.offsetTop + item.offsetHeight + margin;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
}

interface LinesProps extends Omit<LineProps, "text" | "line"> {
  readonly lines: readonly string[];
  readonly chunk: Chunk;
  /** Drawn even where nobody has scrolled to it. */
  readonly isNeeded: boolean;
}

/** A chunk of lines: room for them until it comes near what is seen, then the lines themselves, for good. */
function Lines({ lines, chunk: { first, end }, isNeeded, ...rest }: LinesProps) {
  const [isNear, setNear] = useState(isNeeded);
  const room = useRef<HTMLLIElement>(null);
  const isDrawn = isNear || isNeeded;
  useEffect(() => {
    if (isDrawn) return setNear(true);
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), {
      root: room.current!.closest(".code-lines"),
      rootMargin: "400px",
    });
    watcher.observe(room.current!);
    return () => watcher.disconnect();
  }, [isDrawn]);
  if (!isDrawn)
    return <li ref={room} class="room" style={{ height: `${(end - first) * 1.6}em`, counterIncrement: `line ${end - first}` }} />;
  return (
    <>
      {lines.slice(first, end).map((text, at) => (
        <Line key={first + at} {...rest} text={text} line={first + at} />
      ))}
    </>
  );
}

interface LineProps {
  readonly playground: Playground;
  readonly compiled: Compiled;
  readonly places: LinePlaces | undefined;
  readonly text: string;
  readonly line: number;
}

function Line({ playground, compiled, places, text, line }: LineProps) {
  const place = places?.placeOf.get(line);
  const isLit = useComputed(() => place !== undefined && samePlace(playground.lit.value, place));
  const isKin = useComputed(() => place !== undefined && isKinOf(playground.lit.value, place, compiled));
  const isCurrent = useComputed(() => place !== undefined && samePlace(playground.current.value, place));
  const isThere = useComputed(
    () =>
      place === undefined ||
      compiled.lesson === undefined ||
      isReached(compiled.lesson, place, playground.choices.position.value),
  );
  const isLast = place !== undefined && places?.linesOf(place)?.last === line;
  const classes = [
    place && `place ${place.kind}`,
    isLit.value && "lit",
    isKin.value && "kin",
    isCurrent.value && "current",
    !isThere.value && "ahead",
  ].filter(Boolean);
  return (
    <li
      class={classes.join(" ")}
      data-line={line}
      style={{ "--indent": `${text.length - text.trimStart().length + 2}ch` }}
      aria-current={isCurrent.value ? "step" : undefined}
      onPointerEnter={place && (() => (playground.pointed.value = place))}
    >
      <code>
        <Coloured text={text} />
      </code>
      {isLast && isThere.value && <Inlay value={valueAt(place, compiled, playground.answers.numbers.value)} kind={place.kind} />}
    </li>
  );
}

/** Whether a line belongs to the same gate as what is lit: its forward line, its backward lines. */
function isKinOf(lit: Place | undefined, place: Place, { lesson }: Compiled): boolean {
  if (lit === undefined || lesson === undefined || samePlace(lit, place)) return false;
  return gateOf(lesson, lit) !== undefined && gateOf(lesson, lit) === gateOf(lesson, place);
}

function gateOf(lesson: Lesson, place: Place): string | undefined {
  return place.kind === "stage" ? place.variable : lesson.steps[place.index]?.from;
}

function valueAt(place: Place, { lesson }: Compiled, numbers: PointNumbers | undefined): string {
  const known = numbers?.numbers;
  if (known === undefined || lesson === undefined) return "";
  const measure = place.kind === "stage" ? known.values[place.variable] : known.steps[place.index]?.after;
  return measure === undefined ? "" : shortMeasure(measure);
}

function Inlay({ value, kind }: { readonly value: string; readonly kind: Place["kind"] }) {
  if (value === "") return null;
  return <span class={`inlay ${kind === "stage" ? "value" : "gradient"}`}>= {value}</span>;
}

const Coloured = memo(({ text }: { readonly text: string }) => (
  <>
    {tokensOf(text).map(({ kind, text }, at) =>
      kind === "plain" ? (
        text
      ) : (
        <span key={at} class={`token-${kind}`}>
          {text}
        </span>
      ),
    )}
  </>
));
