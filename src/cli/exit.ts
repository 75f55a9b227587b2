// Exit codes, and the error that means "the command line is wrong".

import { CommanderError } from "commander";

export const EXIT = { good: 0, source: 1, usage: 2, verification: 3, stale: 4, bug: 70 } as const;

const USAGE = "wengert.usage";

/** To be thrown: run() prints it and ends with code 2. */
export function usageError(message: string): CommanderError {
  return new CommanderError(EXIT.usage, USAGE, message);
}

/** Whether the message still has to be printed; commander prints its own. */
export function isUsageError(problem: CommanderError): boolean {
  return problem.code === USAGE;
}
