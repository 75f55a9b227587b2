// Going through the passes: buttons, keys, a bar to drag, and the line that it has come to, in a sentence.

import { useComputed, useSignalEffect } from "@preact/signals";
import { stageSentence, stepSentence } from "../sentence.ts";
import { moveStep, type Move } from "../state/stepping.ts";
import type { Compiled } from "../protocol.ts";
import type { Place, Playground } from "../state/playground.ts";
import { Help } from "./help.tsx";
import { Icon } from "./icon.tsx";

/** Milliseconds for each stage while it plays. */
const PACE = 1100;

export function Stepper({ playground }: { readonly playground: Playground }) {
  const { choices, length, answers } = playground;
  const position = choices.position.value;
  const last = length.value;
  if (last === 0) return <NoStages compiled={answers.compiled.value} />;
  const at = position === "all" ? last : Math.min(position, last);
  return (
    <section class="stepper" aria-label="Step through the passes">
      <div class="step-controls">
        <StepButton playground={playground} move="first" name="To the start" shortcut="Home" isOff={position === 0} />
        <StepButton playground={playground} move="previous" name="One stage back" shortcut="←" isOff={position === 0} />
        <PlayButton playground={playground} />
        <StepButton playground={playground} move="next" name="One stage on" shortcut="→" isOff={position === last} />
        <StepButton playground={playground} move="last" name="To the end" shortcut="End" isOff={position === last} />
        <input
          type="range"
          aria-label="Stage"
          aria-valuetext={position === "all" ? "all stages" : `${at} of ${last}`}
          min={0}
          max={last}
          step={1}
          value={at}
          onInput={(event) => (choices.position.value = event.currentTarget.valueAsNumber)}
        />
        <button
          type="button"
          aria-pressed={position === "all"}
          title="Show everything at once (Esc)"
          onClick={() => moveStep(playground, "all")}
        >
          All
        </button>
        <Help />
      </div>
      <Sentence playground={playground} />
    </section>
  );
}

function NoStages({ compiled }: { readonly compiled: Compiled | undefined }) {
  if (compiled === undefined) return null;
  return (
    <section class="stepper" aria-label="Step through the passes">
      <p class="sentence quiet">{whyNoStages(compiled)}</p>
    </section>
  );
}

function whyNoStages({ lesson, options }: Compiled): string {
  if (lesson === undefined)
    return options.kind === "network"
      ? "This network has no single loss, so there is no single gradient to step through."
      : "This function has several results, so there is no single gradient to step through.";
  return lesson.output === ""
    ? "The result is a constant: there is no stage to step through, and its gradient is zero."
    : "The result is an input as it stands: there is no stage to step through.";
}

interface StepButtonProps {
  readonly playground: Playground;
  readonly move: Exclude<Move, "all">;
  readonly name: string;
  readonly shortcut: string;
  readonly isOff: boolean;
}

/** Stays focusable where it can do nothing, so that the keyboard does not lose its place. */
function StepButton({ playground, move, name, shortcut, isOff }: StepButtonProps) {
  return (
    <button
      type="button"
      class="sign"
      aria-label={name}
      title={`${name} (${shortcut})`}
      aria-disabled={isOff}
      onClick={() => moveStep(playground, move)}
    >
      <Icon name={move} />
    </button>
  );
}

function PlayButton({ playground }: { readonly playground: Playground }) {
  const { playing } = playground;
  useSignalEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      if (playground.choices.position.peek() === playground.length.peek()) playing.value = false;
      else moveStep(playground, "next");
    }, PACE);
    return () => clearInterval(timer);
  });
  const name = playing.value ? "Pause" : "Play";
  return (
    <button type="button" class="sign" aria-label={name} title={`${name} (Space)`} onClick={() => togglePlaying(playground)}>
      <Icon name={playing.value ? "pause" : "play"} />
    </button>
  );
}

/** From the end it starts over. */
export function togglePlaying(playground: Playground): void {
  const { playing, choices, length } = playground;
  const position = choices.position.value;
  if (!playing.value && (position === "all" || position >= length.value)) moveStep(playground, "first");
  playing.value = !playing.value;
}

function Sentence({ playground }: { readonly playground: Playground }) {
  const spoken = useComputed(() => sentenceAt(playground, playground.current.value));
  const shown = useComputed(() => sentenceAt(playground, playground.lit.value));
  return (
    <>
      <p class="sentence" aria-hidden="true">
        {shown.value}
      </p>
      <p class="unseen" aria-live="polite">
        {spoken.value}
      </p>
    </>
  );
}

function sentenceAt({ answers, choices }: Playground, place: Place | undefined): string {
  const lesson = answers.compiled.value?.lesson;
  const numbers = answers.numbers.value?.numbers;
  if (lesson === undefined) return "";
  if (place === undefined)
    return choices.position.value === 0
      ? `The inputs are given; ${lesson.stages.length} stages forward and ${lesson.steps.length} lines back are to come.`
      : "Both passes at once. Step with the arrow keys, or point at a line or a gate.";
  if (place.kind === "step") {
    const step = lesson.steps[place.index];
    return step === undefined ? "" : stepSentence(lesson, step, numbers);
  }
  const stage = lesson.stages.find(({ variable }) => variable === place.variable);
  return stage === undefined ? `Input ${place.variable}.` : stageSentence(lesson, stage, numbers);
}
