/** Places that could be chosen, and which of them would reach most. */

import type { WhatIfAnswer } from "../answers";
import type { Place } from "../geodesic";
import { add, type Edits, questionOf, type Question, type Supply } from "./edits";

export interface Candidate extends Place {
  id: string;
  name: string;
}

export interface Ranked {
  candidate: Candidate;
  /** Households more than without it; null while that is not known. */
  gained: number | null;
  error: unknown;
}

export interface Line {
  /** Empty where the line has none. */
  name: string;
  lon: number;
  lat: number;
}

const PARTS = /[,，;；\t]+|\s+/;
const NUMBER = /^[+-]?\d{1,3}(\.\d+)?$/;
/** So many at once: each is a question of its own. */
const AT_ONCE = 2;

/** Read lines of a name, a longitude and a latitude; give those that are none by their number. */
export function readLines(text: string): { lines: Line[]; faults: number[] } {
  const lines: Line[] = [];
  const faults: number[] = [];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === "") {
      continue;
    }
    const parts = raw.trim().split(PARTS).filter((part) => part !== "");
    const [lonText, latText] = parts.slice(-2);
    const [lon, lat] = [degreesOf(lonText, 180), degreesOf(latText, 90)];
    if (lon === null || lat === null) {
      faults.push(at + 1);
    } else {
      lines.push({ name: parts.slice(0, -2).join(" "), lon, lat });
    }
  }
  return { lines, faults };
}

function degreesOf(text: string | undefined, most: number): number | null {
  if (text === undefined || !NUMBER.test(text)) {
    return null;
  }
  const value = Number(text);
  return Math.abs(value) <= most ? value : null;
}

/**
 * Ask for each candidate by itself what it would change beside the edits that are supposed already.
 *
 * `tell` is called with all of them, most gained first, whenever one more is known. An error of one
 * stays with that one. About those of `known` it is not asked again.
 */
export async function rank(
  candidates: readonly Candidate[],
  { supply, radiusM, edits }: { supply: Supply; radiusM: number; edits: Edits },
  ask: (question: Question) => Promise<WhatIfAnswer>,
  tell: (ranked: Ranked[]) => void,
  known: readonly Ranked[] = [],
): Promise<void> {
  const isKnown = new Map(known.map((one) => [one.candidate, one]));
  const ranked = candidates.map(
    (candidate): Ranked => isKnown.get(candidate) ?? { candidate, gained: null, error: null },
  );
  tell(mostFirst(ranked));
  const before = reachedOf(await ask(questionOf(supply, radiusM, edits)));
  const left = ranked.entries();
  const work = async (): Promise<void> => {
    for (const [at, { candidate }] of left) {
      if (isKnown.has(candidate)) {
        continue;
      }
      const one: Ranked = { candidate, gained: null, error: null };
      try {
        const answer = await ask(questionOf(supply, radiusM, add(edits, candidate)));
        one.gained = reachedOf(answer) - before;
      } catch (error) {
        one.error = error;
      }
      ranked[at] = one;
      tell(mostFirst(ranked));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Most gained first, of equal ones in the order in which they were given; the unknown last. */
export function mostFirst(ranked: readonly Ranked[]): Ranked[] {
  const order = ({ gained }: Ranked): number => gained ?? Number.NEGATIVE_INFINITY;
  return [...ranked].sort((one, other) =>
    order(one) === order(other) ? 0 : order(other) - order(one),
  );
}

function reachedOf({ total }: WhatIfAnswer): number {
  return total.reached_after ?? 0;
}
