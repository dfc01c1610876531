import assert from "node:assert/strict";
import { test } from "node:test";

import type { ChangeRow, WhatIfAnswer } from "../answers";
import { changedOf, changesOf } from "./answer";

function row(code: string | null, change: number | null): ChangeRow {
  const none = { name: null, located: 80, reached_before: null, reached_after: null };
  return { code, reached_change: change, ...none };
}

const ROWS = [row("340302001001", 12), row("340302001002", 0), row("340302001003", -3), row(null, null)];

test("communities whose change is rounded to none are not listed", () => {
  assert.deepEqual(
    changedOf(ROWS).map(({ code }) => code),
    ["340302001001", "340302001003"],
  );
});

test("what is coloured says of what and within which radius, as it was asked", () => {
  const answer: WhatIfAnswer = {
    on: "2025-12-31",
    query: { supply: "sites", radius_m: 2_000 },
    areas_without_figures: 0,
    total: row(null, 9),
    rows: ROWS,
  };
  const { supply, radiusM, households } = changesOf(answer);
  assert.deepEqual([supply, radiusM], ["sites", 2_000]);
  assert.deepEqual([...households], [["340302001001", 12], ["340302001002", 0], ["340302001003", -3]]);
});
