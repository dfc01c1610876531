/** The signs on the map of what is supposed; a list in the panel says the same. */

import { Marker } from "maplibre-gl";
import { element } from "../dom";
import type { Place } from "../geodesic";
import type { MapView } from "../map-view";

/** `picked` is one that there is, and that can be taken up. */
export type Kind = "added" | "moved" | "picked" | "closed" | "candidate";

export interface Sign extends Place {
  id: string;
  kind: Kind;
  /** One or two letters in it. */
  label: string;
}

export class Markers {
  readonly #view: MapView;
  readonly #drop: (id: string, kind: Kind, place: Place) => void;
  readonly #pick: (id: string) => void;
  readonly #shown = new Map<string, Marker>();

  /** `drop` is told where one was dragged, `pick` which was clicked. */
  constructor(
    view: MapView,
    drop: (id: string, kind: Kind, place: Place) => void,
    pick: (id: string) => void,
  ) {
    [this.#view, this.#drop, this.#pick] = [view, drop, pick];
  }

  /** Show these and no others. */
  show(signs: Sign[]): void {
    const wanted = new Map(signs.map((sign) => [`${sign.kind} ${sign.label} ${sign.id}`, sign]));
    for (const [key, marker] of this.#shown) {
      if (!wanted.has(key)) {
        marker.remove();
        this.#shown.delete(key);
      }
    }
    for (const [key, sign] of wanted) {
      const marker = this.#shown.get(key);
      if (marker === undefined) {
        const made = this.#made(sign).setLngLat([sign.lon, sign.lat]);
        this.#shown.set(key, made.addTo(this.#view.map));
      } else {
        marker.setLngLat([sign.lon, sign.lat]);
      }
    }
  }

  #made({ id, kind, label }: Sign): Marker {
    const marker = new Marker({
      element: element("div", { class: `sign ${kind}` }, element("span", {}, label)),
      draggable: kind !== "closed",
      anchor: kind === "closed" ? "center" : "bottom",
    });
    // Who hears the page is told by the list; Marker itself would call this a button.
    marker.getElement().setAttribute("aria-hidden", "true");
    marker.getElement().addEventListener("click", () => this.#pick(id));
    marker.on("dragend", () => {
      const { lng: lon, lat } = marker.getLngLat();
      this.#drop(id, kind, { lon, lat });
    });
    return marker;
  }
}
