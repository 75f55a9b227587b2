// The loss surface: its planes, its symmetries, its contours, and the path of training on it.

import { expect, test } from "vitest";
import { contour, contourLevels } from "../../src/playground/train/contours.ts";
import { boundsOf, makePlane, placeOn, project, surfaceRows, type Plane } from "../../src/playground/train/loss-surface.ts";
import type { LossSurface, PlaneRequest, SurfaceRequest } from "../../src/playground/train/messages.ts";
import { presets } from "../../src/playground/train/presets.ts";
import { stateFor } from "../../src/playground/train/state.ts";
import { createTrail } from "../../src/playground/train/trail.ts";
import { loadRequest, startRun } from "./training-run.ts";

const PARAMETERS = [
  { name: "W1", shape: [3, 2], layer: "dense 1", isWeight: true },
  { name: "b1", shape: [2], layer: "dense 1", isWeight: false },
];
const ORIGIN = { W1: Float64Array.of(1, 20, 2, 0, 2, 0), b1: Float64Array.of(0, 0) };

test("random directions are as long as the weights of each unit", () => {
  const plane = makePlane({ kind: "random", seed: 4 }, ORIGIN, PARAMETERS, createTrail());
  for (const { W1, b1 } of [plane.first, plane.second]) {
    expect(Math.hypot(W1![0]!, W1![2]!, W1![4]!)).toBeCloseTo(3, 12);
    expect(Math.hypot(W1![1]!, W1![3]!, W1![5]!)).toBeCloseTo(20, 12);
    expect([...b1!].map(Math.abs)).toEqual([0, 0]);
  }
  expect(plane.first).not.toEqual(plane.second);
  expect(makePlane({ kind: "random", seed: 4 }, ORIGIN, PARAMETERS, createTrail())).toEqual(plane);
});

test("parameters that are all zero still have directions", () => {
  const zero = { W1: new Float64Array(6), b1: new Float64Array(2) };
  const { first } = makePlane({ kind: "random", seed: 1 }, zero, PARAMETERS, createTrail());
  expect([...first["W1"]!].some((value) => value !== 0)).toBe(true);
});

test.each<PlaneRequest>([
  { kind: "random", seed: 2 },
  { kind: "weights", first: { parameter: "W1", element: 1 }, second: { parameter: "b1", element: 0 } },
])("a place on a plane of $kind is found again", (request) => {
  const plane = makePlane(request, ORIGIN, PARAMETERS, createTrail());
  const [a, b] = project(plane, placeOn(plane, 0.3, -1.7));
  expect(a).toBeCloseTo(0.3, 12);
  expect(b).toBeCloseTo(-1.7, 12);
});

test("the plane of the path holds the start at 1, and the place that strayed farthest", () => {
  const trail = createTrail();
  const at = (first: number, second: number) => ({ W1: Float64Array.of(first, second, 0, 0, 0, 0), b1: Float64Array.of(0, 0) });
  [at(4, 0), at(3, 2), at(1, 1), at(0, 0)].forEach((params, step) => trail.visit(step, params));
  const plane = makePlane({ kind: "path" }, at(0, 0), PARAMETERS, trail);
  expect(project(plane, at(4, 0))).toEqual([1, 0]);
  const [along, across] = project(plane, at(3, 2));
  expect(along).toBeCloseTo(0.75, 12);
  expect(Math.abs(across)).toBeCloseTo(0.5, 12);
});

test("before the first step the plane of the path is a random one, and a straight path has a width too", () => {
  const trail = createTrail();
  trail.visit(0, ORIGIN);
  expect(project(makePlane({ kind: "path" }, ORIGIN, PARAMETERS, trail), ORIGIN)).toEqual([0, 0]);
  const moved = { ...ORIGIN, b1: Float64Array.of(1, 0) };
  const plane = makePlane({ kind: "path" }, moved, PARAMETERS, trail);
  expect([...plane.second["W1"]!].some((value) => value !== 0)).toBe(true);
  expect(project(plane, ORIGIN)[0]).toBeCloseTo(1, 12);
});

test("the surface of a square is a bowl: as high on one side as on the other, in either order of the directions", () => {
  const plane: Plane = {
    origin: { w: Float64Array.of(0, 0) },
    first: { w: Float64Array.of(1, 0) },
    second: { w: Float64Array.of(0, 2) },
    axes: ["", ""],
  };
  const loss = ({ w }: Readonly<Record<string, Float64Array>>): number => w![0]! ** 2 + w![1]! ** 2 + w![0]! * w![1]!;
  const rows = [...surfaceRows(plane, [[-1, 1], [-1, 1]], 5, loss)]; // prettier-ignore
  expect(rows.map((row) => [...row])).toEqual(rows.map((row) => [...row].reverse()).reverse());
  expect(rows[2]![2]).toBe(0);
  expect(rows[4]![3]).toBe(0.25 + 4 + 1);
  const turned = [...surfaceRows({ ...plane, first: plane.second, second: plane.first }, [[-1, 1], [-1, 1]], 5, loss)]; // prettier-ignore
  turned.forEach((row, at) => row.forEach((value, column) => expect(value).toBe(rows[column]![at])));
});

const REQUEST: SurfaceRequest = { id: 5, network: 0, plane: { kind: "random", seed: 1 }, span: 1 };

