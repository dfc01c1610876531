import assert from "node:assert/strict";
import { test } from "node:test";

import type { Figures } from "./figures";
import { about, counted, countedShare, rounded } from "./numbers";

function figures(some: Partial<Figures>): Figures {
  return { households: 80, without: 10, error: 10, share: 0.12, locatedShare: 1, ...some };
}

test("a share has the sign of its count: within the error it is about so much", () => {
  assert.deepEqual([counted("zh", figures({})), countedShare("zh", figures({}))], ["≈ 10", "≈ 12%"]);
  const certain = figures({ without: 11 });
  assert.deepEqual([counted("zh", certain), countedShare("zh", certain)], ["11", "12%"]);
  const unknown = figures({ without: null, share: null });
  assert.deepEqual([counted("zh", unknown), countedShare("zh", unknown)], ["—", "—"]);
});

test("0 of a figure that is rounded is up to half of the step", () => {
  assert.equal(rounded("zh", 0, 500), "0–250");
  assert.equal(rounded("zh", 0, 5), "0–2", "less than half of five whole ones");
  assert.equal(rounded("zh", 1_500, 500), "1,500");
});

test("in a sentence what is rounded is about so much, and what is exact is not", () => {
  assert.equal(about("zh", 0, 500), "约 0–250");
  assert.equal(about("en", 500, 500), "about 500");
  assert.equal(about("zh", 0, null), "0");
  assert.equal(about("zh", null, 500), "—");
});
