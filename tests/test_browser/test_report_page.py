"""The printable report as a browser shows it: alone, whole, to everybody, and on paper."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pytest
from axe_playwright_python.sync_playwright import Axe
from shapely import box
from test_browser.conftest import DESKTOP, PHONE, SMALL_PHONE, TABLET
from test_browser.printed import characters, sheets

import geo_match as gm
from geo_match.exchange.coverage import write_coverage

LON, LAT = 117.35, 32.9
COMMUNITIES = gpd.GeoDataFrame(
    {
        "code": [
            *("340302001001", "340302001002", "340302002001"),
            *("340303001001", "340303001002", "340303002001"),
        ],
        "name": ["东风社区", "曹山社区", "胜利路第二社区", None, "张公山社区", "无范围社区"],
    },
    geometry=[
        *(
            box(LON + x / 20, LAT + y / 20, LON + (x + 1) / 20, LAT + (y + 1) / 20)
            for x, y in ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1))
        ),
        None,
    ],
    crs=4326,
)
PEOPLE = [
    {
        "id": f"P{n}",
        # Near one another here and there: few hexagons have people.
        "lon": None if n % 17 == 0 else LON + n % 4 / 25 + n / 9_000,
        "lat": None if n % 17 == 0 else LAT + n % 3 / 30 + n / 9_000,
        "community": COMMUNITIES["code"][n % 6],
        "hukou": "urban" if n % 3 else "rural",
        "birth_year": 1950 + n,
    }
    for n in range(48)
]
SITES = [
    {"id": f"S{n}", "lon": LON + 0.006 * n, "lat": LAT + 0.02, "vacancies": n + 1} for n in range(5)
]
PAGES = [(release, language) for release in ("internal", "published") for language in ("zh", "en")]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The rules that a narrow window can break.
OF_WIDTH = {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Write a small town's report in both languages: with all that it can have, and published."""
    folder = tmp_path_factory.mktemp("pages")
    report = gm.Coverage(SITES, COMMUNITIES, gm.CoverageOptions(edge_effect=True)).of(PEOPLE)
    plan = gm.service_plan(
        COMMUNITIES, gm.PlanOptions(on=dt.date(2025, 12, 31)), people=PEOPLE, entities=SITES
    )
    whole = {
        "by": ["community", "street", "district", "city", "h3", "hukou", "street by hukou"],
        "gap_areas": gm.gap_areas(report),
        "plan": plan.by("community"),
    }
    published = gm.publish(report, key=b"0123456789abcdef")
    found = {}
    for release, language in PAGES:
        given, more = (report, whole) if release == "internal" else (published, {})
        path = folder / f"{release}-{language}.html"
        write_coverage(given, path, language=language, date="2025-12-31", **more)
        found[release, language] = path
    return found


@pytest.fixture
def of_own(tmp_path):
    """Give a function that writes a page with a fault, to see that the tests would see it."""

    def write(body, head=""):
        path = tmp_path / "faulty.html"
        document = f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">{head}</head>'
        path.write_text(f"{document}<body>{body}</body></html>", encoding="utf-8")
        return path

    return write


