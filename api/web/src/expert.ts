/** 专业视图: how unequal reach is, and how areas compare; hidden until somebody asks for it. */

import type { CoverageAnswer, Menu, Row } from "./answers";
import { ask } from "./api";
import { type Community, figuresRadiusM, rowsByCode } from "./city";
import { selectedOf } from "./community";
import { type Bar, bars, button, element, facts, found, redraw } from "./dom";
import { faultParts } from "./faults";
import { about, decimal, percent, rounded, whole } from "./numbers";
import type { PageState, State } from "./state";
import { type Language, said, type Word } from "./words";

type Level = "district" | "street";

const LEVELS = ["district", "street"] as const;
/** For which radius quantiles and Gini's coefficient are published. */
const RADIUS_M = 3_000;
const QUANTILES = ["p10", "p25", "median", "p75", "p90"] as const;
const DIGITS_OF_STREET = 9;
const DIGITS_OF_DISTRICT = 6;

/** How a figure is written; `reach` and `distance` tell by how much it is rounded. */
type Form = "whole" | "share" | "index" | "reach" | "distance";

/** A figure of a row, and how it is written. */
const COLUMNS: [string, Word, (row: Row) => number | null, Form][] = [
  ["people", "columnHouseholds", (row) => row.people, "whole"],
  ["reached", "expertReached", (row) => row.reached_share, "share"],
  ["gini", "expertGini", (row) => row.measures["gini"] ?? null, "index"],
  ["p10", "expertP10", (row) => row.measures["in_reach_p10"] ?? null, "reach"],
  ["median", "expertMedian", (row) => row.measures["in_reach_median"] ?? null, "reach"],
  ["p90", "expertP90", (row) => row.measures["in_reach_p90"] ?? null, "reach"],
  ["distance", "expertDistance", (row) => row.measures["distance_median_m"] ?? null, "distance"],
];

export function showExpert(state: PageState): void {
  const panel = found("tab-expert", HTMLDivElement);
  const answers: Partial<Record<Level, CoverageAnswer>> = {};
  let [level, error]: [Level, unknown] = ["district", null];
  let [sorted, isDescending] = ["gini", true];
  let isAsking = false;

  const draw = (): void => {
    const { language } = state.now;
    const answer = answers[level];
    redraw(
      panel,
      element("p", { class: "note" }, said(language, "expertHelp")),
      ...(error === null ? [] : faultParts(state, error, () => void load(), "expert")),
      ...(answer === undefined
        ? [element("p", { class: "note" }, said(language, "asking"))]
        : [
            ...cityParts(language, answer),
            ...comparedParts(state.now, answers),
            levels(language, level, (name) => {
              level = name;
              draw();
            }),
            areas(language, answer, sorted, isDescending, (name) => {
              isDescending = name === sorted ? !isDescending : true;
              sorted = name;
              draw();
            }),
          ]),
      element("h3", {}, said(language, "expert2sfca")),
      element("p", { class: "note" }, said(language, "expert2sfcaWhy")),
    );
  };
  const load = async (): Promise<void> => {
    if (isAsking || Object.keys(answers).length === LEVELS.length) {
      return;
    }
    [isAsking, error] = [true, null];
    try {
      for (const one of LEVELS) {
        answers[one] = await ask<CoverageAnswer>(`/v1/coverage?by=${one}&radius_m=${RADIUS_M}`);
        draw();
      }
    } catch (reason) {
      error = reason;
    }
    isAsking = false;
    draw();
  };
  state.watch(["language", "selected", "coverage"], draw);
  state.watch(["isExpert", "coverage", "signIns"], () => {
    if (state.now.isExpert && state.now.coverage !== null) {
      void load();
    }
  });
}

/** Everybody together: Gini, FGT, and how many jobs the worse and the better off have in reach. */
function cityParts(language: Language, { city, menu }: CoverageAnswer): HTMLElement[] {
  const steps = stepsOf(menu);
  const share = city.reached_share === null ? null : 1 - city.reached_share;
  const quantiles = QUANTILES.map((name): Bar => {
    const value = city.measures[`in_reach_${name}`] ?? null;
    return { name: said(language, name), value, text: about(language, value, steps.reach) };
  });
  const metres = QUANTILES.map((name): Bar => {
    const value = city.measures[`distance_${name}_m`] ?? null;
    return { name: said(language, name), value, text: about(language, value, steps.distance) };
  });
  return [
    element("h3", {}, said(language, "expertCity")),
    facts(
      [said(language, "expertGini"), decimal(language, city.measures["gini"] ?? null)],
      [said(language, "expertFgt"), percentFine(language, share)],
    ),
    element("p", { class: "note" }, said(language, "expertFgtWhy")),
    ...(menu === null ? [] : [element("p", { class: "note" }, roundingOf(language, menu))]),
    bars(said(language, "expertInReach"), quantiles),
    bars(said(language, "expertDistances"), metres),
  ];
}

function roundingOf(language: Language, { reach_step, distance_step_m }: Menu): string {
  return said(language, "expertRounding", { reach: reach_step, metres: distance_step_m });
}

