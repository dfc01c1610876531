/** The data's date, and the four numbers at the top. What no route tells is said to be missing. */

import { shownFigures } from "./city";
import { element, found } from "./dom";
import { isBelow } from "./figures";
import { kilometres, percent, whole } from "./numbers";
import type { PageState } from "./state";
import { said } from "./words";

interface Number {
  id: string;
  name: string;
  value: string;
  note: string;
}

export function showHeadline(state: PageState): void {
  const list = found("headline", HTMLUListElement);
  const date = found("data-date", HTMLParagraphElement);
  const invented = found("invented", HTMLParagraphElement);
  state.watch(["language", "coverage", "communities", "showsVillages"], () => {
    const { language, coverage } = state.now;
    date.textContent =
      coverage === null
        ? said(language, "dataDateUnknown")
        : said(language, "dataDate", { on: coverage.on });
    invented.hidden = coverage?.invented !== true;
    list.replaceChildren(
      ...numbersOf(state).map(({ id, name, value, note }) =>
        element(
          "li",
          { id: `number-${id}` },
          element("span", { class: "name" }, name),
          element("strong", {}, value),
          element("span", { class: "note" }, note),
        ),
      ),
    );
  });
}

function numbersOf(state: PageState): Number[] {
  const { language } = state.now;
  return [
    missing(state, "unemployed", "unemployed", "unemployedWhy"),
    missing(state, "zero-employment", "zeroEmployment", "zeroEmploymentWhy"),
    {
      id: "located",
      name: said(language, "locatedShare"),
      ...located(state),
    },
    {
      id: "below",
      name: said(language, "communitiesBelow"),
      ...below(state),
    },
  ];
}

function missing(
  state: PageState,
  id: string,
  name: "unemployed" | "zeroEmployment",
  why: "unemployedWhy" | "zeroEmploymentWhy",
): Number {
  const { language } = state.now;
  return { id, name: said(language, name), value: said(language, "notAvailable"), note: said(language, why) };
}

function located(state: PageState): { value: string; note: string } {
  const { language, coverage } = state.now;
  const people = coverage?.city.people ?? null;
  const there = coverage?.city.located ?? null;
  const share = people === null || there === null || people === 0 ? null : there / people;
  return {
    value: percent(language, share),
    note: said(language, "locatedShareOf", {
      located: whole(language, there),
      households: whole(language, people),
    }),
  };
}

function below(state: PageState): { value: string; note: string } {
  const { language, coverage, radiusM } = state.now;
  const all = shownFigures(state.now);
  const verdicts = all.map(({ figures }) => isBelow(figures));
  const count = verdicts.filter((verdict) => verdict === true).length;
  const open = verdicts.filter((verdict) => verdict === null).length;
  const of = said(language, "communitiesBelowOf", {
    shown: whole(language, all.length),
    open: whole(language, open),
  });
  const standard = said(language, "standard", { km: kilometres(radiusM) });
  return {
    value: coverage === null ? "—" : whole(language, count),
    note: coverage === null ? standard : `${of}${language === "zh" ? "。" : ". "}${standard}`,
  };
}
