// Steps of training, which generated files carry along: they change parameters p and their state in
// place, g is the gradient. Formulas are those of torch.optim and torch.nn.utils (PyTorch 2).

import { norm } from "./reduction.ts";

/** Gradient descent: p −= rate g. torch.optim.SGD. */
export function sgd(p: Float64Array, g: Float64Array, rate: number): void {
  for (let i = 0; i < p.length; i++) p[i] = p[i]! - rate * g[i]!;
}

/** torch.optim.SGD with momentum: v = momentum v + g, p −= rate v, or rate (g + momentum v). */
export function momentum(
  p: Float64Array,
  g: Float64Array,
  velocity: Float64Array,
  rate: number,
  momentum: number,
  nesterov: boolean,
): void {
  for (let i = 0; i < p.length; i++) {
    const v = momentum * velocity[i]! + g[i]!;
    velocity[i] = v;
    p[i] = p[i]! - rate * (nesterov ? g[i]! + momentum * v : v);
  }
}

/**
 * torch.optim.Adam (Kingma and Ba 2015): m and v are running means of g and g², p −= rate m̂ / (√v̂ +
 * epsilon) with m̂ = m / (1 − beta1^step), v̂ = v / (1 − beta2^step). The first step is 1.
 */
export function adam(
  p: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  step: number,
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
): void {
  const stepSize = rate / (1 - beta1 ** step);
  const root = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < p.length; i++) {
    const mean = beta1 * m[i]! + (1 - beta1) * g[i]!;
    const square = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
    m[i] = mean;
    v[i] = square;
    p[i] = p[i]! - (stepSize * mean) / (Math.sqrt(square) / root + epsilon);
  }
}

/** torch.optim.RMSprop: p −= rate g / (√squares + epsilon), squares the running mean of g². */
export function rmsprop(
  p: Float64Array,
  g: Float64Array,
  squares: Float64Array,
  rate: number,
  alpha: number,
  epsilon: number,
): void {
  for (let i = 0; i < p.length; i++) {
    const square = alpha * squares[i]! + (1 - alpha) * g[i]! * g[i]!;
    squares[i] = square;
    p[i] = p[i]! - (rate * g[i]!) / (Math.sqrt(square) + epsilon);
  }
}

/** p −= amount p: the weight decay of torch.optim.AdamW, which comes before the step. */
export function decay(p: Float64Array, amount: number): void {
  for (let i = 0; i < p.length; i++) p[i] = p[i]! * (1 - amount);
}

/** g += factor p: weight decay as a penalty on squares, as in torch.optim.SGD. */
export function addScaled(g: Float64Array, p: Float64Array, factor: number): void {
  for (let i = 0; i < g.length; i++) g[i] = g[i]! + factor * p[i]!;
}

/** Scales gradients to a joint Euclidean norm of `limit` at most; returns the norm. clip_grad_norm_. */
export function clipByNorm(gradients: readonly Float64Array[], limit: number): number {
  const total = norm(Float64Array.from(gradients, norm));
  const factor = limit / (total + 1e-6);
  if (factor >= 1) return total; // a NaN goes on
  for (const g of gradients) for (let i = 0; i < g.length; i++) g[i] = g[i]! * factor;
  return total;
}

/** Limits each value to [−limit, limit]. clip_grad_value_. */
export function clipByValue(gradients: readonly Float64Array[], limit: number): void {
  for (const g of gradients)
    for (let i = 0; i < g.length; i++) g[i] = Math.max(-limit, Math.min(limit, g[i]!));
}

/** The learning rate after `step` steps when each multiplies it by `decay`. */
export function exponentialRate(rate: number, step: number, decay: number): number {
  return rate * decay ** step;
}

/** The learning rate after `step` steps when every `every`-th multiplies it by `factor`. */
export function stepRate(rate: number, step: number, every: number, factor: number): number {
  return rate * factor ** Math.floor(step / every);
}

/** The learning rate after `step` steps, half a cosine wave from `rate` to `minimum` at `steps`. */
export function cosineRate(rate: number, step: number, steps: number, minimum: number): number {
  if (step >= steps) return minimum;
  return minimum + ((rate - minimum) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}

/** The learning rate after `step` steps when the first `steps` rise linearly to `rate`. */
export function warmup(rate: number, step: number, steps: number): number {
  return step + 1 >= steps ? rate : (rate * (step + 1)) / steps;
}
