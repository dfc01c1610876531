/** Figures of a community as the map shades them, and the classes of the shades. */

import type { Row } from "./answers";
import type { Measure } from "./state";

export interface Figures {
  households: number | null;
  /** Households with nothing within the radius; null where it is kept back. */
  without: number | null;
  /** How far that may be from the count. */
  error: number;
  /** The same as a share of the located, 0 to 1. */
  share: number | null;
  /** The located among the households, 0 to 1. */
  locatedShare: number | null;
}

/** Less of a community's households with a place than this, and it is hatched. */
export const LEAST_LOCATED = 0.8;

const SHARE_BREAKS = [0.05, 0.2, 0.5];
/** Shades above "none". */
const SHADES = 4;
const LADDER = [1, 2, 5];
/** Differences of published figures below this are within their rounding: no shades are told apart. */
const LEAST_BREAK = 10;

/**
 * Read the figures of a row.
 *
 * `below` is published for 3000 m alone, and kept back where it is small. Where it is missing, and
 * both the located and the reached are published, their difference is shown: it is of rounded
 * figures, and off by as much as both of them.
 */
export function figuresOf(row: Row | undefined, mostError: number): Figures {
  if (row === undefined) {
    return { households: null, without: null, error: 0, share: null, locatedShare: null };
  }
  const { people, located, reached, reached_share, below } = row;
  const difference = located === null || reached === null ? null : Math.max(0, located - reached);
  return {
    households: people,
    without: below ?? difference,
    error: below === null ? 2 * mostError : mostError,
    share: reached_share === null ? null : 1 - reached_share,
    locatedShare: located === null || people === null || people === 0 ? null : located / people,
  };
}

/** By what a community is shaded: by none where what there is lies within its error. */
export function measured(figures: Figures, measure: Measure): number | null {
  if (figures.without !== null && isBelow(figures) === null) {
    return 0;
  }
  return measure === "count" ? figures.without : figures.share;
}

/** Whether some have nothing in reach, whatever the figure's error; null where that is open. */
export function isBelow({ without, error }: Figures): boolean | null {
  if (without === null) {
    return null;
  }
  if (without > error) {
    return true;
  }
  return error === 0 ? false : null;
}

/** Whether it is known to have too few places to be judged. */
export function isPoorlyLocated(figures: Figures): boolean {
  return figures.locatedShare !== null && figures.locatedShare < LEAST_LOCATED;
}

/**
 * Return where the shades above the first begin: round numbers, ascending.
 *
 * Of counts the last is the greatest 1, 2 or 5 times a power of ten that some value reaches, and
 * those before go down that ladder; so a village and a city are both shaded.
 */
export function breaksOf(values: (number | null)[], measure: Measure): number[] {
  if (measure === "share") {
    return SHARE_BREAKS;
  }
  const most = Math.max(1, ...values.filter((value) => value !== null));
  let power = Math.floor(Math.log10(most));
  let step = LADDER.filter((one) => one * 10 ** power <= most).length - 1;
  const breaks: number[] = [];
  while (breaks.length < SHADES - 1) {
    const rung = LADDER[step];
    if (rung === undefined || rung * 10 ** power < LEAST_BREAK) {
      break;
    }
    breaks.unshift(Math.round(rung * 10 ** power));
    step -= 1;
    if (step < 0) {
      step = LADDER.length - 1;
      power -= 1;
    }
  }
  return breaks;
}

/** Return the shade of a value: -1 for unknown, 0 for none, then 1 and up. */
export function shadeOf(value: number | null, breaks: number[]): number {
  if (value === null) {
    return -1;
  }
  return value <= 0 ? 0 : 1 + breaks.filter((one) => value >= one).length;
}
