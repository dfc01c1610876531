/** Pictures that the map is drawn with: the hatching, and the sign of a station. */

import { OUTLINE, STATION } from "./colours";

const RATIO = 2;
const HATCH = 10 * RATIO;
const SIGN = 18 * RATIO;

export interface Picture {
  data: ImageData;
  pixelRatio: number;
}

/** Slanted lines that go on from one tile to the next, bright at their edges for dark shades. */
export function hatching(): Picture {
  return drawn(HATCH, (context) => {
    for (const [colour, width] of [
      ["#ffffff", 2.6],
      [OUTLINE, 1.1],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width * RATIO;
      for (const shift of [-HATCH, 0, HATCH]) {
        context.beginPath();
        context.moveTo(shift - HATCH, 2 * HATCH);
        context.lineTo(shift + 2 * HATCH, -HATCH);
        context.stroke();
      }
    }
  });
}

/** A square with a cross, so that it differs from a site by its form as well. */
export function stationSign(): Picture {
  return drawn(SIGN, (context) => {
    const [edge, arm] = [2 * RATIO, 4.5 * RATIO];
    context.fillStyle = STATION;
    context.strokeStyle = "#ffffff";
    context.lineWidth = 1.5 * RATIO;
    context.beginPath();
    context.roundRect(edge, edge, SIGN - 2 * edge, SIGN - 2 * edge, 3 * RATIO);
    context.fill();
    context.stroke();
    context.lineWidth = 2 * RATIO;
    context.beginPath();
    context.moveTo(SIGN / 2, SIGN / 2 - arm / 1.2);
    context.lineTo(SIGN / 2, SIGN / 2 + arm / 1.2);
    context.moveTo(SIGN / 2 - arm / 1.2, SIGN / 2);
    context.lineTo(SIGN / 2 + arm / 1.2, SIGN / 2);
    context.stroke();
  });
}

/** Make a canvas the same as another one. */
export function copyTo(copy: HTMLCanvasElement, canvas: HTMLCanvasElement): void {
  [copy.width, copy.height] = [canvas.width, canvas.height];
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
}

function drawn(size: number, draw: (context: CanvasRenderingContext2D) => void): Picture {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d");
  if (context === null) {
    throw new TypeError("This browser draws no pictures.");
  }
  draw(context);
  return { data: context.getImageData(0, 0, size, size), pixelRatio: RATIO };
}
