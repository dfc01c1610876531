/** The city as the page knows it: communities, their figures, and which of them are shown. */

import type { CommunityProperties, FeatureOf, Row } from "./answers";
import { ringsOf } from "./area";
import { type Figures, figuresOf } from "./figures";
import type { State } from "./state";

export interface Community {
  code: string;
  name: string;
  /** 居委会, 村委会 or 其他. */
  kind: string;
  street: string;
  district: string;
  /** Null where nobody has drawn it. */
  area: GeoJSON.Geometry | null;
}

const URBAN = "居委会";

export function communityOf(feature: FeatureOf<CommunityProperties>): Community {
  const { name, kind, street_name, district_name } = feature.properties;
  return {
    code: feature.id,
    name: name ?? feature.id,
    kind: kind ?? "",
    street: street_name ?? "",
    district: district_name ?? "",
    area: feature.geometry,
  };
}

/** Urban communities alone, or villages and others besides. */
export function shownCommunities(state: Readonly<State>): Community[] {
  const all = state.communities ?? [];
  return state.showsVillages ? all : all.filter((one) => one.kind === URBAN);
}

export function rowsByCode(state: Readonly<State>): ReadonlyMap<string, Row> {
  const rows = state.coverage?.rows ?? [];
  return new Map(rows.flatMap((row) => (row.code === null ? [] : [[row.code, row] as const])));
}

/** The figures of one community. */
export function figuresIn(state: Readonly<State>, code: string): Figures {
  return figuresOf(rowsByCode(state).get(code), mostErrorOf(state));
}

/** The figures of the communities that are shown, in the same order. */
export function shownFigures(state: Readonly<State>): { community: Community; figures: Figures }[] {
  const rows = rowsByCode(state);
  return shownCommunities(state).map((community) => ({
    community,
    figures: figuresOf(rows.get(community.code), mostErrorOf(state)),
  }));
}

/** Within which the figures are: of those that came, whatever has been chosen since. */
export function figuresRadiusM({ coverage, radiusM }: Readonly<State>): number {
  return coverage?.query.radius_m ?? radiusM;
}

/** Exact figures have no error. */
function mostErrorOf({ coverage }: Readonly<State>): number {
  return coverage?.menu?.most_error ?? 0;
}

/** The areas of communities that have one. */
export function areasOf(communities: Community[]): GeoJSON.Geometry[] {
  return communities.flatMap(({ area }) => (area === null ? [] : [area]));
}

/** West, south, east and north of some areas, degrees; null for none. */
export function boundsOf(areas: GeoJSON.Geometry[]): [number, number, number, number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const area of areas) {
    for (const [lon, lat] of positionsOf(area)) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  return west > east ? null : [west, south, east, north];
}

function* positionsOf(area: GeoJSON.Geometry): Generator<[number, number]> {
  for (const ring of ringsOf(area)) {
    for (const [lon, lat] of ring) {
      if (lon !== undefined && lat !== undefined) {
        yield [lon, lat];
      }
    }
  }
}
