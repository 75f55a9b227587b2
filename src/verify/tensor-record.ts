// The minutes of a verification of tensors: what was told at which place, and the verdict that follows from all of it.

import type { Span } from "../core/span.ts";
import type { FrontendResult, FunctionInput } from "../frontends/source.ts";
import type { CallNode } from "../ir/graph.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { opNamed } from "../ops/registry.ts";
import { stridesOf } from "../ops/tensor/reference/indices.ts";
import { describeOneSided, type Outcome } from "./record.ts";
import type { Coordinate } from "./tensor-confirm.ts";
import type { TensorSlot } from "./tensor-kinks.ts";
import type { TensorPlace } from "./tensor-trial.ts";
import { FAILS_ABOVE, PASSES_BELOW, type Failure, type FailureKind, type KinkReport, type Verification } from "./verification.ts";

/** What a comparison was about: one input, perhaps one element of it. Nothing: a direction over all inputs. */
export interface About {
  /** Index into the inputs. */
  readonly input?: number;
  readonly index?: number;
}

export interface TensorRecord {
  note(place: TensorPlace, outcome: Outcome, about?: About): void;
  fail(place: TensorPlace, what: FailureKind, expected: number, got: number): void;
  /** Says something of the whole that the verdict does not depend on, or, with `doubt`, that forbids passing. */
  remark(text: string, doubt?: boolean): void;
  /** How often the derivative by an input was seen to agree other than at zero. */
  agreements(input: number): number;
  /** Whether a place lies on a side of a kink that none of those told about did. */
  isNewSide(place: TensorPlace): boolean;
  /** Whether anything was compared at all. */
  isTold(): boolean;
  failureCount(): number;
  conclude(): Verification;
}

const MOST_FAILURES = 20;
const MOST_NAMED = 4;
const BELOW = 1;
const ABOVE = 2;
const SIDES = ["none", "below", "above", "both"] as const;

export interface TensorRecordSpec {
  readonly inputs: readonly FunctionInput[];
  readonly wrt: readonly number[];
  /** Whether the function has anything to do with an input. */
  readonly uses: (input: FunctionInput) => boolean;
  readonly slots: readonly TensorSlot[];
  readonly coordinates: number;
  readonly origins: FrontendResult["origins"] | undefined;
}

