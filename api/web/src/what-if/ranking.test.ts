import assert from "node:assert/strict";
import { test } from "node:test";

import type { Row } from "../answers";
import { FIRST, type State } from "../state";
import { worstOf } from "./ranking";

/** By code how many are located, reached and printed to be below. */
const PUBLISHED: [string, number | null, number | null, number | null][] = [
  ["a", 80, 70, null], // 10, off by 10
  ["b", 80, 69, null], // 11
  ["c", 80, 20, 60],
  ["d", 80, 75, 5], // off by 5
  ["e", null, null, 40],
  ["f", null, null, null],
];

function state(): State {
  const rows = PUBLISHED.map(
    ([code, located, reached, below]): Row => ({
      kind: "community",
      code,
      name: null,
      people: null,
      located,
      reached,
      reached_share: null,
      below,
      reasons: {},
      measures: {},
    }),
  );
  const rest = { kind: "居委会", street: "", district: "", area: null };
  return {
    ...FIRST,
    communities: PUBLISHED.map(([code]) => ({ code, name: code, ...rest })),
    coverage: {
      release: "published",
      on: "2025-12-31",
      made_at: null,
      invented: null,
      menu: {
        radius_m: [3_000],
        min_count: 10,
        round_to: 5,
        most_error: 5,
        distance_step_m: 500,
        reach_step: 5,
      },
      query: { radius_m: 3_000 },
      city: rows[0]!,
      rows,
    },
  };
}

test("the worst are those that have some without a job for certain, most first", () => {
  assert.deepEqual(
    worstOf(state()).map(({ code }) => code),
    ["c", "e", "b"],
  );
});
