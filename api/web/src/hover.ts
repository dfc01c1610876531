/** The name and figure of the community under the pointer. */

import { figuresIn, figuresRadiusM, rowsByCode } from "./city";
import { found } from "./dom";
import type { MapView } from "./map-view";
import { counted, countedShare, kilometres, signed } from "./numbers";
import type { PageState, State } from "./state";
import { SUPPLY_WORDS } from "./what-if/answer";
import { said } from "./words";

export function showHover(state: PageState, view: MapView): void {
  const line = found("hover", HTMLParagraphElement);
  let under: string | null = null;
  const draw = (): void => {
    const text = under === null ? null : hoverOf(state.now, under);
    line.hidden = text === null;
    line.textContent = text ?? "";
  };
  view.onHover((code) => {
    under = code;
    draw();
  });
  // Figures may change while the pointer rests.
  state.watch(["language", "measure", "coverage", "communities", "changes"], draw);
}

/** What is said of a community: what its shade stands for; null of none. */
export function hoverOf(state: Readonly<State>, code: string): string | null {
  const { language, measure, communities, changes } = state;
  const community = communities?.find((one) => one.code === code);
  if (community === undefined) {
    return null;
  }
  const { name } = community;
  const unknown = said(language, "hoverUnknown", { name });
  if (changes !== null) {
    const located = rowsByCode(state).get(code)?.located ?? null;
    return located === null
      ? unknown
      : said(language, "hoverChange", {
          name,
          km: kilometres(changes.radiusM),
          supply: said(language, SUPPLY_WORDS[changes.supply]),
          value: signed(language, changes.households.get(code) ?? 0),
        });
  }
  const figures = figuresIn(state, code);
  const km = kilometres(figuresRadiusM(state));
  if ((measure === "count" ? figures.without : figures.share) === null) {
    return unknown;
  }
  return measure === "count"
    ? said(language, "hoverCount", { name, km, value: counted(language, figures) })
    : said(language, "hoverShare", { name, km, value: countedShare(language, figures) });
}