function drawn(request: Partial<SurfaceRequest>, state = presets[0]!.state, steps = 200): LossSurface {
  const run = startRun(0.5);
  run.send(loadRequest(state));
  run.send({ kind: "advance", steps });
  run.send({ kind: "surface", ...REQUEST, ...request });
  const reports = run.reports("surface");
  expect(reports.at(-1)).toMatchObject({ id: 5, done: 1 });
  expect(reports.slice(0, -1).every(({ surface }) => surface === undefined)).toBe(true);
  const here = run.reports("picture").at(-1)!.networks[0]!.loss;
  const surface = reports.at(-1)!.surface!;
  expect(surface.here).toBe(here);
  expect(surface.path.at(-1)).toEqual([0, 0]);
  return surface;
}

test("a surface has the loss of the network where its parameters are, in its middle", () => {
  const plane = { kind: "weights", first: { parameter: "W1", element: 0 }, second: { parameter: "W2", element: 1 } } as const;
  const { side, losses, bounds, here } = drawn({ plane, span: 3 }, presets[0]!.state, 0);
  expect(bounds).toEqual([[-3, 3], [-3, 3]]); // prettier-ignore
  expect(losses[(side * side - 1) / 2]).toBe(here);
  expect([...losses].every((loss) => Number.isFinite(loss) && loss >= 0)).toBe(true);
});

test("around the least loss of a linear network every direction goes up, equally far to both sides", () => {
  const spec = "input: [batch, 1]\nlayers:\n  - dense: 1\nloss: mse\noptimizer: { sgd: { rate: 0.3 } }\n";
  const { side, losses, bounds } = drawn(
    { plane: { kind: "random", seed: 3 }, span: 20 },
    { ...stateFor(spec), data: "three-doses" },
    3000,
  );
  expect(bounds).toEqual([[-20, 20], [-20, 20]]); // prettier-ignore
  const middle = (side * side - 1) / 2;
  expect(losses[middle]).toBeCloseTo(Math.min(...losses), 14);
  expect(losses[middle]).toBeCloseTo(2 / 9, 12); // of a flat line through 0, 1, 0
  expect(Math.max(...losses)).toBeGreaterThan(1);
  losses.forEach((loss, at) => expect(loss).toBeCloseTo(losses[losses.length - 1 - at]!, 8));
});

test("on the plane of the path the way leads from 1 to 0", () => {
  const { path, bounds } = drawn({ plane: { kind: "path" } });
  expect(path[0]![0]).toBeCloseTo(1, 9);
  expect(path[0]![1]).toBeCloseTo(0, 9);
  for (const [a, b] of path) {
    expect(a).toBeGreaterThanOrEqual(bounds[0][0]);
    expect(a).toBeLessThanOrEqual(bounds[0][1]);
    expect(b).toBeGreaterThanOrEqual(bounds[1][0]);
    expect(b).toBeLessThanOrEqual(bounds[1][1]);
  }
});

test("bounds reach as far as asked for, and hold the path", () => {
  expect(boundsOf(1, [])).toEqual([[-1, 1], [-1, 1]]); // prettier-ignore
  const [across] = boundsOf(1, [[4, 0], [0, 0]]); // prettier-ignore
  expect(across).toEqual([-1, 4.6]);
});

test("a trail is bounded, starts at the start and is even", () => {
  const trail = createTrail(16);
  for (let step = 0; step <= 1000; step++) trail.visit(step, { w: Float64Array.of(step) });
  const steps = trail.places.map(({ step }) => step);
  expect(steps.length).toBeLessThan(16);
  expect(steps[0]).toBe(0);
  const gaps = steps.slice(1).map((step, at) => step - steps[at]!);
  expect(new Set(gaps).size).toBe(1);
  trail.places.forEach(({ step, params }) => expect(params["w"]![0]).toBe(step));
});

test("contours of a cone are circles", () => {
  const side = 41;
  const cone = Array.from({ length: side * side }, (_, at) => Math.hypot((at % side) - 20, Math.floor(at / side) - 20));
  const segments = contour(cone, side, 12);
  expect(segments.length).toBeGreaterThan(60);
  for (const [x1, y1, x2, y2] of segments) {
    expect(Math.hypot(x1 - 20, y1 - 20)).toBeCloseTo(12, 1);
    expect(Math.hypot(x2 - 20, y2 - 20)).toBeCloseTo(12, 1);
  }
  const ends = segments.flatMap(([x1, y1, x2, y2]) => [`${x1.toFixed(6)},${y1.toFixed(6)}`, `${x2.toFixed(6)},${y2.toFixed(6)}`]);
  const uses = new Map<string, number>();
  for (const end of ends) uses.set(end, (uses.get(end) ?? 0) + 1);
  expect([...uses.values()].filter((count) => count % 2 === 1)).toEqual([]); // closed
});

test.each([
  ["above", [2, -1, -1, 2], ["0,1", "1,0"]],
  ["below", [1, -2, -2, 1], ["0,0", "1,1"]],
] as const)("a saddle whose middle is %s the level cuts off the other corners", (_, corners, cutOff) => {
  const found = contour(corners, 2, 0).map(([x1, y1, x2, y2]) => `${Math.round((x1 + x2) / 2)},${Math.round((y1 + y2) / 2)}`);
  expect(found.toSorted()).toEqual(cutOff);
});

test("cells that are not finite have no contour, and levels go by ratio where values are far apart", () => {
  expect(contour([0, 1, NaN, 1], 2, 0.5)).toEqual([]);
  expect(contourLevels([0.001, 1000], 5)).toEqual([0.01, 0.1, 1, 10, 100].map((level) => expect.closeTo(level, 10)));
  expect(contourLevels([0, 6], 5)).toEqual([1, 2, 3, 4, 5]);
  expect(contourLevels([2, 2], 3)).toEqual([]);
});
