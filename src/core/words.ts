// How names are put together. Knows nothing of what they name.

/** `sigX` from `sig` and `x`. */
export function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function uncapitalise(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** Names that must not be given to anything in generated code: keywords, globals it uses, and what every object has. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in " +
    "instanceof new null return super switch this throw true try typeof var void while with implements interface let package private " +
    "protected public static yield await async eval arguments undefined NaN Infinity Math Number Float64Array Float32Array Int32Array RangeError TypeError Number Array Object " +
    "globalThis constructor toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString prototype __proto__ " +
    "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ then"
  ).split(" "),
);

export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

/** Hands out names, each once. */
export interface NameAllocator {
  /** `wanted`, or `wanted` with a number behind it if that is taken or reserved. */
  allocate(wanted: string): string;
  /** Like `allocate`, for a name whose companion (`d` + name) must be free as well; takes both. */
  allocateWith(wanted: string, companion: (name: string) => string): string;
  isFree(name: string): boolean;
  take(name: string): void;
}

export function createNameAllocator(taken: Iterable<string> = []): NameAllocator {
  const used = new Set<string>(taken);
  const nextSuffix = new Map<string, number>();
  const isFree = (name: string): boolean => !used.has(name) && !RESERVED.has(name);

  function search(wanted: string, fits: (name: string) => boolean): string {
    if (fits(wanted)) return wanted;
    if (RESERVED.has(wanted) && fits(`${wanted}_`)) return `${wanted}_`;
    const base = /\d$/.test(wanted) ? `${wanted}_` : wanted;
    for (let suffix = nextSuffix.get(base) ?? 2; ; suffix++) {
      if (!fits(`${base}${suffix}`)) continue;
      nextSuffix.set(base, suffix + 1);
      return `${base}${suffix}`;
    }
  }

  return {
    isFree,
    take: (name) => void used.add(name),
    allocate(wanted) {
      const name = search(wanted, isFree);
      used.add(name);
      return name;
    },
    allocateWith(wanted, companion) {
      const name = search(wanted, (candidate) => isFree(candidate) && isFree(companion(candidate)));
      used.add(name).add(companion(name));
      return name;
    },
  };
}
