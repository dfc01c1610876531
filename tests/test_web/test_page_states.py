"""What the page says when something is missing or awaited, and how it goes on."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect
from test_web.driving import URBAN, choose, click_map, only_failed_loads, ready, without_map

AREAS = "**/ogc/collections/communities/items*"
COVERAGE = "**/v1/coverage?*"
STATIONS = "**/ogc/collections/stations/items*"
BEING_MADE = "urn:geo-match:problem:being-made"
PROBLEM = "application/problem+json"


def refusing(status, *, kind="about:blank", times=None, retry_after=None):
    """Return what answers by a problem, so many times; then the server answers."""
    left = [times]

    def answer(route):
        if left[0] == 0:
            route.fallback()
            return
        left[0] = None if left[0] is None else left[0] - 1
        problem = {"type": kind, "title": "No", "status": status, "detail": "Not now."}
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        route.fulfill(
            status=status, content_type=PROBLEM, headers=headers, body=json.dumps(problem)
        )

    return answer


def routed(pattern, answer):
    """Return what answers some requests of a page, which has no map here."""

    def set_up(page):
        without_map(page)
        page.route(pattern, answer)

    return set_up


def test_without_a_server_it_says_what_to_do_and_tries_again(open_page):
    found = open_page(before=routed(AREAS, lambda route: route.abort()))
    notice = found.page.locator("#notice")
    expect(notice).to_contain_text("连不上服务器")
    expect(notice).to_contain_text("make serve")
    found.shot("map-no-server")
    found.page.unroute(AREAS)
    notice.locator(".retry").click()
    ready(found)
    only_failed_loads(found)


def test_without_a_key_it_asks_for_one_and_says_that_it_is_wrong(open_page):
    found = open_page(before=routed(AREAS, refusing(401)))
    notice = found.page.locator("#notice")
    expect(notice).to_contain_text("密钥")
    found.shot("map-key")
    found.page.locator("#key").fill("gmk_none")
    found.page.locator("#key").press("Enter")
    expect(notice).to_contain_text("密钥无效")
    found.page.unroute(AREAS)
    found.page.route("**/v1/session", lambda route: route.fulfill(status=204))
    found.page.locator("#key").fill("gmk_some")
    found.page.locator("#key").press("Enter")
    ready(found)
    only_failed_loads(found)


def test_too_many_requests_are_waited_out(open_page):
    answer = refusing(429, times=1, retry_after=2)
    found = open_page(before=routed(AREAS, answer))
    expect(found.page.locator("#notice")).to_contain_text("请求过于频繁")
    ready(found)
    only_failed_loads(found)


def test_while_figures_are_being_made_the_map_is_there_and_says_so(open_page):
    answer = refusing(503, kind=BEING_MADE, times=2, retry_after=2)
    found = open_page(before=routed(COVERAGE, answer))
    expect(found.page.locator("#notice")).to_contain_text("首次发布")
    expect(found.page.locator("#tab-table tbody tr").first).to_be_visible()
    expect(found.page.locator("#data-date")).to_have_text("数据时点 —")
    found.shot("map-being-made")
    ready(found)
    only_failed_loads(found)


def test_places_that_are_waited_for_are_told_until_they_are_there(open_page):
    """The figures, which come meanwhile, leave the line of the places; and it goes at last."""
    found = open_page(before=routed(STATIONS, refusing(429, retry_after=2)))
    expect(found.page.locator("#data-date")).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    expect(found.page.locator("#notice")).to_have_text("请求过于频繁，2 秒后自动重试。")
    found.page.unroute(STATIONS)
    ready(found)
    only_failed_loads(found)


def test_places_that_fail_are_told_while_the_figures_are_still_being_made(open_page):
    made = refusing(503, kind=BEING_MADE, retry_after=1)

    def both(page):
        without_map(page)
        page.route(COVERAGE, made)
        page.route(STATIONS, lambda route: route.abort())

    found = open_page(before=both)
    lines = found.page.locator("#notice .line")
    expect(lines.first).to_contain_text("连不上服务器")
    expect(lines.last).to_contain_text("首次发布")
    expect(lines).to_have_count(2)
    found.page.unroute(STATIONS)
    lines.first.locator("button").click()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("首次发布")
    found.page.unroute(COVERAGE)
    ready(found)
    only_failed_loads(found)


def test_what_was_asked_for_another_radius_says_nothing_any_more(open_page):
    """The first radius is still being made; the page is told so of the second alone."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        if "radius_m=3000" in route.request.url:
            refusing(503, kind=BEING_MADE, retry_after=1)(route)
        else:
            route.fallback()

    found = open_page(before=routed(COVERAGE, answer))
    expect(found.page.locator("#notice")).to_contain_text("首次发布")
    found.page.locator("#radius").select_option("1000")
    ready(found)
    before = len(asked)
    found.page.wait_for_timeout(1_500)
    assert len(asked) == before, "the older question is given up"
    expect(found.page.locator("#notice")).to_be_hidden()
    only_failed_loads(found)


