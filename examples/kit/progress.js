// A progress bar on a terminal; nothing where the output goes to a file or a pipe.

import cliProgress from "cli-progress";

/**
 * @param {string} label
 * @param {number} total steps
 */
export function createProgress(label, total) {
  const format = `${label} [{bar}] {percentage} % | step {value} of {total} | loss {loss}`;
  const bar = new cliProgress.SingleBar(
    { format, hideCursor: true, clearOnComplete: true, stopOnComplete: true, noTTYOutput: false },
    cliProgress.Presets.shades_grey,
  );
  bar.start(total, 0, { loss: "" });
  return {
    /** One more step was taken. */
    advance: (loss) => bar.increment(1, { loss: loss.toFixed(4) }),
    stop: () => bar.stop(),
  };
}
