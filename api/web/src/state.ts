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

/** What is supposed, and how many households more or fewer are then reached. */
export interface Changes {
  supply: "stations" | "sites";
  radiusM: number;
  /** By code of the community; none of those that stay as they are. */
  households: ReadonlyMap<string, number>;
}

export interface State {
  language: Language;
  /** 审图号; null for internal use alone. */
  approval: string | null;
  /** Whether the figures of specialists are shown. */
  isExpert: boolean;
  /** Whether there is a session, which a key has opened. */
  isSignedIn: boolean;
  /** How often a key was given here: what was refused before is then asked anew. */
  signIns: number;
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
  /** Whose the streets are, where that is to be named. */
  streetsBy: string | null;
  /** Whether anything that came says that it is invented. */
  isInvented: boolean;
  /** Code of a community. */
  selected: string | null;
  circle: Circle | null;
  circleRadiusM: number;
  /** Null where nothing is supposed. */
  changes: Changes | null;
}

/** What is shown at first. */
export const FIRST: State = {
  language: "zh",
  approval: null,
  isExpert: false,
  isSignedIn: false,
  signIns: 0,
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
  streetsBy: null,
  isInvented: false,
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