def shut_out(page, rules=WCAG, *, colours=True):
    """Return what axe-core finds against WCAG 2.2, levels A and AA: rules, and where."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    if not colours:
        options["rules"] = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in found}


def chinese(text):
    return {one for one in text if "\u4e00" <= one <= "\u9fff"}


@pytest.mark.parametrize("which", PAGES)
def test_the_page_opens_without_a_network_and_asks_for_nothing(visit, pages, which):
    found = visit(pages[which])
    assert found.page.locator("h1").inner_text() in {
        "社区可达与缺口",
        "Reach and gaps by community",
    }
    assert found.requests == [pages[which].as_uri()]
    assert found.said == []
    assert found.violations == []


def test_a_page_that_asks_for_more_would_be_seen(visit, of_own):
    found = visit(of_own('<img src="http://127.0.0.1:9/x.png" alt="">'))
    assert found.requests[1:] == ["http://127.0.0.1:9/x.png"]
    assert "ERR_INTERNET_DISCONNECTED" in found.said[0]


def test_a_page_that_breaks_its_policy_would_be_seen(visit, of_own):
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    found = visit(of_own("<script>1</script><p style='color:red'>", policy))
    assert found.violations == ["script-src-elem inline", "style-src-attr inline"]
    assert len(found.said) == 2


@pytest.mark.parametrize("which", PAGES)
def test_the_map_shows_each_community_that_has_an_outline(visit, pages, which):
    page = visit(pages[which]).page
    shapes = page.locator("svg[aria-labelledby^='map-community-'] path:has(> title)")
    drawn = shapes.evaluate_all(
        """shapes => shapes.map(shape => {
            const {width, height} = shape.getBoundingClientRect();
            return [shape.textContent, Math.min(width, height) > 50];
        })"""
    )
    expected = COMMUNITIES[COMMUNITIES.geometry.notna()]
    names = expected["name"].fillna(expected["code"])
    if which[0] == "published":
        # The map ends where figures end: who has none may be cut off, or left out.
        assert any(size for _, size in drawn)
        assert {title.split(" · ")[0] for title, _ in drawn} <= set(names)
    else:
        told = [[title.split(" · ")[0], size] for title, size in drawn]
        assert sorted(told) == sorted([name, True] for name in names)
    maps = page.get_by_role("img")
    assert maps.count() == (2 if which[0] == "internal" else 1)  # hexagons have a map of their own


@pytest.mark.parametrize("which", PAGES)
def test_the_page_is_never_wider_than_its_window(visit, pages, which):
    found = visit(pages[which])
    for width, height in (DESKTOP, TABLET, PHONE, SMALL_PHONE):
        found.page.set_viewport_size({"width": width, "height": height})
        assert found.overflow == 0, width
        # Tables may be, each in a frame of its own; on a desk's screen none is.
        assert found.scrolled == [] or width < 1366


def test_a_page_that_is_too_wide_would_be_seen(visit, of_own):
    assert visit(of_own('<div style="width:2000px">x</div>'), PHONE).overflow > 1_500


def test_a_table_that_is_too_wide_is_scrolled_with_the_keyboard(visit, pages):
    page = visit(pages["internal", "zh"], PHONE).page
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "未达标准最多的社区"
    page.keyboard.press("ArrowRight")
    # What Playwright offers for waiting evaluates texts, which the page's policy forbids.
    page.evaluate(
        """() => new Promise(resolve => {
            const look = () =>
                document.activeElement.scrollLeft > 0 ? resolve() : requestAnimationFrame(look);
            look();
        })"""
    )


@pytest.mark.parametrize("which", PAGES)
def test_nobody_is_shut_out_as_far_as_axe_can_tell(visit, pages, which):
    page = visit(pages[which]).page
    # Most of axe's time goes into colours, which are the same in both languages.
    assert shut_out(page, colours=which[1] == "zh") == {}
    width, height = PHONE
    page.set_viewport_size({"width": width, "height": height})
    assert shut_out(page, OF_WIDTH) == {}


def test_who_is_shut_out_would_be_seen(visit, of_own):
    pale = '<img src="data:,"><p style="color:#ccc">浅色文字</p>'
    wide = f'<div style="overflow-x:auto;white-space:nowrap">{"一行 " * 100}</div>'
    page = visit(of_own(pale + wide, "<title>x</title>"), PHONE).page
    assert set(shut_out(page)) == {"color-contrast", "image-alt", "scrollable-region-focusable"}
    assert set(shut_out(page, OF_WIDTH)) == {"scrollable-region-focusable"}


@pytest.mark.parametrize("which", PAGES)
def test_on_paper_it_has_pages_and_each_chinese_character_its_shape(visit, pages, which):
    page = visit(pages[which]).page
    shown = chinese(page.locator("body").inner_text())
    assert len(shown) > (200 if which[1] == "zh" else 10)
    pdf = page.pdf(prefer_css_page_size=True)
    found = characters(pdf)
    # A radical accounts for one character with which it shares its shape.
    radicals = {one for one in found if "\u2e80" <= one <= "\u2fdf"}
    assert len(shown - found) <= len(radicals) < len(shown) / 2
    upright = [width < height for width, height in sheets(pdf)]
    assert len(upright) > 1
    # Gap areas and plans lie across; nothing that is published does.
    assert all(upright) == (which[0] == "published")


def test_a_character_without_a_shape_would_be_seen(visit, of_own):
    pdf = visit(of_own("<p>社区\ue000</p>")).page.pdf()  # a character that is nobody's
    assert characters(pdf) == set("社区")


@pytest.mark.parametrize("which", PAGES)
def test_nothing_is_wider_than_the_paper(visit, pages, which):
    assert visit(pages[which]).beyond_the_paper() == []


def test_what_is_wider_than_the_paper_would_be_seen(visit, of_own):
    section = '<section><h2>Wide</h2><div style="width:1100px">x</div></section>'
    assert visit(of_own(section)).beyond_the_paper() == ["Wide"]
