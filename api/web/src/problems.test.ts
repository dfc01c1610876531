import assert from "node:assert/strict";
import { test } from "node:test";

import { ProblemError } from "./api";
import { faultOf } from "./faults";
import { wordOfProblem } from "./problems";
import { said } from "./words";

function problem(type: string) {
  return { type, title: "Title", status: 503, detail: "Detail." };
}

for (const kind of [
  "nothing-to-tell",
  "not-released",
  "no-releases",
  "release-not-writable",
  "release-not-readable",
  "being-made",
]) {
  test(`${kind} is told in the language of the page alone`, () => {
    const given = problem(`urn:geo-match:problem:${kind}`);
    const word = wordOfProblem(given);
    assert.ok(word !== null);
    assert.doesNotMatch(said("zh", word), /Title|Detail|\{/);
    assert.match(said("zh", word), /[\u4e00-\u9fff]{6}/);
    assert.equal(faultOf(new ProblemError(503, given, null)).word, word);
  });
}

test("of others the server's own words are told as such", () => {
  for (const type of ["about:blank", "urn:geo-match:problem:other", "urn:other:being-made"]) {
    assert.equal(wordOfProblem(problem(type)), null);
  }
  const { word, values } = faultOf(new ProblemError(500, problem("about:blank"), null));
  assert.match(said("zh", word, values), /服务器的原话告诉管理员：Title \(500\) Detail/);
});
