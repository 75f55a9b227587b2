// wengert/teach: what a compiled function tells a learner, for pages and tools that teach: stages, numbers, pictures, explanations, reviews.

export { circuitOf, type Circuit, type CircuitOptions } from "./lesson/circuit/circuit.ts";
export { drawDot } from "./lesson/circuit/draw-dot.ts";
export { drawSvg, type SvgOptions } from "./lesson/circuit/draw-svg.ts";
export { explanationOf } from "./lesson/explanation/explanation.ts";
export { explanationMarkdown } from "./lesson/explanation/markdown.ts";
export { derivationLatex } from "./lesson/explanation/latex.ts";
export type * from "./lesson/explanation/types.ts";
export { lessonOf, lessonsOf } from "./lesson/lesson.ts";
export { numbersAt } from "./lesson/numbers.ts";
export { initialParameters, samplePoint, type SampleOptions } from "./lesson/sample.ts";
export type * from "./lesson/types.ts";
export { reviewBackward } from "./review/review.ts";
export type { Review, ReviewOptions } from "./review/types.ts";
