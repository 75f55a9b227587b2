// Exhaustiveness: a switch over a union ends here, so a new member is a type error and not a silent default.

/** Never returns; a call that type-checks can only be reached through a bug of ours. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
