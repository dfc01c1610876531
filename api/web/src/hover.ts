/** The name and figure of the community under the pointer. */

import { figuresIn } from "./city";
import { found } from "./dom";
import type { MapView } from "./map-view";
import { counted, percent } from "./numbers";
import type { PageState } from "./state";

export function showHover(state: PageState, view: MapView): void {
  const line = found("hover", HTMLParagraphElement);
  view.onHover((code) => {
    const { language, measure, communities } = state.now;
    const community = communities?.find((one) => one.code === code);
    line.hidden = community === undefined;
    if (community !== undefined) {
      const figures = figuresIn(state.now, community.code);
      const text =
        measure === "count" ? counted(language, figures) : percent(language, figures.share);
      line.textContent = `${community.name} · ${text}`;
    }
  });
}