export function createTensorRecord({ inputs, wrt, uses, slots, coordinates, origins }: TensorRecordSpec): TensorRecord {
  const entries = new Map(wrt.map((index) => [index, createEntry(inputs[index]!)]));
  const told = new Set<TensorPlace>();
  const seenCoordinates = new Set<string>();
  const failures = new Map<string, Failure>();
  const remarks = new Map<string, boolean>();
  const sidesSeen = new Uint8Array(slots.length);
  let failed = 0;
  let directions = 0;
  let maxRelativeError = 0;

  return {
    note,
    fail: (place, what, expected, got) => note(place, { kind: "fail", what, expected, got, relative: 0 }),
    remark: (text, doubt = false) => void remarks.set(text, doubt || (remarks.get(text) ?? false)),
    agreements: (input) => entries.get(input)!.agreed,
    isNewSide: (place) => sidesAt(place).some((sides, slot) => (sides & ~sidesSeen[slot]!) !== 0),
    isTold: () => told.size > 0,
    failureCount: () => failed,
    conclude,
  };

  function note(place: TensorPlace, outcome: Outcome, about: About = {}): void {
    const entry = about.input === undefined ? undefined : entries.get(about.input);
    if (entry) entry.tried++;
    if (outcome.kind === "unclear") return;
    if (outcome.kind === "convention") {
      const text =
        "where arguments of a max or min are equal throughout, the gradient is what convention says, not the derivative";
      remarks.set(text, true);
      return;
    }
    if (!told.has(place)) sidesAt(place).forEach((sides, slot) => (sidesSeen[slot]! |= sides));
    told.add(place);
    if (about.index === undefined) directions += outcome.kind === "fail" ? 0 : 1;
    else seenCoordinates.add(`${about.input}:${about.index}`);
    entry?.places.add(place);
    if (outcome.kind === "zero") {
      if (entry) entry.zero++;
      if (entry && !outcome.isExact) entry.small++;
      if (entry && !outcome.isExact && outcome.isNothing !== true) entry.faint++;
      return;
    }
    if (entry) entry.agreed++;
    maxRelativeError = Math.max(maxRelativeError, outcome.relative);
    if (entry) entry.maxRelativeError = Math.max(entry.maxRelativeError, outcome.relative);
    if (outcome.kind === "fail") addFailure(place, outcome, about);
  }

  /** Per slot, the sides on which some element lies. */
  function sidesAt({ piece }: TensorPlace): number[] {
    return piece.map((codes, slot) => {
      const { node, kind } = slots[slot]!;
      if (kind === "value") return BELOW | ABOVE;
      // The arguments of a max are at zero where they win and on one side where they lose.
      const isRouting = tensorOps.has(node.op) || opNamed(node.op).variadic;
      let sides = 0;
      for (const code of codes) {
        if (isRouting) sides |= code === 0 ? ABOVE : BELOW;
        else if (code === -1) sides |= BELOW;
        else if (code === 1) sides |= ABOVE;
      }
      return sides;
    });
  }

  function addFailure(place: TensorPlace, outcome: Outcome & { kind: "fail" }, about: About): void {
    failed++;
    const { input, index } = about;
    const key = `${outcome.what}:${input}:${index}`;
    if (failures.size >= MOST_FAILURES || failures.has(key)) return;
    const source = input === undefined ? undefined : inputs[input]!;
    const element = index === undefined ? undefined : { input: input!, index };
    failures.set(key, {
      what: outcome.what,
      ...(source && { input: source.name }),
      ...(element && place.point[element.input]!.shape.length > 0 && { index: element.index, at: axesOf(place, element) }),
      point: pointOf(place, element),
      expected: outcome.expected,
      got: outcome.got,
      ...(source && { span: source.span }),
    });
  }

  function pointOf(place: TensorPlace, element: Coordinate | undefined): Record<string, number> {
    const named = inputs.flatMap(({ name }, i): [string, number][] => {
      const { shape, data } = place.point[i]!;
      if (shape.length === 0) return [[name, data[0]!]];
      if (element?.input !== i) return [];
      return [[`${name}[${axesOf(place, element).join(", ")}]`, data[element.index]!]];
    });
    return Object.fromEntries([...named, ...place.trial.sizes]);
  }

  function conclude(): Verification {
    if (coordinates > seenCoordinates.size) {
      const text = `sampled ${seenCoordinates.size} of ${coordinates} coordinates and ${directions} random directions`;
      remarks.set(text, directions === 0);
    }
    remarkOnInputs();
    if (told.size === 0) remarks.set("nothing could be compared", true);
    const kinks = reportKinks(slots, sidesSeen, origins);
    for (const kink of kinks) if (kink.sides !== "both") remarks.set(describeOneSided(kink), false);
    const doubt = [...remarks.values()].some((isDoubt) => isDoubt) || maxRelativeError >= PASSES_BELOW;
    const isWrong = failed > 0 || maxRelativeError >= FAILS_ABOVE;
    return {
      status: isWrong ? "failed" : doubt ? "warned" : "passed",
      points: told.size,
      maxRelativeError,
      perInput: [...entries.values()].map(({ input, places, maxRelativeError }) => ({
        name: input.name,
        maxRelativeError,
        checkedAt: places.size,
      })),
      coordinatesChecked: seenCoordinates.size,
      coordinatesTotal: coordinates,
      directions,
      kinks,
      failures: [...failures.values()],
      notes: [...remarks.keys()],
    };
  }

  function remarkOnInputs(): void {
    const flat = [...entries.values()].filter(({ input, agreed, zero }) => agreed === 0 && zero > 0 && uses(input));
    for (const { input, tried, agreed, zero } of entries.values()) {
      if (tried > 0 && agreed + zero === 0) {
        remarks.set(`no difference was exact enough to check the derivative with respect to ${input.name}`, true);
      }
    }
    const faint = flat.filter((entry) => entry.faint > 0);
    const zeros = flat.filter((entry) => entry.small === 0);
    const small = flat.filter((entry) => entry.small > 0 && entry.faint === 0);
    if (zeros.length === entries.size && zeros.length > 1) remarks.set("the gradient is 0 wherever it was checked", false);
    else remarkOn(zeros, "0 wherever it was checked", false);
    remarkOn(small, "negligible beside the value wherever it was checked", false);
    remarkOn(faint, "too small to tell from 0", true);
  }

  function remarkOn(which: readonly Entry[], what: string, doubt: boolean): void {
    if (which.length === 0) return;
    const names = which.slice(0, MOST_NAMED).map(({ input }) => input.name);
    const rest = which.length > MOST_NAMED ? [`${which.length - MOST_NAMED} more`] : [];
    remarks.set(`the derivative with respect to ${[...names, ...rest].join(", ")} is ${what}`, doubt);
  }
}

interface Entry {
  readonly input: FunctionInput;
  readonly places: Set<TensorPlace>;
  tried: number;
  agreed: number;
  zero: number;
  /** Of the zeros, those that are not exact, and those of them that are not negligible either. */
  small: number;
  faint: number;
  maxRelativeError: number;
}

function createEntry(input: FunctionInput): Entry {
  return { input, places: new Set(), tried: 0, agreed: 0, zero: 0, small: 0, faint: 0, maxRelativeError: 0 };
}

/** The position of an element along each axis. */
function axesOf({ point }: TensorPlace, { input, index }: Coordinate): number[] {
  const { shape } = point[input]!;
  return stridesOf(shape).map((stride, axis) => Math.floor(index / stride) % shape[axis]!);
}

/** A node is seen from the sides that each of its slots was. */
function reportKinks(
  slots: readonly TensorSlot[],
  sidesSeen: Uint8Array,
  origins: FrontendResult["origins"] | undefined,
): KinkReport[] {
  const perNode = new Map<CallNode, number>();
  slots.forEach(({ node }, slot) => perNode.set(node, (perNode.get(node) ?? BELOW + ABOVE) & sidesSeen[slot]!));
  const reports = new Map<string, { op: string; count: number; sides: KinkReport["sides"]; span?: Span }>();
  for (const [node, seen] of perNode) {
    const sides = SIDES[seen]!;
    const span = origins?.get(node.id)?.[0];
    const report = reports.get(`${node.op} ${sides}`);
    if (report) report.count++;
    else reports.set(`${node.op} ${sides}`, { op: node.op, count: 1, sides, ...(span && { span }) });
  }
  return [...reports.values()];
}
