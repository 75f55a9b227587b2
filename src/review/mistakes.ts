// The mistakes that are made in backward passes, as a table: each says whether it explains the numbers of a wrong line at every point, and how to
// say so. The first that does is told.

import { isLoop, namesRead, startOf } from "./syntax.ts";
import { mentionsIn, operatorsIn, type Case, type Edit, type Quantity } from "./case.ts";
import type { PerPoint } from "./walk.ts";
import { agreeEverywhere, factorBetween } from "./walk.ts";
import { agree, largest, scale, subtract } from "./vectors.ts";

export type MistakeName =
  | "not-a-number"
  | "overwritten"
  | "counted-twice"
  | "used-too-early"
  | "missing-contribution"
  | "sign"
  | "swapped-operands"
  | "missing-upstream"
  | "wrong-upstream"
  | "mask-missing"
  | "mask-inverted"
  | "mask-of-another"
  | "transposed"
  | "missing-batch-sum"
  | "one-row"
  | "missing-one-hot"
  | "missing-mean"
  | "divided-twice"
  | "constant-factor"
  | "reciprocal-square"
  | "missing-factor"
  | "extra-factor"
  | "wrong-variable"
  | "output-for-input"
  | "input-for-output"
  | "wrong-operator"
  | "wrong-result";

export interface Explained {
  readonly explanation: string;
  /** A question or a rule that leads on without giving the line away. */
  readonly nudge: string;
  readonly edits?: readonly Edit[];
  /** Where a general entry of the table has a more exact name. */
  readonly name?: MistakeName;
}

interface Mistake {
  readonly name: MistakeName;
  /** The words for it where it explains the case, else undefined. */
  readonly applies: (wrong: Case) => Explained | undefined;
}

export const mistakes: readonly Mistake[] = [
  { name: "not-a-number", applies: notANumber },
  { name: "overwritten", applies: overwritten },
  { name: "used-too-early", applies: usedTooEarly },
  { name: "wrong-result", applies: wrongResult },
  { name: "counted-twice", applies: countedTwice },
  { name: "missing-contribution", applies: missingContribution },
  { name: "sign", applies: sign },
  { name: "mask-missing", applies: mask },
  { name: "missing-batch-sum", applies: batchSum },
  { name: "swapped-operands", applies: swappedOperands },
  { name: "transposed", applies: transposed },
  { name: "missing-one-hot", applies: oneHot },
  { name: "missing-mean", applies: mean },
  { name: "missing-upstream", applies: upstream },
  { name: "constant-factor", applies: constant },
  { name: "wrong-variable", applies: anotherName },
  { name: "wrong-operator", applies: anotherOperator },
  { name: "swapped-operands", applies: argumentsTurned },
  { name: "missing-factor", applies: factor },
  { name: "wrong-variable", applies: exchanged },
];

/** The first entry that explains the case. */
export function explain(wrong: Case): (Explained & { readonly name: MistakeName }) | undefined {
  for (const { name, applies } of mistakes) {
    const found = applies(wrong);
    if (found !== undefined) return { name, ...found };
  }
  return undefined;
}

function notANumber({ after, write, adjoint }: Case): Explained | undefined {
  const isBroken = (value: readonly number[] | undefined): boolean =>
    value !== undefined && (value.length === 0 || value.some(Number.isNaN));
  if (!after.some(isBroken)) return undefined;
  const grows = write.operator === "+=" || write.operator === "-=";
  return {
    explanation: grows
      ? `${adjoint.name} is not a number here: a sum that was never started stays undefined, and undefined + 1 is NaN`
      : `${adjoint.name} is not a number here: something on the right is undefined, or 0 divided by 0`,
    nudge: grows
      ? `What does ${adjoint.name} hold before the first +=?`
      : "Print each name on the right: which of them is NaN or undefined?",
  };
}

function overwritten({ verdict, adjoint, write, text, contributions }: Case): Explained | undefined {
  if (verdict !== "overwrites") return undefined;
  const at = operatorPlace(write, text);
  return {
    explanation: `${adjoint.of} is used more than once, so its gradients add up; this = throws away what ${adjoint.name} held before`,
    nudge: `${adjoint.of} forks in the forward pass. What happens here to the gradient that came back through its other use?`,
    ...(at !== undefined && contributions.length > 0 && { edits: [{ start: at, end: at + 1, text: "+=" }] }),
  };
}

