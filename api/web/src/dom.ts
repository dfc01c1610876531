/** Making elements and finding them; texts are only ever set as text. */

type Attributes = Record<string, string | number | boolean>;
type Child = Node | string;

/** Make an element. An attribute that is `true` is there, one that is `false` is not. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children);
  return made;
}

/** Make a button that does something. */
export function button(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

/** Find the element of an id, which the page must have. */
export function found<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const there = document.getElementById(id);
  if (!(there instanceof kind)) {
    throw new TypeError(`The page has no ${kind.name} #${id}.`);
  }
  return there;
}

/**
 * Put other children into an element.
 *
 * Who has the focus keeps it: by its id, or else it goes to what then stands in its place, such as
 * the next line of a list.
 */
export function redraw(container: HTMLElement, ...children: Child[]): void {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || held === container || !container.contains(held)) {
    container.replaceChildren(...children);
    return;
  }
  const at = reachableIn(container).indexOf(held);
  container.replaceChildren(...children);
  const reachable = reachableIn(container);
  const same = reachable.find((one) => one === held || (held.id !== "" && one.id === held.id));
  const inItsPlace = reachable[Math.min(at, reachable.length - 1)];
  const around = container.closest<HTMLElement>("[tabindex]");
  (same ?? inItsPlace ?? around)?.focus({ preventScroll: same !== undefined });
}

/** What can have the focus, in its order. */
function reachableIn(container: HTMLElement): HTMLElement[] {
  const all = container.querySelectorAll<HTMLElement>(
    "a[href], button, input, select, summary, textarea, [tabindex]",
  );
  return [...all].filter((one) => !one.matches(":disabled, [hidden] *, [hidden]"));
}

/** Bring something into view where the page is so narrow that it lies below the map. */
export function reveal(shown: HTMLElement): void {
  if (isNarrow()) {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    shown.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
  }
}

/** Whether the map and the panels lie below each other; the style draws the same line. */
function isNarrow(): boolean {
  return matchMedia("(max-width: 800px)").matches;
}

export interface Bar {
  name: string;
  value: number | null;
  text: string;
}

/** Draw values as bars with their names and figures: a table, so that it can be read aloud. */
export function bars(title: string, values: Bar[], most?: number): HTMLElement {
  const greatest = most ?? Math.max(1, ...values.map((bar) => bar.value ?? 0));
  const rows = values.map(({ name, value, text }) => {
    const meter = element("span", { class: "bar" });
    meter.style.width = `${(100 * (value ?? 0)) / greatest}%`;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", { class: "bar-cell", "aria-hidden": "true" }, meter),
      element("td", { class: "number" }, text),
    );
  });
  return element(
    "table",
    { class: "bars" },
    element("caption", {}, title),
    element("tbody", {}, ...rows),
  );
}

/** A list of names and what they are. */
export function facts(...pairs: [string, string][]): HTMLElement {
  return element(
    "dl",
    { class: "facts" },
    ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
}
