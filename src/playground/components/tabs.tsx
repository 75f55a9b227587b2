// A row of tabs as screen readers know them: one stop for the keyboard, arrows between them.

export function tabId(group: string, name: string): string {
  return `${group}-tab-${name}`;
}

export function panelId(group: string, name: string): string {
  return `${group}-panel-${name}`;
}

export interface TabListProps<Name extends string> {
  /** Tells rows of tabs on one page apart. */
  readonly group: string;
  readonly label: string;
  readonly names: readonly Name[];
  readonly titles: Readonly<Record<Name, string>>;
  readonly open: Name;
  readonly onOpen: (name: Name) => void;
}

export function TabList<Name extends string>({ group, label, names, titles, open, onOpen }: TabListProps<Name>) {
  const move = (event: KeyboardEvent): void => {
    const at = names.indexOf(open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const name = names[(to + names.length) % names.length]!;
    onOpen(name);
    document.getElementById(tabId(group, name))?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(group, name)}
          aria-selected={name === open}
          aria-controls={name === open ? panelId(group, name) : undefined}
          tabIndex={name === open ? 0 : -1}
          onClick={() => onOpen(name)}
        >
          {titles[name]}
        </button>
      ))}
    </div>
  );
}
