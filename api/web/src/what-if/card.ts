/** The place that was picked on the map or by its name, and what can be supposed of it. */

import { button, element } from "../dom";
import type { Known } from "../places";
import { type Language, said } from "../words";
import type { Edits } from "./edits";

/** What its buttons do; null where there is no map for it. */
export interface Acts {
  place: (() => void) | null;
  centre: (() => void) | null;
  close: () => void;
  restore: () => void;
}

export function cardOf(
  language: Language,
  { id, name }: Known,
  { moved, closed }: Edits,
  isPlacing: boolean,
  act: Acts,
): HTMLElement {
  const [isMoved, isClosed] = [moved.has(id), closed.has(id)];
  const word = isClosed ? "whatIfIsClosed" : isMoved ? "whatIfIsMoved" : "whatIfIsThere";
  return element(
    "section",
    { id: "what-if-card", class: "card" },
    element("h3", {}, name),
    element("p", { class: "note" }, said(language, word)),
    element(
      "p",
      { class: "tools" },
      button(said(language, isPlacing ? "whatIfPlacing" : "whatIfMove"), () => act.place?.(), {
        id: "what-if-move",
        "aria-pressed": String(isPlacing),
        disabled: act.place === null,
      }),
      button(said(language, "whatIfMoveToCentre"), () => act.centre?.(), {
        id: "what-if-move-centre",
        disabled: act.centre === null,
      }),
      button(said(language, "whatIfClose"), act.close, { id: "what-if-close", disabled: isClosed }),
      button(said(language, "whatIfRestore"), act.restore, {
        id: "what-if-restore",
        disabled: !isMoved && !isClosed,
      }),
    ),
  );
}
