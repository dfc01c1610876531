import assert from "node:assert/strict";
import { test } from "node:test";

import type { Community } from "./city";
import { fittingOf } from "./search";

function named(name: string, code: string, kind = "居委会"): Community {
  return { code, name, kind, street: "", district: "示例区", area: null };
}

const ALL = [
  named("东风村村委会", "340302001201", "村委会"),
  named("新东风社区居委会", "340302001002"),
  named("东风社区居委会", "340302001001"),
];

function codes(text: string): string[] {
  return fittingOf(ALL, text).map((one) => one.code);
}

test("names that begin with the text come first, and urban ones among them", () => {
  assert.deepEqual(codes("东风"), ["340302001001", "340302001201", "340302001002"]);
});

test("a code is found by its beginning", () => {
  assert.deepEqual(codes("3403020012"), ["340302001201"]);
  assert.deepEqual(codes("001201"), []);
});

test("blanks around do not count, and nothing finds nothing", () => {
  assert.deepEqual(codes(" 新东风 "), ["340302001002"]);
  assert.deepEqual(codes("  "), []);
});

test("no more are listed than can be looked through", () => {
  const many = Array.from({ length: 40 }, (_, at) => named(`示例${at}`, `${340302001000 + at}`));
  assert.equal(fittingOf(many, "示例").length, 12);
});
