/** The lines at the top that say what is awaited, or what went wrong and what to do about it. */

import type { ProblemError } from "./api";
import { button, element, found, redraw } from "./dom";
import { type Fault, faultOf, keyForm } from "./faults";
import type { PageState } from "./state";
import { said, type Word } from "./words";

interface Told extends Fault {
  isFault: boolean;
  /** What a button does; null for no button. */
  retry: (() => void) | null;
}

const BEING_MADE = "urn:geo-match:problem:being-made";
const TOO_MANY = 429;

/**
 * All lines. Whoever reads something has a line of its own, which nobody else overwrites.
 *
 * Lines that say the same are shown as one: without a server all of them would.
 */
export class Notice {
  readonly #state: PageState;
  readonly #box = found("notice", HTMLDivElement);
  readonly #told = new Map<string, Told>();
  /** What is drawn: what somebody types into one line stays while another one changes. */
  #drawn = new Map<string, HTMLElement>();

  constructor(state: PageState) {
    this.#state = state;
    state.watch(["language"], () => this.#draw());
    state.watch(["signIns"], () => this.#retry(({ asksForKey }) => asksForKey));
  }

  /** The line of a name. */
  line(name: string): Line {
    return new Line((told) => {
      if (told === null) {
        this.#told.delete(name);
      } else {
        this.#told.set(name, told);
      }
      this.#draw();
    });
  }

  /** Faults stand first. */
  #draw(): void {
    const all = [...this.#told.values()].sort(
      (one, other) => Number(other.isFault) - Number(one.isFault),
    );
    const drawn = new Map<string, HTMLElement>();
    for (const told of all) {
      const key = this.#keyOf(told);
      drawn.set(key, drawn.get(key) ?? this.#drawn.get(key) ?? this.#lineOf(told));
    }
    this.#drawn = drawn;
    this.#box.hidden = drawn.size === 0;
    const lines = [...drawn.values()];
    const before = this.#box.children;
    if (lines.length !== before.length || lines.some((line, at) => line !== before[at])) {
      redraw(this.#box, ...lines); // what has not changed is not read aloud again
    }
  }

  /** Those of the same text are one, unless one can be retried and the other cannot. */
  #keyOf({ word, values, retry }: Told): string {
    return `${String(retry !== null)} ${said(this.#state.now.language, word, values)}`;
  }

  /** Of lines that ask for a key no two have the same word, and so no two fields the same id. */
  #lineOf(told: Told): HTMLElement {
    const { language } = this.#state.now;
    const text = element("span", {}, said(language, told.word, told.values));
    const line = element("div", { class: told.isFault ? "line fault" : "line" }, text);
    if (told.retry !== null && told.asksForKey) {
      line.append(keyForm(this.#state, told.word === "needsKey" ? "key" : `key-${told.word}`));
    } else if (told.retry !== null) {
      const key = this.#keyOf(told);
      const retry = (): void => this.#retry((one) => this.#keyOf(one) === key);
      line.append(button(said(language, "retry"), retry, { class: "retry" }));
    }
    return line;
  }

  #retry(isMeant: (told: Told) => boolean): void {
    for (const told of [...this.#told.values()].filter(isMeant)) {
      told.retry?.();
    }
  }
}

/** One of the lines. */
export class Line {
  readonly #tell: (told: Told | null) => void;
  #waitingSince: Date | null = null;

  constructor(tell: (told: Told | null) => void) {
    this.#tell = tell;
  }

  clear(): void {
    this.#waitingSince = null;
    this.#tell(null);
  }

  /** Say what is being done. */
  say(word: Word, values: Fault["values"] = {}): void {
    this.#tell({ word, values, isFault: false, retry: null, asksForKey: false });
  }

  /** Say what is missing, and stay. */
  warn(word: Word, values: Fault["values"] = {}): void {
    this.#waitingSince = null;
    this.#tell({ word, values, isFault: true, retry: null, asksForKey: false });
  }

  /** Say that the server asked to come back, which is done. */
  wait(problem: ProblemError): void {
    const seconds = problem.retryAfterS ?? 0;
    if (problem.problem.type === BEING_MADE) {
      this.#waitingSince ??= new Date();
      const waited = Math.round((Date.now() - this.#waitingSince.getTime()) / 1000);
      this.say("beingMade", { time: this.#waitingSince.toLocaleTimeString(), seconds: waited });
    } else {
      this.say(problem.status === TOO_MANY ? "tooMany" : "busy", { seconds });
    }
  }

  /** Say what went wrong; whoever reads it can try again. */
  fail(error: unknown, retry: () => void): void {
    this.#waitingSince = null;
    this.#tell({ ...faultOf(error), isFault: true, retry });
  }
}
