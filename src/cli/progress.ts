// One line of progress on a terminal, rewritten in place; elsewhere nothing.

import { escapeControls } from "../diagnostics/escape.ts";
import type { Io } from "./io.ts";

export interface Progress {
  show(done: number, total: number, name: string): void;
  clear(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

export function createProgress({ stderr }: Io, silent: boolean): Progress {
  if (silent || !stderr.isTerminal) return { show: () => {}, clear: () => {} };
  let isShown = false;
  return {
    show(done, total, name) {
      const line = `checked ${done} of ${total}: ${escapeControls(name)}`;
      stderr.write(CLEAR_LINE + line.slice(0, stderr.columns - 1));
      isShown = true;
    },
    clear() {
      if (isShown) stderr.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
