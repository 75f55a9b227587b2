// The full check of what a job's text becomes.

import { compileSource } from "./source.ts";
import type { CheckJob, Reply } from "../protocol.ts";

export async function check({ id, key, text, options }: CheckJob, post: (reply: Reply) => void): Promise<void> {
  const { functions } = await compileSource(text, options, true);
  post({ kind: "checked", id, key, verifications: functions.map(({ verification }) => verification) });
}
