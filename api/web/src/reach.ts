/** The jobs in reach of a community: from its edge, and from a place in it straight and on foot. */

import type { Counted, FeatureOf, JobsAnswer, Ring, StationProperties } from "./answers";
import { ask } from "./api";
import { placeWithin } from "./area";
import type { Community } from "./city";
import { type Bar, bars, element } from "./dom";
import type { Place } from "./geodesic";
import { kilometres, whole } from "./numbers";
import { placeOf } from "./places";
import type { State } from "./state";
import { said } from "./words";

/** Where walks begin: no walk begins at an area's edge. */
export interface Start extends Place {
  /** Of a station; null for just a place in the area. */
  name: string | null;
}

export interface Reach {
  /** From the edge of the area, 0 inside it. */
  edge: JobsAnswer;
  start: Start;
  straight: JobsAnswer;
  /** Null where the server has no streets. */
  onFoot: JobsAnswer | null;
}

const EDGE_FACETS = "job_type,distance";
const START_FACETS = "occupation";

/** The community's own station, or else a place within its area; null without either. */
export function startOf(
  { code, area }: Community,
  stations: FeatureOf<StationProperties>[],
): Start | null {
  for (const station of stations) {
    const place = station.properties.community === code ? placeOf(station) : null;
    if (place !== null) {
      return { ...place, name: station.properties.name ?? station.id };
    }
  }
  const within = placeWithin(area);
  return within === null ? null : { ...within, name: null };
}

export async function askForReach(
  community: Community,
  start: Start,
  { radiusM, hasStreets }: Readonly<State>,
  signal: AbortSignal,
): Promise<Reach> {
  const code = encodeURIComponent(community.code);
  const edge = `/v1/jobs?community=${code}&radius_m=${radiusM}&limit=0&facets=${EDGE_FACETS}`;
  const { lon, lat } = start;
  const around = `/v1/jobs?lon=${lon}&lat=${lat}&radius_m=${radiusM}&limit=0&facets=${START_FACETS}`;
  const [fromEdge, straight, onFoot] = await Promise.all([
    ask<JobsAnswer>(edge, { signal }),
    ask<JobsAnswer>(around, { signal }),
    hasStreets ? ask<JobsAnswer>(`${around}&basis=walking`, { signal }) : null,
  ]);
  return { edge: fromEdge, start, straight, onFoot };
}

export function reachParts(
  { language, radiusM }: Readonly<State>,
  { edge, start, straight, onFoot }: Reach,
): HTMLElement[] {
  const foot = (read: (answer: JobsAnswer) => number): number | null =>
    onFoot === null ? null : read(onFoot);
  const row = (name: string, read: (answer: JobsAnswer) => number): HTMLElement =>
    line(language, name, [read(edge), read(straight), foot(read)]);
  const from =
    start.name === null
      ? said(language, "reachFromWithin", { lon: start.lon.toFixed(4), lat: start.lat.toFixed(4) })
      : said(language, "reachFromStation", { name: start.name });
  const unstated = edge.vacancies_unstated;
  return [
    element(
      "table",
      { class: "compared", id: "community-jobs" },
      headOf(["", said(language, "reachEdge"), said(language, "straight"), said(language, "onFoot")]),
      element(
        "tbody",
        {},
        row(said(language, "jobsCount"), (one) => one.total),
        row(said(language, "vacancies"), (one) => one.vacancies_total),
      ),
    ),
    element("p", { class: "note" }, from),
    ...(unstated > 0
      ? [element("p", { class: "note" }, said(language, "vacanciesUnstated", { count: unstated }))]
      : []),
    ...(onFoot === null
      ? [element("p", { class: "note" }, `${said(language, "onFoot")}: ${said(language, "onFootNone")}`)]
      : []),
    occupationsOf(language, straight, onFoot),
    bars(said(language, "ringsTitle"), ringBars(language, edge.facets?.distance ?? [], radiusM)),
    bars(said(language, "typesTitle"), countedBars(language, edge.facets?.job_type ?? [])),
  ];
}

/** Most wanted first: by vacancies within a straight line, beside those within a walk. */
function occupationsOf(
  language: State["language"],
  straight: JobsAnswer,
  onFoot: JobsAnswer | null,
): HTMLElement {
  const walked = new Map((onFoot?.facets?.occupation ?? []).map((one) => [one.value, one]));
  const wanted = [...(straight.facets?.occupation ?? [])].sort(
    (one, other) => other.vacancies - one.vacancies,
  );
  const rows = wanted.map((one) => {
    const near = walked.get(one.value)?.vacancies ?? 0;
    const name = one.name ?? one.value ?? said(language, "notStated");
    return line(language, name, [one.jobs, one.vacancies, onFoot === null ? null : near]);
  });
  return element(
    "div",
    {},
    element(
      "table",
      { class: "compared", id: "community-occupations" },
      element("caption", {}, said(language, "occupationsWanted")),
      headOf([
        "",
        said(language, "jobsCount"),
        said(language, "vacanciesStraight"),
        said(language, "vacanciesOnFoot"),
      ]),
      element("tbody", {}, ...rows),
    ),
    element("p", { class: "note" }, said(language, "occupationsShort")),
  );
}

function headOf(names: string[]): HTMLElement {
  const cells = names.map((name) =>
    name === "" ? element("td") : element("th", { scope: "col", class: "number" }, name),
  );
  return element("thead", {}, element("tr", {}, ...cells));
}

function line(language: State["language"], name: string, values: (number | null)[]): HTMLElement {
  const cells = values.map((value) => element("td", { class: "number" }, whole(language, value)));
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
}

export function ringBars(language: State["language"], rings: Ring[], mostM: number): Bar[] {
  return rings
    .filter((ring) => ring.to_m <= mostM)
    .map((ring) => ({
      name: said(language, "ringsTo", {
        from: kilometres(ring.over_m ?? 0),
        to: kilometres(ring.to_m),
      }),
      value: ring.jobs,
      text: whole(language, ring.jobs),
    }));
}

function countedBars(language: State["language"], counted: Counted[]): Bar[] {
  return counted
    .filter(({ jobs }) => jobs > 0)
    .map(({ name, value, jobs }) => ({
      name: name ?? value ?? said(language, "notStated"),
      value: jobs,
      text: whole(language, jobs),
    }));
}
