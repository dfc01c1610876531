/** The tabs of the side: arrow keys go from one to the next. */

import { button, found } from "./dom";
import type { PageState } from "./state";
import { said, type Word } from "./words";

export type Tab = "details" | "table" | "what-if" | "expert";

const TABS: [Tab, Word][] = [
  ["table", "tabTable"],
  ["details", "tabDetails"],
  ["what-if", "tabWhatIf"],
  ["expert", "tabExpert"],
];

export class Tabs {
  readonly #buttons = new Map<Tab, HTMLButtonElement>();
  readonly #onOpen: ((tab: Tab) => void)[] = [];

  constructor(state: PageState) {
    const list = found("tabs", HTMLDivElement);
    for (const [tab] of TABS) {
      const made = button("", () => this.open(tab), {
        role: "tab",
        id: `open-${tab}`,
        "aria-controls": `tab-${tab}`,
      });
      found(`tab-${tab}`, HTMLDivElement).setAttribute("aria-labelledby", `open-${tab}`);
      this.#buttons.set(tab, made);
      list.append(made);
    }
    list.addEventListener("keydown", (event) => this.#step(event));
    state.watch(["language"], () => {
      list.setAttribute("aria-label", said(state.now.language, "tabs"));
      for (const [tab, word] of TABS) {
        const made = this.#buttons.get(tab);
        if (made !== undefined) {
          made.textContent = said(state.now.language, word);
        }
      }
    });
    this.open("table");
    state.watch(["isExpert"], () => this.#show("expert", state.now.isExpert));
  }

  /** Have a tab or not; while it is open it is not taken away, but another opened first. */
  #show(tab: Tab, isShown: boolean): void {
    const made = this.#buttons.get(tab);
    if (made === undefined) {
      return;
    }
    made.hidden = !isShown;
    if (isShown && document.activeElement?.id === "expert") {
      this.open(tab);
    } else if (!isShown && made.getAttribute("aria-selected") === "true") {
      this.open("table");
    }
  }

  open(tab: Tab): void {
    for (const [name, made] of this.#buttons) {
      const isOpen = name === tab;
      made.setAttribute("aria-selected", String(isOpen));
      made.tabIndex = isOpen ? 0 : -1;
      found(`tab-${name}`, HTMLDivElement).hidden = !isOpen;
    }
    for (const tell of this.#onOpen) {
      tell(tab);
    }
  }

  onOpen(tell: (tab: Tab) => void): void {
    this.#onOpen.push(tell);
  }

  #step(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) {
      return;
    }
    const names = TABS.map(([tab]) => tab).filter((tab) => this.#buttons.get(tab)?.hidden === false);
    const at = names.findIndex((tab) => this.#buttons.get(tab) === document.activeElement);
    const next = names[(at + step + names.length) % names.length];
    if (at >= 0 && next !== undefined) {
      event.preventDefault();
      this.open(next);
      this.#buttons.get(next)?.focus();
    }
  }
}
