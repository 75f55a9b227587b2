// Check my backward: an expression, a hand-written backward pass, and the first line that is wrong.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { oneDigit } from "../../core/number.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { Diagnostic } from "../../diagnostics/report.ts";
import type { Finding as ReviewFinding, Review } from "../../review/types.ts";
import { TextEditor, type EditorModule } from "../components/text-editor.tsx";
import type { Finding } from "../editor/mount.ts";
import { createEngine } from "../engine.ts";
import type { Reply } from "../protocol.ts";
import { firstExample, checkExamples } from "./examples.ts";

const loadSourceEditor = (): Promise<EditorModule> => import("../editor/expression.ts");
const loadCodeEditor = (): Promise<EditorModule> => import("../editor/typescript.ts");

/** How long typing must rest. */
const REVIEW_AFTER = 300;

export function CheckTab() {
  const against = useSignal(firstExample.against);
  const text = useSignal(firstExample.text);
  const answer = useSignal<Reply | undefined>(undefined);
  const engine = useMemo(() => createEngine({ onReply: (reply) => (answer.value = reply) }), [answer]);
  const ids = useMemo(() => ({ next: 0 }), []);
  useEffect(() => () => engine.close(), [engine]);
  useEffect(() => {
    const job = { id: ids.next++, text: text.value, against: against.value };
    const timer = setTimeout(() => engine.send({ kind: "review", job }), REVIEW_AFTER);
    return () => clearTimeout(timer);
  }, [text.value, against.value, engine, ids]);
  const marks = useSignal<readonly Finding[]>([]);
  const sourceMarks = useSignal<readonly Finding[]>([]);
  useEffect(() => {
    marks.value = answer.value === undefined ? [] : marksOf(answer.value);
    sourceMarks.value = answer.value?.kind === "rejected" ? answer.value.diagnostics.flatMap(markOf) : [];
  }, [answer.value, marks, sourceMarks]);
  return (
    <div class="check-tab">
      <section class="pane" aria-labelledby="check-source-title">
        <div class="pane-head">
          <h2 id="check-source-title">The function</h2>
        </div>
        <TextEditor
          text={against}
          label="The function"
          findings={sourceMarks}
          onChange={(next) => (against.value = next)}
          load={loadSourceEditor}
        />
        <p class="see">
          Write its forward and backward pass on your own, with the names you like. It is run at several points beside the
          compiled one, and the first line that is wrong is named.
        </p>
        <h3>Try one with a mistake</h3>
        <ul class="check-examples">
          {checkExamples.map((example) => (
            <li key={example.title}>
              <button
                type="button"
                onClick={() => {
                  against.value = example.against;
                  text.value = example.text;
                }}
              >
                {example.title}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="pane" aria-labelledby="check-code-title">
        <div class="pane-head">
          <h2 id="check-code-title">Your code</h2>
        </div>
        <TextEditor
          text={text}
          label="Your code"
          findings={marks}
          onChange={(next) => (text.value = next)}
          load={loadCodeEditor}
        />
        <div class="check-answer" aria-live="polite">
          <Answer reply={answer.value} />
        </div>
      </section>
    </div>
  );
}

function marksOf(reply: Reply): Finding[] {
  if (reply.kind !== "reviewed") return [];
  const { review } = reply;
  const told = review.diagnostics.flatMap(markOf);
  if (told.length > 0 || review.kind !== "wrong" || review.finding.span === undefined) return told;
  const { span, message } = review.finding;
  return [{ from: span.start, to: span.end, severity: "error", message }];
}

function markOf({ span, severity, code, message }: Diagnostic): Finding[] {
  return span === undefined
    ? []
    : [{ from: span.start, to: span.end, severity: severity === "note" ? "info" : severity, message: `${code}: ${message}` }];
}

function Answer({ reply }: { readonly reply: Reply | undefined }) {
  switch (reply?.kind) {
    case undefined:
      return <p class="quiet">checking…</p>;
    case "reviewed":
      return <Outcome review={reply.review} />;
    case "rejected":
      return <Messages diagnostics={reply.diagnostics} />;
    case "failed":
      return <p class="diagnostic error">This is a bug in wengert, not in your code: {reply.message}</p>;
    default:
      return null;
  }
}

function Outcome({ review }: { readonly review: Review }) {
  switch (review.kind) {
    case "right":
      return (
        <p class="check-right">
          ✓ Right: {review.compared.names.join(", ")} agree at {review.compared.points} points
          {review.compared.largestError > 0 && `, to ${oneDigit(review.compared.largestError)}`}.
        </p>
      );
    case "wrong":
      return <Wrong finding={review.finding} />;
    case "unreadable":
      return <Messages diagnostics={review.diagnostics} />;
    default:
      return unreachable(review);
  }
}

function Wrong({ finding }: { readonly finding: ReviewFinding }) {
  const { line, message, explanation, nudge, answer } = finding;
  return (
    <div class="check-wrong">
      <p class="diagnostic error">
        {line !== undefined && <strong>Line {line}: </strong>}
        {message}
      </p>
      {nudge !== undefined && <p>{nudge}</p>}
      {(explanation !== undefined || answer !== undefined) && (
        <details>
          <summary>Tell me the mistake</summary>
          {explanation !== undefined && <p>{explanation}</p>}
          {answer !== undefined && (
            <p>
              It should read <code>{answer}</code>
            </p>
          )}
        </details>
      )}
    </div>
  );
}

function Messages({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  return (
    <ul class="diagnostics">
      {diagnostics.map(({ code, severity, message, suggestion }, at) => (
        <li key={at} class={`diagnostic ${severity}`}>
          <span class="diagnostic-code">{code}</span> {message}
          {suggestion !== undefined && <span class="suggestion">{suggestion}</span>}
        </li>
      ))}
    </ul>
  );
}
