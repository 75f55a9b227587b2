// Keeps the page's address and its state the same, so that a link or a reload brings back what was there.

import { effect } from "@preact/signals";
import { fromFragment, toFragment, type Shared } from "../share.ts";
import { restore } from "./playground.ts";
import { openTraining, tabNamed, type Page } from "./page.ts";

/** Addresses are written when typing rests: browsers allow some hundred in half a minute. */
const WRITE_AFTER = 400;

export function linkAddress(page: Page): void {
  let written = location.hash;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  effect(() => {
    const state = shareable(page);
    if (isFirst) {
      isFirst = false; // a page that nobody touched keeps the address that it was opened with
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => void write(state), WRITE_AFTER);
  });
  const write = async (state: Shared): Promise<void> => {
    written = `#${await toFragment(state)}`;
    history.replaceState(history.state, "", written);
  };
  addEventListener("hashchange", () => {
    if (location.hash !== written) void read(page, location.hash);
  });
}

async function read(page: Page, fragment: string): Promise<void> {
  const shared = await fromFragment(fragment);
  if (shared === undefined) return;
  restore(page.playground, shared);
  openTraining(page, shared.training);
  page.entry.value = undefined;
  page.tab.value = tabNamed(shared.tab);
}

/** The address of what is on the screen. */
export async function addressOf(page: Page): Promise<string> {
  return `${location.href.replace(/#.*$/, "")}#${await toFragment(shareable(page))}`;
}

function shareable({ playground: { choices, unfolded }, tab, training }: Page): Shared {
  return {
    tab: tab.value,
    text: choices.text.value,
    options: choices.options.value,
    index: choices.index.value,
    point: choices.point.value,
    direction: choices.direction.value,
    sizes: choices.sizes.value,
    unfolded: unfolded.value,
    position: choices.position.value,
    training: training.value,
  };
}
