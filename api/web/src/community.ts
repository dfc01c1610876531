/** The panel of the community that is selected: its figures, the reasons, the jobs in its reach. */

import type { CoverageProperties, FeatureOf, Row } from "./answers";
import { ask } from "./api";
import { type Community, figuresIn, figuresRadiusM, rowsByCode } from "./city";
import { type Bar, bars, element, facts, found, redraw } from "./dom";
import { faultOf, faultParts } from "./faults";
import { about, counted, kilometres, percent, whole } from "./numbers";
import { askForReach, type Reach, reachParts, startOf } from "./reach";
import type { PageState, State } from "./state";
import { isWord, said } from "./words";

/** What was asked about the selected community; each null until it is answered, or has failed. */
interface Asked {
  code: string;
  published: CoverageProperties | null;
  publishedError: unknown;
  reach: Reach | null;
  reachError: unknown;
}

export function showCommunity(state: PageState): void {
  const section = found("community", HTMLElement);
  let asked: Asked | null = null;
  let stop = new AbortController();

  const draw = (): void => {
    const community = selectedOf(state.now);
    if (community === null) {
      redraw(section, element("p", { class: "note" }, said(state.now.language, "nothingSelected")));
      return;
    }
    const row = rowsByCode(state.now).get(community.code);
    redraw(
      section,
      ...headOf(state.now, community),
      ...publishedOf(state.now, row, asked),
      ...reachOf(state, community, asked, askAnew),
    );
  };
  const askAnew = (): void => {
    stop.abort();
    stop = new AbortController();
    const community = selectedOf(state.now);
    asked = null;
    if (community !== null) {
      const { code } = community;
      const now: Asked = {
        code,
        published: null,
        publishedError: null,
        reach: null,
        reachError: null,
      };
      asked = now;
      if (community.area !== null) {
        void askForJobs(now, community, state.now, stop.signal, draw);
      }
      if (rowsByCode(state.now).has(code)) {
        void askForPublished(now, stop.signal, draw);
      }
    }
    draw();
  };
  state.watch(
    ["selected", "radiusM", "communities", "coverage", "stations", "hasStreets", "signIns"],
    askAnew,
  );
  state.watch(["language"], draw);
  showStreetsBy(state);
}

/** Whose the streets are on which is walked, below all that is told on foot. */
function showStreetsBy(state: PageState): void {
  const line = element("p", { class: "note", id: "streets-by" });
  found("tab-details", HTMLDivElement).append(line);
  state.watch(["language", "streetsBy"], () => {
    const { language, streetsBy } = state.now;
    line.hidden = streetsBy === null;
    line.textContent = streetsBy === null ? "" : said(language, "streetsBy", { by: streetsBy });
  });
}

export function selectedOf(state: Readonly<State>): Community | null {
  return state.communities?.find((one) => one.code === state.selected) ?? null;
}

/** Ask for the jobs around a community; what fails is shown in their place. */
async function askForJobs(
  asked: Asked,
  community: Community,
  state: Readonly<State>,
  signal: AbortSignal,
  draw: () => void,
): Promise<void> {
  const start = startOf(community, state.stations ?? []);
  if (start === null) {
    return; // an area without any place in it
  }
  try {
    asked.reach = await askForReach(community, start, state, signal);
  } catch (error) {
    asked.reachError = error;
  }
  if (!signal.aborted) {
    draw();
  }
}

/** Ask for what was published of it within every radius; without it there is all the rest. */
async function askForPublished(asked: Asked, signal: AbortSignal, draw: () => void): Promise<void> {
  const path = `/ogc/collections/coverage/items/${encodeURIComponent(asked.code)}`;
  try {
    const feature = await ask<FeatureOf<CoverageProperties>>(path, { signal });
    asked.published = feature.properties;
  } catch (error) {
    asked.publishedError = error;
  }
  if (!signal.aborted) {
    draw();
  }
}

