import assert from "node:assert/strict";
import { test } from "node:test";

import type { Row } from "./answers";
import { breaksOf, figuresOf, isBelow, isPoorlyLocated, measured, shadeOf } from "./figures";

function row(some: Partial<Row>): Row {
  const none = { people: null, located: null, reached: null, reached_share: null, below: null };
  return { kind: "community", code: "340302001001", name: "示例社区", reasons: {}, measures: {}, ...none, ...some };
}

test("what is published as below counts before any difference", () => {
  const figures = figuresOf(row({ people: 60, located: 60, reached: 10, below: 50 }), 5);
  assert.equal(figures.without, 50);
  assert.equal(figures.error, 5);
});

test("a difference of two published figures is off by both their errors", () => {
  const figures = figuresOf(row({ people: 80, located: 80, reached: 75 }), 5);
  assert.equal(figures.without, 5);
  assert.equal(figures.error, 10);
});

test("a difference is never less than none", () => {
  assert.equal(figuresOf(row({ located: 80, reached: 85 }), 5).without, 0);
});

test("what is kept back stays unknown, and is not none", () => {
  const { without, share, locatedShare } = figuresOf(row({ people: 80, located: 80 }), 5);
  assert.deepEqual([without, share, locatedShare], [null, null, 1]);
  assert.equal(figuresOf(undefined, 5).without, null);
});

test("only what exceeds its error is below for certain", () => {
  const verdict = (without: number, error: number): boolean | null =>
    isBelow({ households: 80, without, error, share: null, locatedShare: 1 });
  assert.equal(verdict(15, 10), true);
  assert.equal(verdict(10, 10), null);
  assert.equal(verdict(0, 10), null);
  assert.equal(verdict(0, 0), false);
  assert.equal(verdict(1, 0), true);
});

test("what lies within its error is shaded like none, by households and by share", () => {
  const noise = figuresOf(row({ located: 80, reached: 70, reached_share: 0.88 }), 5);
  assert.deepEqual([measured(noise, "count"), measured(noise, "share")], [0, 0]);
  const need = figuresOf(row({ located: 80, reached: 60, reached_share: 0.75 }), 5);
  assert.deepEqual([measured(need, "count"), measured(need, "share")], [20, 0.25]);
  const unknown = figuresOf(row({ located: 80 }), 5);
  assert.deepEqual([measured(unknown, "count"), measured(unknown, "share")], [null, null]);
});

test("few located are told from enough, and from nobody knows", () => {
  const of = (people: number | null, located: number | null): boolean =>
    isPoorlyLocated(figuresOf(row({ people, located }), 5));
  assert.equal(of(100, 79), true);
  assert.equal(of(100, 80), false);
  assert.equal(of(null, 80), false);
  assert.equal(of(0, 0), false);
});

test("shades begin at round numbers that fit the values", () => {
  assert.deepEqual(breaksOf([0, 5, null], "count"), []);
  assert.deepEqual(breaksOf([0, 55], "count"), [10, 20, 50]);
  assert.deepEqual(breaksOf([3, 123_456], "count"), [20_000, 50_000, 100_000]);
  assert.deepEqual(breaksOf([], "count"), []);
});

test("a value at a break has the shade above it", () => {
  const breaks = [10, 20, 50];
  const shades = [null, 0, 1, 9, 10, 20, 49, 50, 1_000].map((value) => shadeOf(value, breaks));
  assert.deepEqual(shades, [-1, 0, 1, 1, 2, 3, 3, 4, 4]);
});