/** Where the `=` of an assignment stands. */
function operatorPlace(write: Case["write"], text: string): number | undefined {
  if (write.how !== "assignment" || write.right === undefined) return undefined;
  const at = text.lastIndexOf("=", startOf(write.right));
  return at > startOf(write.node) ? at : undefined;
}

function usedTooEarly({ verdict, incomplete }: Case): Explained | undefined {
  if (verdict !== "early" || incomplete === undefined) return undefined;
  return {
    explanation: `this line reads ${incomplete} before it is complete: lines below still add to it`,
    nudge: `A gradient may be passed on only when all its contributions are in. Which lines have to come before this one?`,
  };
}

function wrongResult({ adjoint, got, roles, gradientOf, write, text }: Case): Explained | undefined {
  if (!adjoint.isResult) return undefined;
  const named = write.right === undefined ? undefined : text.slice(write.right.start ?? 0, write.right.end ?? 0);
  if (named === undefined || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(named)) return undefined;
  const other = roles.adjoints.find(({ name, of }) => !adjoint.isResult || (name === named && of !== adjoint.of));
  if (other === undefined || !agreeEverywhere(got, gradientOf(other.of) ?? [])) return undefined;
  const right = roles.adjoints.find(({ of, isResult }) => of === adjoint.of && !isResult)?.name;
  return {
    explanation: `what goes out as the gradient by ${adjoint.of} is ${named}, the gradient by ${other.of}`,
    nudge: `Which variable holds the gradient by ${adjoint.of}?`,
    ...(right !== undefined && { edits: [{ start: write.right!.start ?? 0, end: write.right!.end ?? 0, text: right }] }),
  };
}

function countedTwice({ verdict, adjoint }: Case): Explained | undefined {
  if (verdict !== "twice") return undefined;
  return {
    explanation: `this contribution to ${adjoint.name} is already in it: it is counted twice`,
    nudge: `Count the places where ${adjoint.of} is used in the forward pass, and the lines that add to ${adjoint.name}.`,
  };
}

