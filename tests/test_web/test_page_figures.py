"""What the page says of figures: of which radius, how sure, of which day, and in which language."""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import expect
from test_web.driving import (
    URBAN,
    asked,
    choose,
    click_map,
    communities,
    drawn,
    only_failed_loads,
    ready,
    rows_of,
    without_map,
)

A_COMMUNITY = "340302001001"
COVERAGE = "**/v1/coverage?by=community*"
HEADLINE = "**/v1/coverage/headline"
PROBLEM = "application/problem+json"


@pytest.fixture
def beside_map(open_page):
    """Open the page without its map, for what is beside it."""
    return ready(open_page(before=without_map))


def altered(pattern, alter):
    """Return what has the page without its map, and answers of its server altered."""

    def set_up(page):
        without_map(page)

        def answer(route):
            answer = route.fetch()
            told = answer.json()
            alter(told)
            route.fulfill(response=answer, body=json.dumps(told))

        page.route(pattern, answer)

    return set_up


def test_figures_that_stay_when_another_radius_fails_are_labelled_by_their_own(beside_map):
    found = beside_map
    legend = found.page.locator("#legend h2")
    found.page.route(COVERAGE, lambda route: route.abort())
    found.page.locator("#radius").select_option("1000")
    expect(found.page.locator("#notice")).to_contain_text("连不上服务器")
    expect(legend).to_have_text("3 公里内无岗位的家庭（户）")
    expect(found.page.locator("#number-below .note")).to_contain_text("家庭 3 公里内")
    with found.page.expect_download() as waited:
        found.page.locator("#csv").click()
    text = waited.value.path().read_text(encoding="utf-8-sig")
    assert "家庭 3 公里内" in text.splitlines()[0]
    assert "1 公里" not in text
    rows = rows_of(found)
    lines = {line[0]: line for line in csv.reader(io.StringIO(text))}
    assert lines[A_COMMUNITY][3] == str(rows[A_COMMUNITY]["people"])
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community")).to_contain_text("3 公里内有岗位")
    found.page.unroute(COVERAGE)
    found.page.locator("#notice button").click()
    expect(legend).to_have_text("1 公里内无岗位的家庭（户）")
    expect(found.page.locator("#community")).to_contain_text("1 公里内有岗位")
    only_failed_loads(found)


def test_the_page_counts_the_communities_below_as_the_server_does(beside_map):
    found = beside_map
    told = asked(found, "/v1/coverage/headline")
    below = found.page.locator("#number-below")
    shown = int(below.locator("strong").inner_text())
    more = told["communities_below_standard"] - shown
    assert more > 0
    expect(below.locator(".note")).to_contain_text(f"另有 {more} 个低于标准")
    found.page.locator("#villages").check()
    expect(below.locator("strong")).to_have_text(str(told["communities_below_standard"]))
    expect(below.locator(".note")).to_contain_text(f"共 {told['communities']} 个")
    expect(below.locator(".note")).to_contain_text(f"{told['communities_kept_back']} 个的数字太小")
    expect(below.locator(".note")).not_to_contain_text("另有")


def test_households_of_zero_employment_are_said_to_be_suspected(beside_map):
    number = beside_map.page.locator("#number-zero-employment")
    expect(number.locator(".name")).to_have_text("疑似零就业家庭")
    expect(number).not_to_contain_text("已确认")
    beside_map.page.locator("#language").click()
    expect(number.locator(".name")).to_have_text("Suspected zero-employment households")


def test_without_a_list_of_seekers_nobody_is_said_to_be_few(open_page):
    def no_list(told):
        told["registered_unemployed_without_job"] = {
            "value": None,
            "suppressed": False,
            "missing": "no_list",
            "reason": "There was no list of seekers when it was published.",
        }

    found = ready(open_page(before=altered(HEADLINE, no_list)))
    number = found.page.locator("#number-unemployed")
    expect(number.locator("strong")).to_have_text("暂缺")
    expect(number.locator(".note")).to_contain_text("没有求职者名册")
    expect(number.locator(".note")).not_to_contain_text("不足")


def test_medians_say_how_far_they_are_rounded(open_page):
    def medians(told):
        row = next(row for row in told["rows"] if row["code"] == A_COMMUNITY)
        row["measures"] |= {"distance_median_m": 0.0, "in_reach_median": 0.0}

    found = ready(open_page(before=altered(COVERAGE, medians)))
    menu = asked(found, "/v1/coverage")["menu"]
    assert (menu["distance_step_m"], menu["reach_step"]) == (500, 5)
    choose(found, A_COMMUNITY)
    facts = found.page.locator("#community dd")
    expect(facts.nth(4)).to_have_text("约 0–2")
    expect(facts.nth(5)).to_have_text("约 0–250 米")
    found.page.locator("#expert").click()
    expect(found.page.locator("#tab-expert")).to_contain_text("距离到 500 米")
    expect(found.page.locator("#tab-expert .bars").nth(1)).to_contain_text("约 ")


