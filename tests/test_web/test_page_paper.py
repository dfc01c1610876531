"""The map on paper and as a picture: all that is seen of it, with what has to stand beside it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from test_web.conftest import SCREENSHOTS
from test_web.driving import asked, choose, drawn, only_failed_loads, picture, ready, without_map

SETTINGS = "**/page.json"
SHADES = ("#f6f2e6", "#fbd49a", "#f19b52", "#cf5a2e", "#7d1d22")
A_FEW = 50
FINER = 4
"""Points of the picture for one of the screen: twice as many each way."""
NOTE_TEXTS = """
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.written.push(text);
        write.call(this, text, ...where);
    };
"""


def pixels_of(image, colour):
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((image == wanted).all(axis=-1).sum())


def size_of(found, selector):
    box = found.page.locator(selector).bounding_box()
    return box["width"], box["height"]


def test_the_map_is_saved_as_a_picture_with_its_date_its_stamp_and_its_legend(open_page):
    found = ready(open_page(before=lambda page: page.add_init_script(NOTE_TEXTS)))
    seen = picture(found)
    with found.page.expect_download() as waited:
        found.page.locator("#picture").click()
    on = asked(found, "/v1/coverage")["on"]
    assert waited.value.suggested_filename == f"map-{on}.png"
    saved = np.asarray(Image.open(io.BytesIO(waited.value.path().read_bytes())).convert("RGB"))
    assert saved.shape[1] == 2 * seen.shape[1]
    assert saved.shape[0] > 2 * seen.shape[0]
    shown = [shade for shade in SHADES if pixels_of(seen, shade) > A_FEW]
    assert shown != []
    for shade in shown:
        assert pixels_of(saved, shade) > FINER / 2 * pixels_of(seen, shade)
    written = "".join(found.page.evaluate("window.written"))
    for text in (
        "内部工作用图",
        f"数据时点 {on}",
        "虚构",
        "3 公里内无岗位的家庭",
        "区县界",
        "斜线",
    ):
        assert text in written
    drawn(found)
    assert picture(found).shape == seen.shape
    expect(found.page.locator("#notice")).to_be_hidden()


def test_on_paper_the_map_has_its_own_size_and_afterwards_that_of_the_screen_again(open_page):
    found = ready(open_page())
    before, seen = size_of(found, "#map canvas.maplibregl-canvas"), picture(found)
    found.page.pdf(path=SCREENSHOTS / "map-print.pdf", prefer_css_page_size=True)
    drawn(found)
    assert size_of(found, "#map canvas.maplibregl-canvas") == pytest.approx(before, abs=1)
    found.page.emulate_media(media="print")
    found.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn(found)
    assert size_of(found, "#map canvas.maplibregl-canvas") != pytest.approx(before, abs=1)
    frame = found.page.locator("#map").evaluate("map => [map.clientWidth, map.clientHeight]")
    assert size_of(found, "#map canvas.maplibregl-canvas") == pytest.approx(tuple(frame), abs=1)
    shown = [shade for shade in SHADES if pixels_of(seen, shade) > A_FEW]
    assert shown != []
    printed = picture(found, "#map canvas.map-copy")
    assert all(pixels_of(printed, shade) > A_FEW for shade in shown)
    expect(found.page.locator("#legend .key").first).to_be_visible()
    expect(found.page.locator("#legend select").first).to_be_hidden()
    found.page.emulate_media(media="screen")
    found.page.evaluate("dispatchEvent(new Event('afterprint'))")
    drawn(found)
    assert size_of(found, "#map canvas.maplibregl-canvas") == pytest.approx(before, abs=1)
    assert (picture(found) != seen).any(axis=-1).mean() < 1e-3


def test_a_fault_is_printed_and_its_button_is_not(open_page):
    def without_settings(page):
        without_map(page)
        page.route(SETTINGS, lambda route: route.abort())

    found = open_page(before=without_settings)
    expect(found.page.locator("#notice")).to_contain_text("连不上服务器")
    choose(found, "340302001001")
    found.page.emulate_media(media="print")
    expect(found.page.locator("#notice")).to_be_visible()
    expect(found.page.locator("#notice .retry")).to_be_hidden()
    only_failed_loads(found)
