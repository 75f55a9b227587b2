// The spec's schema as JSON Schema, so that editors complete and check specs. Written to generated/network.schema.json.

import * as z from "zod";
import { spec } from "./schema.ts";

export function networkJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(spec, { target: "draft-7", io: "input", reused: "ref" }) as Readonly<Record<string, unknown>>;
}
