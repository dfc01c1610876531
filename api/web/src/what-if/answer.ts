/** What is edited, and what it changes: in words and community by community. */

import type { ChangeRow, WhatIfAnswer } from "../answers";
import { button, element } from "../dom";
import { kilometres, signed, whole } from "../numbers";
import type { Changes, State } from "../state";
import { said } from "../words";
import type { Supply } from "./edits";

const MOST_LISTED = 200;

/** What is edited, in words. */
export const SUPPLY_WORDS = { stations: "whatIfStations", sites: "whatIfSites" } as const;

export function supplyChoice(
  language: State["language"],
  chosen: Supply,
  choose: (supply: Supply) => void,
): HTMLElement {
  const list = element(
    "select",
    { id: "what-if-supply" },
    ...(["stations", "sites"] as const).map((value) =>
      element("option", { value, selected: value === chosen }, said(language, SUPPLY_WORDS[value])),
    ),
  );
  list.addEventListener("change", () => choose(list.value === "sites" ? "sites" : "stations"));
  return element("label", { class: "switch" }, said(language, "whatIfSupply"), list);
}

/** The change of each community that has one. */
export function changesOf({ query, rows }: WhatIfAnswer): Changes {
  const households = rows.flatMap(({ code, reached_change }) =>
    code === null || reached_change === null ? [] : [[code, reached_change] as const],
  );
  return { supply: query.supply, radiusM: query.radius_m, households: new Map(households) };
}

/** Those whose change is not rounded to none: of others there is nothing to be told. */
export function changedOf(rows: ChangeRow[]): ChangeRow[] {
  return rows.filter(({ reached_change }) => (reached_change ?? 0) !== 0);
}

export function toldOf(
  { language }: Readonly<State>,
  { query, total, rows, areas_without_figures: leftOut }: WhatIfAnswer,
  supply: Supply,
  select: (code: string) => void,
): HTMLElement[] {
  const text = said(language, "whatIfTotal", {
    supply: said(language, SUPPLY_WORDS[supply]),
    km: kilometres(query.radius_m),
    before: whole(language, total.reached_before),
    after: whole(language, total.reached_after),
    change: signed(language, total.reached_change),
  });
  const changed = changedOf(rows);
  return [
    element("p", { id: "what-if-total", role: "status" }, text),
    element("p", { class: "note" }, said(language, "whatIfLeftOut", { count: leftOut })),
    changed.length === 0
      ? element("p", { class: "note" }, said(language, "whatIfNoChange"))
      : tableOf(language, changed, select),
  ];
}

function tableOf(
  language: State["language"],
  rows: ChangeRow[],
  select: (code: string) => void,
): HTMLElement {
  const strongest = [...rows].sort(
    (one, other) => Math.abs(other.reached_change ?? 0) - Math.abs(one.reached_change ?? 0),
  );
  const lines = strongest.slice(0, MOST_LISTED).map(({ code, name, reached_change }) =>
    element(
      "tr",
      {},
      element(
        "th",
        { scope: "row" },
        code === null ? (name ?? "") : button(name ?? code, () => select(code)),
      ),
      element("td", { class: "number" }, signed(language, reached_change)),
    ),
  );
  return element(
    "table",
    { class: "communities", id: "what-if-changes" },
    element("caption", {}, said(language, "whatIfTable")),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, said(language, "columnName")),
        element("th", { scope: "col", class: "number" }, said(language, "columnChange")),
      ),
    ),
    element("tbody", {}, ...lines),
  );
}
