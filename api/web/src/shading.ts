/** Which shade each community has: by what was published, or by what is supposed. */

import { shownCommunities, shownFigures } from "./city";
import { breaksOf, isPoorlyLocated, measured, shadeOf } from "./figures";
import { FIRST_CHANGE } from "./layers";
import type { MapView } from "./map-view";
import type { PageState, State } from "./state";

/** From this change on it is a strong one: households. */
export const STRONG_CHANGE = 20;
const NO_CHANGE = 2;

export function shadeMap(state: PageState, view: MapView): void {
  state.watch(["communities", "showsVillages"], () => {
    view.setKinds([...new Set(shownCommunities(state.now).map((one) => one.kind))]);
  });
  state.watch(["coverage", "communities", "measure", "showsVillages", "changes"], () => {
    const { changes } = state.now;
    const hatched = shownFigures(state.now).filter(({ figures }) => isPoorlyLocated(figures));
    view.setShades(
      changes === null ? shadesOf(state.now) : changeShades(state.now, changes),
      hatched.map(({ community }) => community.code),
    );
  });
}

/** The values by which communities are shaded, for their classes. */
export function valuesOf(state: Readonly<State>): (number | null)[] {
  return shownFigures(state).map(({ figures }) => measured(figures, state.measure));
}

function shadesOf(state: Readonly<State>): Map<string, number> {
  if (state.coverage === null) {
    return new Map();
  }
  const breaks = breaksOf(valuesOf(state), state.measure);
  return new Map(
    shownFigures(state).map(({ community, figures }) => [
      community.code,
      shadeOf(measured(figures, state.measure), breaks),
    ]),
  );
}

function changeShades(
  state: Readonly<State>,
  changes: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    shownCommunities(state).map(({ code }) => {
      const change = changes.get(code) ?? 0;
      const strength = Math.abs(change) >= STRONG_CHANGE ? 2 : 1;
      return [code, FIRST_CHANGE + NO_CHANGE + Math.sign(change) * strength];
    }),
  );
}
