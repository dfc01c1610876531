import assert from "node:assert/strict";
import { test } from "node:test";

import type { Row } from "./answers";
import { csvOf, geoJsonOf } from "./exports";
import { FIRST, type State } from "./state";

const ROW: Row = {
  kind: "community",
  code: "340302001001",
  name: "示例社区",
  people: 60,
  located: 60,
  reached: 10,
  reached_share: 0.17,
  below: 50,
  reasons: {},
  measures: {},
};

function state(name: string): State {
  return {
    ...FIRST,
    communities: [
      { code: "340302001001", name, kind: "居委会", street: "", district: "示例区", area: null },
      { code: "340302001002", name: "无", kind: "居委会", street: "", district: "", area: null },
    ],
    coverage: {
      release: "published",
      on: "2025-12-31",
      made_at: null,
      invented: true,
      menu: { radius_m: [3_000], min_count: 10, round_to: 5, most_error: 5 },
      city: ROW,
      rows: [ROW],
    },
  };
}

test("a table says that it is internal, invented and of which day, and has what is shown", () => {
  const [note, , first, second] = csvOf(state("示例社区")).split("\r\n");
  assert.match(note ?? "", /内部工作用图.*2025-12-31.*虚构/);
  assert.equal(first, "340302001001,示例社区,示例区,60,50,5,0.83");
  assert.equal(second, "340302001002,无,,,,,", "what is unknown is empty, and not 0");
});

test("with a 审图号 it is that, and not for internal use", () => {
  const [note = ""] = csvOf({ ...state("示例社区"), approval: "GS（2026）0001号" }).split("\r\n");
  assert.match(note, /审图号：GS（2026）0001号/);
  assert.doesNotMatch(note, /内部工作用图/);
});

test("a name cannot become a formula, nor another column", () => {
  const first = csvOf(state('=HYPERLINK("a","b")')).split("\r\n")[2];
  assert.equal(first, `340302001001,"'=HYPERLINK(""a"",""b"")",示例区,60,50,5,0.83`);
});

test("the same as GeoJSON, with null where nothing is known", () => {
  const told = JSON.parse(geoJsonOf(state("示例社区"))) as {
    on: string;
    invented: boolean;
    features: { properties: { without: number | null } }[];
  };
  assert.equal(told.on, "2025-12-31");
  assert.equal(told.invented, true);
  assert.deepEqual(
    told.features.map((one) => one.properties.without),
    [50, null],
  );
});
