/** The legend, and the switches of what is shaded by what. */

import { CHANGES, ELSEWHERE, LOADING, SHADES, UNKNOWN, WATER } from "./colours";
import { element, found, redraw } from "./dom";
import { figuresRadiusM } from "./city";
import { breaksOf, LEAST_LOCATED } from "./figures";
import type { LayerName } from "./layers";
import type { MapView } from "./map-view";
import { kilometres, percent, whole } from "./numbers";
import { STRONG_CHANGE, valuesOf } from "./shading";
import type { Measure, PageState, State } from "./state";
import { SUPPLY_WORDS } from "./what-if/answer";
import { said, type Word } from "./words";

const USUAL_RADII_M = [1_000, 2_000, 3_000, 5_000];
const USUAL_LEAST = 10;

export function showLegend(state: PageState, view: MapView | null): void {
  const form = found("legend", HTMLFormElement);
  form.addEventListener("submit", (event) => event.preventDefault());
  const shown: Record<LayerName, boolean> = { stations: true, sites: true, gaps: true };
  const details = element("details", { open: !isNarrow() });
  const summary = element("summary");
  const body = element("div");
  details.append(summary, body);
  form.append(details);
  state.watch(
    ["language", "coverage", "communities", "measure", "showsVillages", "radiusM", "changes"],
    () => {
      const { language, changes } = state.now;
      summary.textContent = said(language, "legend");
      redraw(
        body,
        element("h2", {}, titleOf(state.now)),
        changes === null ? shadesKey(state.now) : changesKey(state.now),
        key(
          swatch("hatched"),
          said(language, "poorlyLocated", { share: percent(language, LEAST_LOCATED) }),
        ),
        state.now.showsVillages || changes !== null
          ? ""
          : key(swatch("", ELSEWHERE), said(language, "elsewhere")),
        key(swatch("line"), said(language, "districtLine")),
        key(swatch("", WATER), said(language, "river")),
        ...switches(state, view, shown),
        element("p", { class: "note" }, roundingOf(state.now)),
      );
    },
  );
}

/** Of what the shades are: within the radius of the figures, whatever has been chosen since. */
function titleOf(state: Readonly<State>): string {
  const { language, measure, changes } = state;
  if (changes !== null) {
    const supply = said(language, SUPPLY_WORDS[changes.supply]);
    return said(language, "legendChange", { km: kilometres(changes.radiusM), supply });
  }
  const word = measure === "count" ? "legendCount" : "legendShare";
  return said(language, word, { km: kilometres(figuresRadiusM(state)) });
}

function shadesKey(state: Readonly<State>): HTMLElement {
  const { language, measure, coverage } = state;
  if (coverage === null) {
    return element("div", {}, key(swatch("", LOADING), said(language, "unknownPlain")));
  }
  const breaks = breaksOf(valuesOf(state), measure);
  const write = (value: number): string =>
    measure === "count" ? whole(language, value) : percent(language, value);
  const rows = SHADES.slice(0, breaks.length + 2).map((colour, shade) =>
    key(swatch("", colour), rangeOf(shade, breaks, write, said(language, "none"))),
  );
  const unknown = said(language, "unknown", { least: coverage.menu?.min_count ?? USUAL_LEAST });
  return element("div", {}, ...rows, key(swatch("", UNKNOWN), unknown));
}

function rangeOf(
  shade: number,
  breaks: number[],
  write: (value: number) => string,
  none: string,
): string {
  const [from, to] = [breaks[shade - 2], breaks[shade - 1]];
  if (shade === 0) {
    return none;
  }
  if (to === undefined) {
    return from === undefined ? "> 0" : `≥ ${write(from)}`;
  }
  return from === undefined ? `< ${write(to)}` : `${write(from)} – ${write(to)}`;
}

function changesKey({ language }: Readonly<State>): HTMLElement {
  const [strong, less] = [whole(language, STRONG_CHANGE), whole(language, STRONG_CHANGE - 1)];
  const names = [`≤ −${strong}`, `−${less} – −1`, "0", `+1 – +${less}`, `≥ +${strong}`];
  const rows = CHANGES.map((colour, at) => key(swatch("", colour), names[at] ?? ""));
  return element(
    "div",
    {},
    ...rows,
    key(swatch("", UNKNOWN), said(language, "unknownChange")),
  );
}

function switches(
  state: PageState,
  view: MapView | null,
  shown: Record<LayerName, boolean>,
): HTMLElement[] {
  const { language, measure, radiusM, showsVillages, coverage } = state.now;
  const layer = (name: LayerName, word: Word): HTMLElement =>
    checkbox(
      `layer-${name}`,
      said(language, word),
      shown[name],
      (isOn) => {
        shown[name] = isOn;
        view?.setLayerShown(name, isOn);
      },
      swatch(name),
    );
  const radii = coverage?.menu?.radius_m ?? USUAL_RADII_M;
  return [
    layer("stations", "station"),
    layer("sites", "site"),
    layer("gaps", "gap"),
    choice(
      "measure",
      said(language, "unit"),
      (["count", "share"] as const).map((name) => [name, said(language, name)]),
      measure,
      (name) => state.change({ measure: name as Measure }),
    ),
    choice(
      "radius",
      said(language, "radius"),
      radii.map((one) => [String(one), said(language, "kilometres", { km: kilometres(one) })]),
      String(radiusM),
      (text) => state.change({ radiusM: Number(text) }),
    ),
    checkbox("villages", said(language, "villages"), showsVillages, (isOn) =>
      state.change({ showsVillages: isOn }),
    ),
  ];
}

function roundingOf({ language, coverage }: Readonly<State>): string {
  const menu = coverage?.menu ?? null;
  return menu === null
    ? ""
    : said(language, "rounding", { to: menu.round_to, error: menu.most_error });
}

function swatch(kind: string, colour?: string): HTMLElement {
  const made = element("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
  if (colour !== undefined) {
    made.style.backgroundColor = colour;
  }
  return made;
}

function key(sign: HTMLElement, text: string): HTMLElement {
  return element("p", { class: "key" }, sign, text);
}

function checkbox(
  id: string,
  text: string,
  isOn: boolean,
  act: (isOn: boolean) => void,
  sign: HTMLElement | string = "",
): HTMLElement {
  const box = element("input", { type: "checkbox", id, checked: isOn });
  box.addEventListener("change", () => act(box.checked));
  return element("label", { class: "switch" }, box, sign, text);
}

function choice(
  id: string,
  text: string,
  options: [string, string][],
  chosen: string,
  act: (value: string) => void,
): HTMLElement {
  const list = element(
    "select",
    { id },
    ...options.map(([value, name]) =>
      element("option", { value, selected: value === chosen }, name),
    ),
  );
  list.addEventListener("change", () => act(list.value));
  return element("label", { class: "switch" }, text, list);
}

function isNarrow(): boolean {
  return matchMedia("(max-width: 800px)").matches;
}
