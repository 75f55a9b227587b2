// Reviews a hand-written backward pass against the source that it is of.

import { compile } from "../../compiler.ts";
import { reviewBackward } from "../../review/review.ts";
import type { Reply, ReviewJob } from "../protocol.ts";

export async function review({ id, text, against }: ReviewJob, post: (reply: Reply) => void): Promise<void> {
  const compilation = compile(against, { verify: false });
  if (!compilation.ok) return post({ kind: "rejected", id, diagnostics: compilation.diagnostics });
  post({ kind: "reviewed", id, review: await reviewBackward(text, compilation) });
}
