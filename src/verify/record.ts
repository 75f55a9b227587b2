// The minutes of a verification: what was told at which place, and the verdict that follows from all of it.

import type { Span } from "../core/span.ts";
import type { FrontendResult, FunctionInput } from "../frontends/source.ts";
import { opNamed } from "../ops/registry.ts";
import type { Kinks } from "./kinks.ts";
import type { Place, Trial } from "./trial.ts";
import { FAILS_ABOVE, PASSES_BELOW, type Failure, type FailureKind, type KinkReport, type Verification } from "./verification.ts";

/** What became of one comparison. */
export type Outcome =
  | { readonly kind: "agree" | "warn"; readonly relative: number }
  /** `isNothing`: at most, negligible beside the function's own size. */
  | { readonly kind: "zero"; readonly isExact: boolean; readonly isNothing?: boolean }
  | { readonly kind: "unclear" }
  | { readonly kind: "convention" }
  | {
      readonly kind: "fail";
      readonly what: FailureKind;
      readonly expected: number;
      readonly got: number;
      readonly relative: number;
    };

export interface Record {
  /** `input`: the index in `wrt` of the coordinate compared; undefined for a direction. */
  note(place: Place, outcome: Outcome, input?: number): void;
  fail(place: Place, what: FailureKind, expected: number, got: number): void;
  /** Says something of the whole that the verdict does not depend on, or, with `doubt`, that forbids passing. */
  remark(text: string, doubt?: boolean): void;
  /** How often the coordinate was seen to agree other than at zero. */
  agreements(input: number): number;
  checkedAt(input: number): number;
  failureCount(): number;
  conclude(): Verification;
}

const MOST_FAILURES = 20;
const BELOW = 1;
const ABOVE = 2;

