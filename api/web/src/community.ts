/** The panel of the community that is selected: its figures, the reasons, the jobs in its reach. */

import type { CoverageProperties, FeatureOf, Row } from "./answers";
import { ask } from "./api";
import { type Community, figuresIn, rowsByCode } from "./city";
import { type Bar, bars, element, facts, found, redraw } from "./dom";
import { faultOf } from "./notice";
import { counted, kilometres, percent, whole } from "./numbers";
import { askForReach, type Reach, reachParts, startOf } from "./reach";
import type { PageState, State } from "./state";
import { isWord, said } from "./words";

/** What was asked about the selected community; each null until it is answered. */
interface Asked {
  code: string;
  published: CoverageProperties | null;
  reach: Reach | null;
  error: unknown;
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
      ...publishedOf(state.now, row, asked?.published ?? null),
      ...reachOf(state.now, community, asked),
    );
  };
  const askAnew = (): void => {
    stop.abort();
    stop = new AbortController();
    const community = selectedOf(state.now);
    asked = null;
    if (community !== null) {
      const { code } = community;
      const now: Asked = { code, published: null, reach: null, error: null };
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
    ["selected", "radiusM", "communities", "coverage", "stations", "hasStreets"],
    askAnew,
  );
  state.watch(["language"], draw);
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
    asked.error = error;
  }
  if (!signal.aborted) {
    draw();
  }
}

/** Ask for what was published of it within every radius. */
async function askForPublished(asked: Asked, signal: AbortSignal, draw: () => void): Promise<void> {
  const path = `/ogc/collections/coverage/items/${encodeURIComponent(asked.code)}`;
  try {
    const feature = await ask<FeatureOf<CoverageProperties>>(path, { signal });
    asked.published = feature.properties;
  } catch (error) {
    asked.error = error;
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
  published: CoverageProperties | null,
): HTMLElement[] {
  const { language, coverage, radiusM } = state;
  if (row === undefined) {
    return [element("p", { class: "note" }, said(language, "unknownPlain"))];
  }
  const figures = figuresIn(state, row.code ?? "");
  const km = kilometres(radiusM);
  const radii = coverage?.menu?.radius_m ?? [];
  const within: Bar[] = radii.map((one) => {
    const share = published?.[`reached_share_${one}m`];
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
      ...medians(language, row),
      [said(language, "zeroEmploymentHere"), said(language, "zeroEmploymentHereWhy")],
      [said(language, "seekersPerVacancy"), said(language, "seekersPerVacancyWhy")],
    ),
    ...(within.length > 0 ? [bars(said(language, "reachTitle"), within, 1)] : []),
    reasonsOf(state, row),
  ];
}

/** Of the households' middle; published for 3000 m alone, and where enough are behind it. */
function medians(language: State["language"], { measures }: Row): [string, string][] {
  const inReach = measures["in_reach_median"] ?? null;
  const nearest = measures["distance_median_m"] ?? null;
  return [
    ...(inReach === null
      ? []
      : [[said(language, "inReachMedian"), whole(language, inReach)] as [string, string]]),
    ...(nearest === null
      ? []
      : [[said(language, "distanceMedian"), said(language, "metres", { m: nearest })] as [string, string]]),
  ];
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
  state: Readonly<State>,
  community: Community,
  asked: Asked | null,
): HTMLElement[] {
  const { language, radiusM } = state;
  const title = element("h3", {}, said(language, "jobsTitle", { km: kilometres(radiusM) }));
  if (community.area === null) {
    return [title, element("p", { class: "note" }, said(language, "noAreaJobs"))];
  }
  if (asked !== null && asked.error !== null) {
    const { word, values } = faultOf(asked.error);
    return [title, element("p", { class: "fault" }, said(language, word, values))];
  }
  const reach = asked?.reach ?? null;
  return reach === null
    ? [title, element("p", { class: "note" }, said(language, "asking"))]
    : [title, ...reachParts(state, reach)];
}
