// Special functions that generated files carry along. To be replaced by the full implementations.
export function erf(x: number): number { return x; }
export function gamma(x: number): number { return x; }
export function lgamma(x: number): number { return x; }
export function digamma(x: number): number { return x; }
export function polygamma(n: number, x: number): number { return n * x; }
