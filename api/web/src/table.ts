/** All communities that are shown in a table, which is sorted by any of its columns. */

import { type Community, shownFigures } from "./city";
import { button, element, found, redraw } from "./dom";
import { saveCsv, saveGeoJson, saveXlsx } from "./exports";
import { type Figures, isPoorlyLocated } from "./figures";
import { counted, countedShare, whole } from "./numbers";
import type { PageState } from "./state";
import type { Tabs } from "./tabs";
import { type Language, said, type Word } from "./words";

interface Line {
  community: Community;
  figures: Figures;
}

type Column = "name" | "district" | "households" | "without" | "share";

const COLUMNS: [Column, Word, (line: Line) => string | number | null][] = [
  ["name", "columnName", ({ community }) => community.name],
  ["district", "columnDistrict", ({ community }) => community.district],
  ["households", "columnHouseholds", ({ figures }) => figures.households],
  ["without", "columnWithout", ({ figures }) => figures.without],
  ["share", "columnShare", ({ figures }) => figures.share],
];
const TEXTS: ReadonlySet<Column> = new Set(["name", "district"]);

export function showTable(state: PageState, tabs: Tabs, select: (code: string) => void): void {
  const panel = found("tab-table", HTMLDivElement);
  let [sorted, isDescending]: [Column, boolean] = ["without", true];
  const draw = (): void => {
    const { language } = state.now;
    const lines = sortedLines(shownFigures(state.now), sorted, isDescending);
    const heads = COLUMNS.map(([column, word]) =>
      element(
        "th",
        {
          scope: "col",
          class: TEXTS.has(column) ? "" : "number",
          "aria-sort": column !== sorted ? "none" : isDescending ? "descending" : "ascending",
        },
        button(
          said(language, word),
          () => {
            isDescending = column === sorted ? !isDescending : !TEXTS.has(column);
            sorted = column;
            draw();
          },
          { id: `sort-${column}` },
        ),
      ),
    );
    const { selected } = state.now;
    redraw(
      panel,
      element(
        "p",
        { class: "tools" },
        button(said(language, "xlsx"), () => saveXlsx(state.now), { id: "xlsx" }),
        button(said(language, "csv"), () => saveCsv(state.now), { id: "csv" }),
        button(said(language, "geojson"), () => saveGeoJson(state.now), { id: "geojson" }),
      ),
      element(
        "table",
        { class: "communities" },
        element("caption", {}, said(language, "tableCaption", { count: lines.length })),
        element("thead", {}, element("tr", {}, ...heads)),
        element("tbody", {}, ...lines.map((line) => rowOf(line, language, selected, select))),
      ),
    );
  };
  state.watch(["language", "communities", "coverage", "showsVillages", "selected"], draw);
  state.watch(["selected"], () => showSelected(panel));
  tabs.onOpen((tab) => tab === "table" && showSelected(panel));
}

/** Of equal ones the order of codes; what is unknown comes last, whichever way it is sorted. */
function sortedLines(lines: Line[], column: Column, isDescending: boolean): Line[] {
  const read = COLUMNS.find(([name]) => name === column)?.[2];
  if (read === undefined) {
    return lines;
  }
  const sign = isDescending ? -1 : 1;
  return [...lines].sort((one, other) => {
    const [a, b] = [read(one), read(other)];
    if (a === null || b === null) {
      return Number(a === null) - Number(b === null) || byCode(one, other);
    }
    const order =
      typeof a === "string" && typeof b === "string"
        ? a.localeCompare(b, "zh-CN")
        : Number(a) - Number(b);
    return sign * order || byCode(one, other);
  });
}

function byCode(one: Line, other: Line): number {
  return one.community.code < other.community.code ? -1 : 1;
}

function rowOf(
  { community, figures }: Line,
  language: Language,
  selected: string | null,
  select: (code: string) => void,
): HTMLElement {
  const { code, name, district, area } = community;
  const open = button(name, () => select(code), { id: `row-${code}`, title: code });
  const marks = [
    ...(area === null ? [said(language, "noArea")] : []),
    ...(isPoorlyLocated(figures) ? [said(language, "fewLocated")] : []),
  ];
  return element(
    "tr",
    { "aria-current": code === selected ? "true" : false },
    element("th", { scope: "row" }, open, ...marks.map((mark) => element("small", {}, mark))),
    element("td", {}, district),
    element("td", { class: "number" }, whole(language, figures.households)),
    element("td", { class: "number" }, counted(language, figures)),
    element("td", { class: "number" }, countedShare(language, figures)),
  );
}

/** Bring the selected row into view, which only an open panel can; the page does not move. */
function showSelected(panel: HTMLElement): void {
  const row = panel.querySelector("tr[aria-current]");
  if (row !== null && !panel.hidden) {
    const [there, around] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
    panel.scrollTop += there.top + there.height / 2 - around.top - around.height / 2;
  }
}