def test_that_there_is_no_urban_community_is_said_until_others_are_shown(open_page):
    def of_villages(route):
        answer = route.fetch()
        told = answer.json()
        told["features"] = [one for one in told["features"] if one["properties"]["kind"] != URBAN]
        route.fulfill(response=answer, body=json.dumps(told))

    found = open_page(before=routed(AREAS, of_villages))
    expect(found.page.locator("#notice")).to_have_text("没有居委会。请打开“显示村委会与其他”。")
    found.page.locator("#villages").check()
    expect(found.page.locator("#notice")).to_be_hidden()
    found.page.locator("#villages").uncheck()
    expect(found.page.locator("#notice")).to_be_visible()


def test_a_server_that_publishes_nothing_is_told_of_and_the_rest_works(open_page):
    found = open_page(before=routed(COVERAGE, refusing(404)))
    expect(found.page.locator("#notice")).to_contain_text("服务器的原话：Not now.")
    choose(found, "340302001001")
    expect(found.page.locator("#community")).to_contain_text("没有公布的数字")
    expect(found.page.locator("#community")).to_contain_text("招聘信息")
    only_failed_loads(found)


def test_a_failing_question_about_a_circle_leaves_the_page_usable(open_page):
    found = ready(open_page())
    found.page.route("**/v1/jobs?lon=*", refusing(429, retry_after=7))
    choose(found, "340302001001")
    click_map(found)
    fault = found.page.locator("#circle-fault")
    expect(fault).to_have_text("请求过于频繁。请过 7 秒再试。")
    expect(found.page.locator("#community-fault")).to_have_text(fault.inner_text())
    only_failed_loads(found)
    found.page.unroute("**/v1/jobs?lon=*")
    found.page.locator("#circle-retry").click()
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    found.page.locator("#community-retry").click()
    expect(found.page.locator("#community-jobs")).to_be_visible()


def test_a_store_without_communities_says_what_to_import(open_page):
    def none(route):
        told = {"type": "FeatureCollection", "numberMatched": 0, "invented": None}
        body = json.dumps({**told, "links": [], "features": []})
        route.fulfill(status=200, content_type="application/geo+json", body=body)

    found = open_page(before=routed(AREAS, none))
    expect(found.page.locator("#notice")).to_contain_text("geo-match import")


def test_very_long_names_and_huge_numbers_break_nothing(open_page):
    def swollen(route):
        answer = route.fetch()
        told = answer.json()
        for row in told["rows"]:
            row["name"] = "很长的名字" * 40
            row["people"] = row["located"] = row["reached"] = 123_456_789_012
        told["city"]["people"] = told["city"]["located"] = 123_456_789_012
        route.fulfill(response=answer, body=json.dumps(told))

    def long_names(route):
        answer = route.fetch()
        told = answer.json()
        for one in told["features"]:
            one["properties"]["name"] = "很长的名字" * 40
            one["properties"]["district_name"] = "Verylongdistrictname" * 5
        route.fulfill(response=answer, body=json.dumps(told))

    def both(page):
        without_map(page)
        page.route(COVERAGE, swollen)
        page.route(AREAS, long_names)

    found = ready(open_page(before=both))
    assert found.overflow == 0
    choose(found, "340302001001")
    assert found.overflow == 0
    found.shot("map-long-names")
