// Where the variables of interpreted code live: a slot in the frame of the call, or in that of the module.

/** The variables of one call from index 1 on; at index 0 the frame of the function around, undefined outside of all. */
export type Frame = unknown[];

/** Interpreted code: reading it has made it a function of the frame it runs in. */
export type Evaluate = (frame: Frame) => unknown;

/** An expression that may stand on the left of `=`, or any other. */
export interface Place {
  readonly read: Evaluate;
  readonly write?: (frame: Frame, value: unknown) => void;
  /** The slot in its own frame that it reads, where it does no more. */
  readonly slot?: number;
  /** What it always is, where that is known. */
  readonly constant?: { readonly value: unknown };
}

/** Where a name is found: in the module's frame, or in that of the function `depth` further out. */
export type Variable =
  { readonly kind: "module"; readonly slot: number } | { readonly kind: "local"; readonly depth: number; readonly slot: number };

/** The names a piece of code sees, while it is read. */
export interface Scope {
  /** The slot of a variable declared here: a module's are declared before they are read, for the functions above. */
  declare(name: string): number;
  find(name: string): Variable | undefined;
  /** A block: names of its own, in the same frame. Arrow functions made in a loop are not to outlive its turn; generated code keeps none. */
  block(): Scope;
  /** A function: a frame of its own. */
  inner(): Scope;
  /** How long the frame is, as far as is known. */
  size(): number;
}

interface Around {
  /** How many slots the frame has. */
  readonly frame: { size: number };
  /** What is around a block in the same frame. */
  readonly block?: Scope;
  /** What is outside of the function; a module has neither. */
  readonly outer?: Scope;
}

/** The scope of a module. */
export function createScope(): Scope {
  return scopeIn({ frame: { size: 1 } });
}

function scopeIn({ frame, block, outer }: Around): Scope {
  const slots = new Map<string, number>();
  const isModule = block === undefined && outer === undefined;
  const scope: Scope = {
    declare(name) {
      const slot = slots.get(name) ?? frame.size++;
      slots.set(name, slot);
      return slot;
    },
    find(name) {
      const slot = slots.get(name);
      if (slot !== undefined) return isModule ? { kind: "module", slot } : { kind: "local", depth: 0, slot };
      if (block !== undefined) return block.find(name);
      const found = outer?.find(name);
      return found?.kind === "local" ? { ...found, depth: found.depth + 1 } : found;
    },
    block: () => scopeIn({ frame, block: scope }),
    inner: () => scopeIn({ frame: { size: 1 }, outer: scope }),
    size: () => frame.size,
  };
  return scope;
}

/** A variable of a module whose frame is `top`, or of the functions in it. */
export function variable(found: Variable, top: Frame): Required<Pick<Place, "read" | "write">> & Place {
  const { slot } = found;
  if (found.kind === "module") return { read: () => top[slot], write: (_, value) => void (top[slot] = value) };
  if (found.depth === 0) return { slot, read: (frame) => frame[slot], write: (frame, value) => void (frame[slot] = value) };
  if (found.depth === 1) return outerVariable(slot);
  const frameOf = (frame: Frame): Frame => {
    let at = frame;
    for (let level = 0; level < found.depth; level++) at = at[0] as Frame; // the scope found it that far out
    return at;
  };
  return { read: (frame) => frameOf(frame)[slot], write: (frame, value) => void (frameOf(frame)[slot] = value) };
}

/** A variable of the function around: what arrow functions read most. */
function outerVariable(slot: number): Required<Pick<Place, "read" | "write">> {
  return {
    read: (frame) => (frame[0] as Frame)[slot],
    write: (frame, value) => void ((frame[0] as Frame)[slot] = value),
  };
}
