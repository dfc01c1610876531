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
    isInvented: true,
    communities: [
      { code: "340302001001", name, kind: "居委会", street: "", district: "示例区", area: null },
      { code: "340302001002", name: "无", kind: "居委会", street: "", district: "", area: null },
    ],
    coverage: {
      release: "published",
      on: "2025-12-31",
      made_at: null,
      invented: true,
      menu: {
        radius_m: [1_000, 3_000],
        min_count: 10,
        round_to: 5,
        most_error: 5,
        distance_step_m: 500,
        reach_step: 5,
      },
      query: { radius_m: 3_000 },
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

test("files are of the radius of the figures, whatever has been chosen since", () => {
  const chosen = { ...state("示例社区"), radiusM: 1_000 };
  const [note = ""] = csvOf(chosen).split("\r\n");
  assert.match(note, /家庭 3 公里内/);
  assert.doesNotMatch(note, /1 公里/);
  assert.equal((JSON.parse(geoJsonOf(chosen)) as { radius_m: number }).radius_m, 3_000);
});

test("a share has two digits in each file, as many as it bears out", () => {
  const exact = { ...ROW, reached_share: 0.123456 };
  const given = state("示例社区");
  const finer = { ...given, coverage: { ...given.coverage!, rows: [exact] } };
  assert.equal(csvOf(finer).split("\r\n")[2]?.split(",").at(-1), "0.88");
  const told = JSON.parse(geoJsonOf(finer)) as {
    features: { properties: { share_without: number | null } }[];
  };
  assert.deepEqual(
    told.features.map((one) => one.properties.share_without),
    [0.88, null],
  );
});

test("what is invented says so, of whatever was invented", () => {
  const told = (isInvented: boolean): string => csvOf({ ...state("示例社区"), isInvented });
  assert.match(told(true), /虚构/);
  assert.doesNotMatch(told(false), /虚构/);
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
