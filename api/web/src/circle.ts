/** The circle around a place: the jobs in it, straight and on foot side by side, and the stations. */

import type { FeatureOf, JobsAnswer, StationProperties } from "./answers";
import { ask } from "./api";
import { bars, button, element, found, redraw } from "./dom";
import { faultParts } from "./faults";
import { distanceM, type Place } from "./geodesic";
import type { MapView } from "./map-view";
import { distance, kilometres, whole } from "./numbers";
import { placeOf } from "./places";
import { ringBars } from "./reach";
import type { Circle, PageState, State } from "./state";
import { said } from "./words";

interface Found {
  straight: JobsAnswer;
  /** Null where the server has no streets. */
  onFoot: JobsAnswer | null;
}

/** As many as the API lists at once. */
const LISTED_JOBS = 100;
const LISTED_STATIONS = 8;
const RADIUS = { least: 500, most: 10_000, step: 500 };
const DEGREE_DIGITS = 5;
/** While the slider is drawn, the server is asked once it rests. */
const REST_MS = 150;

export function showCircle(state: PageState, view: MapView | null): void {
  const section = found("circle", HTMLElement);
  const heard = found("said", HTMLParagraphElement);
  const head = new Head(state);
  const below = element("div");
  section.append(...head.parts, below);
  let answer: Found | null = null;
  let error: unknown = null;
  let stop = new AbortController();
  let timer = 0;

  const draw = (): void => {
    const { circle } = state.now;
    section.hidden = circle === null;
    if (circle === null) {
      below.replaceChildren();
      return;
    }
    head.draw(circle);
    redraw(
      below,
      ...(error === null
        ? jobsOf(state.now, answer)
        : faultParts(state, error, askAnew, "circle")),
      stationsOf(state.now, circle),
      ...nearestOf(state.now, answer),
    );
  };
  const askAnew = (): void => {
    stop.abort();
    clearTimeout(timer);
    stop = new AbortController();
    [answer, error] = [null, null];
    const { circle, circleRadiusM } = state.now;
    view?.setCircle(circle, circleRadiusM);
    view?.setHits([]);
    draw();
    if (circle === null) {
      return;
    }
    const { signal } = stop;
    timer = window.setTimeout(() => {
      askAround(state.now, circle, signal).then(
        (found) => {
          answer = found;
          heard.textContent = heardOf(state.now, circle, found);
          view?.setHits(found.straight.jobs.map(({ site }) => site));
          draw();
        },
        (reason: unknown) => {
          if (!signal.aborted) {
            error = reason;
            draw();
          }
        },
      );
    }, REST_MS);
  };
  state.watch(["circle", "circleRadiusM", "hasStreets", "signIns"], askAnew);
  state.watch(["language", "stations"], draw);
}

