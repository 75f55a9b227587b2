// The comment at the top of a generated file: what it is, from which source, what was checked. Nothing in it changes from run to run.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { MARK } from "../core/marks.ts";
import { oneDigit } from "../core/number.ts";
import type { Verification } from "../verify/verification.ts";
import type { CompiledFunction, OpCount } from "./types.ts";

/** The first 16 hexadecimal digits of the source's SHA-256. */
export function sourceHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);
}

export function header(text: string, functions: readonly CompiledFunction[], unchecked: boolean): string {
  const lines = [`${MARK} from source ${sourceHash(text)}. Change the source, not this file.`];
  for (const fn of functions)
    lines.push(
      `// ${fn.exports["derivative"]}: ${unchecked ? "not checked" : checked(fn.verification)}; ${operations(fn.opCount)}.`,
    );
  return lines.join("\n") + "\n";
}

function checked(verification: Verification): string {
  if (verification.status === "skipped") return "has no input to differentiate by";
  const { points, maxRelativeError, kinks } = verification;
  const sides = kinks.length > 0 ? ` and at ${kinks.length} kink${kinks.length === 1 ? "" : "s"}` : "";
  const sampled =
    verification.coordinatesChecked < verification.coordinatesTotal
      ? `, ${verification.coordinatesChecked} of ${verification.coordinatesTotal} coordinates`
      : "";
  return `agrees with central differences to ${oneDigit(Math.max(maxRelativeError, 1e-10))} at ${points} points${sides}${sampled}`;
}

export function operations({ forward, backward, ratio }: OpCount): string {
  const plural = forward === 1 ? "" : "s";
  return `${forward} operation${plural} forward, ${backward} backward (${ratio.toFixed(1)} x forward)`;
}
