// generated/network.schema.json is what editors complete and check specs with; a stale one fails here (`npm run generate` renews it).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { networkJsonSchema } from "../../src/frontends/network/json-schema.ts";
import { layers } from "../../src/frontends/network/layers/all.ts";
import { losses } from "../../src/frontends/network/losses.ts";

const root = join(import.meta.dirname, "../..");
const schema = networkJsonSchema();

test("the schema is up to date", async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(root, "generated/network.schema.json"));
});

test("names every layer and every loss", () => {
  const text = JSON.stringify(schema);
  for (const name of [...Object.keys(layers), ...Object.keys(losses)]) expect(text).toContain(`"${name}"`);
});

const specs = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".net.yaml"));

test.each(specs)("accepts %s", (name) => {
  const spec: unknown = parse(readFileSync(join(root, "examples", name), "utf8"));
  expect(z.fromJSONSchema(schema as never).safeParse(spec).success).toBe(true);
});

test.each([
  ["an unknown key", { input: ["n", 2], layers: ["relu"], optimiser: "adam" }],
  ["a wrong kind of option", { input: ["n", 2], layers: [{ dense: "many" }] }],
  ["an unknown layer", { input: ["n", 2], layers: [{ danse: 3 }] }],
  ["no layers", { input: ["n", 2] }],
])("refuses %s", (_, spec) => {
  expect(z.fromJSONSchema(schema as never).safeParse(spec).success).toBe(false);
});
