/** A place inside an area, to stand for it. */

import type { Place } from "./geodesic";

/** Lines across the area that are looked along. */
const LINES = 9;

/**
 * Return the middle of the widest stretch of an area along some lines from west to east.
 *
 * It is inside the area, also where the middle of its bounds is not, such as of a crescent. Null is
 * returned for what is no area.
 */
export function placeWithin(area: GeoJSON.Geometry | null): Place | null {
  const rings = ringsOf(area);
  const lats = rings.flat().map(([, lat = Number.NaN]) => lat);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  let widest: { west: number; east: number; lat: number } | null = null;
  for (let line = 1; line <= LINES; line += 1) {
    const lat = south + ((north - south) * line) / (LINES + 1);
    const crossings = crossingsAt(rings, lat);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const [west = 0, east = 0] = [crossings[at], crossings[at + 1]];
      if (widest === null || east - west > widest.east - widest.west) {
        widest = { west, east, lat };
      }
    }
  }
  return widest === null ? null : { lon: (widest.west + widest.east) / 2, lat: widest.lat };
}

/** The rings of an area; none of what is no area. */
export function ringsOf(area: GeoJSON.Geometry | null): GeoJSON.Position[][] {
  if (area?.type === "Polygon") {
    return area.coordinates;
  }
  return area?.type === "MultiPolygon" ? area.coordinates.flat() : [];
}

/** Where the rings cross a latitude, ascending: by turns into the area and out of it. */
function crossingsAt(rings: GeoJSON.Position[][], lat: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (const [at, [lon1 = 0, lat1 = 0]] of ring.entries()) {
      const [lon2 = lon1, lat2 = lat1] = ring[at + 1] ?? [];
      if (lat1 > lat !== lat2 > lat) {
        found.push(lon1 + ((lat - lat1) / (lat2 - lat1)) * (lon2 - lon1));
      }
    }
  }
  return found.sort((one, other) => one - other);
}
