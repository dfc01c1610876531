/** The circle around a place: the jobs in it, straight and on foot side by side, and the stations. */

import type { FeatureOf, JobsAnswer, StationProperties } from "./answers";
import { ask } from "./api";
import { bars, button, element, found, redraw } from "./dom";
import { distanceM, type Place } from "./geodesic";
import type { MapView } from "./map-view";
import { faultOf } from "./notice";
import { distance, kilometres, whole } from "./numbers";
import { placeOf } from "./places";
import { ringBars } from "./reach";
import type { PageState, State } from "./state";
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
  let answer: Found | null = null;
  let error: unknown = null;
  let stop = new AbortController();
  let timer = 0;

  const draw = (): void => {
    const { circle } = state.now;
    section.hidden = circle === null;
    const parts =
      circle === null
        ? []
        : [
            ...headOf(state),
            ...jobsOf(state.now, answer, error),
            stationsOf(state.now, circle),
            ...nearestOf(state.now, answer),
          ];
    redraw(section, ...parts);
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
  state.watch(["circle", "circleRadiusM", "hasStreets"], askAnew);
  state.watch(["language", "stations"], draw);
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

function headOf(state: PageState): HTMLElement[] {
  const { language, circle, circleRadiusM } = state.now;
  if (circle === null) {
    return [];
  }
  const { name, lon, lat } = circle;
  const title =
    name === null ? said(language, "circleTitle") : said(language, "circleOf", { name });
  const slider = element("input", {
    type: "range",
    id: "circle-radius",
    min: RADIUS.least,
    max: RADIUS.most,
    step: RADIUS.step,
    value: circleRadiusM,
  });
  slider.addEventListener("input", () => state.change({ circleRadiusM: Number(slider.value) }));
  const radius = said(language, "circleRadius", { km: kilometres(circleRadiusM) });
  return [
    element(
      "div",
      { class: "title" },
      element("h2", {}, title),
      button(said(language, "closeCircle"), () => state.change({ circle: null }), {
        id: "circle-close",
      }),
    ),
    element(
      "p",
      { class: "note" },
      said(language, "circleAt", {
        lon: lon.toFixed(DEGREE_DIGITS),
        lat: lat.toFixed(DEGREE_DIGITS),
      }),
    ),
    element("label", { class: "slider" }, element("span", {}, radius), slider),
  ];
}

function jobsOf(
  { language, circleRadiusM, hasStreets }: Readonly<State>,
  answer: Found | null,
  error: unknown,
): HTMLElement[] {
  if (error !== null) {
    const { word, values } = faultOf(error);
    return [element("p", { class: "fault", id: "circle-fault" }, said(language, word, values))];
  }
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
    .toSorted((one, other) => one.metres - other.metres);
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
