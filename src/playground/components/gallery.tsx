// The gallery: a list of systems to open, in a dialog.

import { useRef } from "preact/hooks";
import { gallery, groups, systemsOf, type GalleryEntry } from "../gallery/entries.ts";
import { Icon } from "./icon.tsx";
import { openEntry, type Page } from "../state/page.ts";

export function Gallery({ page }: { readonly page: Page }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (entry: GalleryEntry): void => {
    dialog.current?.close();
    openEntry(page, entry);
  };
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        Gallery
      </button>
      <dialog ref={dialog} class="gallery" aria-labelledby="gallery-title" onClick={closeOutside}>
        <div class="gallery-page">
          <div class="dialog-head">
            <h2 id="gallery-title">Gallery</h2>
            <button type="button" class="sign" aria-label="Close the gallery" onClick={() => dialog.current?.close()}>
              <Icon name="close" />
            </button>
          </div>
          <div class="gallery-groups">
            {groups.map((group) => (
              <Group key={group} group={group} current={page.entry.value} onOpen={open} />
            ))}
          </div>
        </div>
      </dialog>
    </>
  );
}

interface GroupProps {
  readonly group: string;
  readonly current: GalleryEntry | undefined;
  readonly onOpen: (entry: GalleryEntry) => void;
}

function Group({ group, current, onOpen }: GroupProps) {
  return (
    <section>
      <h3>{group}</h3>
      <ul>
        {gallery
          .filter((entry) => entry.group === group)
          .map((entry) => (
            <li key={entry.file}>
              <button
                type="button"
                class="gallery-entry"
                data-file={entry.file}
                aria-current={entry === current ? "true" : undefined}
                onClick={() => onOpen(entry)}
              >
                <strong>{entry.title}</strong> <small>{systemsOf(entry).join(" ")}</small>
                <span>{entry.see}</span>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}

/** A click on the dialog itself, and not on what is in it, is one on the backdrop. */
function closeOutside(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
