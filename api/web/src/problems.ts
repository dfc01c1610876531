/** What a problem of the server means, in the page's own words. */

import type { Problem } from "./answers";
import type { Word } from "./words";

const URN = "urn:geo-match:problem:";
const WORDS: ReadonlyMap<string, Word> = new Map([
  ["nothing-to-tell", "nothingToTell"],
  ["not-released", "notReleased"],
  ["no-releases", "noReleases"],
  ["release-not-writable", "releaseNotWritable"],
  ["release-not-readable", "releaseNotReadable"],
  ["being-made", "beingMadeNow"],
]);

/** Return the words for a kind of problem; null for one that the page has none for. */
export function wordOfProblem({ type }: Problem): Word | null {
  return type.startsWith(URN) ? (WORDS.get(type.slice(URN.length)) ?? null) : null;
}
