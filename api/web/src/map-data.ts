/** What lies on the map, as its sources take it. */

import type { Place } from "./geodesic";
import type { Known } from "./places";

export function collectionOf(geometries: GeoJSON.Geometry[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: geometries.map((geometry) => ({ type: "Feature", geometry, properties: {} })),
  };
}

export function signsOf(places: Known[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: places.map((place) => ({
      type: "Feature",
      geometry: pointOf(place),
      properties: { id: place.id },
    })),
  };
}

export function pointOf({ lon, lat }: Place): GeoJSON.Point {
  return { type: "Point", coordinates: [lon, lat] };
}
