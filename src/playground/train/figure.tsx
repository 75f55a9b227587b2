// The frame around a chart: a heading, the chart, and its text, which says what the chart shows.

import type { ComponentChildren } from "preact";

export interface FigureProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
  /** The text alternative, below the chart for everyone. */
  readonly text?: ComponentChildren;
  /** Controls of this chart. */
  readonly tools?: ComponentChildren;
  readonly wide?: boolean;
}

export function Figure({ id, title, children, text, tools, wide = false }: FigureProps) {
  return (
    <section class={`train-figure${wide ? " wide" : ""}`} aria-labelledby={`${id}-title`}>
      <div class="train-figure-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {tools}
      </div>
      {children}
      {text !== undefined && <div class="train-figure-text">{text}</div>}
    </section>
  );
}

/** Tells two networks apart by colour and mark. */
export function NetworkKey({
  at,
  name,
  isTitle = false,
}: {
  readonly at: number;
  readonly name: string;
  readonly isTitle?: boolean;
}) {
  return (
    <span class={`train-key network-${at}`}>
      <svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true">
        <line x1="1" y1="5" x2="21" y2="5" class="line" />
      </svg>
      {name}
      {!isTitle && ":"}
    </span>
  );
}
