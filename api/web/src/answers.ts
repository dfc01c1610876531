/** What the API answers with, as far as the page reads it. Null is unknown or kept back, never 0. */

/** An area, and who in it is reached: households, as they are published. */
export interface Row {
  kind: string;
  code: string | null;
  name: string | null;
  people: number | null;
  located: number | null;
  reached: number | null;
  reached_share: number | null;
  below: number | null;
  reasons: Record<string, number | null>;
  /** Quantiles of what is in reach and of the distance to it, and Gini's coefficient, by name. */
  measures: Record<string, number | null>;
}

export interface Menu {
  radius_m: number[];
  min_count: number;
  round_to: number;
  most_error: number;
  /** Quantiles of the distance are multiples of it, metres. */
  distance_step_m: number;
  /** Quantiles of what is in reach are multiples of it. */
  reach_step: number;
}

export interface CoverageAnswer {
  release: "published" | "internal";
  on: string;
  made_at: string | null;
  invented: boolean | null;
  menu: Menu | null;
  query: { radius_m: number };
  city: Row;
  rows: Row[];
}

/** A total of the city; null where it is kept back, or there is none. */
export interface Total {
  value: number | null;
  /** Whether it is kept back: small, or to protect another figure. */
  suppressed: boolean;
  /** Why there is none; null where there is one. */
  missing: "kept_back" | "no_list" | "not_published" | null;
}

export interface HeadlineAnswer {
  invented: boolean | null;
  registered_unemployed_without_job: Total;
  zero_employment_households: Total;
}

/** What was published of one community, within every radius of the menu. */
export type CoverageProperties = Record<string, string | number | null>;

export interface CommunityProperties {
  name: string | null;
  kind: string | null;
  street_name: string | null;
  district_name: string | null;
}

export interface StationProperties {
  name: string | null;
  /** Code of the community in which it is. */
  community: string | null;
  kind: string | null;
  address: string | null;
  staff: number | null;
  capacity_per_month: number | null;
}

export interface SiteProperties {
  name: string | null;
  employer: string | null;
  jobs: number;
  vacancies: number;
}

export interface Link {
  href: string;
  rel: string;
}

export interface FeaturesAnswer<Properties> {
  numberMatched: number;
  invented: boolean | null;
  links: Link[];
  features: FeatureOf<Properties>[];
}

export interface FeatureOf<Properties> {
  type: "Feature";
  id: string;
  geometry: GeoJSON.Geometry | null;
  properties: Properties;
}

export interface Hit {
  job: { id: string; title: string | null; vacancies: number | null; employer: string | null };
  site: { id: string; name: string | null; lon: number; lat: number };
  distance_m: number;
}

export interface Counted {
  value: string | null;
  name: string | null;
  jobs: number;
  vacancies: number;
}

export interface Ring {
  over_m: number | null;
  to_m: number;
  jobs: number;
  vacancies: number;
}

export interface JobsAnswer {
  total: number;
  vacancies_total: number;
  vacancies_unstated: number;
  on_foot: { snap_m: number | null; not_on_network: "too_far" | "blocked" | null } | null;
  facets: { job_type: Counted[] | null; occupation: Counted[] | null; distance: Ring[] | null } | null;
  jobs: Hit[];
}

export interface Health {
  network: { length_km: number; attribution: string | null } | null;
}

export interface ChangeRow {
  code: string | null;
  name: string | null;
  located: number | null;
  reached_before: number | null;
  reached_after: number | null;
  reached_change: number | null;
}

export interface WhatIfAnswer {
  on: string;
  query: { supply: "stations" | "sites"; radius_m: number };
  areas_without_figures: number;
  total: ChangeRow;
  rows: ChangeRow[];
}

/** How the server knows who asks. */
export interface SessionAnswer {
  by: "key" | "session" | "nothing";
}

/** A problem after RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}
