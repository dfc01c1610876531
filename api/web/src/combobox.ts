/** A field with a list of what fits its text: by the arrow keys and Enter, or the pointer. */

import { element } from "./dom";

export interface Option {
  id: string;
  name: string;
  /** What tells it from others of its name. */
  note: string;
}

export interface Ids {
  field: string;
  list: string;
  /** Of each option, a number after it. */
  option: string;
}

export class Combobox {
  readonly #ids: Ids;
  readonly #fitting: (text: string) => Option[];
  readonly #choose: (option: Option) => void;
  readonly #field: HTMLInputElement;
  readonly #list: HTMLUListElement;
  /** Says that nothing fits; it is no option, so it stands beside the list. */
  readonly #nothing = element("p", { class: "hits none", role: "status" });
  #options: Option[] = [];
  #active = -1;
  #none = "";

  /**
   * Build it into a box.
   *
   * What fits the empty text is shown once the field has the focus, if anything does.
   */
  constructor(
    box: HTMLElement,
    ids: Ids,
    fitting: (text: string) => Option[],
    choose: (option: Option) => void,
  ) {
    [this.#ids, this.#fitting, this.#choose] = [ids, fitting, choose];
    this.#list = element("ul", { id: ids.list, class: "hits", role: "listbox", hidden: true });
    this.#field = element("input", {
      id: ids.field,
      class: "field",
      type: "search",
      role: "combobox",
      autocomplete: "off",
      maxlength: 60,
      "aria-controls": ids.list,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
    });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // else it closes
    box.append(this.#field, this.#list, this.#nothing);
    this.#field.addEventListener("input", (event) => {
      if (!(event instanceof InputEvent) || !event.isComposing) {
        this.#find(); // letters that are still to become a word are not looked for
      }
    });
    this.#field.addEventListener("compositionend", () => this.#find());
    this.#field.addEventListener("focus", () => this.#field.value === "" && this.#find());
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#field.addEventListener("blur", () => this.#close());
  }

  /** Say what is looked for, and what is said where nothing fits. */
  setTexts(label: string, none: string): void {
    this.#none = none;
    this.#field.placeholder = label;
    this.#field.setAttribute("aria-label", label);
    this.#list.setAttribute("aria-label", label);
  }

  clear(): void {
    this.#field.value = "";
    this.#close();
  }

  #find(): void {
    this.#options = this.#fitting(this.#field.value);
    this.#active = this.#options.length > 0 ? 0 : -1;
    this.#draw();
  }

  #press(event: KeyboardEvent): void {
    if (event.isComposing) {
      return; // the key is for the input method: Enter takes a word, not an option
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.#options.length;
    if (step !== undefined && count > 0) {
      event.preventDefault();
      this.#active = (this.#active + step + count) % count;
      this.#draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#take(this.#options[this.#active]);
    } else if (event.key === "Escape" && (!this.#list.hidden || this.#nothing.textContent !== "")) {
      event.stopPropagation();
      this.#close();
    }
  }

  #take(option: Option | undefined): void {
    if (option !== undefined) {
      this.#field.value = option.name;
      this.#close();
      this.#choose(option);
    }
  }

  #close(): void {
    this.#list.hidden = true;
    this.#nothing.textContent = "";
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
  }

  #draw(): void {
    const made = this.#options.map((one, at) => {
      const option = element(
        "li",
        { role: "option", id: `${this.#ids.option}-${at}`, "aria-selected": String(at === this.#active) },
        element("b", {}, one.name),
        ` ${one.note}`,
      );
      option.addEventListener("click", () => this.#take(one)); // a finger may also move the list
      return option;
    });
    this.#list.replaceChildren(...made);
    this.#list.hidden = made.length === 0;
    const isUnfit = made.length === 0 && this.#field.value.trim() !== "";
    this.#nothing.textContent = isUnfit ? this.#none : "";
    this.#field.setAttribute("aria-expanded", String(!this.#list.hidden));
    if (this.#active >= 0) {
      this.#field.setAttribute("aria-activedescendant", `${this.#ids.option}-${this.#active}`);
    } else {
      this.#field.removeAttribute("aria-activedescendant");
    }
  }
}
