"""The printable report on foot as a browser shows it: its widest tables, and the river."""

from __future__ import annotations

import pytest
from test_browser.conftest import DESKTOP, PHONE
from test_coverage.river import COMMUNITIES, town
from test_coverage.test_on_foot import HOMES, JOBS
from test_matching.cases import JOB, ON, SEEKER

import geo_match as gm
from geo_match.exchange.coverage import write_coverage

NAMES = ("长淮卫镇淮光社区居民委员会", "东升街道胜利东路第一社区", "大庆街道工农社区居民委员会")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Write a report with all columns that it can have, of many people and long names."""
    folder = tmp_path_factory.mktemp("on_foot")
    communities = [{**one, "name": name} for one, name in zip(COMMUNITIES, NAMES, strict=True)]
    people = [{**SEEKER, **one, "weight": one["weight"] * 10_000} for one in HOMES]
    jobs = [{**JOB, **one, "vacancies": one["vacancies"] * 1_000} for one in JOBS]
    # The mill pays nobody enough: some have nothing that fits, others nothing on foot.
    jobs[0] |= {"wage_low_cny": 1.0, "wage_high_cny": 1.0}
    options = gm.CoverageOptions(
        basis="walking",
        network=town("Old Bridge"),
        radius_m=1250.0,
        eligible=gm.MatchOptions(on=ON),
    )
    report = gm.Coverage(jobs, communities, options).of(people)
    found = {}
    for language in ("zh", "en"):
        found[language] = folder / f"{language}.html"
        write_coverage(report, found[language], language=language)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_last_column_is_on_the_screen_and_on_the_paper(visit, pages, language):
    found = visit(pages[language], DESKTOP)
    heads = found.page.locator("section.new-page thead").first.locator("th")
    assert heads.last.inner_text() in {"主要原因（数量）", "Main reason (people)"}
    assert heads.count() == 12
    assert found.overflow == 0
    assert found.scrolled == []
    assert found.beyond_the_paper() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_narrow_window_scrolls_tables_and_not_the_page(visit, pages, language):
    found = visit(pages[language], PHONE)
    assert found.overflow == 0
    assert found.scrolled != []


def test_the_river_crosses_the_map_and_is_explained(visit, pages):
    page = visit(pages["zh"]).page
    river = page.locator("svg[aria-labelledby^='map-community-'] path[stroke='#1c8f86']")
    size = river.bounding_box()
    sheet = page.locator("svg[aria-labelledby^='map-community-']").bounding_box()
    assert size["width"] > 0.9 * sheet["width"]
    assert page.locator(".legend li", has_text="河流等水面").is_visible()
    assert page.locator(".legend li", has_text="铁路").is_visible()
