import assert from "node:assert/strict";
import { test } from "node:test";

import type { Row } from "./answers";
import { hoverOf } from "./hover";
import { FIRST, type State } from "./state";

const CODE = "340302001001";
const KEPT_BACK = "340302001002";

function row(code: string, some: Partial<Row>): Row {
  const none = { people: null, located: null, reached: null, reached_share: null, below: null };
  return { kind: "community", code, name: null, reasons: {}, measures: {}, ...none, ...some };
}

function state(some: Partial<State> = {}): State {
  const rows = [
    row(CODE, { located: 80, reached: 70, reached_share: 0.88 }),
    row(KEPT_BACK, {}),
  ];
  const rest = { kind: "居委会", street: "", district: "", area: null };
  return {
    ...FIRST,
    radiusM: 1_000,
    communities: [
      { code: CODE, name: "示例社区", ...rest },
      { code: KEPT_BACK, name: "邻社区", ...rest },
    ],
    coverage: {
      release: "published",
      on: "2025-12-31",
      made_at: null,
      invented: null,
      menu: {
        radius_m: [2_000],
        min_count: 10,
        round_to: 5,
        most_error: 5,
        distance_step_m: 500,
        reach_step: 5,
      },
      query: { radius_m: 2_000 },
      city: row("", {}),
      rows,
    },
    ...some,
  };
}

test("it names the unit, the radius of the figures, and what is within its error", () => {
  assert.equal(hoverOf(state(), CODE), "示例社区 · 2 公里内无岗位 ≈ 10 户");
  assert.equal(hoverOf(state({ measure: "share" }), CODE), "示例社区 · 2 公里内无岗位占 ≈ 12%");
});

test("while something is supposed it shows the change, which is 0 where nothing was told", () => {
  const households = new Map([[CODE, 12]]);
  const changes = { supply: "stations", radiusM: 3_000, households } as const;
  assert.equal(hoverOf(state({ changes }), CODE), "示例社区 · 3 公里内有服务网点的家庭 +12 户");
  const none = { ...changes, households: new Map<string, number>() };
  assert.equal(hoverOf(state({ changes: none }), CODE), "示例社区 · 3 公里内有服务网点的家庭 0 户");
});

test("of whom no figure is published none is shown, nor a change of 0", () => {
  const changes = { supply: "stations", radiusM: 3_000, households: new Map<string, number>() } as const;
  assert.equal(hoverOf(state(), KEPT_BACK), "邻社区 · 没有公布的数字");
  assert.equal(hoverOf(state({ changes }), KEPT_BACK), "邻社区 · 没有公布的数字");
  assert.equal(hoverOf(state(), "340302001003"), null);
});
