// The head of the page: its name, its tabs, the gallery, sharing, light and dark.

import { useState } from "preact/hooks";
import { addressOf } from "../state/address.ts";
import type { Page, TabName } from "../state/page.ts";
import { Gallery } from "./gallery.tsx";
import { TabList } from "./tabs.tsx";
import { ThemeButton } from "./theme-button.tsx";

export interface HeaderProps {
  readonly page: Page;
  readonly names: readonly TabName[];
  readonly titles: Readonly<Record<TabName, string>>;
}

export function Header({ page, names, titles }: HeaderProps) {
  return (
    <header class="page-head">
      <h1>
        wengert <span class="motto">backpropagation, stage by stage</span>
      </h1>
      <TabList
        group="page"
        label="Parts of this page"
        names={names}
        titles={titles}
        open={page.tab.value}
        onOpen={(name) => (page.tab.value = name)}
      />
      <div class="page-tools">
        <Gallery page={page} />
        <ShareButton page={page} />
        <ThemeButton />
      </div>
    </header>
  );
}

function ShareButton({ page }: { readonly page: Page }) {
  const [said, setSaid] = useState("");
  const share = async (): Promise<void> => {
    const address = await addressOf(page);
    history.replaceState(history.state, "", address);
    const isCopied = await navigator.clipboard.writeText(address).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? "Link copied" : "Link is in the address bar");
    setTimeout(() => setSaid(""), 3000);
  };
  return (
    <>
      <button type="button" onClick={() => void share()}>
        {said === "" ? "Share" : said}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </>
  );
}
