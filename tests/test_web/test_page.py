"""The page as it opens: what is shaded, what the numbers say, and what each switch does."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_browser.conftest import PHONE, SMALL_PHONE
from test_web.driving import (
    URBAN,
    asked,
    choose,
    click_map,
    communities,
    drawn,
    is_below_for_certain,
    number_in,
    only_failed_loads,
    picture,
    ready,
    rows_of,
    without_map,
    without_reach,
)

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
A_COMMUNITY = "340302001001"
HEADLINE = "**/v1/coverage/headline"


@pytest.fixture
def beside_map(open_page):
    """Open the page without its map, for what is beside it."""
    return ready(open_page(before=without_map))


def rows_shown(found):
    return found.page.locator("#tab-table tbody tr")


def test_it_opens_on_urban_communities_with_the_date_and_what_is_invented(open_page):
    found = ready(open_page())
    urban = [one for one in communities(found).values() if one["kind"] == URBAN]
    expect(rows_shown(found)).to_have_count(len(urban))
    on = asked(found, "/v1/coverage")["on"]
    expect(found.page.locator("#data-date")).to_have_text(f"数据时点 {on}")
    expect(found.page.locator("#invented")).to_contain_text("虚构")
    expect(found.page.locator("#internal")).to_have_text("内部工作用图")
    assert found.overflow == 0
    found.shot("map-opens")
    found.page.locator("#villages").check()
    expect(rows_shown(found)).to_have_count(len(communities(found)))
    drawn(found)
    found.shot("map-villages")
    found.page.emulate_media(media="print")
    expect(found.page.locator("#internal")).to_be_visible()
    expect(found.page.locator("#print")).to_be_hidden()
    expect(found.page.locator("#search")).to_be_hidden()
    expect(rows_shown(found).first).to_be_visible()
    found.shot("map-print")


def test_villages_are_shown_by_a_switch(beside_map):
    kinds = [one["kind"] for one in communities(beside_map).values()]
    beside_map.page.locator("#villages").check()
    expect(rows_shown(beside_map)).to_have_count(len(kinds))
    beside_map.page.locator("#villages").uncheck()
    expect(rows_shown(beside_map)).to_have_count(kinds.count(URBAN))


def test_two_numbers_are_what_the_published_rows_say(beside_map):
    found = beside_map
    city = asked(found, "/v1/coverage")["city"]
    located = found.page.locator("#number-located")
    expect(located.locator("strong")).to_have_text(f"{city['located'] / city['people']:.0%}")
    kinds, rows = communities(found), rows_of(found)
    shown = [row for code, row in rows.items() if kinds[code]["kind"] == URBAN]
    certain = [row for row in shown if is_below_for_certain(row)]
    below = found.page.locator("#number-below")
    expect(below.locator("strong")).to_have_text(str(len(certain)))
    expect(below.locator(".note")).to_contain_text(f"共 {len(shown)} 个")
    found.page.locator("#villages").check()
    certain = [row for row in rows.values() if is_below_for_certain(row)]
    assert certain != []
    expect(below.locator("strong")).to_have_text(str(len(certain)))


def test_totals_of_people_are_the_published_ones_or_say_why_they_are_missing(open_page):
    told = {
        "invented": None,
        "registered_unemployed_without_job": {
            "value": 1_245,
            "suppressed": False,
            "missing": None,
            "reason": None,
        },
        "zero_employment_households": {
            "value": None,
            "suppressed": True,
            "missing": "kept_back",
            "reason": "fewer than 10",
        },
    }

    def answered(page):
        without_map(page)
        body = json.dumps(told)
        page.route(
            HEADLINE,
            lambda route: route.fulfill(status=200, content_type="application/json", body=body),
        )

    found = ready(open_page(before=answered))
    expect(found.page.locator("#number-unemployed strong")).to_have_text("1,245")
    zero = found.page.locator("#number-zero-employment")
    expect(zero.locator("strong")).to_have_text("暂缺")
    expect(zero.locator(".note")).to_have_text("不足 10，或为保护其他数字，未公布")


def test_totals_of_people_are_those_of_the_server(beside_map):
    found = beside_map
    told = asked(found, "/v1/coverage/headline")
    for name, of in (
        ("unemployed", "registered_unemployed_without_job"),
        ("zero-employment", "zero_employment_households"),
    ):
        value = told[of]["value"]
        text = "暂缺" if value is None else f"{value:,}"
        expect(found.page.locator(f"#number-{name} strong")).to_have_text(text)


def test_a_server_without_totals_of_people_has_them_said_to_be_missing(open_page):
    problem = json.dumps({"type": "about:blank", "title": "No", "status": 404, "detail": "None."})

    def without_totals(page):
        without_map(page)
        page.route(
            HEADLINE,
            lambda route: route.fulfill(
                status=404, content_type="application/problem+json", body=problem
            ),
        )

    found = ready(open_page(before=without_totals))
    for name in ("unemployed", "zero-employment"):
        expect(found.page.locator(f"#number-{name} strong")).to_have_text("暂缺")
        expect(found.page.locator(f"#number-{name} .note")).to_contain_text("没有公布")
    only_failed_loads(found)


def test_the_table_has_what_was_published_and_sorts_by_each_column(beside_map):
    found = beside_map
    kinds, rows = communities(found), rows_of(found)
    known = [
        value
        for code, row in rows.items()
        if kinds[code]["kind"] == URBAN and (value := without_reach(row)) is not None
    ]
    column = rows_shown(found).locator("td:nth-child(4)")

    def numbers():
        return [text.removeprefix("≈ ").replace(",", "") for text in column.all_inner_texts()]

    head = found.page.locator("th:has(#sort-without)")
    expect(head).to_have_attribute("aria-sort", "descending")
    shown = numbers()
    assert shown[: len(known)] == [str(one) for one in sorted(known, reverse=True)]
    assert set(shown[len(known) :]) <= {"—"}
    found.page.locator("#sort-without").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    shown = numbers()
    assert shown[: len(known)] == [str(one) for one in sorted(known)]
    found.page.locator("#sort-name").click()
    expect(found.page.locator("th:has(#sort-name)")).to_have_attribute("aria-sort", "ascending")
    expect(head).to_have_attribute("aria-sort", "none")


def test_shares_and_another_radius_by_switches(beside_map):
    found = beside_map
    found.page.locator("#measure").select_option("share")
    expect(found.page.locator("#legend h2")).to_contain_text("占比")
    found.page.locator("#radius").select_option("1000")
    expect(found.page.locator("#legend h2")).to_have_text("1 公里内无岗位的家庭占比")
    ready(found)
    kinds = communities(found)
    code, row = next(
        (code, row)
        for code, row in rows_of(found, radius_m=1000).items()
        if kinds[code]["kind"] == URBAN and row["reached"] not in {None, row["located"]}
    )
    cells = found.page.locator(f"tr:has(#row-{code}) td")
    assert number_in(cells.nth(2)) == without_reach(row)
    share = re.escape(f"{1 - row['reached_share']:.0%}")
    expect(cells.nth(3)).to_have_text(re.compile(f"^(≈ )?{share}$"))  # ≈ within its error


def test_a_poorly_located_community_is_marked(open_page):
    def of_few(route):
        answer = route.fetch()
        told = answer.json()
        row = next(row for row in told["rows"] if row["code"] == A_COMMUNITY)
        row["people"], row["located"] = 500, 300
        route.fulfill(response=answer, body=json.dumps(told))

    found = open_page(before=lambda page: page.route("**/v1/coverage?*", of_few))
    ready(found)
    marked = found.page.locator("#tab-table tr:has-text('定位不足')")
    expect(marked).to_have_count(1)
    expect(marked.locator(f"#row-{A_COMMUNITY}")).to_be_attached()
    choose(found, A_COMMUNITY)
    found.shot("map-hatched")


def test_a_community_is_found_by_code_and_opens_its_panel(beside_map):
    found = beside_map
    choose(found, A_COMMUNITY)
    name = communities(found)[A_COMMUNITY]["name"]
    panel = found.page.locator("#community")
    expect(panel.locator("h2")).to_have_text(name)
    jobs = asked(found, "/v1/jobs", community=A_COMMUNITY, limit=0)
    expect(panel).to_contain_text(f"{jobs['total']:,}")
    expect(panel).to_contain_text(f"{jobs['vacancies_total']:,}")
    expect(panel).to_contain_text("暂缺：求职者数字没有公开发布")
    expect(found.page.locator(f"tr:has(#row-{A_COMMUNITY})")).to_have_attribute(
        "aria-current", "true"
    )
    found.shot("map-community")


def test_a_community_is_found_by_name_and_a_village_has_its_kind_shown(beside_map):
    found = beside_map
    kinds = communities(found)
    names = [one["name"] for one in kinds.values()]
    village = next(
        one["name"]
        for one in kinds.values()
        if one["kind"] != URBAN
        and not any(one["name"] in name for name in names if name != one["name"])
        and names.count(one["name"]) == 1
    )
    choose(found, village)
    expect(found.page.locator("#community h2")).to_have_text(village)
    expect(found.page.locator("#villages")).to_be_checked()


def test_what_is_not_there_is_not_found(beside_map):
    found = beside_map
    found.page.locator("#search-field").fill("没有这样的地方")
    expect(found.page.locator("#search")).to_contain_text("没有这样的社区")
    found.page.locator("#search-field").press("Enter")
    expect(found.page.locator("tr[aria-current]")).to_have_count(0)


def test_a_click_on_the_map_selects_the_community_there_in_the_table_too(open_page):
    found = ready(open_page())
    found.page.locator(f"#row-{A_COMMUNITY}").click()
    drawn(found)
    click_map(found)
    panel = found.page.locator("#community h2")
    expect(panel).not_to_have_text("")
    clicked = panel.inner_text()
    current = found.page.locator("#tab-table tr[aria-current] button")
    expect(current).to_have_text(clicked)
    found.page.locator("#open-table").click()
    expect(current).to_be_in_viewport()


def test_it_speaks_english_by_a_switch(beside_map):
    found = beside_map
    found.page.locator("#language").click()
    expect(found.page.locator("html")).to_have_attribute("lang", "en")
    expect(found.page.locator("h1")).to_contain_text("left out")
    expect(found.page.locator("#legend h2")).to_have_text("Households without a job within 3 km")
    expect(found.page.locator("#number-located .name")).to_have_text("Households located")
    found.page.locator("#language").click()
    expect(found.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_on_a_phone_nothing_is_wider_than_the_window(open_page):
    found = ready(open_page(size=PHONE))
    assert found.overflow == 0
    found.shot("map-phone")
    choose(found, A_COMMUNITY)
    assert found.overflow == 0
    found.shot("map-phone-community")


def test_on_the_smallest_phone_nothing_is_wider_than_the_window(open_page):
    found = ready(open_page(size=SMALL_PHONE, before=without_map))
    assert found.overflow == 0
    choose(found, A_COMMUNITY)
    assert found.overflow == 0


def test_tabs_go_by_arrow_keys(beside_map):
    found = beside_map
    found.page.locator("#open-table").focus()
    found.page.keyboard.press("ArrowRight")
    expect(found.page.locator("#open-details")).to_be_focused()
    expect(found.page.locator("#tab-details")).to_be_visible()
    found.page.keyboard.press("ArrowRight")
    found.page.keyboard.press("ArrowRight")
    expect(found.page.locator("#open-table")).to_have_attribute("aria-selected", "true")
    expect(found.page.locator("#tab-table")).to_be_visible()


def fill_what_if(found):
    """Have all of its parts shown: a place that is closed, one that is added, and candidates."""
    field = found.page.locator("#what-if-pick")
    field.fill("示例")
    field.press("Enter")
    found.page.locator("#what-if-close").click()
    found.page.locator("#what-if-centre").click()
    found.page.locator("#what-if-ranking summary").click()
    found.page.locator("#what-if-candidate-centre").click()
    expect(found.page.locator("#what-if-total")).to_be_visible()


def test_it_keeps_to_wcag_a_and_aa(open_page):
    found = ready(open_page())
    choose(found, A_COMMUNITY)
    click_map(found)
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    drawn(found)
    found.page.locator("#expert").click()
    expect(found.page.locator("#expert-areas")).to_be_visible()
    for tab in ("details", "table", "what-if", "expert"):
        found.page.locator(f"#open-{tab}").click()
        if tab == "what-if":
            fill_what_if(found)
        results = Axe().run(found.page, options={"runOnly": {"type": "tag", "values": WCAG}})
        broken = {
            one["id"]: [node["target"] for node in one["nodes"]]
            for one in results.response["violations"]
        }
        assert broken == {}, tab


def test_without_a_map_it_says_why_and_the_rest_works(beside_map):
    expect(beside_map.page.locator("#map")).to_contain_text("没有 WebGL")
    expect(rows_shown(beside_map).first).to_be_visible()


def test_ground_that_is_left_out_is_drawn_and_switched_off(open_page):
    found = ready(open_page())
    gaps = asked(found, "/ogc/collections/gaps/items", limit=10_000)["features"]
    largest = max(gaps, key=lambda one: one["properties"]["area_km2"])
    choose(found, largest["id"])
    drawn_with = picture(found)
    found.shot("map-gaps")
    found.page.locator("#layer-gaps").uncheck()
    drawn(found)
    differs = (picture(found) != drawn_with).any(axis=-1).mean()
    found.page.locator("#layer-gaps").check()
    drawn(found)
    assert (picture(found) != drawn_with).any(axis=-1).mean() < differs / 10
    assert differs > 0.01


def test_its_sign_is_a_file_of_the_server(served):
    page = httpx.get(f"{served}/", trust_env=False).text
    path = re.search(r'rel="icon"[^>]* href="([^"]+)"', page)[1]
    answer = httpx.get(f"{served}{path}", trust_env=False)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg")