function missingContribution({ verdict, adjoint, contributions, all, text, wantedAfter, after }: Case): Explained | undefined {
  if (verdict !== "missing") return undefined;
  const brought = new Set(all.filter((each) => !contributions.includes(each)).map(({ read }) => read.statement));
  const isSquare = contributions.length > 0 && contributions.every(({ read }) => brought.has(read.statement));
  if (isSquare && factorBetween(wantedAfter, after) !== undefined) {
    const line = lineOf(text, startOf(contributions[0]!.read.node));
    return {
      name: "constant-factor",
      explanation: `${adjoint.of} stands more than once on line ${line}, and only one of its places sends a gradient back here`,
      nudge: "What is the derivative of u * u?",
    };
  }
  const reads = contributions.map(({ read }) => lineOf(text, startOf(read.node)));
  const lines = [...new Set(reads)];
  if (lines.length === 0) return undefined;
  const where = lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(", ")}`;
  return {
    explanation: `${adjoint.of} is also used on ${where}, and nothing brings the gradient of that use back into ${adjoint.name}`,
    nudge: `Every use of ${adjoint.of} in the forward pass sends a gradient back. Which use has no line here?`,
  };
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function sign({ got, wanted, write }: Case): Explained | undefined {
  if (!agreeEverywhere(got, negate(wanted)) || isNothing(wanted)) return undefined;
  const { right } = write;
  const edits = right === undefined || write.how === "store" ? undefined : negated(right.start ?? 0, right.end ?? 0);
  return {
    explanation: "the sign is turned round",
    nudge: "Does the stage grow or shrink when this variable grows?",
    ...(edits !== undefined && { edits }),
  };
}

function negated(start: number, end: number): Edit[] {
  return [
    { start, end: start, text: "-(" },
    { start: end, end, text: ")" },
  ];
}

function swappedOperands(wrong: Case): Explained | undefined {
  const { got, adjoint, contributions, all, probe } = wrong;
  const statements = new Set((contributions.length > 0 ? contributions : all).map(({ read }) => read.statement));
  const others = probe.trial.instrumented.sites.filter(
    (site) => site.kind === "read" && statements.has(site.statement) && site.variable !== adjoint.of,
  );
  const { seed } = probe.trial;
  for (const other of others) {
    const slopes = probe.points.map((_, point) => {
      const own = probe.derivative(other, point);
      return own && scale(own, seed);
    });
    if (isNothing(slopes) || !agreeEverywhere(got, slopes)) continue;
    if (isRouted(wrong))
      return {
        name: "mask-inverted",
        explanation: `the condition is the wrong way round: the gradient goes to ${adjoint.of} where the forward pass took ${other.variable}`,
        nudge: "Put numbers in: which side did the forward pass take there?",
      };
    return {
      explanation: `this is the gradient of ${other.variable}, not of ${adjoint.of}: the operands are swapped`,
      nudge: `In a product each factor gets the other factor times the upstream gradient. Which one is the other of ${adjoint.of}?`,
    };
  }
  return undefined;
}

/** Whether the stage takes one of two, and at each point the gradient belongs to the one that the line leaves out. */
function isRouted({ got, wanted, forwardText }: Case): boolean {
  if (!/Math\.(max|min)|\?/.test(forwardText)) return false;
  return wanted.every(
    (each, point) => each === undefined || got[point] === undefined || largest(each) === 0 || largest(got[point]) === 0,
  );
}

/** relu, max and their like: the upstream gradient goes through or it does not. */
function mask({ got, wanted, contributions, adjoint, forwardText }: Case): Explained | undefined {
  const upstream = contributions[0]?.upstream ?? undefined;
  if (upstream === undefined) return undefined;
  const flat = flatten(got, wanted, upstream);
  if (flat === undefined) return undefined;
  const isThrough = flat.every(([, w, u]) => close(w, u) || close(w, 0));
  const isBlocked = flat.some(([, w, u]) => close(w, 0) && !close(u, 0));
  if (!isThrough || !isBlocked) return undefined;
  const isRouted = /\bmax\s*\(\s*(?!0\b)[^,()]*,\s*(?!0\b)|\bmin\b/.test(forwardText);
  const gate = isRouted ? "the larger side" : `where ${adjoint.of} is positive`;
  if (flat.every(([g, , u]) => close(g, u)))
    return {
      explanation: `the gradient passes everywhere; in the forward pass it goes only through ${gate}, elsewhere it is 0`,
      nudge: "Where the forward pass cuts the value off, nothing depends on it any more. What comes back from there?",
    };
  if (flat.every(([g, w, u]) => close(g + w, u)))
    return {
      name: "mask-inverted",
      explanation: `the condition is the wrong way round: the gradient goes where the forward pass took nothing from ${adjoint.of}`,
      nudge: "Put numbers in: which side did the forward pass take there?",
    };
  if (flat.every(([g, , u]) => close(g, u) || close(g, 0)))
    return {
      name: "mask-of-another",
      explanation: `the gradient is cut off in the wrong places: the condition must look at ${adjoint.of}, as the forward pass does`,
      nudge: "Which variable decided in the forward pass what went through?",
    };
  return undefined;
}

function transposed({ got, wanted, adjoint }: Case): Explained | undefined {
  const told = {
    explanation: `${adjoint.name} is transposed: rows and columns are exchanged`,
    nudge: `A gradient has the shape of its variable. Of C = A B: dA = dC Bᵀ and dB = Aᵀ dC; which order gives the shape of ${adjoint.of}?`,
  };
  const isTransposed = got.every((each, point) => {
    const right = wanted[point];
    if (each === undefined || right === undefined) return true;
    return each.length === right.length && rowCounts(each.length).some((rows) => agree(transpose(each, rows), right));
  });
  const isTold = got.some((each, point) => each !== undefined && wanted[point] !== undefined && each.length > 3);
  return isTransposed && isTold ? told : undefined;
}

function rowCounts(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1).filter((rows) => length % rows === 0 && rows > 1 && rows < length);
}

function transpose(data: readonly number[], rows: number): number[] {
  const columns = data.length / rows;
  return Array.from(data, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
}

function batchSum({ got, wanted, contributions, adjoint }: Case): Explained | undefined {
  const nudge = `${adjoint.of} is added to every row, so it forks into all of them. What happens to gradients at a fork?`;
  const rowSums = got.map((each, point) => {
    const width = wanted[point]?.length ?? 0;
    return each !== undefined && width > 0 && each.length > width && each.length % width === 0 ? sumRows(each, width) : undefined;
  });
  if (rowSums.some((each) => each !== undefined) && agreeEverywhere(rowSums, wanted))
    return { explanation: `${adjoint.name} still has a row for each example: the sum over the batch is missing`, nudge };
  const upstream = contributions[0]?.upstream;
  if (upstream === undefined) return undefined;
  const isRow = (pick: (rows: number) => number): boolean =>
    agreeEverywhere(
      got,
      upstream.map((each, point) => {
        const width = wanted[point]?.length ?? 0;
        const rows = width === 0 ? 0 : (each?.length ?? 0) / width;
        return rows > 1 && Number.isInteger(rows) ? each!.slice(pick(rows) * width, (pick(rows) + 1) * width) : undefined;
      }),
    );
  if (isRow(() => 0) || isRow((rows) => rows - 1))
    return {
      name: "one-row",
      explanation: `${adjoint.name} is the gradient of one row only: the sum over the batch is missing`,
      nudge,
    };
  const wholeSums = got.map((each, point) => {
    const right = wanted[point];
    return each?.length === 1 && right !== undefined && right.length > 1
      ? [each[0]! - right.reduce((sum, value) => sum + value, 0)]
      : undefined;
  });
  if (wholeSums.some((each) => each !== undefined) && wholeSums.every((each) => each === undefined || close(each[0]!, 0)))
    return { explanation: `${adjoint.name} is summed over everything; only the rows of the batch are to be added up`, nudge };
  return undefined;
}

function sumRows(data: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, column) =>
    data.reduce((sum, value, at) => (at % width === column ? sum + value : sum), 0),
  );
}

/** Softmax with cross-entropy is p − y: without the y each row is off at one place. */
function oneHot({ got, wanted, forwardText, probe }: Case): Explained | undefined {
  const hasClasses =
    probe.trial.names.truth.inputs.some(({ dtype }) => dtype === "integer") || /exp|softmax|log/i.test(forwardText);
  if (!hasClasses) return undefined;
  const isOff = got.every((each, point) => {
    const right = wanted[point];
    if (each === undefined || right === undefined) return true;
    if (each.length !== right.length) return false;
    const off = subtract(each, right).filter((value) => Math.abs(value) > 1e-6);
    const rowSum = right.reduce((sum, value) => sum + value, 0);
    return (
      off.length > 0 &&
      off.length < each.length &&
      off.every((value) => value > 0 && close(value, off[0]!)) &&
      Math.abs(rowSum) < 1e-6
    );
  });
  if (!isOff) return undefined;
  return {
    explanation: "this is the softmax alone: of the right class 1 has to be taken away (p − y)",
    nudge: "In which element does the loss contain the score itself, besides the logarithm of the sum?",
  };
}

/** wanted = got times what arrives. */
function upstream(wrong: Case): Explained | undefined {
  const { got, wanted, contributions } = wrong;
  for (const { stage, upstream: values } of contributions) {
    const arriving = wrong.quantities().find((quantity) => quantity.kind === "gradient" && quantity.values === values);
    if (arriving === undefined || !isProduct(got, arriving.values, wanted)) continue;
    return {
      explanation: `this is the local gradient alone: the chain rule multiplies it by what arrives from above, ${arriving.text}`,
      nudge: `How does the gradient that arrived at ${stage ?? "the next stage"} come into this line?`,
      ...timesEdit(wrong, arriving.text),
    };
  }
  return undefined;
}

function constant(wrong: Case): Explained | undefined {
  const factors = factorBetween(wrong.wanted, wrong.got);
  return factors === undefined ? undefined : describeConstant(factors, wrong);
}

/** wanted = got · q, or got / q, for a q that local gradients are made of. */
function factor(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint, forwardText } = wrong;
  const nearest = (text: string): number => (text === adjoint.of ? 0 : contributions.some(({ stage }) => stage === text) ? 1 : 2);
  const stages = wrong.quantities().filter(({ kind }) => kind === "stage");
  const ranked = [...stages].sort((a, b) => nearest(a.text) - nearest(b.text));
  const nudge = `Write down the derivative of the stage that reads ${adjoint.of}, and count its factors.`;
  const forms = ranked.flatMap(formsOf);
  for (const { text, of, values, isInverse } of forms) {
    if (isProduct(got, values, wanted)) {
      const isSquare = isInverse && new RegExp(`/[^;]*\\b${escapeName(of)}(?![\\w$])`).test(forwardText);
      if (isSquare)
        return {
          name: "reciprocal-square",
          explanation: "the derivative of 1/u is -1/u²: the square is missing",
          nudge: "What is the derivative of u to the power -1?",
          ...timesEdit(wrong, `(${text})`),
        };
      return { explanation: `the factor ${text} is missing in the local gradient`, nudge, ...timesEdit(wrong, `(${text})`) };
    }
  }
  const surplus = forms.find(({ values }) => isProduct(wanted, values, got));
  if (surplus !== undefined) return { name: "extra-factor", explanation: `the factor ${surplus.text} is one too many`, nudge };
  const gradients = wrong.quantities().filter(({ kind, values }) => kind === "gradient" && !isUnit(values));
  const extra = gradients.find(({ values }) => isProduct(wanted, values, got));
  if (extra === undefined) return undefined;
  return {
    name: "extra-factor",
    explanation: `the upstream gradient ${extra.text} is one too many`,
    nudge: "Each stage multiplies what arrives at it once.",
  };
}

function escapeName(name: string): string {
  return name.replace(/\$/g, "\\$");
}

function isUnit(values: PerPoint): boolean {
  return values.every((each) => each === undefined || each.every((value) => close(value, 1)));
}

/** wanted · r = got · q: r stands where q should; only what is mentioned on the line can stand there. */
function exchanged(wrong: Case): Explained | undefined {
  const { got, wanted, contributions, adjoint, write } = wrong;
  const known = wrong.quantities().filter(({ values }) => !isUnit(values));
  const mentioned = namesRead(write.right ?? write.node);
  for (const wrongOne of known.filter(({ text }) => mentioned.has(text))) {
    for (const right of known) {
      if (right === wrongOne || right.kind !== wrongOne.kind) continue;
      const [left, other] = [product(wanted, wrongOne.values), product(got, right.values)];
      if (left === undefined || other === undefined || !agreeEverywhere(left, other)) continue;
      if (right.kind !== "gradient") return nameExchange(wrongOne.text, right.text, { contributions, adjoint });
      const isArriving = contributions.some(({ upstream: values }) => values === right.values);
      if (isArriving) return wrongUpstream(wrongOne.text, right.text, adjoint.of);
    }
  }
  return undefined;
}

function wrongUpstream(wrongOne: string, right: string, variable: string): Explained {
  return {
    name: "wrong-upstream",
    explanation: `the gradient of the wrong stage comes in: ${wrongOne} stands where ${right} belongs`,
    nudge: `Which stage reads ${variable}? Its gradient is what arrives here.`,
  };
}

function nameExchange(
  wrongOne: string,
  right: string,
  { contributions, adjoint }: Pick<Case, "contributions" | "adjoint">,
): Explained {
  const stages = new Set(contributions.map(({ stage }) => stage));
  if (stages.has(wrongOne) && right === adjoint.of)
    return {
      name: "output-for-input",
      explanation: `the derivative is taken at the stage's output ${wrongOne}, and belongs at its input ${right}`,
      nudge: "At which value is this derivative to be evaluated: at what came in, or at what came out?",
    };
  if (wrongOne === adjoint.of && stages.has(right))
    return {
      name: "input-for-output",
      explanation: `this form of the derivative is in terms of the stage's output ${right}; here its input ${wrongOne} is put in`,
      nudge: "Is this formula for the derivative one of the input, or one of the output?",
    };
  return {
    name: wrongOne === adjoint.of ? "swapped-operands" : "wrong-variable",
    explanation:
      wrongOne === adjoint.of
        ? `${wrongOne} stands where ${right} belongs: the operands are swapped`
        : `${wrongOne} stands where ${right} belongs`,
    nudge: `Differentiate the stage by ${adjoint.of}: which variables are left?`,
  };
}

