// What is seen and what is lit in a drawn circuit, by the `data-…` attributes that its writer gives to nodes, wires and texts.

import type { Lesson } from "../../lesson/types.ts";
import type { Place, Position } from "../state/playground.ts";

/** Hides the numbers that stepping has not come to. */
export function showMoment(host: Element | null, lesson: Lesson, position: Position): void {
  const moment = momentOf(lesson, position);
  for (const text of host?.querySelectorAll("[data-moment]") ?? [])
    text.classList.toggle("pending", Number(text.getAttribute("data-moment")) > moment);
}

/** Moments count the gradient that arrives at the result between the last stage and the first backward step. */
function momentOf({ stages }: Lesson, position: Position): number {
  if (position === "all") return Infinity;
  return position < stages.length ? position : position + 1;
}

/** Lights a gate with its wires, and brings the one that stepping has come to into view. */
export function lightCircuit(host: Element | null, lesson: Lesson, lit: Place | undefined, current: Place | undefined): void {
  if (host === null) return;
  host.querySelectorAll(".lit").forEach((element) => element.classList.remove("lit"));
  const elements = lit === undefined ? [] : elementsOf(host, lesson, lit);
  elements.forEach((element) => element.classList.add("lit"));
  const first = elements.find((element) => element.hasAttribute("data-node"));
  if (lit !== undefined && lit === current && first !== undefined) scrollInto(host, first);
}

function elementsOf(host: Element, lesson: Lesson, place: Place): Element[] {
  if (place.kind === "step") {
    const number = lesson.steps[place.index]?.stage;
    const ofStep = within(host, `.circuit-wire[data-step~="${place.index}"], text[data-step~="${place.index}"]`);
    return number === undefined ? ofStep : [...nodesOf(host, "stage", String(number)), ...ofStep];
  }
  const stage = lesson.stages.find(({ variable }) => variable === place.variable);
  const nodes = stage ? nodesOf(host, "stage", String(stage.number)) : nodesOf(host, "variable", place.variable);
  const names = nodes.map((node) => node.getAttribute("data-node"));
  const wires = within(host, ".circuit-wire").filter(
    (wire) => names.includes(wire.getAttribute("data-from")) || names.includes(wire.getAttribute("data-to")),
  );
  return [...nodes, ...wires];
}

function nodesOf(host: Element, kind: "stage" | "variable", name: string): Element[] {
  return within(host, `[data-node][data-${kind}~="${CSS.escape(name)}"]`);
}

function within(host: Element, selector: string): Element[] {
  return Array.from(host.querySelectorAll(selector));
}

function scrollInto(host: Element, element: Element): void {
  const [outer, inner] = [host.getBoundingClientRect(), element.getBoundingClientRect()];
  const margin = 48;
  host.scrollLeft += overshoot(inner.left - margin, inner.right + margin, outer.left, outer.right);
  host.scrollTop += overshoot(inner.top - margin, inner.bottom + margin, outer.top, outer.bottom);
}

/** How far to scroll so that an interval lies within another one. */
function overshoot(start: number, end: number, low: number, high: number): number {
  if (start < low) return start - low;
  return end > high ? end - high : 0;
}

/** The stage, input or step that a pointer is on: numbers stand for what computed them. */
export function placeAt(target: EventTarget | null, lesson: Lesson): Place | undefined {
  if (!(target instanceof Element)) return undefined;
  const text = target.closest("text[data-moment]");
  const step = text?.getAttribute("data-step")?.split(" ").at(-1);
  if (step !== undefined) return { kind: "step", index: Number(step) };
  const item = target.closest("[data-node], .circuit-wire");
  if (item === null || item.hasAttribute("data-block")) return undefined;
  const number = item.hasAttribute("data-node") ? item.getAttribute("data-stage") : null;
  const stage = number === null ? undefined : lesson.stages.find((candidate) => String(candidate.number) === number);
  const variable = stage?.variable ?? item.getAttribute("data-variable")?.split(" ")[0];
  return variable === undefined ? undefined : { kind: "stage", variable };
}
