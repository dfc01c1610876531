/** The stations and job sites on the map, but for those that are supposed to be elsewhere. */

import type { MapView } from "./map-view";
import { knownOf } from "./places";
import type { PageState } from "./state";

export function showSigns(state: PageState, view: MapView): void {
  state.watch(["stations", "hiddenStations"], () => {
    const { stations, hiddenStations } = state.now;
    view.setStations(knownOf(stations ?? []).filter(({ id }) => !hiddenStations.has(id)));
  });
  state.watch(["sites", "hiddenSites"], () => {
    const { sites, hiddenSites } = state.now;
    view.setSites(knownOf(sites ?? []).filter(({ id }) => !hiddenSites.has(id)));
  });
}
