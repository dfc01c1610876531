/** The data's date, and the four numbers at the top. What no route tells is said to be missing. */

import type { HeadlineAnswer, Total } from "./answers";
import { shownFigures } from "./city";
import { element, found } from "./dom";
import { isBelow } from "./figures";
import { kilometres, percent, whole } from "./numbers";
import type { PageState } from "./state";
import { said, type Word } from "./words";

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
  state.watch(["language", "coverage", "headline", "communities", "showsVillages"], () => {
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
    totalOf(state, "unemployed", "registered_unemployed_without_job"),
    totalOf(state, "zero-employment", "zero_employment_households"),
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

const USUAL_LEAST = 10;
const TOTALS = {
  registered_unemployed_without_job: ["unemployed", "unemployedOf", "unemployedWhy"],
  zero_employment_households: ["zeroEmployment", "zeroEmploymentOf", "zeroEmploymentWhy"],
} as const satisfies Record<keyof HeadlineAnswer, [Word, Word, Word]>;

/** A published total; where there is none, that it is missing, and why. */
function totalOf(state: PageState, id: string, of: keyof HeadlineAnswer): Number {
  const { language, headline, coverage } = state.now;
  const [name, what, why] = TOTALS[of];
  const total: Total | null = headline === null || headline === "none" ? null : headline[of];
  if (total !== null && total.value !== null) {
    const value = whole(language, total.value);
    return { id, name: said(language, name), value, note: said(language, what) };
  }
  const least = coverage?.menu?.min_count ?? USUAL_LEAST;
  const reason =
    total?.suppressed === true ? said(language, "notAvailableKept", { least }) : said(language, why);
  return {
    id,
    name: said(language, name),
    value: headline === null ? "—" : said(language, "notAvailable"),
    note: headline === null ? said(language, what) : reason,
  };
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
