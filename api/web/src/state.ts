/** What the page shows, in one place; whoever draws a part of it watches what the part depends on. */

import type {
  CoverageAnswer,
  FeatureOf,
  HeadlineAnswer,
  SiteProperties,
  StationProperties,
} from "./answers";
import type { Community } from "./city";
import type { Language } from "./words";

export type Measure = "count" | "share";

export interface Circle {
  lon: number;
  lat: number;
  /** Of a station; null for a place that was clicked. */
  name: string | null;
}

export interface State {
  language: Language;
  /** 审图号; null for internal use alone. */
  approval: string | null;
  /** Whether the figures of specialists are shown. */
  isExpert: boolean;
  measure: Measure;
  /** Within which somebody is reached, metres: one of the menu of what is published. */
  radiusM: number;
  showsVillages: boolean;
  communities: Community[] | null;
  coverage: CoverageAnswer | null;
  /** Null until it is read; `none` where the server tells no such totals. */
  headline: HeadlineAnswer | "none" | null;
  stations: FeatureOf<StationProperties>[] | null;
  sites: FeatureOf<SiteProperties>[] | null;
  /** Ids of those that are not drawn, since they are supposed to be elsewhere. */
  hiddenStations: ReadonlySet<string>;
  hiddenSites: ReadonlySet<string>;
  hasStreets: boolean;
  /** Code of a community. */
  selected: string | null;
  circle: Circle | null;
  circleRadiusM: number;
  /** Change of households that are reached, by community; null where nothing is supposed. */
  changes: ReadonlyMap<string, number> | null;
}

/** What is shown at first. */
export const FIRST: State = {
  language: "zh",
  approval: null,
  isExpert: false,
  measure: "count",
  radiusM: 3_000,
  showsVillages: false,
  communities: null,
  coverage: null,
  headline: null,
  stations: null,
  sites: null,
  hiddenStations: new Set(),
  hiddenSites: new Set(),
  hasStreets: false,
  selected: null,
  circle: null,
  circleRadiusM: 3_000,
  changes: null,
};

export class Observed<Value extends object> {
  #value: Value;
  readonly #watchers: { names: ReadonlySet<keyof Value>; draw: () => void }[] = [];

  constructor(value: Value) {
    this.#value = value;
  }

  get now(): Readonly<Value> {
    return this.#value;
  }

  /** Change some of it; each watcher of what is another value then draws once. */
  change(some: Partial<Value>): void {
    const before = this.#value;
    this.#value = { ...before, ...some };
    const names = (Object.keys(some) as (keyof Value)[]).filter(
      (name) => before[name] !== this.#value[name],
    );
    for (const watcher of this.#watchers) {
      if (names.some((name) => watcher.names.has(name))) {
        watcher.draw();
      }
    }
  }

  /** Draw now, and whenever one of these changes. */
  watch(names: (keyof Value)[], draw: () => void): void {
    this.#watchers.push({ names: new Set(names), draw });
    draw();
  }
}

export type PageState = Observed<State>;
