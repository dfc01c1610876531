/** Finding a community by its name or code, among the first that fit. */

import type { Community } from "./city";
import { Combobox } from "./combobox";
import { found } from "./dom";
import type { PageState } from "./state";
import { said } from "./words";

const MOST = 12;
const URBAN = "居委会";
const IDS = { field: "search-field", list: "hits", option: "hit" };

export function showSearch(state: PageState, select: (code: string) => void): void {
  const box = new Combobox(
    found("search", HTMLDivElement),
    IDS,
    (text) =>
      fittingOf(state.now.communities ?? [], text).map(({ code, name, district }) => ({
        id: code,
        name,
        note: `${district} ${code}`,
      })),
    ({ id }) => select(id),
  );
  state.watch(["language"], () => {
    const { language } = state.now;
    box.setTexts(said(language, "search"), said(language, "searchNone"));
  });
}

/** The first whose name has the text, or whose code begins with it; urban communities first. */
export function fittingOf(communities: Community[], text: string): Community[] {
  const wanted = text.trim();
  if (wanted === "") {
    return [];
  }
  const fitting = communities.filter(
    ({ name, code }) => name.includes(wanted) || code.startsWith(wanted),
  );
  const rank = ({ name, kind }: Community): number =>
    Number(!name.startsWith(wanted)) * 2 + Number(kind !== URBAN);
  return [...fitting].sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}
