/** The map as a picture for a report: with its title, its date, its stamp, and its legend below. */

import { approvalOf } from "./approval";
import { found } from "./dom";
import { save } from "./exports";
import type { MapView } from "./map-view";
import type { State } from "./state";
import { said } from "./words";

/** Points of the picture for one of the screen: it is read on paper as well. */
const RATIO = 2;
const PNG = "image/png";
const EDGE = 16;
const LINE = 20;
const COLUMNS = 3;
const SWATCH = { width: 22, height: 13 };
const [INK, SOFT, STAMP, PAPER, RIM] = ["#1d2422", "#55605c", "#8f1d1d", "#ffffff", "#8d8f89"];
const FONTS = { title: "600 17px", text: "13px", small: "11px" };

/** Save the map as it is seen, in a file named by its date. */
export async function saveMapPicture(state: Readonly<State>, view: MapView): Promise<void> {
  const picture = await view.drawnFinely(RATIO, (map) => pictureOf(state, map));
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, PNG));
  if (blob === null) {
    throw new TypeError("This browser makes no picture of the map.");
  }
  save(blob, PNG, `map-${state.coverage?.on ?? ""}.png`);
}

/** Draw it all: what stands around the map is what the page says around it. */
function pictureOf(state: Readonly<State>, map: HTMLCanvasElement): HTMLCanvasElement {
  const [width, height] = [map.width / RATIO, map.height / RATIO];
  const paper = new Paper(width);
  const { language, coverage, isInvented } = state;
  paper.write(said(language, "title"), FONTS.title, INK);
  paper.write(approvalOf(state), FONTS.title, state.approval === null ? STAMP : INK);
  const on = coverage?.on ?? null;
  const date = on === null ? said(language, "dataDateUnknown") : said(language, "dataDate", { on });
  paper.write([date, ...(isInvented ? [said(language, "invented")] : [])].join(" · "), FONTS.text, SOFT);
  paper.put(height, (context, top) => {
    context.drawImage(map, 0, top, width, height);
    for (const sign of document.querySelectorAll<HTMLElement>("#map .sign span")) {
      drawSign(context, sign, top);
    }
  });
  paper.write(textOf("#attribution"), FONTS.small, SOFT);
  paper.write(textOf("#legend h2"), FONTS.text, INK);
  paper.columns(keysOf(), FONTS.small);
  for (const note of document.querySelectorAll("#legend .note")) {
    paper.write(note.textContent ?? "", FONTS.small, SOFT);
  }
  return paper.finish();
}

interface Key {
  swatch: HTMLElement | null;
  text: string;
}

/** What the legend names, but for what is switched off. */
function keysOf(): Key[] {
  return [...document.querySelectorAll("#legend .key, #legend .switch")].flatMap((line): Key[] => {
    const box = line.querySelector("input");
    const swatch = line.querySelector<HTMLElement>(".swatch");
    const isDrawn = swatch !== null && (box === null || box.checked);
    return isDrawn ? [{ swatch, text: (line.textContent ?? "").trim() }] : [];
  });
}

function textOf(selector: string): string {
  return document.querySelector(selector)?.textContent ?? "";
}

/** A sign of what is supposed lies above the map, not in it. */
function drawSign(context: CanvasRenderingContext2D, sign: HTMLElement, top: number): void {
  const [there, map] = [sign.getBoundingClientRect(), found("map", HTMLDivElement).getBoundingClientRect()];
  const style = getComputedStyle(sign);
  const [x, y] = [there.x + there.width / 2 - map.x, there.y + there.height / 2 - map.y + top];
  context.beginPath();
  context.arc(x, y, there.width / 2, 0, 2 * Math.PI);
  context.fillStyle = style.backgroundColor;
  context.fill();
  context.strokeStyle = style.borderTopColor;
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = style.color;
  context.font = fontOf("bold 13px");
  context.textAlign = "center";
  context.fillText(sign.textContent ?? "", x, y + 5);
  context.textAlign = "start";
}

type Draw = (context: CanvasRenderingContext2D, top: number) => void;

/** A sheet that is written on from above; how long it is shows at the end. */
class Paper {
  readonly #width: number;
  readonly #measure = contextOf(document.createElement("canvas"));
  readonly #drawn: { top: number; draw: Draw }[] = [];
  #top = EDGE;

  constructor(width: number) {
    this.#width = width;
  }

  /** Draw something of a height over the whole width. */
  put(height: number, draw: Draw): void {
    this.#drawn.push({ top: this.#top, draw });
    this.#top += height + EDGE / 2;
  }

