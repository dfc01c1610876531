/** Finding a community by its name or code: a combobox with a list of the first that fit. */

import type { Community } from "./city";
import { element, found } from "./dom";
import type { PageState } from "./state";
import { said } from "./words";

const MOST = 12;
const URBAN = "居委会";

export function showSearch(state: PageState, select: (code: string) => void): void {
  const box = found("search", HTMLDivElement);
  const list = element("ul", { id: "hits", role: "listbox", hidden: true });
  const field = element("input", {
    id: "search-field",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    maxlength: 60,
    "aria-controls": "hits",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  box.append(field, list);
  let [fitting, active]: [Community[], number] = [[], -1];

  const close = (): void => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (one: Community | undefined): void => {
    if (one !== undefined) {
      field.value = one.name;
      close();
      select(one.code);
    }
  };
  const draw = (): void => {
    const { language } = state.now;
    const options = fitting.map((one, at) => {
      const option = element(
        "li",
        { role: "option", id: `hit-${at}`, "aria-selected": String(at === active) },
        element("b", {}, one.name),
        ` ${one.district} ${one.code}`,
      );
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault(); // the field keeps the focus
        choose(one);
      });
      return option;
    });
    const none = element("li", { class: "note" }, said(language, "searchNone"));
    list.replaceChildren(...(options.length > 0 ? options : [none]));
    list.hidden = field.value.trim() === "";
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (active >= 0) {
      field.setAttribute("aria-activedescendant", `hit-${active}`);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };
  field.addEventListener("input", () => {
    fitting = fittingOf(state.now.communities ?? [], field.value);
    active = fitting.length > 0 ? 0 : -1;
    draw();
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && fitting.length > 0) {
      event.preventDefault();
      active = (active + step + fitting.length) % fitting.length;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(fitting[active]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  field.addEventListener("blur", close);
  state.watch(["language"], () => {
    const text = said(state.now.language, "search");
    field.placeholder = text;
    field.setAttribute("aria-label", text);
    list.setAttribute("aria-label", text);
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
  return fitting.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST);
}