/** The selected community beside its street, its district and the city. */
function comparedParts(
  state: Readonly<State>,
  answers: Partial<Record<Level, CoverageAnswer>>,
): HTMLElement[] {
  const { language } = state;
  const community = selectedOf(state);
  const title = element("h3", {}, said(language, "expertCompared"));
  if (community === null) {
    return [title, element("p", { class: "note" }, said(language, "expertSelect"))];
  }
  const all = aroundOf(state, community, answers);
  const heads = all.map(([name]) => element("th", { scope: "col", class: "number" }, name));
  const menu = answers.district?.menu ?? state.coverage?.menu ?? null;
  const rows = COLUMNS.map(([, word, read, form]) => {
    const cells = all.map(([, row]) => {
      const value = row === undefined ? null : read(row);
      return element("td", { class: "number" }, written(language, value, form, menu));
    });
    return element("tr", {}, element("th", { scope: "row" }, said(language, word)), ...cells);
  });
  return [
    title,
    scrolled(
      said(language, "expertCompared"),
      element(
        "table",
        { class: "compared", id: "expert-compared" },
        element("thead", {}, element("tr", {}, element("td"), ...heads)),
        element("tbody", {}, ...rows),
      ),
    ),
  ];
}

function aroundOf(
  state: Readonly<State>,
  { code, name }: Community,
  answers: Partial<Record<Level, CoverageAnswer>>,
): [string, Row | undefined][] {
  const { language, coverage } = state;
  // The codes are of one release: within it, a community's begins with those of what it is in.
  const within = (level: Level, digits: number): Row | undefined =>
    answers[level]?.rows.find((row) => row.code === code.slice(0, digits));
  const street = within("street", DIGITS_OF_STREET);
  const district = within("district", DIGITS_OF_DISTRICT);
  // Its own row is of the radius of the map; quantiles are of 3 km alone.
  const own = figuresRadiusM(state) === RADIUS_M ? rowsByCode(state).get(code) : undefined;
  return [
    [name, own],
    ...(street === undefined ? [] : [[street.name ?? "", street] as [string, Row]]),
    ...(district === undefined ? [] : [[district.name ?? "", district] as [string, Row]]),
    [said(language, "expertCityName"), answers.district?.city ?? coverage?.city],
  ];
}

function levels(language: Language, chosen: Level, choose: (level: Level) => void): HTMLElement {
  const list = element(
    "select",
    { id: "expert-level" },
    ...LEVELS.map((value) =>
      element("option", { value, selected: value === chosen }, said(language, value)),
    ),
  );
  list.addEventListener("change", () => choose(list.value === "street" ? "street" : "district"));
  return element("label", { class: "switch" }, said(language, "expertLevel"), list);
}

function areas(
  language: Language,
  { rows, menu }: CoverageAnswer,
  sorted: string,
  isDescending: boolean,
  sort: (name: string) => void,
): HTMLElement {
  const read = COLUMNS.find(([name]) => name === sorted)?.[2] ?? (() => null);
  const sign = isDescending ? -1 : 1;
  const named = rows.filter(({ code }) => code !== null);
  const lines = [...named].sort((one, other) => {
    const [a, b] = [read(one), read(other)];
    return a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b);
  });
  const heads = COLUMNS.map(([name, word]) =>
    element(
      "th",
      {
        scope: "col",
        class: "number",
        "aria-sort": name !== sorted ? "none" : isDescending ? "descending" : "ascending",
      },
      button(said(language, word), () => sort(name), { id: `expert-sort-${name}` }),
    ),
  );
  const body = lines.map((row) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, row.name ?? row.code ?? ""),
      ...COLUMNS.map(([, , value, form]) =>
        element("td", { class: "number" }, written(language, value(row), form, menu)),
      ),
    ),
  );
  return scrolled(
    said(language, "expertLevel"),
    element(
      "table",
      { class: "communities", id: "expert-areas" },
      element("caption", {}, said(language, "expertAreas", { count: lines.length })),
      element(
        "thead",
        {},
        element("tr", {}, element("th", { scope: "col" }, said(language, "expertArea")), ...heads),
      ),
      element("tbody", {}, ...body),
    ),
  );
}

/** What may be wider than the panel is scrolled by itself, by the keyboard as well. */
function scrolled(label: string, table: HTMLElement): HTMLElement {
  const box = { class: "scroll", role: "region", tabindex: 0, "aria-label": label };
  return element("div", box, table);
}

function written(
  language: Language,
  value: number | null,
  form: Form,
  menu: Menu | null,
): string {
  if (form === "share") {
    return percent(language, value);
  }
  if (form === "index") {
    return decimal(language, value);
  }
  return form === "whole"
    ? whole(language, value)
    : rounded(language, value, stepsOf(menu)[form]);
}

/** By how much quantiles are rounded; exact ones are not. */
function stepsOf(menu: Menu | null): Record<"reach" | "distance", number | null> {
  return { reach: menu?.reach_step ?? null, distance: menu?.distance_step_m ?? null };
}

function percentFine(language: Language, share: number | null): string {
  return share === null ? "—" : `${decimal(language, Math.round(share * 1_000) / 10)}%`;
}