  /** Write a text on as many lines as it needs. */
  write(text: string, font: string, colour: string): void {
    for (const line of this.#linesOf(text, font, this.#width - 2 * EDGE)) {
      const top = this.#top;
      this.#drawn.push({ top, draw: (context) => writeAt(context, line, EDGE, top, font, colour) });
      this.#top += LINE;
    }
  }

  /** Write the keys beside each other, each with its swatch. */
  columns(keys: Key[], font: string): void {
    const width = (this.#width - 2 * EDGE) / COLUMNS;
    const begin = SWATCH.width + 8;
    const most = Math.ceil(keys.length / COLUMNS);
    let lowest = this.#top;
    for (let column = 0; column < COLUMNS; column += 1) {
      let top = this.#top;
      const left = EDGE + column * width;
      for (const { swatch, text } of keys.slice(column * most, (column + 1) * most)) {
        const at = top;
        const lines = this.#linesOf(text, font, width - begin - EDGE);
        this.#drawn.push({
          top,
          draw: (context) => {
            drawSwatch(context, swatch, left, at);
            lines.forEach((line, row) =>
              writeAt(context, line, left + begin, at + row * LINE, font, INK),
            );
          },
        });
        top += LINE * Math.max(1, lines.length);
      }
      lowest = Math.max(lowest, top);
    }
    this.#top = lowest;
  }

  finish(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(this.#width * RATIO);
    canvas.height = Math.round((this.#top + EDGE / 2) * RATIO);
    const context = contextOf(canvas);
    context.scale(RATIO, RATIO);
    context.fillStyle = PAPER;
    context.fillRect(0, 0, this.#width, this.#top + EDGE);
    for (const { top, draw } of this.#drawn) {
      draw(context, top);
    }
    return canvas;
  }

  /** Break a text where it no longer fits: at a space if there is one, Chinese anywhere. */
  #linesOf(text: string, font: string, width: number): string[] {
    this.#measure.font = fontOf(font);
    const lines: string[] = [];
    let line = "";
    for (const part of text.match(/[!-~]+\s*|\s+|./gu) ?? []) {
      if (line !== "" && this.#measure.measureText(line + part).width > width) {
        lines.push(line);
        line = "";
      }
      line += part;
    }
    return line === "" ? lines : [...lines, line];
  }
}

function writeAt(
  context: CanvasRenderingContext2D,
  text: string,
  left: number,
  top: number,
  font: string,
  colour: string,
): void {
  context.font = fontOf(font);
  context.fillStyle = colour;
  context.fillText(text, left, top + LINE * 0.7);
}

/** The swatch of the legend as its style has it: a colour, or one of the three that are more. */
function drawSwatch(
  context: CanvasRenderingContext2D,
  swatch: HTMLElement | null,
  left: number,
  lineTop: number,
): void {
  if (swatch === null) {
    return;
  }
  const { width, height } = SWATCH;
  const [top, style] = [lineTop + 2, getComputedStyle(swatch)];
  context.save();
  context.beginPath();
  if (swatch.classList.contains("line")) {
    context.strokeStyle = INK;
    context.lineWidth = 2;
    context.moveTo(left, top + height / 2);
    context.lineTo(left + width, top + height / 2);
    context.stroke();
    context.restore();
    return;
  }
  if (swatch.classList.contains("sites")) {
    context.arc(left + width / 2, top + height / 2, height / 2, 0, 2 * Math.PI);
  } else {
    const wide = swatch.classList.contains("stations") ? height : width;
    context.rect(left + (width - wide) / 2, top, wide, height);
  }
  context.fillStyle = style.backgroundColor;
  context.fill();
  context.strokeStyle = swatch.classList.contains("gaps") ? INK : RIM;
  context.setLineDash(swatch.classList.contains("gaps") ? [3, 2] : []);
  context.stroke();
  context.clip();
  context.setLineDash([]);
  context.beginPath();
  if (swatch.classList.contains("hatched")) {
    context.strokeStyle = INK;
    for (let from = -height; from < width; from += 6) {
      context.moveTo(left + from, top + height);
      context.lineTo(left + from + height, top);
    }
  } else if (swatch.classList.contains("stations")) {
    context.strokeStyle = PAPER;
    context.lineWidth = 2;
    context.moveTo(left + width / 2, top + 2);
    context.lineTo(left + width / 2, top + height - 2);
    context.moveTo(left + (width - height) / 2 + 2, top + height / 2);
    context.lineTo(left + (width + height) / 2 - 2, top + height / 2);
  }
  context.stroke();
  context.restore();
}

function fontOf(font: string): string {
  return `${font} ${getComputedStyle(document.body).fontFamily}`;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) {
    throw new TypeError("This browser draws no pictures.");
  }
  return context;
}
