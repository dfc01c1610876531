/** Stations and job sites as places on the map. */

import type { FeatureOf, SiteProperties, StationProperties } from "./answers";
import { distanceM, type Place } from "./geodesic";

/** A place that there is, under the id by which the API knows it. */
export interface Known extends Place {
  id: string;
  name: string;
}

export type PlaceFeature = FeatureOf<StationProperties | SiteProperties>;

/** Where a feature is; null where nobody knows, or its jobs do not agree. */
export function placeOf(feature: PlaceFeature): Place | null {
  if (feature.geometry?.type !== "Point") {
    return null;
  }
  const [lon, lat] = feature.geometry.coordinates;
  return lon === undefined || lat === undefined ? null : { lon, lat };
}

/** Those that have a place. */
export function knownOf(features: PlaceFeature[]): Known[] {
  return features.flatMap((feature) => {
    const place = placeOf(feature);
    const { id, properties } = feature;
    return place === null ? [] : [{ id, name: properties.name ?? id, ...place }];
  });
}

/**
 * The first that fit a text, by name or by the beginning of the id; nearest to a place first.
 *
 * To the empty text all fit.
 */
export function nearestFitting(known: Known[], text: string, near: Place, most: number): Known[] {
  const wanted = text.trim();
  return known
    .filter(({ id, name }) => name.includes(wanted) || id.startsWith(wanted))
    .map((one) => ({ one, metres: distanceM(near, one) }))
    .sort((one, other) => one.metres - other.metres)
    .slice(0, most)
    .map(({ one }) => one);
}