interface Form {
  readonly text: string;
  readonly of: string;
  readonly values: PerPoint;
  readonly isInverse: boolean;
}

const FORMS: readonly {
  readonly write: (name: string) => string;
  readonly apply: (value: number) => number;
  readonly isInverse?: true;
}[] = [
  { write: (u) => u, apply: (u) => u },
  { write: (u) => `1 - ${u}`, apply: (u) => 1 - u },
  { write: (u) => `1 / ${u}`, apply: (u) => 1 / u, isInverse: true },
  { write: (u) => `2 * ${u}`, apply: (u) => 2 * u },
  { write: (u) => `${u} ** 2`, apply: (u) => u * u },
  { write: (u) => `3 * ${u}`, apply: (u) => 3 * u },
  { write: (u) => `${u} * (1 - ${u})`, apply: (u) => u * (1 - u) },
  { write: (u) => `1 - ${u} ** 2`, apply: (u) => 1 - u * u },
];

/** What local gradients are made of. */
function formsOf({ text, values }: Quantity): Form[] {
  return FORMS.map(({ write, apply, isInverse = false }) => ({
    text: write(text),
    of: text,
    values: values.map((each) => each && each.map(apply)),
    isInverse,
  }));
}

/** A size of the batch too many, or too few. */
function mean(wrong: Case): Explained | undefined {
  const factors = factorBetween(wrong.wanted, wrong.got);
  if (factors === undefined) return undefined;
  for (const { text, values: counts } of wrong.quantities().filter(({ kind }) => kind === "size")) {
    if (factors.every((each, point) => each === undefined || close(each[0]! * counts[point]![0]!, 1)))
      return {
        explanation: `the 1/${text} of the mean is missing: this is ${text} times too large`,
        nudge: "The forward pass divides by the number of examples. Where does that come back?",
        ...timesEdit(wrong, `(1 / ${text})`),
      };
    if (factors.every((each, point) => each === undefined || close(each[0]!, counts[point]![0]!)))
      return {
        name: "divided-twice",
        explanation: `this is divided by ${text} once too often`,
        nudge: "The mean divides once. Which lines divide here?",
      };
  }
  return undefined;
}

