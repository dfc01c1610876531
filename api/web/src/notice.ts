/** The line that says what is awaited, or what went wrong and what to do about it. */

import { openSession, ProblemError, UnreachableError } from "./api";
import { button, element, found, redraw } from "./dom";
import type { PageState } from "./state";
import { said, type Word } from "./words";

type Values = Record<string, string | number>;

interface Told {
  word: Word;
  values: Values;
  isFault: boolean;
  /** What a button does; null for no button. */
  retry: (() => void) | null;
  asksForKey: boolean;
}

const BEING_MADE = "urn:geo-match:problem:being-made";
const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const TOO_MANY = 429;

export class Notice {
  readonly #state: PageState;
  readonly #line = found("notice", HTMLDivElement);
  #told: Told | null = null;
  #waitingSince: Date | null = null;

  constructor(state: PageState) {
    this.#state = state;
    state.watch(["language"], () => this.#draw());
  }

  clear(): void {
    this.#waitingSince = null;
    this.#tell(null);
  }

  /** Say what is being done. */
  say(word: Word, values: Values = {}): void {
    this.#tell({ word, values, isFault: false, retry: null, asksForKey: false });
  }

  /** Say what is missing, and stay. */
  warn(word: Word, values: Values = {}): void {
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

  #tell(told: Told | null): void {
    this.#told = told;
    this.#draw();
  }

  #draw(): void {
    const told = this.#told;
    this.#line.hidden = told === null;
    this.#line.classList.toggle("fault", told?.isFault === true);
    if (told === null) {
      this.#line.replaceChildren();
      return;
    }
    const { language } = this.#state.now;
    const text = element("span", {}, said(language, told.word, told.values));
    if (told.retry === null) {
      redraw(this.#line, text);
    } else if (told.asksForKey) {
      redraw(this.#line, text, this.#keyForm(told.retry));
    } else {
      redraw(this.#line, text, button(said(language, "retry"), told.retry, { id: "retry" }));
    }
  }

  #keyForm(retry: () => void): HTMLElement {
    const { language } = this.#state.now;
    const field = element("input", {
      type: "password",
      id: "key",
      autocomplete: "off",
      required: true,
      "aria-label": said(language, "key"),
      placeholder: said(language, "key"),
    });
    const form = element(
      "form",
      {},
      field,
      element("button", { type: "submit" }, said(language, "signIn")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      openSession(field.value).then(retry, (error: unknown) => {
        const isRefused = error instanceof ProblemError && error.status === UNAUTHORISED;
        if (isRefused) {
          this.#tell({ word: "badKey", values: {}, isFault: true, retry, asksForKey: true });
        } else {
          this.fail(error, retry);
        }
      });
    });
    return form;
  }
}

/** What to say of an error, in the page's own words where it knows any. */
export function faultOf(error: unknown): Pick<Told, "word" | "values" | "asksForKey"> {
  if (error instanceof UnreachableError) {
    return { word: "unreachable", values: {}, asksForKey: false };
  }
  if (error instanceof ProblemError) {
    const { status, problem, retryAfterS } = error;
    if (status === UNAUTHORISED || status === FORBIDDEN) {
      const word = status === UNAUTHORISED ? "needsKey" : "forbidden";
      return { word, values: {}, asksForKey: true };
    }
    if (status === TOO_MANY) {
      return { word: "tooMany", values: { seconds: retryAfterS ?? 1 }, asksForKey: false };
    }
    const detail = `${problem.title} (${status}) ${problem.detail}`;
    return { word: "failed", values: { detail }, asksForKey: false };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { word: "failed", values: { detail }, asksForKey: false };
}
