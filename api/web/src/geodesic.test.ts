/** Against pyproj's `Geod`, which is Karney's: as everything that the server answers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { circleAround, distanceM, placeAt } from "./geodesic";

const NEAR_M = 1e-3;
const NEAR_DEG = 1e-8; // a millimetre

for (const [from, to, metres] of [
  [[117.38, 32.92], [117.39, 32.93], 1_450.785149842979],
  [[117.38, 32.92], [117.35, 32.9], 3_577.1328367850565],
  [[116.2, 33.1], [117.9, 32.7], 165_117.68598910898],
  [[0, 0], [0, 1], 110_574.38855779878],
  [[179.99, 10], [-179.99, 10.01], 2_455.927014523948],
  [[10, 89.9], [190, 89.9], 22_338.795682520195],
  [[117.38, 32.92], [117.38, 32.92], 0],
] as const) {
  test(`from ${from} to ${to} it is as far as pyproj says, either way`, () => {
    const [here, there] = [placeOf(from), placeOf(to)];
    assert.ok(Math.abs(distanceM(here, there) - metres) < NEAR_M);
    assert.ok(Math.abs(distanceM(there, here) - metres) < NEAR_M);
  });
}

test("between opposite ends of the earth there is no answer, and no wrong one", () => {
  assert.ok(Number.isNaN(distanceM({ lon: 0, lat: 0 }, { lon: 179.9, lat: 0.1 })));
});

for (const [from, bearing, metres, lon, lat] of [
  [[117.38, 32.92], 0, 3_000, 117.38, 32.9470505988201],
  [[117.38, 32.92], 90, 3_000, 117.41207271020185, 32.91999588533549],
  [[117.38, 32.92], 237.5, 10_000, 117.28988293385405, 32.871519631459535],
] as const) {
  test(`${metres} m from ${from} at ${bearing}° is where pyproj says`, () => {
    const found = placeAt(placeOf(from), bearing, metres);
    assert.ok(Math.abs(found.lon - lon) < NEAR_DEG);
    assert.ok(Math.abs(found.lat - lat) < NEAR_DEG);
  });
}

test("a circle is closed, runs counter-clockwise, and each corner is as far as its radius", () => {
  const centre = { lon: 117.38, lat: 32.92 };
  const [rim = []] = circleAround(centre, 3_000).coordinates;
  assert.equal(rim.length, 129);
  assert.deepEqual(rim.at(-1), rim[0]);
  for (const corner of rim) {
    assert.ok(Math.abs(distanceM(centre, placeOf(corner)) - 3_000) < NEAR_M);
  }
  const doubled = rim.slice(1).reduce((sum, corner, at) => {
    const [here, next] = [placeOf(rim[at] ?? []), placeOf(corner)];
    return sum + here.lon * next.lat - next.lon * here.lat;
  }, 0);
  assert.ok(doubled > 0);
});

function placeOf([lon = Number.NaN, lat = Number.NaN]: readonly number[]) {
  return { lon, lat };
}