function describeConstant(factors: PerPoint, wrong: Case): Explained | undefined {
  const values = factors.filter((each) => each !== undefined).map(([value]) => value!);
  const [first] = values;
  if (
    first === undefined ||
    values.length < 2 ||
    !values.every((value) => close(value, first)) ||
    close(first, 1) ||
    close(first, -1)
  )
    return undefined;
  const shown = Number(first.toPrecision(4));
  return {
    name: "constant-factor",
    explanation:
      Math.abs(first) > 1
        ? `a factor ${shown} is missing`
        : `this is ${Number((1 / first).toPrecision(4))} times too large: a factor ${shown} is missing`,
    nudge: "Does the derivative of this stage bring a constant with it, as the 2 of (u²)′ = 2u?",
    ...timesEdit(wrong, String(shown)),
  };
}

/** The line with one factor more. */
function timesEdit({ write, text }: Case, factor: string): { edits?: readonly Edit[] } {
  const { right, how } = write;
  if (right === undefined || how === "store" || isLoop(write.node)) return {};
  const [start, end] = [right.start ?? 0, right.end ?? 0];
  const isSum = /[-+?:,<>=]/.test(text.slice(start, end).replace(/\([^()]*\)/g, ""));
  const opening = isSum ? [{ start, end: start, text: "(" }] : [];
  return { edits: [...opening, { start: end, end, text: `${isSum ? ")" : ""} * ${factor}` }] };
}

