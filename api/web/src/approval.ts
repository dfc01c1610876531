/** Under which number maps of this page may go out, or that they may not: on the page and in files. */

import { element, found } from "./dom";
import type { PageState, State } from "./state";
import { said } from "./words";

export function showApproval(state: PageState): void {
  const line = found("internal", HTMLParagraphElement);
  state.watch(["language", "approval"], () => {
    const { language, approval } = state.now;
    line.textContent = approvalOf(state.now);
    line.title = said(language, approval === null ? "internalTitle" : "approvedTitle");
    line.classList.toggle("approved", approval !== null);
  });
}

/** 审图号, or that it is an internal working map. */
export function approvalOf({ language, approval }: Readonly<State>): string {
  return approval === null
    ? said(language, "internal")
    : said(language, "approved", { number: approval });
}

/** Say whose the map below is. */
export function showAttribution(text: string): void {
  found("map-area", HTMLElement).append(element("p", { id: "attribution" }, text));
}
