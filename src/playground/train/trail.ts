// The way that parameters have come: a bounded number of copies, evenly spread over the steps.

import type { Arrays } from "./gradient-flow.ts";

export interface Trail {
  /** Copies the parameters where this step is one to remember. */
  visit(step: number, params: Arrays): void;
  readonly places: readonly { readonly step: number; readonly params: Arrays }[];
}

/** At most `most` places; when they are full, every other one is forgotten, and from then on half as many are kept. */
export function createTrail(most = 128): Trail {
  let stride = 1;
  let places: { step: number; params: Arrays }[] = [];
  return {
    visit(step, params) {
      if (step % stride !== 0) return;
      places.push({ step, params: copyArrays(params) });
      if (places.length < most) return;
      stride *= 2;
      places = places.filter((place) => place.step % stride === 0);
    },
    get places() {
      return places;
    },
  };
}

export function copyArrays(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()]));
}
