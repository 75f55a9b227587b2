// Links: what goes in comes out; what is no link of ours is nothing.

import { expect, test } from "vitest";
import { USUAL_OPTIONS } from "../../src/playground/protocol.ts";
import { fromFragment, toFragment, type Shared } from "../../src/playground/share.ts";

const STATE: Shared = {
  tab: "expression",
  text: "f(x, Σ) = x * Σ # ∂",
  options: { kind: "expression", mode: "hessian", style: "tidy", gates: "joined", precision: "f32", ties: "split", wrt: ["x"] },
  index: 1,
  point: { x: -0.125, W: [1, 2.5, -3e-7] },
  direction: { x: 2 },
  sizes: { m: 4 },
  unfolded: ["layer 1"],
  position: 7,
  training: { spec: "input: [batch, 2]", seed: 3 },
};

test.each([
  STATE,
  { ...STATE, position: "all" as const, unfolded: "all" as const, index: undefined, training: undefined },
  { ...STATE, options: { ...USUAL_OPTIONS, kind: "network" as const } },
  { ...STATE, options: { ...USUAL_OPTIONS, gates: "each" as const } },
])("comes back as it was", async (state) => {
  const fragment = await toFragment(state);
  expect(fragment).toMatch(/^1\.[\w-]+$/);
  expect(await fromFragment(`#${fragment}`)).toEqual(state);
});

test("a link to the first example is short enough to paste anywhere", async () => {
  const text = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)";
  const fragment = await toFragment({ ...STATE, text, point: { x: 3, y: -4 }, training: undefined });
  expect(fragment.length).toBeLessThan(400);
});

test.each(["", "#", "#1.", "#1.AAAA", "#2.AAAA", "#top", "#1.%F0%9F", `#1.${"A".repeat(200_000)}`])(
  "%.20s is nothing",
  async (fragment) => {
    expect(await fromFragment(fragment)).toBeUndefined();
  },
);

test("a damaged link is nothing", async () => {
  const fragment = await toFragment(STATE);
  for (let at = 2; at < fragment.length; at += 7) {
    const cut = fragment.slice(0, at);
    expect(await fromFragment(cut), cut).toBeUndefined();
  }
});

test.each<[string, unknown, unknown]>([
  ["numbers as text", { text: 3 }, undefined],
  ["a list", [1, 2], undefined],
  [
    "nothing but a text",
    { text: "x" },
    { text: "x", options: USUAL_OPTIONS, point: {}, direction: {}, unfolded: [], position: "all" },
  ],
  [
    "modes that are none",
    { text: "x", options: { kind: 1, mode: "evil", style: {}, ties: "none", wrt: ["x", 3] } },
    { options: USUAL_OPTIONS },
  ],
  ["points that are none", { text: "x", point: { a: 1, b: "1", c: [1, null], d: [2] } }, { point: { a: 1, d: [2] } }],
  [
    "sizes and positions that are none",
    { text: "x", sizes: { m: 1.5, n: 2 }, position: -1, index: "0", unfolded: "some" },
    { sizes: { n: 2 }, position: "all", index: undefined, unfolded: [] },
  ],
])("reads %s with care", async (_, data, expected) => {
  const found = await fromFragment(await toFragment(data as Shared)); // anything may stand in a link
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected as object);
});
