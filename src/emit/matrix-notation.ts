// How a product of tensors is written: which factor stands left, and which is transposed, read off the letters of a contraction.

export interface Factor {
  /** Index of the argument. */
  readonly argument: 0 | 1;
  readonly transposed: boolean;
  /** One axis: the letters of the product do not tell rows from columns there. */
  readonly isVector: boolean;
}

export type ProductNotation =
  | { readonly kind: "matrix"; readonly left: Factor; readonly right: Factor }
  /** a · b */
  | { readonly kind: "dot" }
  /** Σ over axes of the elementwise product, counted from 0; over all of them where the result is a number. */
  | { readonly kind: "sum"; readonly axes: readonly number[] };

/** `ij,kj->ik` is A Bᵀ; undefined where matrices have no notation for it. Axes that go together count as one, batches stay out of it. */
export function productNotation(spec: string): ProductNotation | undefined {
  const [inputs, result] = spec.split("->") as [string, string];
  const [a, b] = inputs.split(",") as [string, string];
  if (a === b) return elementwise(a, result);
  const groups = groupAxes(a, b, result);
  if (groups === undefined) return undefined;
  const [left, right, out] = groups;
  return matrixProduct(left, right, out);
}

function elementwise(letters: string, result: string): ProductNotation | undefined {
  if (letters.length === 1 && result === "") return { kind: "dot" };
  const kept = [...letters].filter((letter) => result.includes(letter)).join("");
  const axes = [...letters].flatMap((letter, axis) => (result.includes(letter) ? [] : [axis]));
  return kept === result ? { kind: "sum", axes } : undefined;
}

/** Axes by what becomes of them: s is summed, r stays from the left, c from the right. Letters of one kind must stand together, in one order. */
function groupAxes(a: string, b: string, out: string): [left: string, right: string, out: string] | undefined {
  const kindOf = (letter: string): string => {
    if (!out.includes(letter)) return "s";
    return a.includes(letter) ? (b.includes(letter) ? "" : "r") : "c";
  };
  const orders = new Map<string, string>();
  const grouped = [a, b, out].map((letters) => {
    const kinds = [...letters].map(kindOf).join("");
    for (const kind of new Set(kinds)) {
      const own = [...letters].filter((letter) => kindOf(letter) === kind).join("");
      if (!letters.includes(own) || (orders.get(kind) ?? own) !== own) return undefined;
      orders.set(kind, own);
    }
    return kinds.replace(/(.)\1+/g, "$1");
  });
  return grouped.includes(undefined) ? undefined : (grouped as [string, string, string]);
}

function matrixProduct(left: string, right: string, out: string): ProductNotation | undefined {
  const isSummed = left.includes("s");
  if (left === "" || right === "" || isSummed !== right.includes("s")) return undefined;
  const factor = (argument: 0 | 1, letters: string, wanted: string): Factor => ({
    argument,
    transposed: letters.length > 1 && letters !== wanted,
    isVector: letters.length === 1,
  });
  const isTurned = out === "cr" || (left === "s" && right === "cs"); // a vector goes to the right of a matrix
  if (!isSummed) {
    const [first, second] = [factor(0, left, left), factor(1, right, right)];
    return isTurned
      ? { kind: "matrix", left: second, right: { ...first, transposed: true } }
      : { kind: "matrix", left: first, right: { ...second, transposed: true } };
  }
  return isTurned
    ? { kind: "matrix", left: factor(1, right, "cs"), right: factor(0, left, "sr") }
    : { kind: "matrix", left: factor(0, left, "rs"), right: factor(1, right, "sc") };
}
