import assert from "node:assert/strict";
import { test } from "node:test";

import type { ChangeRow, WhatIfAnswer } from "../answers";
import { type Candidate, mostFirst, type Ranked, rank, readLines } from "./candidates";
import { add, NO_EDITS, type Question } from "./edits";

const PLACES = ["a", "b", "c"].map((id, at) => ({ id, name: id, lon: 117 + at, lat: 32.9 }));

function answer(reached: number): WhatIfAnswer {
  const total: ChangeRow = {
    code: null,
    name: null,
    located: 100,
    reached_before: 0,
    reached_after: reached,
    reached_change: reached,
  };
  const query = { supply: "stations", radius_m: 3_000 } as const;
  return { on: "2025-12-31", query, areas_without_figures: 0, total, rows: [] };
}

test("lines are read with a name or without, however they are parted", () => {
  const text = "东站, 117.38, 32.92\n\n117.4\t32.9\n 西 站，117.3，-32.5 ";
  assert.deepEqual(readLines(text), {
    lines: [
      { name: "东站", lon: 117.38, lat: 32.92 },
      { name: "", lon: 117.4, lat: 32.9 },
      { name: "西 站", lon: 117.3, lat: -32.5 },
    ],
    faults: [],
  });
});

test("what is no place is told by its line, and not guessed", () => {
  const { lines, faults } = readLines("32.92,117.38\nx,117,y\n117.3\n117.38,32.92");
  assert.equal(lines.length, 1);
  assert.deepEqual(faults, [1, 2, 3]);
});

test("each is asked by itself beside what is supposed already, and what it adds is told", async () => {
  const reached: Record<string, number> = { "": 10, a: 12, b: 30, c: 10 };
  const asked: string[][] = [];
  const told: Ranked[][] = [];
  const edits = add(NO_EDITS, { id: "new-1", name: "", lon: 117, lat: 32 });
  await rank(
    PLACES,
    { supply: "stations", radiusM: 3_000, edits },
    (question: Question) => {
      const ids = question.add.map(({ id }) => id);
      asked.push(ids);
      return Promise.resolve(answer(reached[ids[1] ?? ""] ?? Number.NaN));
    },
    (ranked) => told.push(ranked),
  );
  assert.deepEqual([...asked].sort(), [["new-1"], ["new-1", "a"], ["new-1", "b"], ["new-1", "c"]]);
  const last = told.at(-1)?.map(({ candidate, gained }) => [candidate.id, gained]);
  assert.deepEqual(last, [["b", 20], ["a", 2], ["c", 0]]);
});

test("an error of one stays with that one", async () => {
  let told: Ranked[] = [];
  await rank(
    PLACES,
    { supply: "stations", radiusM: 3_000, edits: NO_EDITS },
    ({ add: [one] }) => (one?.id === "b" ? Promise.reject(new Error("no")) : Promise.resolve(answer(1))),
    (ranked) => {
      told = ranked;
    },
  );
  assert.deepEqual(told.map(({ candidate, error }) => [candidate.id, error !== null]), [
    ["a", false],
    ["c", false],
    ["b", true],
  ]);
});

test("one whose question failed is asked about again, and no other", async () => {
  const [a, b, c] = PLACES as [Candidate, Candidate, Candidate];
  const known: Ranked[] = [
    { candidate: c, gained: 7, error: null },
    { candidate: a, gained: null, error: new Error("no") },
  ];
  const asked: (string | undefined)[] = [];
  let told: Ranked[] = [];
  await rank(
    PLACES,
    { supply: "stations", radiusM: 3_000, edits: NO_EDITS },
    ({ add: [one] }) => {
      asked.push(one?.id);
      return Promise.resolve(answer(one === undefined ? 10 : 40));
    },
    (ranked) => {
      told = ranked;
    },
    known,
  );
  assert.deepEqual(asked, [undefined, b.id]);
  assert.deepEqual(
    told.map(({ candidate, gained }) => [candidate.id, gained]),
    [["b", 30], ["c", 7], ["a", null]],
  );
});

test("equal ones keep the order in which they were given", () => {
  const ranked = PLACES.map((candidate) => ({ candidate, gained: 5, error: null }));
  assert.deepEqual(mostFirst(ranked), ranked);
});
