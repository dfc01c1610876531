/** What is said of an error, and what can be done about it: ask again, or sign in first. */

import { openSession, ProblemError, UnreachableError } from "./api";
import { button, element } from "./dom";
import { wordOfProblem } from "./problems";
import type { PageState } from "./state";
import { said, type Word } from "./words";

export interface Fault {
  word: Word;
  values: Record<string, string | number>;
  /** Whether a key is what is missing. */
  asksForKey: boolean;
}

const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const TOO_MANY = 429;

/** What to say of an error, in the page's own words where it knows any. */
export function faultOf(error: unknown): Fault {
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
      return { word: "tooManyNow", values: { seconds: retryAfterS ?? 1 }, asksForKey: false };
    }
    const known = wordOfProblem(problem);
    if (known !== null) {
      return { word: known, values: {}, asksForKey: false };
    }
    const detail = `${problem.title} (${status}) ${problem.detail}`;
    return { word: "failed", values: { detail }, asksForKey: false };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { word: "failed", values: { detail }, asksForKey: false };
}

/**
 * Show an error in a panel, with a button that asks again; nothing else asks.
 *
 * Where a key is missing there is its field instead of the button. `name` begins the ids.
 */
export function faultParts(
  state: PageState,
  error: unknown,
  retry: () => void,
  name: string,
): HTMLElement[] {
  const { language } = state.now;
  const { word, values, asksForKey } = faultOf(error);
  const act = asksForKey
    ? keyForm(state, `${name}-key`)
    : button(said(language, "retry"), retry, { id: `${name}-retry` });
  const text = said(language, word, values);
  return [
    element("p", { class: "fault", id: `${name}-fault`, role: "alert" }, text),
    element("div", { class: "tools" }, act),
  ];
}

/**
 * A field for a key, which is exchanged for a session.
 *
 * Whoever was refused watches `signIns`, and asks anew.
 */
export function keyForm(state: PageState, id: string): HTMLElement {
  const { language } = state.now;
  const field = element("input", {
    type: "password",
    id,
    autocomplete: "off",
    required: true,
    "aria-label": said(language, "key"),
    placeholder: said(language, "key"),
  });
  const told = element("span", { class: "fault", role: "alert" });
  const form = element(
    "form",
    { class: "key-form" },
    field,
    element("button", { type: "submit" }, said(language, "signIn")),
    told,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.textContent = "";
    openSession(field.value).then(
      () => {
        state.change({ isSignedIn: true, signIns: state.now.signIns + 1 });
      },
      (error: unknown) => {
        const isRefused = error instanceof ProblemError && error.status === UNAUTHORISED;
        const { word, values } = faultOf(error);
        told.textContent = said(state.now.language, isRefused ? "badKey" : word, values);
      },
    );
  });
  return form;
}
