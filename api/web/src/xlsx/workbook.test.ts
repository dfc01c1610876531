/** The whole file is opened by openpyxl in the tests of the page; here what can be told by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 as crcOfZlib } from "node:zlib";

import { isFormulaLike, letters, workbookOf } from "./workbook";
import { crc32, zipped } from "./zip";

test("checks are zlib's", () => {
  for (const text of ["", "a", "123456789", "社区".repeat(500)]) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(crc32(bytes), crcOfZlib(bytes));
  }
});

test("columns go on after Z", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
});

test("an archive begins and ends as ZIP does, and counts its entries", () => {
  const bytes = zipped([
    { name: "a.txt", text: "a" },
    { name: "b.txt", text: "乙" },
  ]);
  const view = new DataView(bytes.buffer);
  assert.equal(view.getUint32(0, true), 0x04034b50);
  assert.equal(view.getUint32(bytes.length - 22, true), 0x06054b50);
  assert.equal(view.getUint16(bytes.length - 12, true), 2);
});

test("a text that begins as a formula is a quoted text, and markup is none", () => {
  const sheet = { name: "a<b", widths: [10], printed: "A&B" };
  const bytes = workbookOf([{ ...sheet, rows: [["名"], ["=1+1"], ["<b>&\u0001"], [3.5], [null]] }]);
  const xml = new TextDecoder().decode(bytes);
  assert.match(xml, /<c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve">=1\+1<\/t>/);
  assert.match(xml, /&lt;b&gt;&amp;<\/t>/);
  assert.match(xml, /<c r="A4"><v>3.5<\/v><\/c>/);
  assert.match(xml, /<row r="5"><\/row>/);
  assert.match(xml, /&amp;CA&amp;&amp;B/);
  assert.doesNotMatch(xml, /<f>/);
});

test("what spreadsheets take for a formula is known by its first sign", () => {
  assert.deepEqual(
    ["=1", "+1", "-1", "@a", "\ta", "1-1", "社区", ""].map(isFormulaLike),
    [true, true, true, true, true, false, false, false],
  );
});