/** What stands above the answers: made once, since a slider that is put anew cannot be dragged. */
class Head {
  readonly parts: HTMLElement[];
  readonly #state: PageState;
  readonly #title = element("h2");
  readonly #close: HTMLButtonElement;
  readonly #place = element("p", { class: "note" });
  readonly #radius = element("span");
  readonly #slider = element("input", {
    type: "range",
    id: "circle-radius",
    min: RADIUS.least,
    max: RADIUS.most,
    step: RADIUS.step,
  });

  constructor(state: PageState) {
    this.#state = state;
    this.#close = button("", () => state.change({ circle: null }), { id: "circle-close" });
    this.#slider.addEventListener("input", () =>
      state.change({ circleRadiusM: Number(this.#slider.value) }),
    );
    this.parts = [
      element("div", { class: "title" }, this.#title, this.#close),
      this.#place,
      element("label", { class: "slider" }, this.#radius, this.#slider),
    ];
  }

  draw({ name, lon, lat }: Circle): void {
    const { language, circleRadiusM } = this.#state.now;
    this.#title.textContent =
      name === null ? said(language, "circleTitle") : said(language, "circleOf", { name });
    this.#close.textContent = said(language, "closeCircle");
    this.#place.textContent = said(language, "circleAt", {
      lon: lon.toFixed(DEGREE_DIGITS),
      lat: lat.toFixed(DEGREE_DIGITS),
    });
    this.#radius.textContent = said(language, "circleRadius", { km: kilometres(circleRadiusM) });
    this.#slider.value = String(circleRadiusM);
  }
}

async function askAround(
  state: Readonly<State>,
  { lon, lat }: Place,
  signal: AbortSignal,
): Promise<Found> {
  const around = `/v1/jobs?lon=${lon}&lat=${lat}&radius_m=${state.circleRadiusM}`;
  const [straight, onFoot] = await Promise.all([
    ask<JobsAnswer>(`${around}&limit=${LISTED_JOBS}&facets=distance`, { signal }),
    state.hasStreets ? ask<JobsAnswer>(`${around}&limit=0&basis=walking`, { signal }) : null,
  ]);
  return { straight, onFoot };
}

/** What is said aloud of an answer: its figures alone. */
function heardOf(
  { language, stations, circleRadiusM }: Readonly<State>,
  centre: Place,
  { straight, onFoot }: Found,
): string {
  return said(language, "circleSaid", {
    straight: whole(language, straight.total),
    foot: whole(language, onFoot?.total ?? null),
    stations: whole(language, stationsWithin(stations ?? [], centre, circleRadiusM).length),
  });
}

function jobsOf(
  { language, circleRadiusM, hasStreets }: Readonly<State>,
  answer: Found | null,
): HTMLElement[] {
  if (answer === null) {
    return [element("p", { class: "note" }, said(language, "asking"))];
  }
  const { straight, onFoot } = answer;
  const why = whyNone(onFoot);
  const foot = (read: (answer: JobsAnswer) => number): string =>
    onFoot === null ? "—" : whole(language, read(onFoot));
  const row = (name: string, read: (answer: JobsAnswer) => number): HTMLElement =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", { class: "number" }, whole(language, read(straight))),
      element("td", { class: "number" }, foot(read)),
    );
  const note = hasStreets ? (why === null ? null : said(language, why)) : said(language, "onFootNone");
  const rings = ringBars(language, straight.facets?.distance ?? [], circleRadiusM);
  return [
    element(
      "table",
      { class: "compared", id: "circle-jobs" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("td"),
          element("th", { scope: "col", class: "number" }, said(language, "straight")),
          element("th", { scope: "col", class: "number" }, said(language, "onFoot")),
        ),
      ),
      element(
        "tbody",
        {},
        row(said(language, "jobsCount"), (one) => one.total),
        row(said(language, "vacancies"), (one) => one.vacancies_total),
      ),
    ),
    ...(note === null
      ? []
      : [element("p", { class: "note" }, `${said(language, "onFoot")}: ${note}`)]),
    ...(rings.length > 0 ? [bars(said(language, "ringsTitle"), rings)] : []),
  ];
}

function whyNone(onFoot: JobsAnswer | null): "onFootTooFar" | "onFootBlocked" | null {
  const reason = onFoot?.on_foot?.not_on_network ?? null;
  if (reason === null) {
    return null;
  }
  return reason === "blocked" ? "onFootBlocked" : "onFootTooFar";
}

/** The stations within the radius, nearest first; inclusive, as all circles are. */
export function stationsWithin(
  stations: FeatureOf<StationProperties>[],
  centre: Place,
  radiusM: number,
): { station: FeatureOf<StationProperties>; metres: number }[] {
  return stations
    .flatMap((station) => {
      const place = placeOf(station);
      return place === null ? [] : [{ station, metres: distanceM(centre, place) }];
    })
    .filter(({ metres }) => metres <= radiusM)
    .sort((one, other) => one.metres - other.metres);
}

function stationsOf({ language, stations, circleRadiusM }: Readonly<State>, centre: Place): HTMLElement {
  const within = stationsWithin(stations ?? [], centre, circleRadiusM);
  const listed = within.slice(0, LISTED_STATIONS).map(({ station, metres }) =>
    element(
      "li",
      {},
      element("span", {}, station.properties.name ?? station.id),
      element("span", { class: "number" }, distance(language, metres)),
    ),
  );
  const left = within.length - listed.length;
  const title = `${said(language, "stationsIn")}: ${whole(language, within.length)}`;
  return element(
    "div",
    { id: "circle-stations" },
    element("h3", {}, title),
    element("p", { class: "note" }, said(language, "stationsStraight")),
    listed.length === 0
      ? element("p", { class: "note" }, said(language, "stationsNone"))
      : element("ol", { class: "listed" }, ...listed),
    left > 0 ? element("p", { class: "note" }, said(language, "stationsMore", { count: left })) : "",
  );
}

function nearestOf({ language }: Readonly<State>, answer: Found | null): HTMLElement[] {
  if (answer === null) {
    return [];
  }
  const { jobs, total } = answer.straight;
  if (total === 0) {
    return [element("p", { class: "note", id: "circle-none" }, said(language, "jobsNone"))];
  }
  const title = said(language, "nearestJobs", { count: jobs.length, total: whole(language, total) });
  const listed = jobs.map(({ job, distance_m }) =>
    element(
      "li",
      {},
      element(
        "span",
        {},
        element("b", {}, job.title ?? job.id),
        job.employer === null ? "" : ` ${job.employer}`,
      ),
      element("span", { class: "number" }, distance(language, distance_m)),
    ),
  );
  return [
    element(
      "details",
      {},
      element("summary", {}, title),
      element("ol", { class: "listed" }, ...listed),
    ),
  ];
}
