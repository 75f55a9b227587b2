// The exercises: staged code with lines of the backward pass left out, hints that reveal one rule at a time, a verdict on every line.

import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { exerciseSet } from "../../exercises/set.ts";
import { tokensOf } from "../code/tokens.ts";
import { createEngine } from "../engine.ts";
import type { BlankVerdict, BlankView, ExerciseView, GradeView, Reply } from "../protocol.ts";

export interface ExercisesTabProps {
  /** Number of the exercise that is open. */
  readonly number: Signal<number>;
  /** Numbers of those that were solved in this visit. */
  readonly solved: Signal<ReadonlySet<number>>;
}

export function ExercisesTab({ number, solved }: ExercisesTabProps) {
  const exercise = useSignal<ExerciseView | undefined>(undefined);
  const attempts = useSignal<readonly string[]>([]);
  const grade = useSignal<GradeView | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const ids = useMemo(() => ({ next: 0 }), []);
  const engine = useMemo(
    () =>
      createEngine({
        onReply: (reply: Reply) => {
          if (reply.kind === "exercise") {
            exercise.value = reply.exercise;
            attempts.value = new Array<string>(reply.exercise.blanks).fill("");
            grade.value = undefined;
          } else if (reply.kind === "graded") {
            grade.value = reply.grade;
            if (reply.grade.isRight) solved.value = new Set([...solved.value, number.value]);
          } else if (reply.kind === "failed") failure.value = reply.message;
        },
      }),
    [exercise, attempts, grade, failure, solved, number],
  );
  useEffect(() => () => engine.close(), [engine]);
  useEffect(() => {
    engine.send({ kind: "exercise", job: { id: ids.next++, number: number.value, attempts: [], text: "" } });
  }, [number.value, engine, ids]);
  const ask = (): void => {
    const job = { id: ids.next++, number: number.value, attempts: attempts.value, text: attempts.value.join("\n") };
    engine.send({ kind: "grade", job });
  };
  return (
    <div class="exercises-tab">
      <SetList number={number} solved={solved.value} />
      {failure.value !== undefined && <p role="alert">This is a bug in wengert: {failure.value}</p>}
      {exercise.value !== undefined && (
        <Sheet
          key={exercise.value.number}
          exercise={exercise.value}
          attempts={attempts}
          grade={grade}
          onGrade={ask}
          number={number}
        />
      )}
    </div>
  );
}

function SetList({ number, solved }: { readonly number: Signal<number>; readonly solved: ReadonlySet<number> }) {
  return (
    <nav class="pane set-list" aria-label="Exercises">
      <ol>
        {exerciseSet.map((entry) => (
          <li key={entry.number}>
            <button
              type="button"
              aria-current={entry.number === number.value ? "true" : undefined}
              onClick={() => (number.value = entry.number)}
            >
              <span class="set-number">{entry.number}</span> {entry.title}
              {solved.has(entry.number) && <span class="value"> ✓ solved</span>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface SheetProps {
  readonly exercise: ExerciseView;
  readonly attempts: Signal<readonly string[]>;
  readonly grade: Signal<GradeView | undefined>;
  readonly onGrade: () => void;
  readonly number: Signal<number>;
}

function Sheet({ exercise, attempts, grade, onGrade, number }: SheetProps) {
  const { title, teaches, source, lines } = exercise;
  const write = (index: number, text: string): void => {
    attempts.value = attempts.value.map((old, at) => (at === index ? text : old));
    grade.value = undefined;
  };
  const isRight = grade.value?.isRight === true;
  return (
    <section class="pane sheet" aria-labelledby="sheet-title">
      <h2 id="sheet-title">
        {exercise.number}. {title}
      </h2>
      <pre class="sheet-source">
        <code>{source.trim()}</code>
      </pre>
      <p class="see">Fill in the lines of the backward pass that are missing. What arrives at the result is 1.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onGrade();
        }}
      >
        <div class="sheet-code">
          {lines.map((line, at) =>
            typeof line === "string" ? (
              <div key={at} class="sheet-line">
                <code>{line === "" ? " " : colour(line)}</code>
              </div>
            ) : (
              <BlankLine
                key={at}
                blank={line}
                text={attempts.value[line.index] ?? ""}
                verdict={grade.value?.verdicts[line.index]}
                onWrite={(text) => write(line.index, text)}
              />
            ),
          )}
        </div>
        <div class="sheet-foot">
          <button type="submit">Check</button>
          <p role="status">
            {isRight && <span class="value">✓ All right. {teaches}</span>}
            {grade.value !== undefined && !isRight && summary(grade.value)}
          </p>
          {isRight && exercise.number < exerciseSet.length && (
            <button type="button" onClick={() => number.value++}>
              Next exercise
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function summary({ verdicts }: GradeView): string {
  const count = (kind: BlankVerdict["kind"]): number => verdicts.filter((verdict) => verdict.kind === kind).length;
  const wrong = count("wrong") + count("broken");
  return `${count("right")} of ${verdicts.length} right${wrong > 0 ? `, ${wrong} wrong` : ""}${count("open") > 0 ? `, ${count("open")} open` : ""}.`;
}

interface BlankLineProps {
  readonly blank: BlankView;
  readonly text: string;
  readonly verdict: BlankVerdict | undefined;
  readonly onWrite: (text: string) => void;
}

const SIGNS: Readonly<Record<BlankVerdict["kind"], string>> = { open: "", right: "✓", wrong: "✗", broken: "✗" };

function BlankLine({ blank, text, verdict, onWrite }: BlankLineProps) {
  const revealed = useSignal(0);
  const kind = verdict?.kind ?? "open";
  return (
    <div class={`sheet-line blank ${kind}`}>
      <code>{blank.before.trimStart()}</code>
      <input
        type="text"
        aria-label={`${blank.before.trim()} …: ${blank.comment}`}
        aria-invalid={kind === "wrong" || kind === "broken"}
        autocapitalize="off"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      <code>{blank.after}</code> <span class="blank-sign">{SIGNS[kind]}</span>
      <span class="blank-comment">// {blank.comment}</span>
      <button type="button" disabled={revealed.value >= blank.hints.length} onClick={() => revealed.value++}>
        {revealed.value === 0 ? "Hint" : "Another hint"}
      </button>
      <div class="blank-told" aria-live="polite">
        {verdict?.messages.map((message) => (
          <p key={message} class="diagnostic error">
            {message}
          </p>
        ))}
        {blank.hints.slice(0, revealed.value).map((hint) => (
          <p key={hint}>{hint}</p>
        ))}
      </div>
    </div>
  );
}

function colour(line: string) {
  return tokensOf(line).map(({ kind, text }, at) =>
    kind === "plain" ? (
      text
    ) : (
      <span key={at} class={`token-${kind}`}>
        {text}
      </span>
    ),
  );
}
