/** What is seen as files: each says of what day it is, that it is internal, and what is invented. */

import { shownFigures } from "./city";
import type { State } from "./state";
import { said } from "./words";

/** So that Excel takes it for UTF-8. */
const MARK = "\u{FEFF}";
const NAME = "communities";

export function csvOf(state: Readonly<State>): string {
  const { language } = state;
  const head = [
    "code",
    said(language, "columnName"),
    said(language, "columnDistrict"),
    said(language, "columnHouseholds"),
    said(language, "columnWithout"),
    said(language, "columnError"),
    said(language, "columnShare"),
  ];
  const lines = shownFigures(state).map(({ community, figures }) => [
    community.code,
    community.name,
    community.district,
    figures.households,
    figures.without,
    figures.without === null ? null : figures.error,
    figures.share === null ? null : Math.round(figures.share * 100) / 100,
  ]);
  const rows = [[noteOf(state)], head, ...lines];
  return MARK + rows.map((row) => row.map(cellOf).join(",")).join("\r\n") + "\r\n";
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
      share_without: figures.share,
    },
  }));
  return JSON.stringify({
    type: "FeatureCollection",
    note: noteOf(state),
    on: state.coverage?.on ?? null,
    radius_m: state.radiusM,
    invented: state.coverage?.invented ?? null,
    features,
  });
}

export function saveCsv(state: Readonly<State>): void {
  save(csvOf(state), "text/csv", `${NAME}-${state.coverage?.on ?? ""}.csv`);
}

export function saveGeoJson(state: Readonly<State>): void {
  save(geoJsonOf(state), "application/geo+json", `${NAME}-${state.coverage?.on ?? ""}.geojson`);
}

function noteOf({ language, coverage, radiusM }: Readonly<State>): string {
  const notes = [said(language, "internal"), said(language, "standard", { km: radiusM / 1000 })];
  if (coverage !== null) {
    notes.push(said(language, "dataDate", { on: coverage.on }));
  }
  if (coverage?.invented === true) {
    notes.push(said(language, "invented"));
  }
  return notes.join("; ");
}

/** A text that begins as a formula would be one in a spreadsheet: it gets an apostrophe. */
function cellOf(value: string | number | null): string {
  if (value === null) {
    return "";
  }
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(text: string, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
