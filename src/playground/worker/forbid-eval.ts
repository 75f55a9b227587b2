// Takes away what runs text as code. A page's policy does not reach its workers where no header says it; so this worker holds itself to it.

/** Replaces `eval` and the four constructors of functions by one that throws, as an engine under `script-src 'self'` does. */
export function forbidEval(): void {
  const refuse = function refuse(): never {
    throw new EvalError("this page never runs text as code");
  };
  const samples = [() => 0, async () => 0, function* () {}, async function* () {}]; // a function of each kind, for its prototype
  for (const sample of samples) {
    const prototype: object = Object.getPrototypeOf(sample);
    Object.defineProperty(prototype, "constructor", { value: refuse, configurable: false, writable: false });
  }
  Object.defineProperty(refuse, "prototype", { value: Object.getPrototypeOf(refuse) }); // so that `instanceof Function` still tells
  const scope = globalThis as Record<string, unknown>;
  scope["Function"] = refuse;
  scope["eval"] = refuse;
}
