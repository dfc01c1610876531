/** Who has signed in with a key can sign out again, on a machine that others use as well. */

import type { SessionAnswer } from "./answers";
import { ask, closeSession } from "./api";
import { found } from "./dom";
import { faultOf } from "./faults";
import type { Line } from "./notice";
import type { PageState } from "./state";

/** Show the button while there is a session; `line` says what went wrong. */
export function showSession(state: PageState, line: Line): void {
  const out = found("sign-out", HTMLButtonElement);
  out.addEventListener("click", () => {
    closeSession().then(
      // What was seen with the key goes with it.
      () => location.reload(),
      (error: unknown) => {
        const { word, values } = faultOf(error);
        line.warn(word, values);
      },
    );
  });
  state.watch(["isSignedIn"], () => (out.hidden = !state.now.isSignedIn));
  void askForSession(state);
}

/** A session outlasts the page that it was opened on. */
async function askForSession(state: PageState): Promise<void> {
  try {
    const { by } = await ask<SessionAnswer>("/v1/session");
    state.change({ isSignedIn: state.now.isSignedIn || by === "session" });
  } catch {
    // There is none, or the server is away: all else on the page is told the same, and says it.
  }
}
