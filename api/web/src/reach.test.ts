import assert from "node:assert/strict";
import { test } from "node:test";

import type { FeatureOf, StationProperties } from "./answers";
import type { Community } from "./city";
import { startOf } from "./reach";

const SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]];
const COMMUNITY: Community = {
  code: "340302001001",
  name: "示例社区",
  kind: "居委会",
  street: "",
  district: "",
  area: { type: "Polygon", coordinates: [SQUARE] },
};

function station(id: string, community: string, at: number[] | null): FeatureOf<StationProperties> {
  const geometry = at === null ? null : ({ type: "Point", coordinates: at } as const);
  const none = { kind: null, address: null, staff: null, capacity_per_month: null };
  return { type: "Feature", id, geometry, properties: { name: null, community, ...none } };
}

test("walks begin at the community's own station, if that has a place", () => {
  const stations = [
    station("S0", "340302001002", [9, 9]),
    station("S1", "340302001001", null),
    station("S2", "340302001001", [1.5, 0.5]),
  ];
  assert.deepEqual(startOf(COMMUNITY, stations), { lon: 1.5, lat: 0.5, name: "S2" });
});

test("without one they begin within its area, and without that nowhere", () => {
  const start = startOf(COMMUNITY, []);
  assert.deepEqual([start?.lon, start?.name], [1, null]);
  assert.equal(startOf({ ...COMMUNITY, area: null }, []), null);
});
