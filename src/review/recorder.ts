// The hooks that instrumented code calls: they write down what is assigned, move one value a little where that is asked for, and end runs that
// do not end by themselves.

import { moved, moveInPlace, replaced, replaceInPlace, toVector } from "./vectors.ts";

export interface Event {
  readonly site: number;
  /** Undefined for what is not made of numbers. */
  readonly value: readonly number[] | undefined;
  /** `undefined`, `string`: what it was instead. */
  readonly type: string;
}

/** What passes a site is changed: at its last passing for assignments, at each for reads. */
export interface Move {
  readonly site: number;
  /** Which passing, from 1. Undefined: every one. */
  readonly passing: number | undefined;
  readonly change: Change;
}

/** One element moved by `amount`, or other numbers in the place of all. */
export type Change =
  | { readonly kind: "shift"; readonly element: number; readonly amount: number }
  | { readonly kind: "replace"; readonly values: readonly number[] };

export interface Recorder {
  readonly hooks: Hooks;
  readonly events: readonly Event[];
  /** Passings of each site in order of the first one, for reads and sets alike. */
  readonly order: ReadonlyMap<number, Passings>;
  /** Index of the statement that was running, below 0 in a backward function: -1 - index. */
  readonly statement: number;
}

export interface Passings {
  readonly count: number;
  /** Position of the last passing among all passings. */
  readonly last: number;
}

export interface Hooks {
  set(site: number, value: unknown): unknown;
  poke(site: number, value: unknown): void;
  read(site: number, value: unknown): unknown;
  input(name: string, value: unknown): unknown;
  at(statement: number): void;
  tick(): void;
  /** To throw and catch costs as much as a thousand steps. */
  caught(): void;
  /** A console that prints nothing. */
  readonly console: Readonly<Record<string, () => void>>;
}

/** Thrown by `tick` when the budget is spent. */
export class EndlessError extends Error {}

const SILENT = Object.fromEntries(
  ["log", "info", "warn", "error", "debug", "table", "assert", "dir"].map((name) => [name, () => {}]),
);

const MOST_STEPS = 2_000_000;
const MOST_EVENTS = 100_000;

export interface RecorderOptions {
  readonly move?: Move;
  /** Whether to write down values; only the numbers that come out matter otherwise. */
  readonly isRecording: boolean;
  /** Values of inputs that a script sets itself. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export function createRecorder({ move, isRecording, inputs }: RecorderOptions): Recorder {
  const events: Event[] = [];
  const passings = new Map<number, { count: number; last: number }>();
  const state = { statement: 0, steps: 0, clock: 0 };
  const pass = (site: number): number => {
    const known = passings.get(site);
    if (known === undefined) {
      passings.set(site, { count: 1, last: state.clock++ });
      return 1;
    }
    known.last = state.clock++;
    return ++known.count;
  };
  const isMoved = (site: number, count: number): boolean =>
    move !== undefined && move.site === site && (move.passing === undefined || move.passing === count);
  const record = (site: number, value: unknown): void => {
    if (isRecording && events.length < MOST_EVENTS) events.push({ site, value: toVector(value), type: typeof value });
  };
  return {
    events,
    order: passings,
    get statement() {
      return state.statement;
    },
    hooks: {
      set(site, value) {
        const result = isMoved(site, pass(site)) ? changed(value, move!.change) : value;
        record(site, result);
        return result;
      },
      poke(site, value) {
        if (isMoved(site, pass(site))) changeInPlace(value, move!.change);
        record(site, value);
      },
      read(site, value) {
        const count = isRecording || move?.site === site ? pass(site) : 0;
        return isMoved(site, count) ? changed(value, move!.change) : value;
      },
      input: (name, value) => (Object.hasOwn(inputs, name) ? inputs[name] : value),
      at(statement) {
        state.statement = statement;
      },
      tick() {
        if (++state.steps > MOST_STEPS) throw new EndlessError("too many steps");
      },
      caught() {
        state.steps += 1000;
      },
      console: SILENT,
    },
  };
}

function changed(value: unknown, change: Change): unknown {
  return change.kind === "shift" ? moved(value, change.element, change.amount) : replaced(value, change.values);
}

function changeInPlace(value: unknown, change: Change): void {
  if (change.kind === "shift") moveInPlace(value, change.element, change.amount);
  else replaceInPlace(value, change.values);
}
