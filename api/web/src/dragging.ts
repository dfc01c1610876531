/** Taking up a sign on the map with the mouse, and putting it down elsewhere. */

import { type Map as MapLibre, type MapMouseEvent, Marker } from "maplibre-gl";
import { element } from "./dom";
import type { Place } from "./geodesic";

/** Pixels that a pointer may move in a click. */
const STILL = 3;

/**
 * Let the signs of some layers be dragged, while `isOn` says so.
 *
 * `drop` is told the id of what was dragged, and where to. A pointer that has not moved has clicked.
 */
export function dragSigns(
  map: MapLibre,
  layers: string[],
  isOn: () => boolean,
  drop: (id: string, place: Place) => void,
): void {
  const begin = (event: MapMouseEvent): void => {
    const [sign] = map.queryRenderedFeatures(event.point, { layers });
    const id: unknown = sign?.properties["id"];
    const isOfMap = event.originalEvent.target === map.getCanvas(); // and not of a sign above it
    if (!isOn() || !isOfMap || typeof id !== "string" || event.originalEvent.button !== 0) {
      return;
    }
    event.preventDefault(); // else the map is dragged
    const from = event.point;
    const ghost = new Marker({ element: element("div", { class: "ghost", "aria-hidden": "true" }) });
    let isMoved = false;
    const move = ({ point, lngLat }: MapMouseEvent): void => {
      isMoved ||= from.dist(point) > STILL;
      if (isMoved) {
        ghost.setLngLat(lngLat).addTo(map);
      }
    };
    const end = ({ lngLat }: MapMouseEvent): void => {
      stop();
      if (isMoved) {
        drop(id, { lon: lngLat.lng, lat: lngLat.lat });
      }
    };
    const stop = (): void => {
      ghost.remove();
      map.off("mousemove", move);
      map.off("mouseup", end);
      document.removeEventListener("mouseup", stop);
    };
    map.on("mousemove", move);
    map.on("mouseup", end);
    // Beyond the map it is dropped nowhere. The map's own listener comes first.
    document.addEventListener("mouseup", stop);
  };
  map.on("mousedown", begin);
}
