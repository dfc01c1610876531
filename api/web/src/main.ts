/** The page: the map, and what is beside it. */

import { showApproval } from "./approval";
import { showCircle } from "./circle";
import { selectedOf, showCommunity } from "./community";
import { button, element, found, reveal } from "./dom";
import { showExpert } from "./expert";
import { showHeadline } from "./headline";
import { showHover } from "./hover";
import { showLegend } from "./legend";
import { Loading } from "./loading";
import { saveMapPicture } from "./map-picture";
import { type Clicked, MapView } from "./map-view";
import { type Line, Notice } from "./notice";
import { placeOf } from "./places";
import { showSearch } from "./search";
import { showSession } from "./session";
import { shadeMap } from "./shading";
import { showSigns } from "./signs";
import { speak } from "./speaking";
import { shownCommunities } from "./city";
import { FIRST, Observed, type PageState, type State } from "./state";
import { showTable } from "./table";
import { Tabs } from "./tabs";
import { WhatIf } from "./what-if/what-if";
import { said } from "./words";

async function open(): Promise<void> {
  const state: PageState = new Observed<State>(FIRST);
  speak(state);
  showApproval(state);
  const notice = new Notice(state);
  const view = await openMap(state);
  const tabs = new Tabs(state);
  const select = (code: string): void => {
    choose(state, code);
    const community = selectedOf(state.now);
    if (community !== null) {
      view?.showCommunity(community);
      tabs.open("details");
      reveal(found("tabs", HTMLDivElement));
    }
  };
  const whatIf = new WhatIf(state, view, select);
  const click = (clicked: Clicked): void => {
    if (whatIf.take(clicked)) {
      return;
    }
    if (clicked.isCluster) {
      view?.zoomInto(clicked);
      return;
    }
    show(state, clicked);
    tabs.open("details");
    reveal(found("tabs", HTMLDivElement));
  };
  tabs.onOpen((tab) => {
    if (tab === "what-if") {
      whatIf.enter();
    } else {
      whatIf.leave();
    }
  });
  showHeadline(state);
  showLegend(state, view);
  showSearch(state, select);
  showTable(state, tabs, select);
  showCommunity(state);
  showCircle(state, view);
  showExpert(state);
  showTools(state, view, notice.line("picture"));
  showSession(state, notice.line("session"));
  if (view !== null) {
    shadeMap(state, view);
    showSigns(state, view);
    showHover(state, view);
    showMapTools(state, view, click);
    view.onClick(click);
    state.watch(["selected"], () => view.setSelected(state.now.selected));
  }
  const loading = new Loading(state, view, notice);
  // Before anything is read: who chooses another radius meanwhile is to see its figures.
  let before = state.now.radiusM;
  state.watch(["radiusM"], () => {
    if (state.now.radiusM !== before) {
      before = state.now.radiusM;
      void loading.coverage();
    }
  });
  await loading.all();
}

/** Open the map; without WebGL the page says so, and goes on without one. */
async function openMap(state: PageState): Promise<MapView | null> {
  try {
    return await MapView.open(found("map", HTMLDivElement));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    found("map", HTMLDivElement).replaceChildren(
      element("p", { class: "fault" }, said(state.now.language, "noWebGl", { detail })),
    );
    return null;
  }
}

/** Select a community; one of a kind that is not shown has its kind shown. */
function choose(state: PageState, code: string): void {
  const isShown = shownCommunities(state.now).some((one) => one.code === code);
  state.change({
    selected: code,
    circle: null,
    showsVillages: state.now.showsVillages || !isShown,
  });
}

/** Show where somebody clicked: the community, and the circle around it, or around the station. */
function show(state: PageState, { lon, lat, code, station }: Clicked): void {
  const there = state.now.stations?.find((one) => one.id === station);
  const place = there === undefined ? null : placeOf(there);
  state.change({
    selected: code,
    circle: { ...(place ?? { lon, lat }), name: there?.properties.name ?? null },
  });
}

function showTools(state: PageState, view: MapView | null, line: Line): void {
  found("language", HTMLButtonElement).addEventListener("click", () => {
    state.change({ language: state.now.language === "zh" ? "en" : "zh" });
    found("language", HTMLButtonElement).lang = state.now.language === "zh" ? "en" : "zh-CN";
  });
  const expert = found("expert", HTMLButtonElement);
  expert.addEventListener("click", () => state.change({ isExpert: !state.now.isExpert }));
  state.watch(["isExpert"], () => expert.setAttribute("aria-pressed", String(state.now.isExpert)));
  found("print", HTMLButtonElement).addEventListener("click", () => void print(view));
  const picture = found("picture", HTMLButtonElement);
  picture.hidden = view === null;
  const keep = (): void => {
    line.clear();
    if (view !== null) {
      saveMapPicture(state.now, view).catch((error: unknown) => line.fail(error, keep));
    }
  };
  picture.addEventListener("click", keep);
  // By the browser's own command, which does not wait for the map.
  addEventListener("beforeprint", () => void view?.layOnPaper());
  addEventListener("afterprint", () => view?.takeFromPaper());
}

async function print(view: MapView | null): Promise<void> {
  try {
    await view?.layOnPaper();
  } finally {
    window.print(); // the figures are on the page all the same
  }
}

/** What the mouse does on the map, for who has none. */
function showMapTools(state: PageState, view: MapView, click: (clicked: Clicked) => void): void {
  const tools = element("div", { id: "map-tools" });
  found("map-area", HTMLElement).append(tools);
  state.watch(["language"], () => {
    const { language } = state.now;
    view.setLabels({
      map: said(language, "mapLabel"),
      zoomIn: said(language, "zoomIn"),
      zoomOut: said(language, "zoomOut"),
    });
    tools.replaceChildren(
      button(said(language, "fullView"), () => view.showWholeAgain(), { id: "full-view" }),
      button(said(language, "atCentre"), () => click(view.underCentre()), { id: "at-centre" }),
    );
  });
}

open().catch((error: unknown) => {
  // Nothing of the page may be there to say it in, but for its own markup.
  const text = error instanceof Error ? error.message : String(error);
  const line = found("notice", HTMLDivElement);
  const language = FIRST.language;
  line.replaceChildren(
    element("p", { class: "line fault" }, said(language, "failed", { detail: text })),
  );
  line.hidden = false;
  console.error(error);
});
