import assert from "node:assert/strict";
import { test } from "node:test";

import { add, close, countOf, History, move, NO_EDITS, questionOf, restore } from "./edits";

const NEW = { id: "new-1", name: "一号", lon: 117.3, lat: 32.9 };
const THERE = { lon: 117.4, lat: 32.95 };

test("a place that is moved and then closed is closed alone, as the API must be asked", () => {
  const asked = questionOf("stations", 3_000, close(move(NO_EDITS, "S1", THERE), "S1"));
  assert.deepEqual([asked.move, asked.close], [[], ["S1"]]);
});

test("a place that is closed and then moved is moved alone", () => {
  const asked = questionOf("sites", 1_000, move(close(NO_EDITS, "W1"), "W1", THERE));
  assert.deepEqual([asked.move, asked.close], [[{ id: "W1", ...THERE }], []]);
});

test("an added place that is moved is added there, and one that is closed was never there", () => {
  const added = add(NO_EDITS, NEW);
  const asked = questionOf("stations", 3_000, move(added, "new-1", THERE));
  assert.deepEqual(asked, {
    supply: "stations",
    radius_m: 3_000,
    add: [{ id: "new-1", ...THERE }],
    move: [],
    close: [],
  });
  assert.equal(countOf(close(added, "new-1")), 0);
});

test("what is restored leaves no trace, and nothing else changes", () => {
  const edits = close(move(add(NO_EDITS, NEW), "S1", THERE), "S2");
  assert.equal(countOf(edits), 3);
  assert.deepEqual([...restore(edits, "S1").closed], ["S2"]);
  assert.equal(countOf(restore(restore(restore(edits, "S1"), "S2"), "new-1")), 0);
});

test("each step is undone by itself, back to the beginning and no further", () => {
  const history = new History();
  assert.equal(history.canUndo, false);
  history.step(add(history.now, NEW));
  history.step(close(history.now, "S1"));
  history.undo();
  assert.deepEqual([history.now.added.length, history.now.closed.size], [1, 0]);
  history.undo();
  history.undo();
  assert.deepEqual([countOf(history.now), history.canUndo], [0, false]);
});
