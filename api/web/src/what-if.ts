/** 选址模拟: stations that are thought added, moved or closed, and what changes by them. */

import { Marker } from "maplibre-gl";
import type { ChangeRow, WhatIfAnswer } from "./answers";
import { ask } from "./api";
import { button, element, found, redraw } from "./dom";
import type { Place } from "./geodesic";
import type { MapView } from "./map-view";
import { faultOf } from "./notice";
import { kilometres, signed, whole } from "./numbers";
import type { PageState } from "./state";
import { said, type Word } from "./words";

interface Added extends Place {
  id: string;
  number: number;
  marker: Marker | null;
}

type Supply = "stations" | "jobs";

const SUPPLIES: [Supply, Word][] = [
  ["stations", "whatIfStations"],
  ["jobs", "whatIfJobs"],
];
const MOST_LISTED = 200;

export class WhatIf {
  readonly #state: PageState;
  readonly #view: MapView | null;
  readonly #select: (code: string) => void;
  readonly #panel = found("tab-what-if", HTMLDivElement);
  #added: Added[] = [];
  #closed: string[] = [];
  #supply: Supply = "stations";
  #made = 0;
  #isPlacing = false;
  #answer: WhatIfAnswer | null = null;
  #error: unknown = null;
  #stop = new AbortController();

