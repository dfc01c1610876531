import assert from "node:assert/strict";
import { test } from "node:test";

import type { Row } from "./answers";
import { FIRST_CHANGE } from "./layers";
import type { MapView } from "./map-view";
import { shadeMap } from "./shading";
import { FIRST, Observed, type State } from "./state";

const [TOWN, VILLAGE, KEPT_BACK] = ["340302001001", "340302001201", "340302001202"] as const;
const [UNKNOWN, NO_CHANGE] = [-1, FIRST_CHANGE + 2];

function row(code: string, located: number | null): Row {
  const none = { people: located, reached: located, reached_share: 1, below: null };
  return { kind: "community", code, name: null, located, reasons: {}, measures: {}, ...none };
}

/** What a map was told last: the kinds that it shows, and the shade of each community. */
class Told {
  kinds: string[] = [];
  shades: ReadonlyMap<string, number> = new Map();

  setKinds(kinds: string[]): void {
    this.kinds = kinds;
  }

  setShades(shades: ReadonlyMap<string, number>): void {
    this.shades = shades;
  }
}

function opened(): { told: Told; state: Observed<State> } {
  const community = (code: string, kind: string) => ({
    code,
    kind,
    name: code,
    street: "",
    district: "",
    area: null,
  });
  const state = new Observed<State>({
    ...FIRST,
    communities: [
      community(TOWN, "居委会"),
      community(VILLAGE, "村委会"),
      community(KEPT_BACK, "村委会"),
    ],
    coverage: {
      release: "published",
      on: "2025-12-31",
      made_at: null,
      invented: null,
      menu: null,
      query: { radius_m: 3_000 },
      city: row("", 0),
      rows: [row(TOWN, 80), row(VILLAGE, 60), row(KEPT_BACK, null)],
    },
  });
  const told = new Told();
  shadeMap(state, told as unknown as MapView);
  return { told, state };
}

function changed(state: Observed<State>, households: [string, number][]): void {
  const changes = { supply: "stations", radiusM: 3_000, households: new Map(households) } as const;
  state.change({ changes });
}

test("while something is supposed every community is coloured, and before and after those shown", () => {
  const { told, state } = opened();
  assert.deepEqual([told.kinds, [...told.shades.keys()]], [["居委会"], [TOWN]]);
  changed(state, [[VILLAGE, 12]]);
  assert.deepEqual(told.kinds, ["居委会", "村委会"]);
  assert.equal(told.shades.get(VILLAGE), NO_CHANGE + 1);
  assert.equal(told.shades.get(TOWN), NO_CHANGE);
  state.change({ changes: null });
  assert.deepEqual([told.kinds, [...told.shades.keys()]], [["居委会"], [TOWN]]);
});

test("a strong change is told from a small one, and a loss from a gain", () => {
  const { told, state } = opened();
  changed(state, [[TOWN, 20], [VILLAGE, -19]]);
  assert.equal(told.shades.get(TOWN), NO_CHANGE + 2);
  assert.equal(told.shades.get(VILLAGE), NO_CHANGE - 1);
});

test("of whom no figure is published the change is unknown, and not none", () => {
  const { told, state } = opened();
  changed(state, []);
  assert.equal(told.shades.get(KEPT_BACK), UNKNOWN);
});