/** Another name in the place of one on the right. */
function anotherName(wrong: Case): Explained | undefined {
  const { write, roles, adjoint, contributions } = wrong;
  if (write.right === undefined) return undefined;
  const gradients = roles.adjoints.filter(({ isResult, name }) => !isResult && name !== adjoint.name).map(({ name }) => name);
  const stages = [...roles.stages.keys()];
  const mentions = mentionsIn(write.right).filter(({ isCallee }) => !isCallee);
  for (const mention of mentions) {
    const isGradient = gradients.includes(mention.name);
    const candidates = isGradient ? gradients : stages.includes(mention.name) ? stages : [];
    for (const candidate of candidates) {
      if (candidate === mention.name) continue;
      const everywhere = mentions
        .filter(({ name }) => name === mention.name)
        .map(({ start, end }): Edit => ({ start, end, text: candidate }));
      const once: Edit[] = [{ start: mention.start, end: mention.end, text: candidate }];
      const edits = [once, everywhere].find((each) => wrong.solves(each));
      if (edits === undefined) continue;
      if (isGradient) return { ...wrongUpstream(mention.name, candidate, adjoint.of), edits };
      return { ...nameExchange(mention.name, candidate, { contributions, adjoint }), edits };
    }
  }
  return undefined;
}

const TURNED: Readonly<Record<string, readonly string[]>> = { "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"] };
const COMPARED: Readonly<Record<string, readonly string[]>> = { ">": ["<"], "<": [">"], ">=": ["<="], "<=": [">="] };

