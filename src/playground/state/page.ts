// The page around the playground: which tab is open, light or dark, what the window has room for.

import { signal, type Signal } from "@preact/signals";
import { gallery, isNetwork, sourceOf, type GalleryEntry } from "../gallery/entries.ts";
import { USUAL_OPTIONS } from "../protocol.ts";
import type { Shared } from "../share.ts";
import { stateFor } from "../train/state.ts";
import { createPlayground, restore, type Playground } from "./playground.ts";

export const TABS = ["expression", "training", "exercises", "check"] as const;
export type TabName = (typeof TABS)[number];

export interface Page {
  readonly playground: Playground;
  readonly tab: Signal<TabName>;
  /** What the training tab keeps in the address; plain data whose form only that tab knows. */
  readonly training: Signal<unknown>;
  /** Counts what was put there from outside, which the tab then starts from. */
  readonly trainings: Signal<number>;
  readonly exercises: { readonly number: Signal<number>; readonly solved: Signal<ReadonlySet<number>> };
  /** File of the entry that is open, as long as nobody changed it. */
  readonly entry: Signal<GalleryEntry | undefined>;
}

const FIRST = gallery.find(({ file }) => file === "staged.math")!;

export function createPage(shared: Shared | undefined): Page {
  return {
    playground: createPlayground(shared ?? startOf(FIRST)),
    tab: signal(tabNamed(shared?.tab)),
    training: signal(shared?.training),
    trainings: signal(0),
    exercises: { number: signal(1), solved: signal<ReadonlySet<number>>(new Set()) },
    entry: signal(shared === undefined ? FIRST : undefined),
  };
}

export function tabNamed(name: string | undefined): TabName {
  return TABS.find((tab) => tab === name) ?? "expression";
}

export function openEntry(page: Page, entry: GalleryEntry): void {
  if (entry.tab !== undefined) {
    page.tab.value = entry.tab;
    return;
  }
  page.entry.value = entry;
  if (isNetwork(entry)) {
    openTraining(page, { ...stateFor(sourceOf(entry)), ...entry.training });
    page.tab.value = "training";
    return;
  }
  restore(page.playground, startOf(entry));
  page.tab.value = "expression";
}

/** What is put into the training tab: as much of its state as there is. */
export function openTraining(page: Page, training: unknown): void {
  page.training.value = training;
  page.trainings.value++;
}

function startOf(entry: GalleryEntry): Omit<Shared, "tab" | "training"> {
  return {
    ...NOTHING_CHOSEN,
    text: sourceOf(entry),
    options: { ...USUAL_OPTIONS, mode: entry.mode ?? USUAL_OPTIONS.mode, style: entry.style ?? USUAL_OPTIONS.style },
    point: entry.point ?? {},
  };
}

const NOTHING_CHOSEN = { index: undefined, direction: {}, sizes: {}, unfolded: [], position: "all" } as const;

/** A network as a source to step through, beside the tab that trains it. */
export function openNetworkSource(page: Page, text: string): void {
  page.entry.value = undefined;
  restore(page.playground, { ...NOTHING_CHOSEN, text, options: { ...USUAL_OPTIONS, kind: "network" }, point: {}, position: 0 });
  page.tab.value = "expression";
}
