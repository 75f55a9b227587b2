// From numbers to places on a chart, and the round numbers to mark.

import type { Range } from "./messages.ts";

export interface Scale {
  readonly domain: Range;
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** From `domain` to `range`, with about `count` round ticks. */
export function linearScale(domain: Range, range: Range, count = 4): Scale {
  const [low, high] = domain[1] > domain[0] ? domain : [domain[0] - 0.5, domain[0] + 0.5];
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { domain: [low, high], ticks, place: (value) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]) };
}

/** The same by ratios; what is not positive stands at the low end. Ticks are powers of ten. */
export function logScale(domain: Range, range: Range, count = 4): Scale {
  const low = Math.floor(Math.log10(domain[0]) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(domain[1]) - 1e-9));
  const stride = Math.max(1, Math.ceil((high - low) / count));
  const ticks = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, index) => Number(`1e${low + index * stride}`));
  return {
    domain: [10 ** low, 10 ** high],
    ticks,
    place: (value) => {
      const exponent = value > 0 ? Math.max(low, Math.min(high, Math.log10(value))) : low;
      return range[0] + ((exponent - low) / (high - low)) * (range[1] - range[0]);
    },
  };
}

/** 1, 2 or 5 times a power of ten, not below `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return (([1, 2, 5].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10) as number) * power;
}

/** A tick as a reader wants it: `0.25`, `12k`, `1e-6`. */
export function tickText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3)
    return value.toExponential(size >= 1e6 && size % 10 ** Math.floor(Math.log10(size)) !== 0 ? 1 : 0).replace("e+", "e");
  if (size >= 10_000) return `${Number((value / 1000).toPrecision(4))}k`;
  return String(Number(value.toPrecision(6)));
}
