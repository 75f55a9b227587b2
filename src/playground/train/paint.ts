// Small heat maps on a canvas that the style sheet stretches, in colours of the style sheet.

import { parseColour, type Colour } from "./colour.ts";

/** The colours that custom properties have on an element now; grey where one is missing. */
export function coloursOf(element: HTMLElement, properties: readonly string[]): Colour[] {
  const style = getComputedStyle(element);
  return properties.map((property) => parseColour(style.getPropertyValue(property).trim()));
}

/** Paints `side` by `side` cells, the first row at the bottom, as charts have it. */
export function paintCells(canvas: HTMLCanvasElement, side: number, colourAt: (cell: number) => Colour): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  if (canvas.width !== side) canvas.width = side;
  if (canvas.height !== side) canvas.height = side;
  const image = context.createImageData(side, side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [red, green, blue] = colourAt((side - 1 - row) * side + column);
      image.data.set([red, green, blue, 255], 4 * (row * side + column));
    }
  }
  context.putImageData(image, 0, 0);
}