  constructor(state: PageState, view: MapView | null, select: (code: string) => void) {
    this.#state = state;
    this.#view = view;
    this.#select = select;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isPlacing) {
        this.#place(false);
      }
    });
    state.watch(["language", "stations"], () => this.#draw());
    state.watch(["radiusM"], () => this.#askAnew());
  }

  /** Take a click on the map, if one is waited for; return whether it was. */
  take(place: Place): boolean {
    if (!this.#isPlacing) {
      return false;
    }
    this.#add(place);
    return true;
  }

  /** Give up placing: another tab was opened. */
  leave(): void {
    this.#place(false);
  }

  #add({ lon, lat }: Place): void {
    this.#made += 1;
    const one: Added = { id: `new-${this.#made}`, number: this.#made, lon, lat, marker: null };
    if (this.#view !== null) {
      const marker = new Marker({ draggable: true, color: "#0b559f" })
        .setLngLat([lon, lat])
        .addTo(this.#view.map);
      marker.getElement().setAttribute("aria-hidden", "true"); // the list says the same
      marker.on("dragend", () => {
        const { lng, lat: to } = marker.getLngLat();
        [one.lon, one.lat] = [lng, to];
        this.#askAnew();
      });
      one.marker = marker;
    }
    this.#added.push(one);
    this.#isPlacing = false;
    this.#askAnew();
  }

  #remove(one: Added): void {
    one.marker?.remove();
    this.#added = this.#added.filter((other) => other !== one);
    this.#askAnew();
  }

  #clear(): void {
    for (const one of this.#added) {
      one.marker?.remove();
    }
    [this.#added, this.#closed] = [[], []];
    this.#askAnew();
  }

  #place(isPlacing: boolean): void {
    if (this.#isPlacing !== isPlacing) {
      this.#isPlacing = isPlacing;
      this.#draw();
    }
  }

  /** Ask what changes now; an older question that is still under way is given up. */
  #askAnew(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    [this.#answer, this.#error] = [null, null];
    if (this.#added.length === 0 && this.#closed.length === 0) {
      this.#show(null);
      return;
    }
    const body = {
      supply: this.#supply,
      radius_m: this.#state.now.radiusM,
      add: this.#added.map(({ id, lon, lat }) => ({ id, lon, lat })),
      close: this.#closed,
    };
    this.#draw();
    ask<WhatIfAnswer>("/v1/what-if", { body, signal }).then(
      (answer) => this.#show(answer),
      (reason: unknown) => {
        if (!signal.aborted) {
          this.#error = reason;
          this.#show(null);
        }
      },
    );
  }

  #show(answer: WhatIfAnswer | null): void {
    this.#answer = answer;
    const changes =
      answer === null
        ? null
        : new Map(
            answer.rows.flatMap(({ code, reached_change }) =>
              code === null || reached_change === null ? [] : [[code, reached_change] as const],
            ),
          );
    this.#state.change({ changes });
    this.#draw();
  }

  #draw(): void {
    const { language } = this.#state.now;
    const word = this.#isPlacing ? "whatIfPlacing" : "whatIfAdd";
    redraw(
      this.#panel,
      element("p", { class: "note" }, said(language, "whatIfHelp")),
      this.#supplies(),
      element(
        "p",
        { class: "tools" },
        button(said(language, word), () => this.#place(!this.#isPlacing), {
          id: "what-if-add",
          "aria-pressed": String(this.#isPlacing),
        }),
        button(
          said(language, "whatIfAtCentre"),
          () => this.#view !== null && this.#add(this.#view.centre),
          { id: "what-if-centre", disabled: this.#view === null },
        ),
      ),
      this.#supply === "stations" ? this.#closing() : "",
      this.#list(),
      ...this.#told(),
    );
  }

  /** What is placed; another kind begins anew. */
  #supplies(): HTMLElement {
    const { language } = this.#state.now;
    const list = element(
      "select",
      { id: "what-if-supply" },
      ...SUPPLIES.map(([value, word]) =>
        element("option", { value, selected: value === this.#supply }, said(language, word)),
      ),
    );
    list.addEventListener("change", () => {
      this.#supply = list.value === "jobs" ? "jobs" : "stations";
      this.#clear();
    });
    return element("label", { class: "switch" }, said(language, "whatIfSupply"), list);
  }

  #closing(): HTMLElement {
    const { language, stations } = this.#state.now;
    const left = (stations ?? []).filter(({ id }) => !this.#closed.includes(id));
    const list = element(
      "select",
      { id: "what-if-close" },
      element("option", { value: "" }, said(language, "whatIfChoose")),
      ...left.map(({ id, properties }) => element("option", { value: id }, properties.name ?? id)),
    );
    list.addEventListener("change", () => {
      if (list.value !== "") {
        this.#closed.push(list.value);
        this.#askAnew();
      }
    });
    return element("label", { class: "switch" }, said(language, "whatIfClose"), list);
  }

  #list(): HTMLElement {
    const { language, stations } = this.#state.now;
    const undo = said(language, "whatIfRemove");
    const line = (text: string, act: () => void): HTMLElement =>
      element(
        "li",
        {},
        element("span", {}, text),
        button(undo, act, { "aria-label": `${undo}: ${text}` }),
      );
    const added = this.#added.map((one) =>
      line(said(language, "whatIfNew", { number: one.number }), () => this.#remove(one)),
    );
    const closed = this.#closed.map((id) => {
      const name = stations?.find((one) => one.id === id)?.properties.name ?? id;
      return line(said(language, "whatIfClosed", { name }), () => {
        this.#closed = this.#closed.filter((other) => other !== id);
        this.#askAnew();
      });
    });
    const all = [...added, ...closed];
    return element(
      "div",
      {},
      element("ul", { class: "listed", id: "what-if-list" }, ...all),
      all.length > 1
        ? button(said(language, "whatIfClear"), () => this.#clear(), { id: "what-if-clear" })
        : "",
    );
  }

  #told(): HTMLElement[] {
    const { language } = this.#state.now;
    if (this.#error !== null) {
      const { word, values } = faultOf(this.#error);
      return [element("p", { class: "fault", role: "alert" }, said(language, word, values))];
    }
    if (this.#answer === null) {
      const isAsking = this.#added.length + this.#closed.length > 0;
      return isAsking ? [element("p", { class: "note" }, said(language, "asking"))] : [];
    }
    const { total, rows, areas_without_figures: leftOut } = this.#answer;
    const supply = SUPPLIES.find(([name]) => name === this.#supply)?.[1] ?? "whatIfStations";
    const text = said(language, "whatIfTotal", {
      supply: said(language, supply),
      km: kilometres(this.#state.now.radiusM),
      before: whole(language, total.reached_before),
      after: whole(language, total.reached_after),
      change: signed(language, total.reached_change),
    });
    return [
      element("p", { id: "what-if-total", role: "status" }, text),
      element("p", { class: "note" }, said(language, "whatIfLeftOut", { count: leftOut })),
      rows.length === 0
        ? element("p", { class: "note" }, said(language, "whatIfNoChange"))
        : this.#changes(rows),
    ];
  }

  #changes(rows: ChangeRow[]): HTMLElement {
    const { language } = this.#state.now;
    const strongest = rows.toSorted(
      (one, other) => Math.abs(other.reached_change ?? 0) - Math.abs(one.reached_change ?? 0),
    );
    const lines = strongest.slice(0, MOST_LISTED).map(({ code, name, reached_change }) =>
      element(
        "tr",
        {},
        element(
          "th",
          { scope: "row" },
          code === null ? (name ?? "") : button(name ?? code, () => this.#select(code)),
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
}