def test_what_is_of_today_says_so_beside_the_date_of_the_figures(open_page):
    found = ready(open_page())
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community h3").first).to_contain_text("今天")
    click_map(found)
    expect(found.page.locator("#circle h2")).to_contain_text("今天的岗位与网点")
    found.page.locator("#open-what-if").click()
    expect(found.page.locator("#tab-what-if")).to_contain_text("网点与招聘地点是今天的")


def test_it_is_said_to_be_invented_as_soon_as_anything_that_came_is(open_page):
    def not_invented(told):
        told["invented"] = None

    def only_stations(page):
        for pattern in ("**/ogc/collections/communities/items*", COVERAGE, HEADLINE):
            altered(pattern, not_invented)(page)
        for name in ("sites", "gaps"):
            altered(f"**/ogc/collections/{name}/items*", not_invented)(page)

    found = ready(open_page(before=only_stations))
    expect(found.page.locator("#invented")).to_contain_text("虚构")

    def nothing(page):
        only_stations(page)
        altered("**/ogc/collections/stations/items*", not_invented)(page)

    real = ready(open_page(before=nothing))
    real.page.wait_for_load_state("networkidle")
    expect(real.page.locator("#invented")).to_be_hidden()


def test_whose_the_streets_are_stands_where_figures_on_foot_are(open_page):
    def attributed(told):
        told["network"]["attribution"] = "© 示例路网 contributors"

    found = ready(open_page(before=altered("**/healthz", attributed)))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#streets-by")).to_have_text("步行所用路网：© 示例路网 contributors")
    expect(found.page.locator("#streets-by")).to_be_visible()


def test_what_was_published_of_one_community_may_fail_and_its_jobs_stay(open_page):
    def failing(page):
        without_map(page)
        page.route(
            f"**/ogc/collections/coverage/items/{A_COMMUNITY}",
            lambda route: route.fulfill(
                status=500,
                content_type=PROBLEM,
                body=json.dumps(
                    {"type": "about:blank", "title": "No", "status": 500, "detail": "Broken."}
                ),
            ),
        )

    found = ready(open_page(before=failing))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#published-fault")).to_contain_text("Broken.")
    jobs = asked(found, "/v1/jobs", community=A_COMMUNITY, limit=0)["total"]
    expect(found.page.locator("#community-jobs td.number").first).to_have_text(f"{jobs:,}")
    only_failed_loads(found)


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (404, "nothing-to-tell", "geo-match import"),
        (404, "no-releases", "GEO_MATCH_PUBLISHED"),
        (503, "release-not-writable", "发布目录写不进去"),
    ],
)
def test_problems_that_the_page_knows_are_told_in_its_own_language(open_page, status, kind, word):
    told = {
        "type": f"urn:geo-match:problem:{kind}",
        "title": "English",
        "status": status,
        "detail": "English.",
    }

    def refused(page):
        without_map(page)
        page.route(
            COVERAGE,
            lambda route: route.fulfill(status=status, content_type=PROBLEM, body=json.dumps(told)),
        )

    found = open_page(before=refused)
    notice = found.page.locator("#notice")
    expect(notice).to_contain_text(word)
    expect(notice).not_to_contain_text("English")
    only_failed_loads(found)


def test_without_webgl_the_chinese_page_says_so_in_chinese_alone(beside_map):
    text = beside_map.page.locator("#map").inner_text()
    assert "没有 WebGL" in text
    assert "ailed" not in text


def test_candidates_are_named_in_the_language_of_now(open_page):
    found = ready(open_page())
    found.page.locator("#open-what-if").click()
    found.page.locator("#what-if-ranking summary").click()
    found.page.locator("#what-if-candidate-centre").click()
    name = found.page.locator("#what-if-candidates li > span")
    expect(name).to_have_text("候选 1")
    found.page.locator("#language").click()
    expect(name).to_have_text("Candidate 1")


def test_while_something_is_supposed_villages_are_coloured_and_a_hover_tells_the_change(open_page):
    found = ready(open_page())
    kinds, rows = communities(found), rows_of(found)
    village = next(
        code
        for code, one in kinds.items()
        if one["kind"] != URBAN and (rows[code]["below"] or 0) >= 20 and one["name"]
    )
    choose(found, village)  # which shows all villages
    found.page.locator("#villages").uncheck()
    drawn(found)
    hover = found.page.locator("#hover")
    box = found.page.locator("#map").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    found.page.mouse.move(*middle)
    expect(hover).to_contain_text("3 公里内无岗位")
    expect(found.page.locator("#legend")).to_contain_text("未着色的范围")
    found.page.locator("#open-what-if").click()
    found.page.locator("#what-if-supply").select_option("sites")
    found.page.locator("#what-if-centre").click()
    expect(found.page.locator("#legend h2")).to_contain_text("招聘地点的家庭增减")
    expect(found.page.locator("#legend")).not_to_contain_text("未着色的范围")
    drawn(found)
    found.page.mouse.move(middle[0] + 3, middle[1])
    expect(hover).to_contain_text("3 公里内有招聘地点的家庭 +")
    found.shot("map-what-if-villages")
