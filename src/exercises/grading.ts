// What an exercise is graded by: how its code is called, the points, and the numbers that the verified code gives there.

import { runModule } from "../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import type { Lesson, LessonInput, LessonPoint } from "../lesson/types.ts";
import { createRandom, type Random } from "../verify/prng.ts";
import { mistakesIn } from "./mistakes.ts";
import { callAt, firstOff, type RunModule } from "./run.ts";
import { namesIn } from "./statements.ts";
import { substitute } from "./substitute.ts";
import type { Blank, GradedGradient, Grading, GradingPoint, PointValue, UnseenMistake } from "./types.ts";

export interface GradingRequest {
  readonly compilation: Compilation;
  readonly lesson: Lesson;
  readonly blanks: readonly Blank[];
  readonly body: string;
  readonly seed: number;
  readonly given: readonly Readonly<Record<string, number>>[];
  /** A point at which the function is real. */
  readonly sample: LessonPoint;
}

export function gradingOf(request: GradingRequest): Grading {
  const grading = withoutPoints(request);
  return { ...grading, ...choosePoints(request, grading) };
}

function withoutPoints({ compilation, lesson, blanks }: GradingRequest): Grading {
  const fn = functionOf(compilation, lesson);
  const isNetwork = lesson.kind === "network";
  const sizes = fn.sizes ?? [];
  const namesOf = (role: LessonInput["role"]): string[] =>
    lesson.inputs.flatMap((each) => (each.role === role ? [each.name] : []));
  const objects = [namesOf("parameter"), namesOf("state")].filter((names) => names.length > 0);
  return {
    call: fn.exports["derivative"]!,
    arguments: [...(isNetwork ? [...objects, ...namesOf("data")] : lesson.inputs.map(({ name }) => name)), ...sizes],
    packed: fn.result.packed,
    kinds: Object.fromEntries([
      ...lesson.inputs.map((input) => [input.name, kindOfInput(input, fn)] as const),
      ...sizes.map((name) => [name, "size"] as const),
    ]),
    value: fn.result.value,
    isNested: isNetwork,
    gradients: fn.result.packed ? [packedGradient(blanks)] : gradientsOf({ lesson, blanks, fn }),
    points: [],
    unseen: [],
  };
}

function functionOf(compilation: Compilation, lesson: Lesson): CompiledFunction {
  return compilation.functions.find((fn) => fn.name === lesson.name) ?? compilation.functions.at(-1)!;
}

function kindOfInput({ name, shape }: LessonInput, fn: CompiledFunction): Grading["kinds"][string] {
  if (shape === "") return "number";
  return fn.inputs.find((input) => input.name === name)?.dtype === "real" || !fn.inputs.some((input) => input.name === name)
    ? "reals"
    : "integers";
}

function packedGradient(blanks: readonly Blank[]): GradedGradient {
  return { property: "gradient", columns: undefined, blanks: blanks.map(({ number }) => number) };
}

interface GradientRequest {
  readonly lesson: Lesson;
  readonly blanks: readonly Blank[];
  readonly fn: CompiledFunction;
}

function gradientsOf({ lesson, blanks, fn }: GradientRequest): GradedGradient[] {
  return lesson.results.map(({ input, gradient }) => {
    const { name, shape } = lesson.inputs.find(({ variable }) => variable === input)!; // results are of inputs
    const columns = /^\[[^,]+, (\d+)\]$/.exec(shape)?.[1];
    return {
      property: lesson.kind === "function" ? fn.result.gradients[name]! : name,
      columns: columns === undefined ? undefined : Number(columns),
      blanks: gradient === undefined ? [] : blanksBehind(lesson, blanks, gradient),
    };
  });
}

/** The blanks that a gradient depends on, followed through the lines that lead to it. */
function blanksBehind(lesson: Lesson, blanks: readonly Blank[], gradient: string): number[] {
  const reached = new Set<string>();
  const pending = [gradient];
  while (pending.length > 0) {
    const variable = pending.pop()!;
    if (reached.has(variable)) continue;
    reached.add(variable);
    for (const step of lesson.steps) if (step.adjoint === variable) pending.push(...namesIn(step.code.text));
  }
  return blanks.filter(({ step }) => reached.has(step.adjoint)).map(({ number }) => number);
}

const FEWEST_POINTS = 4;
const MOST_CANDIDATES = 200;
/** Candidates that are drawn around the sample; those after them reach further, and nearer to 0. */
const NEAR = 20;
/** Candidates in a row at which nothing more shows. */
const PATIENCE = 60;

