// Whether the code on the screen has been checked against finite differences, and what came of it.

import { oneDigit } from "../../core/number.ts";
import { unreachable } from "../../core/unreachable.ts";
import { PASSES_BELOW, type Verification } from "../../verify/verification.ts";
import type { Playground } from "../state/playground.ts";

export function VerdictBadge({ playground }: { readonly playground: Playground }) {
  const { verdict, compiled } = playground.answers;
  const index = compiled.value?.index ?? 0;
  switch (verdict.value.kind) {
    case "none":
      return null;
    case "checking":
      return <p class="verdict checking">checking…</p>;
    case "checked": {
      const verification = verdict.value.verifications[index];
      return verification === undefined ? null : <Checked verification={verification} />;
    }
    default:
      return unreachable(verdict.value);
  }
}

function Checked({ verification }: { readonly verification: Verification }) {
  const { status } = verification;
  return (
    <details class={`verdict ${status}`}>
      <summary>
        <span aria-hidden="true">{SIGNS[status]}</span> {headline(verification)}
      </summary>
      <div class="verdict-more">
        <p>
          The emitted code itself was run and compared with central differences of an evaluator that shares no code with the
          compiler.
        </p>
        <Details verification={verification} />
      </div>
    </details>
  );
}

const SIGNS: Readonly<Record<Verification["status"], string>> = { passed: "✓", warned: "!", failed: "✗", skipped: "–" };

function headline({ status, points, maxRelativeError, kinks }: Verification): string {
  const at = `at ${points} ${points === 1 ? "point" : "points"}${kinks.length > 0 ? ` and ${kinks.length} ${kinks.length === 1 ? "kink" : "kinks"}` : ""}`;
  switch (status) {
    case "passed":
      return `checked to ${oneDigit(maxRelativeError)} ${at}`;
    case "warned":
      return maxRelativeError < PASSES_BELOW
        ? `checked to ${oneDigit(maxRelativeError)} ${at}, with a reservation`
        : `agrees only to ${oneDigit(maxRelativeError)} ${at}`;
    case "failed":
      return points === 0 ? "could not be checked" : "does not agree with differences";
    case "skipped":
      return "not checked";
    default:
      return unreachable(status);
  }
}

function Details({ verification: { perInput, kinks, failures, notes } }: { readonly verification: Verification }) {
  return (
    <>
      {perInput.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">input</th>
              <th scope="col">largest relative error</th>
              <th scope="col">points</th>
            </tr>
          </thead>
          <tbody>
            {perInput.map(({ name, maxRelativeError, checkedAt }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{oneDigit(maxRelativeError)}</td>
                <td>{checkedAt}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ul>
        {kinks.map(({ op, count, sides }, at) => (
          <li key={at}>
            {count === 1 ? `The kink of ${op}` : `${count} kinks of ${op}`}: {SIDES[sides]}
          </li>
        ))}
        {failures.slice(0, 3).map(({ what, input, expected, got }, at) => (
          <li key={at}>
            {what}
            {input === undefined ? "" : ` by ${input}`}: {got}, expected {expected}
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </>
  );
}

const SIDES: Readonly<Record<Verification["kinks"][number]["sides"], string>> = {
  both: "seen from both sides.",
  below: "seen from below only.",
  above: "seen from above only.",
  none: "not reached.",
};
