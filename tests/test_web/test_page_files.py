"""What is seen as files: Excel, CSV and GeoJSON of the communities that are shown."""

from __future__ import annotations

import csv
import io
import json

from openpyxl import load_workbook
from test_web.driving import URBAN, asked, communities, ready, without_map

A_COMMUNITY = "340302001001"
FORMULA = '=HYPERLINK("http://example.org","x")&<b>'


def downloaded(found, name):
    with found.page.expect_download() as waited:
        found.page.locator(f"#{name}").click()
    return waited.value.suggested_filename, waited.value.path().read_bytes()


def test_a_workbook_opens_in_openpyxl_and_has_the_cells_of_the_csv(open_page):
    found = ready(open_page(before=without_map))
    on = asked(found, "/v1/coverage")["on"]
    name, content = downloaded(found, "xlsx")
    assert name == f"communities-{on}.xlsx"
    book = load_workbook(io.BytesIO(content))
    table, notes = book.worksheets
    rows = list(table.iter_rows(values_only=True))
    _, text = downloaded(found, "csv")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))[1:]
    assert [["" if cell is None else str(cell) for cell in row] for row in rows] == lines
    urban = {code for code, one in communities(found).items() if one["kind"] == URBAN}
    assert {row[0] for row in rows[1:]} == urban
    assert all(isinstance(row[3], int) for row in rows[1:] if row[3] is not None)
    assert any(row[3] is not None for row in rows[1:])
    told = [cell for (cell,) in notes.iter_rows(values_only=True)]
    assert "内部工作用图" in told
    assert f"数据时点 {on}" in told
    assert table.freeze_panes == "A2"
    assert "内部工作用图" in table.oddHeader.center.text


def test_a_name_that_looks_like_a_formula_is_a_text_in_every_file(open_page):
    def named(route):
        answer = route.fetch()
        told = answer.json()
        one = next(one for one in told["features"] if one["id"] == A_COMMUNITY)
        one["properties"]["name"] = FORMULA
        route.fulfill(response=answer, body=json.dumps(told))

    def before(page):
        without_map(page)
        page.route("**/ogc/collections/communities/items*", named)

    found = ready(open_page(before=before))
    _, content = downloaded(found, "xlsx")
    table = load_workbook(io.BytesIO(content)).worksheets[0]
    (cell,) = (row[1] for row in table.iter_rows() if row[0].value == A_COMMUNITY)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)
    _, text = downloaded(found, "csv")
    lines = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert next(line for line in lines if line[0] == A_COMMUNITY)[1] == f"'{FORMULA}"


def test_a_table_and_its_geojson_say_of_what_day_they_are_and_that_they_are_internal(open_page):
    found = ready(open_page(before=without_map))
    on = asked(found, "/v1/coverage")["on"]
    urban = {code for code, one in communities(found).items() if one["kind"] == URBAN}
    _, text = downloaded(found, "csv")
    lines = text.decode("utf-8-sig").splitlines()
    assert "内部工作用图" in lines[0]
    assert on in lines[0]
    assert {line.partition(",")[0] for line in lines[2:]} == urban
    _, text = downloaded(found, "geojson")
    told = json.loads(text)
    assert {one["id"] for one in told["features"]} == urban
    assert told["invented"] is True
