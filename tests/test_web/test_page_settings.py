"""What the operator sets for the page: under which number its maps go out, and what lies below."""

from __future__ import annotations

import io
import json

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect
from test_web.driving import picture, ready, without_map

NUMBER = "皖S（2026）0001号"
ATTRIBUTION = "示例底图 <b>不是标记</b>"


def setting(map_approval=None, basemap=None):
    """Return what answers as a server does on which this is set."""
    body = json.dumps({"map_approval": map_approval, "basemap": basemap})

    def answer(page):
        page.route(
            "**/page.json",
            lambda route: route.fulfill(status=200, content_type="application/json", body=body),
        )

    return answer


def approved(page):
    without_map(page)
    setting(map_approval=NUMBER)(page)


def test_with_a_number_the_page_its_print_and_its_files_say_it(open_page):
    found = ready(open_page(before=approved))
    line = found.page.locator("#internal")
    expect(line).to_have_text(f"审图号：{NUMBER}")
    found.page.locator("#language").click()
    expect(line).to_contain_text(NUMBER)
    found.page.locator("#language").click()
    for name in ("csv", "geojson", "xlsx"):
        with found.page.expect_download() as waited:
            found.page.locator(f"#{name}").click()
        path = waited.value.path()
        if name == "xlsx":
            book = load_workbook(io.BytesIO(path.read_bytes()))
            text = book.worksheets[1]["A2"].value + book.worksheets[0].oddHeader.center.text
        else:
            text = path.read_text(encoding="utf-8")
        assert NUMBER in text, name
        assert "内部工作用图" not in text, name
    found.page.emulate_media(media="print")
    expect(line).to_be_visible()


def test_a_basemap_lies_below_and_says_whose_it_is(open_page, served):
    red = io.BytesIO()
    Image.new("RGB", (256, 256), (200, 30, 40)).save(red, "PNG")
    tiles = []

    def with_basemap(page):
        url = f"{served}/tiles/{{z}}/{{x}}/{{y}}.png"
        basemap = {"kind": "xyz", "url": url, "attribution": ATTRIBUTION}
        setting(basemap=basemap)(page)

        def tile(route):
            tiles.append(route.request.url)
            route.fulfill(status=200, content_type="image/png", body=red.getvalue())

        page.route("**/tiles/**", tile)

    found = ready(open_page(before=with_basemap))
    expect(found.page.locator("#attribution")).to_have_text(ATTRIBUTION)
    assert tiles != []
    assert (picture(found) == (200, 30, 40)).all(axis=-1).mean() > 0.05
    found.shot("map-basemap")


def test_without_settings_it_is_internal_and_asks_nobody_for_a_map(open_page):
    found = ready(open_page(before=lambda page: (without_map(page), setting()(page))))
    expect(found.page.locator("#internal")).to_have_text("内部工作用图")
    expect(found.page.locator("#attribution")).to_have_count(0)
