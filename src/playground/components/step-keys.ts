// Keys that step, unless what has the focus needs them itself.

import type { Playground } from "../state/playground.ts";
import { KEYS, moveStep } from "../state/stepping.ts";
import { togglePlaying } from "./stepper.tsx";

/** Fields and editors need all keys; buttons and tabs only some. */
const FIELDS = "input, select, textarea, [contenteditable], .editor-host, dialog[open]";
const PRESSED = "button, summary, a[href]";

export function stepByKey(playground: Playground, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (playground.length.value === 0 || target.closest(FIELDS) !== null) return;
  if (!target.matches("body, main *")) return; // elsewhere single letters are nobody's shortcuts
  if (event.key === " " && target.closest(PRESSED) === null) {
    event.preventDefault();
    togglePlaying(playground);
    return;
  }
  const move = KEYS.get(event.key);
  if (move === undefined) return;
  event.preventDefault();
  playground.playing.value = false;
  moveStep(playground, move);
}
