// The explanation, as the worker wrote it: lights the code and the circuit of what the pointer is on.

import "katex/dist/katex.min.css";
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { download } from "../download.ts";
import type { Lesson } from "../../lesson/types.ts";
import type { Place, Playground } from "../state/playground.ts";

export function ExplanationPane({ playground }: { readonly playground: Playground }) {
  const host = useRef<HTMLDivElement>(null);
  const { explanation, compiled } = playground.answers;
  const lesson = compiled.value?.lesson;
  useSignalEffect(() => {
    const html = explanation.value?.html;
    if (host.current !== null && html !== undefined) putExplanation(host.current, html);
  });
  if (lesson === undefined) return <p class="explanation-note quiet">Only a single gradient can be explained stage by stage.</p>;
  const text = explanation.value;
  return (
    <div class="explanation-pane">
      {text === undefined ? (
        <p class="quiet">Writing…</p>
      ) : (
        <div class="tools">
          <button type="button" onClick={() => download(`${lesson.name}.md`, text.markdown, "text/markdown")}>
            .md
          </button>
        </div>
      )}
      <div
        ref={host}
        onPointerOver={(event) => (playground.pointed.value = placeTold(event.target, lesson))}
        onPointerLeave={() => (playground.pointed.value = undefined)}
        onClick={(event) => follow(event, host.current, playground)}
      />
    </div>
  );
}

/** The markup is our own writer's and KaTeX's. Its styles are set one by one, as the page's policy wants it. */
function putExplanation(host: HTMLElement, html: string): void {
  host.innerHTML = html;
  for (const element of host.querySelectorAll<HTMLElement>("[data-style]")) element.style.cssText = element.dataset["style"]!;
}

/** The stage or step that an element tells of. */
function placeTold(target: EventTarget | null, lesson: Lesson): Place | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-step], [data-stage]") : null;
  if (element === null) return undefined;
  const { step, stage } = element.dataset;
  if (step !== undefined) return { kind: "step", index: Number(step) };
  const variable = lesson.stages.find(({ number }) => String(number) === stage)?.variable;
  return variable === undefined ? undefined : { kind: "stage", variable };
}

/** Links lead within the explanation, or to a line of the code, where stepping then is; never into the page's address, which is its state. */
function follow(event: MouseEvent, host: HTMLElement | null, { choices, answers }: Playground): void {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
  if (link === null || host === null) return;
  event.preventDefault();
  const lesson = answers.compiled.value?.lesson;
  const place = lesson && placeTold(link, lesson);
  const name = link.getAttribute("href")!.slice(1);
  if (lesson !== undefined && place !== undefined && name.includes("line-")) choices.position.value = positionOf(lesson, place);
  else host.querySelector(`[id="${CSS.escape(name)}"]`)?.scrollIntoView({ block: "nearest" });
}

function positionOf(lesson: Lesson, place: Place): number {
  if (place.kind === "step") return lesson.stages.length + place.index + 1;
  return lesson.stages.findIndex(({ variable }) => variable === place.variable) + 1;
}
