// The signs on buttons, drawn, because not every font has them.

const PATHS = {
  first: "M3 3v10M13 3.5 6 8l7 4.5z",
  previous: "M12 3 5 8l7 5z",
  play: "M4 2.5 13 8l-9 5.5z",
  pause: "M5 3v10M11 3v10",
  next: "M4 3l7 5-7 5z",
  last: "M13 3v10M3 3.5 10 8l-7 4.5z",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing to screen readers: the button has a name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
