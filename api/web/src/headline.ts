/** The data's date, and the four numbers at the top. What no route tells is said to be missing. */

import type { Total } from "./answers";
import { figuresRadiusM, shownFigures } from "./city";
import { element, found } from "./dom";
import { isBelow } from "./figures";
import { kilometres, percent, whole } from "./numbers";
import type { PageState, State } from "./state";
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
  state.watch(["language", "isInvented"], () => {
    invented.hidden = !state.now.isInvented;
  });
  state.watch(["language", "coverage", "headline", "communities", "showsVillages"], () => {
    const { language, coverage } = state.now;
    date.textContent =
      coverage === null
        ? said(language, "dataDateUnknown")
        : said(language, "dataDate", { on: coverage.on });
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
/** Of each total its name, what it counts, and why there may be none. */
const TOTALS = {
  registered_unemployed_without_job: {
    name: "unemployed",
    what: "unemployedOf",
    why: "unemployedWhy",
    noList: "unemployedNoList",
  },
  zero_employment_households: {
    name: "zeroEmployment",
    what: "zeroEmploymentOf",
    why: "zeroEmploymentWhy",
    noList: "zeroEmploymentWhy", // without households nothing is published at all
  },
} as const satisfies Record<string, Record<string, Word>>;

/** A published total; where there is none, that it is missing, and why. */
function totalOf(state: PageState, id: string, of: keyof typeof TOTALS): Number {
  const { language, headline, coverage } = state.now;
  const { name, what, why, noList } = TOTALS[of];
  const total: Total | null = headline === null || headline === "none" ? null : headline[of];
  if (total !== null && total.value !== null) {
    const value = whole(language, total.value);
    return { id, name: said(language, name), value, note: said(language, what) };
  }
  const least = coverage?.menu?.min_count ?? USUAL_LEAST;
  const reasons = {
    kept_back: said(language, "notAvailableKept", { least }),
    no_list: said(language, noList),
    not_published: said(language, why),
  };
  const reason = reasons[total?.missing ?? "not_published"];
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

/** How many of those that are shown are below for certain, and how many more there are. */
function below(state: PageState): { value: string; note: string } {
  const { language, coverage } = state.now;
  const standard = said(language, "standard", { km: kilometres(figuresRadiusM(state.now)) });
  if (coverage === null) {
    return { value: "—", note: standard };
  }
  const verdicts = verdictsOf(state.now);
  const below = verdicts.filter((verdict) => verdict === true).length;
  const everywhere = verdictsOf({ ...state.now, showsVillages: true });
  const more = everywhere.filter((verdict) => verdict === true).length - below;
  const notes = [
    said(language, "communitiesBelowOf", {
      shown: whole(language, verdicts.length),
      open: whole(language, verdicts.filter((verdict) => verdict === null).length),
    }),
    ...(more > 0 ? [said(language, "communitiesBelowMore", { more: whole(language, more) })] : []),
    standard,
  ];
  return { value: whole(language, below), note: notes.join(language === "zh" ? "。" : ". ") };
}

function verdictsOf(state: Readonly<State>): (boolean | null)[] {
  return shownFigures(state).map(({ figures }) => isBelow(figures));
}
