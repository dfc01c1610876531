/** What is seen as files: each says of what day it is, that it is internal, and what is invented. */

import { approvalOf } from "./approval";
import { figuresRadiusM, shownFigures } from "./city";
import type { Figures } from "./figures";
import { kilometres } from "./numbers";
import type { State } from "./state";
import { said } from "./words";
import { type Cell, isFormulaLike, workbookOf, XLSX } from "./xlsx/workbook";

/** So that Excel takes it for UTF-8. */
const MARK = "\u{FEFF}";
const NAME = "communities";
/** Characters that each column of a workbook is wide. */
const WIDTHS = [15, 32, 14, 10, 10, 8, 8];
const WIDE = 100;

export function csvOf(state: Readonly<State>): string {
  const rows = [[notesOf(state).join("; ")], ...tableOf(state)];
  return MARK + rows.map((row) => row.map(cellOf).join(",")).join("\r\n") + "\r\n";
}

/** The same table, and on a second sheet what is to be known of it. */
export function xlsxOf(state: Readonly<State>): Uint8Array<ArrayBuffer> {
  const { language } = state;
  const notes = notesOf(state);
  const printed = notes.slice(0, 3).join("; ");
  return workbookOf([
    { name: said(language, "sheetTable"), rows: tableOf(state), widths: WIDTHS, printed },
    {
      name: said(language, "sheetNotes"),
      rows: [[said(language, "sheetNotes")], ...notes.map((note) => [note])],
      widths: [WIDE],
      printed,
    },
  ]);
}

/** What is shown, with its heading: nothing where nothing is known. */
function tableOf(state: Readonly<State>): Cell[][] {
  const { language } = state;
  const head = [
    said(language, "columnCode"),
    said(language, "columnName"),
    said(language, "columnDistrict"),
    said(language, "columnHouseholds"),
    said(language, "columnWithout"),
    said(language, "columnError"),
    said(language, "columnShare"),
  ];
  const rows = shownFigures(state).map(({ community, figures }) => [
    community.code,
    community.name,
    community.district,
    figures.households,
    figures.without,
    figures.without === null ? null : figures.error,
    shareOf(figures),
  ]);
  return [head, ...rows];
}

/** With no more digits than it bears out. */
function shareOf({ share }: Figures): number | null {
  return share === null ? null : Math.round(share * 100) / 100;
}

export function geoJsonOf(state: Readonly<State>): string {
  const features = shownFigures(state).map(({ community, figures }) => ({
    type: "Feature",
    id: community.code,
    geometry: community.area,
    properties: {
      code: community.code,
      name: community.name,
      district: community.district,
      households: figures.households,
      without: figures.without,
      without_error: figures.without === null ? null : figures.error,
      share_without: shareOf(figures),
    },
  }));
  return JSON.stringify({
    type: "FeatureCollection",
    note: notesOf(state).join("; "),
    on: state.coverage?.on ?? null,
    radius_m: figuresRadiusM(state),
    invented: state.isInvented ? true : null,
    features,
  });
}

export function saveCsv(state: Readonly<State>): void {
  save(csvOf(state), "text/csv", nameOf(state, "csv"));
}

export function saveXlsx(state: Readonly<State>): void {
  save(xlsxOf(state), XLSX, nameOf(state, "xlsx"));
}

export function saveGeoJson(state: Readonly<State>): void {
  save(geoJsonOf(state), "application/geo+json", nameOf(state, "geojson"));
}

function nameOf({ coverage }: Readonly<State>, ending: string): string {
  return `${NAME}-${coverage?.on ?? ""}.${ending}`;
}

/** What a file says of itself: for whom it is, by what standard, of which day, and what is invented. */
function notesOf(state: Readonly<State>): string[] {
  const { language, coverage, isInvented } = state;
  const km = kilometres(figuresRadiusM(state));
  const notes = [approvalOf(state), said(language, "standard", { km })];
  if (coverage !== null) {
    notes.push(said(language, "dataDate", { on: coverage.on }));
  }
  if (isInvented) {
    notes.push(said(language, "invented"));
  }
  const menu = coverage?.menu ?? null;
  if (menu !== null) {
    notes.push(said(language, "rounding", { to: menu.round_to, error: menu.most_error }));
  }
  return notes;
}

/** A text that begins as a formula would be one in a spreadsheet: it gets an apostrophe. */
function cellOf(value: Cell): string {
  if (value === null) {
    return "";
  }
  const text = typeof value === "string" && isFormulaLike(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Give the browser a file to keep. */
export function save(content: BlobPart, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
