// Where the variables of interpreted code live: one frame for each call of a function, in it a slot for each variable.

/** The variables of one call. */
export interface Frame {
  readonly slots: unknown[];
  readonly parent: Frame | undefined;
}

/** Interpreted code: reading it has made it a function of the frame it runs in. */
export type Evaluate = (frame: Frame) => unknown;

/** An expression that may stand on the left of `=`, or any other. */
export interface Place {
  readonly read: Evaluate;
  readonly write?: (frame: Frame, value: unknown) => void;
}

/** The names a piece of code sees, while it is read. */
export interface Scope {
  /** A slot of its own for a variable declared here. */
  declare(name: string): number;
  find(name: string): { readonly depth: number; readonly slot: number } | undefined;
  /** A block: names of its own, in the same frame. */
  block(): Scope;
  /** A function: a frame of its own. */
  inner(): Scope;
}

export function createScope(): Scope {
  return scopeIn(undefined, { count: 0 }, undefined);
}

function scopeIn(outer: Scope | undefined, frame: { count: number }, around: Scope | undefined): Scope {
  const slots = new Map<string, number>();
  const scope: Scope = {
    declare(name) {
      const slot = frame.count++;
      slots.set(name, slot);
      return slot;
    },
    find(name) {
      const slot = slots.get(name);
      if (slot !== undefined) return { depth: 0, slot };
      const inFrame = around?.find(name);
      if (inFrame !== undefined) return inFrame;
      // A block asks what is around it, which asks what is outside of the function.
      const outside = around === undefined ? outer?.find(name) : undefined;
      return outside && { depth: outside.depth + 1, slot: outside.slot };
    },
    block: () => scopeIn(undefined, frame, scope),
    inner: () => scopeIn(scope, { count: 0 }, undefined),
  };
  return scope;
}

/** The variable in `slot` of the frame that is `depth` functions further out. */
export function variable(depth: number, slot: number): Required<Place> {
  if (depth === 0) {
    return { read: (frame) => frame.slots[slot], write: (frame, value) => void (frame.slots[slot] = value) };
  }
  const frameOf = (frame: Frame): Frame => {
    let at = frame;
    for (let level = 0; level < depth; level++) at = at.parent!; // the scope found it that far out
    return at;
  };
  return { read: (frame) => frameOf(frame).slots[slot], write: (frame, value) => void (frameOf(frame).slots[slot] = value) };
}
