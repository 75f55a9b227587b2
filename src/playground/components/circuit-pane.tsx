// The circuit: drawn by the worker, shown here; follows the stepping, lights with the code, unfolds its blocks.

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { lightCircuit, placeAt, showMoment } from "../circuit/marks.ts";
import { standAlone, adoptCircuitStyle } from "../circuit/style.ts";
import { download } from "../download.ts";
import type { CircuitPicture } from "../protocol.ts";
import type { Playground } from "../state/playground.ts";

export function CircuitPane({ playground }: { readonly playground: Playground }) {
  const zoom = useSignal<number | "fit">("fit");
  const circuit = playground.answers.circuit.value;
  const lesson = playground.answers.compiled.value?.lesson;
  return (
    <section class="pane circuit-pane" aria-labelledby="circuit-title">
      <div class="pane-head">
        <h2 id="circuit-title">Circuit</h2>
        {circuit !== undefined && lesson !== undefined && (
          <div class="tools">
            <button type="button" aria-label="Smaller" onClick={() => (zoom.value = scaled(zoom.value, 1 / 1.25))}>
              −
            </button>
            <button type="button" aria-label="Larger" onClick={() => (zoom.value = scaled(zoom.value, 1.25))}>
              +
            </button>
            <button type="button" aria-pressed={zoom.value === "fit"} onClick={() => (zoom.value = "fit")}>
              Fit
            </button>
            <button type="button" onClick={() => download(`${lesson.name}.svg`, standAlone(circuit.svg), "image/svg+xml")}>
              .svg
            </button>
          </div>
        )}
      </div>
      {lesson === undefined || lesson.output === "" ? (
        <p class="quiet">
          {lesson === undefined
            ? "A circuit shows the passes of a single gradient; this function has none."
            : "The result is a constant, so there is nothing to draw."}
        </p>
      ) : (
        <Picture playground={playground} zoom={zoom.value} />
      )}
      {circuit !== undefined && <Blocks unfolded={playground.unfolded} circuit={circuit} />}
    </section>
  );
}

function scaled(zoom: number | "fit", factor: number): number {
  return Math.min(4, Math.max(0.2, (zoom === "fit" ? 1 : zoom) * factor));
}

interface PictureProps {
  readonly playground: Playground;
  readonly zoom: number | "fit";
}

function Picture({ playground, zoom }: PictureProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(adoptCircuitStyle, []);
  useSignalEffect(() => {
    const svg = playground.answers.circuit.value?.svg ?? "";
    if (host.current !== null) putPicture(host.current, svg);
  });
  useSignalEffect(() => {
    void playground.answers.circuit.value;
    const lesson = playground.answers.compiled.value?.lesson;
    if (lesson !== undefined) showMoment(host.current, lesson, playground.choices.position.value);
  });
  useSignalEffect(() => {
    void playground.answers.circuit.value;
    const lesson = playground.answers.compiled.value?.lesson;
    if (lesson !== undefined) lightCircuit(host.current, lesson, playground.lit.value, playground.current.value);
  });
  useEffect(() => {
    if (zoom === "fit") host.current?.style.removeProperty("--zoom");
    else host.current?.style.setProperty("--zoom", String(zoom));
  }, [zoom]);
  const point = (event: PointerEvent): void => {
    const lesson = playground.answers.compiled.value?.lesson;
    if (lesson !== undefined) playground.pointed.value = placeAt(event.target, lesson);
  };
  const unfold = (event: MouseEvent): void => {
    const block = event.target instanceof Element ? event.target.closest("[data-block]")?.getAttribute("data-block") : undefined;
    if (typeof block === "string") unfoldBlock(playground.unfolded, block);
  };
  return (
    <div
      ref={host}
      class={`circuit-scroll ${zoom === "fit" ? "fit" : ""}`}
      role="region"
      aria-label="Circuit diagram"
      tabIndex={0}
      onPointerOver={point}
      onPointerLeave={() => (playground.pointed.value = undefined)}
      onClick={unfold}
    />
  );
}

/** Below this scale its numbers could not be read; then it scrolls. */
const LEAST_SCALE = 0.75;

/** The text is our own writer's: names that passed the identifier check, and numbers. */
function putPicture(host: HTMLElement, svg: string): void {
  host.innerHTML = svg;
  const width = Number(host.firstElementChild?.getAttribute("width") ?? 0);
  host.style.setProperty("--least-width", `${Math.round(width * LEAST_SCALE)}px`);
}

interface BlocksProps {
  readonly unfolded: Playground["unfolded"];
  readonly circuit: CircuitPicture;
}

/** The same as a click on a block, for the keyboard; in an order that unfolding does not change, so that the focus stays where it is. */
function Blocks({ unfolded, circuit: { folded, opened } }: BlocksProps) {
  const blocks = [
    ...folded.map((block) => ({ ...block, isOpen: false })),
    ...opened.map((block) => ({ ...block, isOpen: true })),
  ].toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  const isOpen = opened.length > 0 || unfolded.value === "all"; // unfolded together they are not told apart
  if (blocks.length === 0 && !isOpen) return null;
  const foldBlock = (block: string): void => {
    unfolded.value = opened.map(({ id }) => id).filter((id) => id !== block);
  };
  return (
    <div class="blocks" role="group" aria-label="Blocks of the circuit">
      <button type="button" aria-disabled={folded.length === 0} onClick={() => (unfolded.value = "all")}>
        Unfold all
      </button>
      <button type="button" aria-disabled={!isOpen} onClick={() => (unfolded.value = [])}>
        Fold all
      </button>
      {blocks.map(({ id, title, isOpen }) => (
        <button
          key={id}
          type="button"
          data-fold={id}
          aria-expanded={isOpen}
          onClick={() => (isOpen ? foldBlock(id) : unfoldBlock(unfolded, id))}
        >
          {isOpen ? "−" : "+"} {title}
        </button>
      ))}
    </div>
  );
}

function unfoldBlock(unfolded: Playground["unfolded"], block: string): void {
  if (unfolded.value !== "all") unfolded.value = [...unfolded.value, block];
}