export function createRecord(
  trial: Trial,
  wrt: readonly FunctionInput[],
  origins: FrontendResult["origins"] | undefined,
): Record {
  const inputs = wrt.map((input) => ({ input, tried: 0, agreed: 0, zero: 0, faint: 0, maxRelativeError: 0 }));
  const told = new Set<Place>();
  const failures: Failure[] = [];
  const remarks = new Map<string, boolean>();
  const sidesSeen = new Uint8Array(trial.kinks.slots.length);
  let failed = 0;
  let directions = 0;
  let maxRelativeError = 0;

  return {
    note,
    fail: (place, what, expected, got) => note(place, { kind: "fail", what, expected, got, relative: 0 }),
    remark: (text, doubt = false) => void remarks.set(text, doubt || (remarks.get(text) ?? false)),
    agreements: (input) => inputs[input]!.agreed,
    checkedAt: (input) => inputs[input]!.agreed + inputs[input]!.zero,
    failureCount: () => failed,
    conclude,
  };

  function note(place: Place, outcome: Outcome, index?: number): void {
    const entry = index === undefined ? undefined : inputs[index]!;
    if (entry) entry.tried++;
    if (outcome.kind === "unclear") return;
    if (outcome.kind === "convention") {
      const text =
        "where arguments of a max or min are equal throughout, the gradient is what convention says, not the derivative";
      remarks.set(text, true);
      return;
    }
    seePlace(place);
    if (outcome.kind === "zero") {
      if (entry && !outcome.isExact) entry.faint++;
      if (entry) entry.zero++;
      else directions++;
      return;
    }
    if (entry) entry.agreed++;
    else if (outcome.kind !== "fail") directions++;
    maxRelativeError = Math.max(maxRelativeError, outcome.relative);
    if (entry) entry.maxRelativeError = Math.max(entry.maxRelativeError, outcome.relative);
    if (outcome.kind === "fail") addFailure(place, outcome, entry?.input);
  }

  function seePlace(place: Place): void {
    if (told.has(place)) return;
    told.add(place);
    for (let slot = 0; slot < sidesSeen.length; slot++) {
      const { node } = trial.kinks.slots[slot]!;
      const sign = place.piece.signs[slot]!;
      // The arguments of a max are at zero where they win and on one side where they lose.
      if (sign === -1) sidesSeen[slot]! |= BELOW;
      else if (sign === 1) sidesSeen[slot]! |= ABOVE;
      if (opNamed(node.op).variadic && sign !== 2) sidesSeen[slot]! |= sign === 0 ? ABOVE : BELOW;
    }
  }

  function addFailure(place: Place, outcome: Outcome & { kind: "fail" }, input: FunctionInput | undefined): void {
    failed++;
    if (failures.length >= MOST_FAILURES) return;
    const named = trial.source.inputs.map((each, i) => [each.name, place.point[i]!] as const);
    failures.push({
      what: outcome.what,
      ...(input && { input: input.name }),
      point: Object.fromEntries(named),
      expected: outcome.expected,
      got: outcome.got,
      span: input?.span ?? trial.source.span,
    });
  }

  function conclude(): Verification {
    const checked = inputs.filter((entry) => entry.agreed + entry.zero > 0);
    for (const entry of inputs) {
      const { name } = entry.input;
      if (entry.tried > 0 && entry.agreed + entry.zero === 0) {
        remarks.set(`no difference was exact enough to check the derivative with respect to ${name}`, true);
      } else if (entry.agreed === 0 && entry.zero > 0 && trial.tape.positionOf.has(entry.input.node)) {
        const size = entry.faint > 0 ? "too small to tell from 0" : "0";
        remarks.set(`the derivative with respect to ${name} is ${size} wherever it was checked`, entry.faint > 0);
      }
    }
    if (checked.length < inputs.length) {
      const text = `sampled ${checked.length} of ${inputs.length} coordinates and ${directions} random directions`;
      remarks.set(text, directions === 0);
    }
    if (told.size === 0) remarks.set("nothing could be compared", true);
    const kinks = reportKinks(trial.kinks, sidesSeen, origins);
    for (const kink of kinks) {
      if (kink.sides !== "both") remarks.set(describeOneSided(kink), false);
    }
    const doubt = [...remarks.values()].some((isDoubt) => isDoubt) || maxRelativeError >= PASSES_BELOW;
    const isWrong = failed > 0 || maxRelativeError >= FAILS_ABOVE;
    return {
      status: isWrong ? "failed" : doubt ? "warned" : "passed",
      points: told.size,
      maxRelativeError,
      perInput: inputs.map(({ input, agreed, zero, maxRelativeError }) => ({
        name: input.name,
        maxRelativeError,
        checkedAt: agreed + zero,
      })),
      coordinatesChecked: checked.length,
      coordinatesTotal: inputs.length,
      directions,
      kinks,
      failures,
      notes: [...remarks.keys()],
    };
  }
}

export function describeOneSided({ op, count, sides }: KinkReport): string {
  const subject = count === 1 ? `a kink of ${op} was` : `${count} kinks of ${op} were`;
  return sides === "none" ? `${subject} never seen` : `${subject} seen only from ${sides}`;
}

function reportKinks(kinks: Kinks, sidesSeen: Uint8Array, origins: FrontendResult["origins"] | undefined): KinkReport[] {
  const perNode = new Map<number, number>();
  kinks.slots.forEach(({ position }, slot) => {
    const seen = perNode.get(position);
    perNode.set(position, seen === undefined ? sidesSeen[slot]! : seen & sidesSeen[slot]!);
  });
  const reports = new Map<string, { op: string; count: number; sides: KinkReport["sides"]; span?: Span }>();
  const opOf = new Map(kinks.slots.map(({ position, node }) => [position, node]));
  for (const [position, seen] of perNode) {
    const node = opOf.get(position)!;
    const sides = (["none", "below", "above", "both"] as const)[seen]!;
    const key = `${node.op} ${sides}`;
    const span = origins?.get(node.id)?.[0];
    const report = reports.get(key);
    if (report) report.count++;
    else reports.set(key, { op: node.op, count: 1, sides, ...(span && { span }) });
  }
  return [...reports.values()];
}
