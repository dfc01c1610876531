/** Which shade each community has: by what was published, or by what is supposed. */

import { rowsByCode, shownFigures } from "./city";
import { breaksOf, isPoorlyLocated, measured, shadeOf } from "./figures";
import { FIRST_CHANGE } from "./layers";
import type { MapView } from "./map-view";
import type { Changes, PageState, State } from "./state";

/** From this change on it is a strong one: households. */
export const STRONG_CHANGE = 20;
const NO_CHANGE = 2;
const UNKNOWN = -1;

export function shadeMap(state: PageState, view: MapView): void {
  let kinds = "";
  state.watch(["communities", "showsVillages", "changes"], () => {
    const shown = [...new Set(colouredOf(state.now).map(({ community }) => community.kind))];
    if (shown.join() !== kinds) {
      kinds = shown.join();
      view.setKinds(shown);
    }
  });
  state.watch(["coverage", "communities", "measure", "showsVillages", "changes"], () => {
    const { changes } = state.now;
    const hatched = colouredOf(state.now).filter(({ figures }) => isPoorlyLocated(figures));
    view.setShades(
      changes === null ? shadesOf(state.now) : changeShades(state.now, changes),
      hatched.map(({ community }) => community.code),
    );
  });
}

/** What is coloured: what is shown; all there is while something is supposed, for it counts all. */
function colouredOf(state: Readonly<State>): ReturnType<typeof shownFigures> {
  return shownFigures(state.changes === null ? state : { ...state, showsVillages: true });
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

/** Of whom no figure is published, no change is known: it is not 0. */
function changeShades(
  state: Readonly<State>,
  { households }: Changes,
): Map<string, number> {
  const rows = rowsByCode(state);
  return new Map(
    colouredOf(state).map(({ community: { code } }) => {
      if ((rows.get(code)?.located ?? null) === null) {
        return [code, UNKNOWN];
      }
      const change = households.get(code) ?? 0;
      const strength = Math.abs(change) >= STRONG_CHANGE ? 2 : 1;
      return [code, FIRST_CHANGE + NO_CHANGE + Math.sign(change) * strength];
    }),
  );
}