/** The points given, and of a seeded sequence those at which a mistake shows that shows at none before. */
function choosePoints(request: GradingRequest, grading: Grading): Pick<Grading, "points" | "unseen"> {
  const right = answersOf(request.body, grading);
  const points: GradingPoint[] = [];
  const planted = plantedIn(request).map((mistake) => ({ ...mistake, answers: answersOf(mistake.body, grading) }));
  let hidden = planted;
  const consider = (inputs: GradingPoint["inputs"], isGiven: boolean): boolean => {
    const wanted = right(inputs);
    if (wanted === undefined || !(isGiven || isSmooth(right, inputs, wanted))) return false;
    const left = hidden.filter((mistake) => !showsAt(mistake, { inputs, wanted }));
    if (!isGiven && left.length === hidden.length && points.length >= FEWEST_POINTS) return false;
    hidden = left;
    points.push({ inputs, wanted: rounded(wanted) });
    return true;
  };
  for (const point of request.given) consider(point, true);
  const random = createRandom(request.seed);
  let inVain = 0;
  for (let round = 0; round < MOST_CANDIDATES && inVain < PATIENCE; round++) {
    if (hidden.length === 0 && points.length >= FEWEST_POINTS) break;
    inVain = consider(drawAround(request.sample, grading, random, round), false) ? 0 : inVain + 1;
  }
  const seen = planted.filter((mistake) => !hidden.includes(mistake));
  return {
    points: withoutSpare(points, seen, request.given.length),
    unseen: hidden.map(({ blank, kind, statement }) => ({ blank, kind, statement })),
  };
}

interface Answering {
  readonly answers: Answers;
}

function showsAt({ answers }: Answering, { inputs, wanted }: GradingPoint): boolean {
  const found = answers(inputs);
  return found === undefined || firstOff(found, wanted) !== undefined;
}

/** Less the points at which nothing shows that does not show at another one. The first `kept` stay, and a few in any case. */
function withoutSpare(points: readonly GradingPoint[], mistakes: readonly Answering[], kept: number): GradingPoint[] {
  const shows = new Map(points.map((point) => [point, mistakes.filter((mistake) => showsAt(mistake, point))]));
  const left = [...points];
  for (const point of points.slice(kept)) {
    const others = left.filter((each) => each !== point);
    const isSpare = shows.get(point)!.every((mistake) => others.some((each) => shows.get(each)!.includes(mistake)));
    if (isSpare && left.length > FEWEST_POINTS) left.splice(left.indexOf(point), 1);
  }
  return left;
}

interface Planted extends UnseenMistake {
  /** The solution with the mistake in it. */
  readonly body: string;
}

function plantedIn({ lesson, blanks, body }: GradingRequest): Planted[] {
  return blanks.flatMap((blank) =>
    mistakesIn(lesson, blank).map((mistake) => ({
      ...mistake,
      blank: blank.number,
      body: substitute({ body, blanks }, new Map([[blank, mistake.statement]])),
    })),
  );
}

type Answers = (inputs: GradingPoint["inputs"]) => Readonly<Record<string, number | readonly number[]>> | undefined;

/** What a body answers at a point; undefined where something of it is not finite or it cannot run. */
function answersOf(body: string, grading: Grading, run: RunModule = runModule): Answers {
  try {
    const exports = run(body, [grading.call]);
    return (inputs) => {
      try {
        const found = callAt(exports, grading, inputs);
        return Object.values(found).flat().every(Number.isFinite) ? found : undefined;
      } catch {
        return undefined; // a planted mistake may break the code, and a point may not be fit for it
      }
    };
  } catch {
    return () => undefined;
  }
}

/** Whether a step aside changes nothing much: at a kink, two right answers may differ. */
function isSmooth(right: Answers, inputs: GradingPoint["inputs"], wanted: GradingPoint["wanted"]): boolean {
  const aside = right(mapPoint(inputs, (value) => value * (1 + 1e-9)));
  return aside !== undefined && firstOff(aside, wanted) === undefined;
}

/** Around the sample, later further away: stretched, every other time with signs of its own. Short decimals, as people write them. */
function drawAround(sample: LessonPoint, grading: Grading, random: Random, round: number): GradingPoint["inputs"] {
  const draw = (value: number): number => {
    const reach = round < NEAR ? 1 : 4 ** random.between(-1, 2);
    const turned = (round % 2 === 1 || round >= NEAR) && random.next() < 0.5 ? -value : value;
    return Math.round(100 * turned * reach * random.between(0.4, 1.6)) / 100 || 0.25;
  };
  const inputs = Object.entries(sample).map(([name, value]): [string, PointValue] => {
    if (grading.kinds[name] === "size") return [name, Number(value)];
    if (typeof value === "number") return [name, draw(value)];
    const all = Array.from(value);
    if (grading.kinds[name] !== "integers") return [name, all.map(draw)];
    const shift = round % Math.max(1, all.length);
    return [name, [...all.slice(shift), ...all.slice(0, shift)]];
  });
  return Object.fromEntries(inputs);
}

function mapPoint(inputs: GradingPoint["inputs"], change: (value: number) => number): GradingPoint["inputs"] {
  const each = (value: PointValue): PointValue =>
    typeof value === "boolean"
      ? value
      : typeof value === "number"
        ? change(value)
        : value.map((part) => (Number.isInteger(part) ? part : change(part)));
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, each(value)]));
}

/** Ten digits are more than the comparison looks at. */
function rounded(wanted: GradingPoint["wanted"]): GradingPoint["wanted"] {
  const short = (value: number): number => Number(value.toPrecision(10));
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [name, typeof value === "number" ? short(value) : value.map(short)]),
  );
}
