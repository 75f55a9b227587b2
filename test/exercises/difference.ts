// Whether another line is wrong at all: held against the right one at many points that no grader knows.

import { runModule } from "../../src/compiler/load.ts";
import { callAt, firstOff, type Answers } from "../../src/exercises/run.ts";
import { substitute } from "../../src/exercises/substitute.ts";
import type { Blank, Exercise, GradingPoint, PointValue } from "../../src/exercises/types.ts";
import { createRandom } from "../../src/verify/prng.ts";

const POINTS = 300;

export function makesADifference(exercise: Exercise, blank: Blank, statement: string): boolean {
  const { body, grading } = exercise;
  const right = runModule(body, [grading.call]);
  const other = runModule(substitute(exercise, new Map([[blank, statement]])), [grading.call]);
  const answers = (code: typeof right, inputs: GradingPoint["inputs"]): Answers | undefined => {
    try {
      return callAt(code, grading, inputs);
    } catch {
      return undefined;
    }
  };
  return pointsLike(exercise).some((inputs) => {
    const wanted = answers(right, inputs);
    if (wanted === undefined || !Object.values(wanted).flat().every(Number.isFinite)) return false;
    const found = answers(other, inputs);
    return found === undefined || firstOff(found, wanted) !== undefined;
  });
}

/** Of the sizes of a point of the grader; every number drawn anew, large and small ones, of either sign. */
function pointsLike({ grading }: Exercise): GradingPoint["inputs"][] {
  const random = createRandom(4711);
  const draw = (): number => random.between(-1, 1) * 4 ** random.between(-1, 2);
  const drawn = (name: string, value: PointValue): PointValue => {
    if (/size|integers/.test(grading.kinds[name]!)) return value;
    return typeof value === "object" ? value.map(draw) : draw();
  };
  return Array.from({ length: POINTS }, () =>
    Object.fromEntries(Object.entries(grading.points[0]!.inputs).map(([name, value]) => [name, drawn(name, value)])),
  );
}
