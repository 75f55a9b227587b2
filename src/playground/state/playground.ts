// What the page knows: what somebody wrote and chose, what the workers answered, where the stepping is. Signals, so that only what changes is drawn again.

import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Diagnostic } from "../../diagnostics/report.ts";
import type { Verification } from "../../verify/verification.ts";
import type { CircuitPicture, Compiled, ExplanationText, Options, Point, PointNumbers, Unfolded } from "../protocol.ts";

/** What somebody chose; all of it, and nothing else, is shared by a link. */
export interface Choices {
  readonly text: Signal<string>;
  readonly options: Signal<Options>;
  /** Which function of the source; undefined: the last. */
  readonly index: Signal<number | undefined>;
  readonly point: Signal<Point>;
  readonly direction: Signal<Point>;
  readonly sizes: Signal<Readonly<Record<string, number>>>;
  readonly position: Signal<Position>;
}

/** Stages and steps shown so far, or all of them at once. */
export type Position = number | "all";

export interface Answers {
  /** The last that compiled. */
  readonly compiled: Signal<Compiled | undefined>;
  readonly numbers: Signal<PointNumbers | undefined>;
  readonly circuit: Signal<CircuitPicture | undefined>;
  readonly explanation: Signal<ExplanationText | undefined>;
  /** Of the newest text; errors mean that the rest is older than it. */
  readonly diagnostics: Signal<readonly Diagnostic[]>;
  readonly verdict: Signal<Verdict>;
  /** A bug of ours, told as such. */
  readonly failure: Signal<string | undefined>;
}

export type Verdict =
  | { readonly kind: "checking" }
  | { readonly kind: "none" }
  | { readonly kind: "checked"; readonly verifications: readonly Verification[] };

/** A stage or input by its variable, a backward step by its index. */
export type Place = { readonly kind: "stage"; readonly variable: string } | { readonly kind: "step"; readonly index: number };

export interface Playground {
  readonly choices: Choices;
  readonly answers: Answers;
  /** Blocks of the circuit; shared by a link too. */
  readonly unfolded: Signal<Unfolded>;
  /** Whether anybody looks at the explanation. */
  readonly wantsExplanation: Signal<boolean>;
  /** Whether it steps by itself. */
  readonly playing: Signal<boolean>;
  /** What the pointer is on. */
  readonly pointed: Signal<Place | undefined>;
  /** How many positions there are to step through: forward stages, then backward steps. */
  readonly length: ReadonlySignal<number>;
  /** The stage or step that stepping has come to. */
  readonly current: ReadonlySignal<Place | undefined>;
  /** What is lit: what is pointed at, else where the stepping is. */
  readonly lit: ReadonlySignal<Place | undefined>;
}

/** What a playground starts from. */
export interface Start {
  readonly text: string;
  readonly options: Options;
  readonly index: number | undefined;
  readonly point: Point;
  readonly direction: Point;
  readonly sizes: Readonly<Record<string, number>>;
  readonly unfolded: Unfolded;
  readonly position: Position;
}

/** Puts other choices in place of those there are, all at once. */
export function restore({ choices, unfolded, pointed, playing }: Playground, start: Start): void {
  batch(() => {
    choices.text.value = start.text;
    choices.options.value = start.options;
    choices.index.value = start.index;
    choices.point.value = start.point;
    choices.direction.value = start.direction;
    choices.sizes.value = start.sizes;
    choices.position.value = start.position;
    unfolded.value = start.unfolded;
    playing.value = false;
    pointed.value = undefined;
  });
}

export function createPlayground(start: Start): Playground {
  const choices: Choices = {
    text: signal(start.text),
    options: signal(start.options),
    index: signal(start.index),
    point: signal(start.point),
    direction: signal(start.direction),
    sizes: signal(start.sizes),
    position: signal<Position>(start.position),
  };
  const answers: Answers = {
    compiled: signal(undefined),
    numbers: signal(undefined),
    circuit: signal(undefined),
    explanation: signal(undefined),
    diagnostics: signal([]),
    verdict: signal({ kind: "none" }),
    failure: signal(undefined),
  };
  const pointed = signal<Place | undefined>(undefined);
  const lesson = computed(() => answers.compiled.value?.lesson);
  const length = computed(() => (lesson.value ? lesson.value.stages.length + lesson.value.steps.length : 0));
  const current = computed((): Place | undefined => {
    const position = choices.position.value;
    if (lesson.value === undefined || position === "all" || position === 0) return undefined;
    const { stages } = lesson.value;
    const stage = stages[position - 1];
    if (stage !== undefined) return { kind: "stage", variable: stage.variable };
    return { kind: "step", index: Math.min(position, length.value) - stages.length - 1 };
  });
  const lit = computed(() => pointed.value ?? current.value);
  return {
    choices,
    answers,
    unfolded: signal(start.unfolded),
    wantsExplanation: signal(false),
    playing: signal(false),
    pointed,
    length,
    current,
    lit,
  };
}