function headOf({ language }: Readonly<State>, community: Community): HTMLElement[] {
  const where = [community.kind, community.street, community.district].filter((text) => text !== "");
  return [
    element("h2", {}, community.name),
    element(
      "p",
      { class: "note" },
      [...where, said(language, "code", { code: community.code })].join(" · "),
    ),
  ];
}

function publishedOf(
  state: Readonly<State>,
  row: Row | undefined,
  asked: Asked | null,
): HTMLElement[] {
  const { language, coverage } = state;
  if (row === undefined) {
    return [element("p", { class: "note" }, said(language, "unknownPlain"))];
  }
  const figures = figuresIn(state, row.code ?? "");
  const km = kilometres(figuresRadiusM(state));
  const radii = coverage?.menu?.radius_m ?? [];
  const within: Bar[] = radii.map((one) => {
    const share = asked?.published?.[`reached_share_${one}m`];
    const value = typeof share === "number" ? share : null;
    return {
      name: said(language, "kilometres", { km: kilometres(one) }),
      value,
      text: percent(language, value),
    };
  });
  return [
    facts(
      [said(language, "households"), whole(language, figures.households)],
      [said(language, "located"), whole(language, row.located)],
      [said(language, "reachedOf", { km }), whole(language, row.reached)],
      [said(language, "belowStandard"), counted(language, figures)],
      ...medians(state, row),
      [said(language, "zeroEmploymentHere"), said(language, "zeroEmploymentHereWhy")],
      [said(language, "seekersPerVacancy"), said(language, "seekersPerVacancyWhy")],
    ),
    ...withinParts(language, within, asked?.publishedError ?? null),
    reasonsOf(state, row),
  ];
}

/** Who has a job within each radius; what failed stands in its place, and hides nothing else. */
function withinParts(language: State["language"], within: Bar[], error: unknown): HTMLElement[] {
  const title = said(language, "reachTitle");
  if (error !== null) {
    const { word, values } = faultOf(error);
    const text = `${title}: ${said(language, word, values)}`;
    return [element("p", { class: "fault", id: "published-fault" }, text)];
  }
  return within.length > 0 ? [bars(title, within, 1)] : [];
}

/** Of the households' middle; published for 3000 m alone, and where enough are behind it. */
function medians({ language, coverage }: Readonly<State>, { measures }: Row): [string, string][] {
  const inReach = measures["in_reach_median"] ?? null;
  const nearest = measures["distance_median_m"] ?? null;
  const { reach_step: step = null, distance_step_m: stepM = null } = coverage?.menu ?? {};
  const told: [string, string][] = [];
  if (inReach !== null) {
    told.push([said(language, "inReachMedian"), about(language, inReach, step)]);
  }
  if (nearest !== null) {
    const m = about(language, nearest, stepM);
    told.push([said(language, "distanceMedian"), said(language, "metres", { m })]);
  }
  return told;
}

function reasonsOf({ language }: Readonly<State>, row: Row): HTMLElement {
  const told = Object.entries(row.reasons).filter(([, count]) => count !== 0);
  const reasons = told.map(([name, count]): Bar => ({
    name: isWord(name) ? said(language, name) : name,
    value: count,
    text: whole(language, count),
  }));
  return reasons.some(({ value }) => value !== null)
    ? bars(said(language, "reasonsTitle"), reasons)
    : element("p", { class: "note" }, said(language, "reasonsKept"));
}

function reachOf(
  state: PageState,
  community: Community,
  asked: Asked | null,
  askAnew: () => void,
): HTMLElement[] {
  const { language, radiusM, stations } = state.now;
  const title = element("h3", {}, said(language, "jobsTitle", { km: kilometres(radiusM) }));
  if (community.area === null || startOf(community, stations ?? []) === null) {
    return [title, element("p", { class: "note" }, said(language, "noAreaJobs"))];
  }
  const error = asked?.reachError ?? null;
  if (error !== null) {
    return [title, ...faultParts(state, error, askAnew, "community")];
  }
  const reach = asked?.reach ?? null;
  return reach === null
    ? [title, element("p", { class: "note" }, said(language, "asking"))]
    : [title, ...reachParts(state.now, reach)];
}