/** Another operator in the place of one on the right, a number next to it, or `-=` for `+=`. */
function anotherOperator(wrong: Case): Explained | undefined {
  const { write, text } = wrong;
  const root = write.right ?? write.node;
  for (const { operator, start } of operatorsIn(root, text)) {
    for (const other of [...(TURNED[operator] ?? []), ...(COMPARED[operator] ?? [])]) {
      const edits = [{ start, end: start + operator.length, text: other }];
      if (!wrong.solves(edits)) continue;
      return {
        explanation: `the ${operator} on this line should be a ${other}`,
        nudge: "Take the line apart: which part of it has the wrong sign, or the wrong place in the fraction?",
        edits,
      };
    }
  }
  return undefined;
}

/** `matmul(A, B)` for `matmul(B, A)`; or the other kernel of two. */
function argumentsTurned(wrong: Case): Explained | undefined {
  const { write, text } = wrong;
  const { right } = write;
  if (right?.type !== "CallExpression" || right.arguments.length < 2) return undefined;
  const [first, second] = right.arguments.map(({ start, end }) => ({ start: start ?? 0, end: end ?? 0 })) as [Edit, Edit];
  const edits: Edit[] = [
    { start: first.start, end: first.end, text: text.slice(second.start, second.end) },
    { start: second.start, end: second.end, text: text.slice(first.start, first.end) },
  ];
  if (!wrong.solves(edits)) return undefined;
  return {
    explanation: "the operands of this product stand in the wrong order",
    nudge: "Matrices do not commute: of C = A B, dA = dC Bᵀ and dB = Aᵀ dC.",
    edits,
  };
}

function negate(values: PerPoint): PerPoint {
  return values.map((each) => each && scale(each, -1));
}

function isNothing(values: PerPoint): boolean {
  return values.every((each) => each === undefined || largest(each) === 0);
}

/** All elements of all points, side by side; undefined where lengths differ. */
function flatten(...lists: readonly PerPoint[]): [number, number, number][] | undefined {
  const [a, b, c] = lists as [PerPoint, PerPoint, PerPoint];
  const all: [number, number, number][] = [];
  for (const [point, first] of a.entries()) {
    const [second, third] = [b[point], c[point]];
    if (first === undefined || second === undefined || third === undefined) continue;
    if (first.length !== second.length || second.length !== third.length) return undefined;
    first.forEach((value, at) => all.push([value, second[at]!, third[at]!]));
  }
  return all.length === 0 ? undefined : all;
}

function product(a: PerPoint, b: PerPoint): PerPoint | undefined {
  const result = a.map((each, point) => {
    const other = b[point];
    if (each === undefined || other === undefined) return undefined;
    if (other.length === 1) return scale(each, other[0]!);
    return other.length === each.length ? each.map((value, at) => value * other[at]!) : undefined;
  });
  const isShort = result.some((each, point) => each === undefined && a[point] !== undefined && b[point] !== undefined);
  return isShort || result.every((each) => each === undefined) ? undefined : result;
}

/** Whether a · b is c, and not only because all is nothing. */
function isProduct(a: PerPoint, b: PerPoint, c: PerPoint): boolean {
  const made = product(a, b);
  return (
    made !== undefined &&
    !isNothing(c) &&
    made.every((each) => each === undefined || each.every(Number.isFinite)) &&
    agreeEverywhere(made, c)
  );
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b)) + 1e-8;
}
