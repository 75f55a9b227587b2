// Gradient descent that one can watch: every frame takes some steps down the mean squared error and draws where the curve is.

import { curve, lossGrad } from "./model.math";

interface Point {
  readonly x: number;
  y: number;
}

type Parameters = [height: number, damping: number, frequency: number, phase: number];

const WIDTH = 6; // in x
const HEIGHT = 2.4; // in y, zero in the middle
const STEPS = 20; // per frame

const canvas = document.querySelector("canvas")!;
const output = document.querySelector("output")!;
const context = canvas.getContext("2d")!;

const points: Point[] = Array.from({ length: 25 }, (_, index) => {
  const x = (WIDTH * (index + 0.5)) / 25;
  return { x, y: Math.exp(-0.4 * x) * Math.cos(3 * x + 0.5) + 0.1 * Math.sin(37 * index) };
});
let parameters: Parameters = [0.8, 0.3, 2.7, 0];
const velocity = [0, 0, 0, 0];

/** One step of gradient descent with momentum; the mean squared error before it. */
function step(rate = 0.01, momentum = 0.9): number {
  const gradient = [0, 0, 0, 0];
  let error = 0;
  for (const { x, y } of points) {
    const { loss, dheight, ddamping, dfrequency, dphase } = lossGrad(x, y, ...parameters);
    error += loss / points.length;
    [dheight, ddamping, dfrequency, dphase].forEach((part, index) => (gradient[index]! += part / points.length));
  }
  gradient.forEach((part, index) => (velocity[index] = momentum * velocity[index]! - rate * part));
  parameters = parameters.map((parameter, index) => parameter + velocity[index]!) as Parameters;
  return error;
}

const toPixelX = (x: number): number => (x / WIDTH) * canvas.width;
const toPixelY = (y: number): number => (0.5 - y / HEIGHT) * canvas.height;

function draw(error: number): void {
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#ddd";
  context.lineWidth = 2;
  context.strokeRect(0, toPixelY(0), canvas.width, 0);
  context.strokeStyle = "#0b62c4";
  context.lineWidth = 5;
  context.beginPath();
  for (let x = 0; x <= WIDTH; x += WIDTH / 400) context.lineTo(toPixelX(x), toPixelY(curve(x, ...parameters)));
  context.stroke();
  context.fillStyle = "#c4380b";
  for (const { x, y } of points) {
    context.beginPath();
    context.arc(toPixelX(x), toPixelY(y), 9, 0, 2 * Math.PI);
    context.fill();
  }
  const [height, damping, frequency, phase] = parameters.map((parameter) => parameter.toFixed(3));
  output.value = `mean squared error ${error.toFixed(5)}: height ${height}, damping ${damping}, frequency ${frequency}, phase ${phase}`;
}

let held: Point | undefined;
canvas.addEventListener("pointerdown", (event) => {
  const x = (event.offsetX / canvas.clientWidth) * WIDTH;
  held = points.reduce((nearest, point) => (Math.abs(point.x - x) < Math.abs(nearest.x - x) ? point : nearest));
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  if (held !== undefined) held.y = (0.5 - event.offsetY / canvas.clientHeight) * HEIGHT;
});
canvas.addEventListener("pointerup", () => (held = undefined));

function frame(): void {
  let error = 0;
  for (let count = 0; count < STEPS; count++) error = step();
  draw(error);
  requestAnimationFrame(frame);
}
frame();
