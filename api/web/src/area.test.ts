import assert from "node:assert/strict";
import { test } from "node:test";

import { placeWithin } from "./area";

test("of a rectangle it is in the middle", () => {
  const rectangle = [[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]];
  assert.equal(placeWithin({ type: "Polygon", coordinates: [rectangle] })?.lon, 2);
});

test("of a crescent it is inside, where the middle of its bounds is not", () => {
  const u = [[0, 0], [6, 0], [6, 9], [5, 9], [5, 1], [2, 1], [2, 9], [0, 9], [0, 0]];
  const place = placeWithin({ type: "Polygon", coordinates: [u] });
  assert.ok(place !== null);
  const { lon, lat } = place;
  const isInside = lat < 1 ? lon > 0 && lon < 6 : (lon > 0 && lon < 2) || (lon > 5 && lon < 6);
  assert.ok(isInside, `${lon} ${lat}`);
});

test("it is in no hole, and in one of several parts", () => {
  const outer = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
  const hole = [[1, 0.5], [8, 0.5], [8, 9.5], [1, 9.5], [1, 0.5]];
  const place = placeWithin({ type: "MultiPolygon", coordinates: [[outer, hole]] });
  assert.equal(place?.lon, 9, "the widest stretch lies east of the hole");
});

test("what is no area has none", () => {
  assert.equal(placeWithin({ type: "Point", coordinates: [1, 1] }), null);
  assert.equal(placeWithin(null), null);
});
