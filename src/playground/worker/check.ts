// The full check of what a job's text becomes.

import { compile } from "../../compiler.ts";
import type { CheckJob, Reply } from "../protocol.ts";

export async function check({ id, key, text, options }: CheckJob, post: (reply: Reply) => void): Promise<void> {
  const { functions } = compile(text, options);
  post({ kind: "checked", id, key, verifications: functions.map(({ verification }) => verification) });
}
