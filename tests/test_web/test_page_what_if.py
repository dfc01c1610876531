"""选址模拟: places are added, dragged, closed and ranked, and the estimate is the API's."""

from __future__ import annotations

import itertools
import json
import re
import statistics

import httpx
import numpy as np
import shapely.geometry
from playwright.sync_api import expect
from test_web.driving import (
    URBAN,
    asked,
    choose,
    click_map,
    communities,
    drawn,
    is_below_for_certain,
    number_in,
    picture,
    ready,
    rows_of,
    without_map,
    without_reach,
)

import geo_match as gm

RADIUS_M = 1_000
GAINS = ("#6aaed6", "#0b559f")
LOSSES = ("#e08a2c", "#8a4a00")
AREA_PIXELS = 300
"""More of one colour than a sign has: a community is shaded by it."""


def at_what_if(found, radius_m=None):
    """Go to the tab of what-if; give the page, and the questions that it asks there from now on."""
    ready(found)
    if radius_m is not None:
        found.page.locator("#radius").select_option(str(radius_m))
        ready(found)
    questions = []

    def note(request):
        if request.url.endswith("/v1/what-if"):
            question = json.loads(request.post_data)
            if (
                question["add"] or question["move"] or question["close"]
            ):  # the first warms the server
                questions.append(question)

    found.page.on("request", note)
    with found.page.expect_response("**/v1/what-if"):
        found.page.locator("#open-what-if").click()
    return found, questions


def answer_to(found, question):
    answer = httpx.post(f"{found.address}/v1/what-if", json=question, trust_env=False, timeout=60)
    answer.raise_for_status()
    return answer.json()


def expect_total(found, question):
    """Expect that the page shows what the server answers to a question."""
    total = answer_to(found, question)["total"]
    shown = found.page.locator("#what-if-total")
    expect(shown).to_contain_text(f"{total['reached_before']:,} → {total['reached_after']:,}")
    return total


def pick(found, text=""):
    """Pick a place that there is: the nearest to the middle of the map whose name has the text."""
    field = found.page.locator("#what-if-pick")
    field.fill(text)
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    card = found.page.locator("#what-if-card h3")
    expect(card).not_to_have_text("")
    return card.inner_text()


def drag(found, start, dx, dy):
    """Drag from a place on the page by so many pixels; wait for what is asked because of it."""
    x, y = start
    found.page.mouse.move(x, y)
    found.page.mouse.down()
    found.page.mouse.move(x + dx / 2, y + dy / 2)
    with found.page.expect_response("**/v1/what-if"):
        found.page.mouse.move(x + dx, y + dy)
        found.page.mouse.up()


def middle_of(found, selector):
    box = found.page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pixels_of(found, colours):
    """Count the pixels of the map that have one of some colours."""
    wanted = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours]
    return sum(int((picture(found) == one).all(axis=-1).sum()) for one in wanted)


def farthest_from_a_station(found):
    """Return the code of the urban community with people whose middle is farthest from any."""
    stations = asked(found, "/ogc/collections/stations/items", limit=10_000)["features"]
    places = np.array([one["geometry"]["coordinates"] for one in stations if one["geometry"]])
    areas = asked(found, "/ogc/collections/communities/items", limit=10_000)["features"]
    located = {row["code"]: row["located"] for row in asked(found, "/v1/coverage")["rows"]}
    metres = {}
    for one in areas:
        if one["properties"]["kind"] == URBAN and located.get(one["id"]) and one["geometry"]:
            middle = shapely.geometry.shape(one["geometry"]).representative_point()
            there = gm.geodesic_distance(
                lon1=middle.x, lat1=middle.y, lon2=places[:, 0], lat2=places[:, 1]
            )
            metres[one["id"]] = there.min()
    return max(metres, key=metres.get)


def test_a_drop_colours_the_communities_that_gain_and_a_closing_those_that_lose(
    open_page, record_property
):
    found, questions = at_what_if(open_page(), RADIUS_M)
    choose(found, farthest_from_a_station(found))
    found.page.locator("#open-what-if").click()
    assert pixels_of(found, GAINS[:1]) == 0
    found.page.locator("#what-if-add").click()
    expect(found.page.locator("#what-if-add")).to_have_attribute("aria-pressed", "true")
    click_map(found)
    expect(found.page.locator("#what-if-total")).to_be_visible()
    drawn(found)
    assert expect_total(found, questions[-1])["reached_change"] > 0
    expect(found.page.locator("#legend h2")).to_contain_text("选址")
    assert pixels_of(found, GAINS) > AREA_PIXELS
    assert pixels_of(found, LOSSES) == 0
    found.shot("map-what-if")
    found.page.locator("#what-if-clear").click()
    expect(found.page.locator("#what-if-total")).to_have_count(0)
    expect(found.page.locator("#legend h2")).to_contain_text("无岗位")
    expect(found.page.locator(".maplibregl-marker")).to_have_count(0)
    drawn(found)
    assert pixels_of(found, GAINS[:1]) == 0
    found.page.locator("#full-view").click()
    drawn(found)
    pick(found)
    found.page.locator("#what-if-close").click()
    expect(found.page.locator("#what-if-total")).to_be_visible()
    drawn(found)
    assert expect_total(found, questions[-1])["reached_change"] < 0
    assert pixels_of(found, LOSSES) > AREA_PIXELS
    found.shot("map-what-if-closed")
    for name in ("what-if", "what-if-answered", "what-if-drawn"):
        took = found.page.evaluate(
            "name => performance.getEntriesByName(name).map(one => one.duration)", name
        )
        assert len(took) == len(questions)
        record_property(f"ms_of_{name}", round(statistics.median(took)))


def test_what_is_placed_is_dragged_undone_and_asked_about_without_waiting(open_page):
    found, questions = at_what_if(open_page())
    found.page.locator("#what-if-ranking summary").click()
    for button in ("what-if-add", "what-if-candidate"):
        found.page.locator(f"#{button}").click()
        expect(found.page.locator(f"#{button}")).to_have_attribute("aria-pressed", "true")
        found.page.keyboard.press("Escape")
        expect(found.page.locator(f"#{button}")).to_have_attribute("aria-pressed", "false")
    assert questions == []
    found.page.locator("#what-if-add").click()
    click_map(found, dx=-60)
    expect(found.page.locator("#what-if-total")).to_be_visible()
    drag(found, middle_of(found, ".sign.added"), -90, -60)
    assert [len(one["add"]) for one in questions] == [1, 1]
    assert questions[1]["add"][0]["lon"] < questions[0]["add"][0]["lon"]
    assert questions[1]["add"][0]["lat"] > questions[0]["add"][0]["lat"]
    expect_total(found, questions[1])
    found.page.locator("#what-if-undo").click()
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert questions[2] == questions[0]
    found.page.locator("#open-what-if").focus()
    found.page.keyboard.press("Control+z")
    expect(found.page.locator("#what-if-list li")).to_have_count(0)
    expect(found.page.locator(".sign")).to_have_count(0)
    expect(found.page.locator("#what-if-undo")).to_be_disabled()
    held = []

    def hold(route):
        held.append(route)

    found.page.route("**/v1/what-if", hold, times=1)
    found.page.locator("#what-if-centre").click()
    expect(found.page.locator("#what-if-told")).to_contain_text("正在查询")
    found.page.locator("#what-if-centre").click()
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert len(held) == 1
    assert [len(one["add"]) for one in questions[3:]] == [1, 2], "the older one is given up"
    expect_total(found, questions[-1])


def test_a_station_that_there_is_is_picked_by_a_click_and_dragged_from_where_it_stands(open_page):
    found, questions = at_what_if(open_page())
    choose(found, "340302001001")
    found.page.locator("#open-what-if").click()
    name = pick(found)
    box = found.page.locator(".sign.picked").bounding_box()
    where = box["x"] + box["width"] / 2, box["y"] + box["height"]
    found.page.locator("#what-if-supply").select_option("sites")
    found.page.locator("#what-if-supply").select_option("stations")
    expect(found.page.locator(".sign")).to_have_count(0)
    found.page.mouse.click(*where)
    expect(found.page.locator("#what-if-card h3")).to_have_text(name)
    expect(found.page.locator("#tab-what-if")).to_be_visible()
    found.page.locator("#what-if-move").click()
    click_map(found, dx=-150, dy=90)
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert [len(questions[-1][what]) for what in ("add", "move", "close")] == [0, 1, 0]
    found.page.locator("#what-if-restore").click()
    found.page.locator("#what-if-supply").select_option("sites")
    found.page.locator("#what-if-supply").select_option("stations")
    drawn(found)
    drag(found, where, -120, 40)
    (station,) = questions[-1]["move"]
    stations = asked(found, "/ogc/collections/stations/items", limit=10_000)["features"]
    was = next(one for one in stations if one["id"] == station["id"])
    assert was["properties"]["name"] == name
    assert station["lon"] < was["geometry"]["coordinates"][0]
    assert station["lat"] < was["geometry"]["coordinates"][1]
    expect_total(found, questions[-1])
    expect(found.page.locator("#what-if-list li span")).to_have_text(f"移动：{name}")
    expect(found.page.locator("#what-if-card")).to_contain_text("已移到别处")
    found.shot("map-what-if-moved")
    found.page.locator("#what-if-restore").click()
    expect(found.page.locator("#what-if-list li")).to_have_count(0)


def test_job_sites_are_closed_and_stations_are_then_none_of_the_question(open_page):
    found, questions = at_what_if(open_page(before=without_map))
    pick(found)
    found.page.locator("#what-if-close").click()
    expect(found.page.locator("#what-if-total")).to_contain_text("服务网点")
    expect_total(found, questions[-1])
    found.page.locator("#what-if-supply").select_option("sites")
    expect(found.page.locator("#what-if-list li")).to_have_count(0)
    name = pick(found, "示例")
    found.page.locator("#what-if-close").click()
    expect(found.page.locator("#what-if-list li span")).to_have_text(f"停用：{name}")
    expect(found.page.locator("#what-if-total")).to_contain_text("招聘地点")
    assert (questions[-1]["supply"], len(questions[-1]["close"])) == ("sites", 1)
    assert expect_total(found, questions[-1])["reached_change"] <= 0
    found.page.locator("#what-if-list button").click()
    expect(found.page.locator("#what-if-list li")).to_have_count(0)
    found.page.locator("#what-if-supply").select_option("stations")
    expect(found.page.locator("#what-if-list li")).to_have_count(1)


def test_places_are_ranked_by_the_households_that_they_would_newly_reach(open_page):
    found, questions = at_what_if(open_page(before=without_map), RADIUS_M)
    areas = asked(found, "/ogc/collections/communities/items", limit=10_000)["features"]
    middles = {
        one["id"]: shapely.geometry.shape(one["geometry"]).representative_point() for one in areas
    }
    last = middles[farthest_from_a_station(found)]
    first = middles["340302001001"]
    lines = [f"近站, {first.x:.5f}, {first.y:.5f}", "不是地点", f"远站\t{last.x:.5f}\t{last.y:.5f}"]
    found.page.locator("#what-if-ranking summary").click()
    found.page.locator("#what-if-lines").fill("\n".join(lines))
    found.page.locator("#what-if-take").click()
    expect(found.page.locator("#what-if-ranking .fault")).to_contain_text("第 2 行")
    expect(found.page.locator("#what-if-lines")).to_have_value("不是地点")
    expect(found.page.locator("#what-if-candidates li")).to_have_count(2)
    found.page.locator("#what-if-rank").click()
    expect(found.page.locator("#what-if-ranked[aria-busy=false]")).to_be_visible()
    gained = {
        asked_for["add"][0]["lon"]: answer_to(found, asked_for)["total"]["reached_change"]
        for asked_for in questions
    }
    expected = [gained[round(last.x, 5)], gained[round(first.x, 5)]]
    assert expected == sorted(expected, reverse=True)
    assert expected[0] > 0
    rows = found.page.locator("#what-if-ranked li")
    expect(rows.first).to_contain_text("远站")
    shown = [number_in(rows.nth(at).locator(".number")) for at in range(2)]
    assert shown == expected
    found.shot("map-what-if-ranked")
    rows.first.locator("button").click()
    expect(found.page.locator("#what-if-list li span")).to_have_text("远站")
    expect(found.page.locator("#what-if-total")).to_contain_text(f"+{expected[0]}")


def test_the_worst_communities_are_candidates_by_a_button(open_page):
    found, _ = at_what_if(open_page(before=without_map))
    found.page.locator("#what-if-ranking summary").click()
    kinds, rows = communities(found), rows_of(found)
    below = {code: without_reach(row) for code, row in rows.items() if is_below_for_certain(row)}
    urban = [code for code in below if kinds[code]["kind"] == URBAN]
    expect(found.page.locator("#what-if-worst")).to_be_enabled(enabled=len(urban) > 0)
    found.page.locator("#villages").check()
    found.page.locator("#what-if-worst").click()
    listed = found.page.locator("#what-if-candidates li > span").all_inner_texts()
    by_name = {kinds[code]["name"]: left_out for code, left_out in below.items()}
    assert len(listed) > 0
    assert [by_name[name] for name in listed] == sorted(below.values(), reverse=True)[:5]
    found.page.locator("#what-if-candidates-clear").click()
    expect(found.page.locator("#what-if-candidates")).to_have_count(0)


def test_a_candidate_whose_question_fails_is_tried_again_or_taken_away(open_page):
    found, questions = at_what_if(open_page(before=without_map), RADIUS_M)
    found.page.locator("#what-if-ranking summary").click()
    found.page.locator("#what-if-lines").fill(
        "甲, 117.38, 32.92\n乙, 117.40, 32.90\n丙, 117.36, 32.95"
    )
    found.page.locator("#what-if-take").click()
    failing = ("117.4", "117.36")

    def fail(route):
        if any(f'"lon":{lon}' in route.request.post_data for lon in failing):
            route.abort()
        else:
            route.fallback()

    found.page.route("**/v1/what-if", fail)
    found.page.locator("#what-if-rank").click()
    rows = found.page.locator("#what-if-ranked li")
    expect(rows.locator(".fault")).to_have_count(2)
    expect(rows.first).to_contain_text("甲")
    found.said[:] = [one for one in found.said if not one.startswith("Failed to load")]
    found.page.unroute("**/v1/what-if")
    questions.clear()
    found.page.get_by_role("button", name="重试: 乙").click()
    expect(rows.locator(".fault")).to_have_count(1)
    expect(found.page.locator("#what-if-ranked[aria-busy=false]")).to_be_visible()
    assert [one["add"][0]["lon"] for one in questions] == [117.4], "of the others nothing is asked"
    found.page.get_by_role("button", name="删去: 丙").click()
    expect(rows).to_have_count(2)
    expect(found.page.locator("#what-if-ranking summary")).to_contain_text("2")
    shown = [number_in(rows.nth(at).locator(".number")) for at in range(2)]
    assert shown == sorted(shown, reverse=True)


def test_who_closes_a_place_or_takes_that_back_by_the_keyboard_stays_where_that_was(open_page):
    found, _ = at_what_if(open_page(before=without_map))
    for keys in (("ArrowDown", "ArrowUp"), ("ArrowDown",)):  # the nearest place, then the next
        field = found.page.locator("#what-if-pick")
        field.fill("")
        for key in (*keys, "Enter"):
            field.press(key)
        found.page.locator("#what-if-close").focus()
        found.page.keyboard.press("Enter")
        expect(found.page.locator("#what-if-restore")).to_be_focused()
    lines = found.page.locator("#what-if-list li button")
    count = lines.count()
    lines.first.focus()
    found.page.keyboard.press("Enter")
    expect(lines).to_have_count(count - 1)
    assert found.page.evaluate("document.activeElement.closest('#tab-what-if') !== null")


def test_the_sign_of_many_sites_is_gone_into_and_takes_what_is_put_down_on_it(open_page):
    found, _ = at_what_if(open_page())
    found.page.locator("#layer-stations").uncheck()  # they lie above
    for _ in range(4):
        found.page.locator(".maplibregl-ctrl-zoom-out").click()
        drawn(found)
    scale = found.page.locator(".maplibregl-ctrl-scale")
    where, far = a_cluster(found), scale.inner_text()
    found.page.locator("#what-if-add").click()
    found.page.mouse.click(*where)
    expect(found.page.locator("#what-if-list li")).to_have_count(1)
    assert scale.inner_text() == far
    found.page.locator("#what-if-clear").click()
    expect(found.page.locator(".sign")).to_have_count(0)
    found.page.mouse.click(*where)
    expect(scale).not_to_have_text(far)


def a_cluster(found):
    """Return where the sign of many sites is: near the middle, where the city is."""
    x, y = middle_of(found, "#map")
    canvas = found.page.locator("#map canvas")
    for dx, dy in sorted(
        itertools.product(range(-60, 61, 6), repeat=2), key=lambda at: at[0] ** 2 + at[1] ** 2
    ):
        found.page.mouse.move(x + dx, y + dy)
        if canvas.evaluate("canvas => canvas.style.cursor") == "pointer":
            return x + dx, y + dy
    raise AssertionError("no cluster is near the middle of the map")


def test_a_refusal_is_told_and_the_next_step_asks_anew(open_page):
    found, _ = at_what_if(open_page(before=without_map))
    problem = {"type": "about:blank", "title": "No", "status": 422, "detail": "Not so."}
    found.page.route(
        "**/v1/what-if",
        lambda route: route.fulfill(
            status=422, content_type="application/problem+json", body=json.dumps(problem)
        ),
        times=1,
    )
    pick(found)
    found.page.locator("#what-if-close").click()
    expect(found.page.locator("#what-if-told .fault")).to_contain_text("Not so.")
    found.said[:] = [one for one in found.said if not one.startswith("Failed to load")]
    found.page.locator("#what-if-retry").click()
    expect(found.page.locator("#what-if-total")).to_have_text(re.compile(r"\d → "))
    found.page.locator("#what-if-restore").click()
    pick(found)
    found.page.locator("#what-if-close").click()
    expect(found.page.locator("#what-if-total")).to_have_text(re.compile(r"\d → "))


def test_a_community_that_changes_opens_from_the_list(open_page):
    found, questions = at_what_if(open_page(before=without_map), RADIUS_M)
    pick(found)
    found.page.locator("#what-if-close").click()
    first = found.page.locator("#what-if-changes tbody button").first
    strongest = max(
        answer_to(found, questions[-1])["rows"], key=lambda row: abs(row["reached_change"])
    )
    expect(first).to_be_visible()
    code = next(
        code for code, one in communities(found).items() if one["name"] == first.inner_text()
    )
    changes = {
        row["code"]: row["reached_change"] for row in answer_to(found, questions[-1])["rows"]
    }
    assert abs(changes[code]) == abs(strongest["reached_change"])
    name = first.inner_text()
    first.click()
    expect(found.page.locator("#community h2")).to_have_text(name)


def test_an_order_that_was_refused_without_a_key_is_asked_for_anew_with_one(open_page):
    found, questions = at_what_if(open_page(before=without_map), RADIUS_M)
    found.page.locator("#what-if-ranking summary").click()
    found.page.locator("#what-if-lines").fill("甲, 117.38, 32.92\n乙, 117.40, 32.90")
    found.page.locator("#what-if-take").click()
    problem = {"type": "about:blank", "title": "No", "status": 401, "detail": "Not without a key."}
    found.page.route(
        "**/v1/what-if",
        lambda route: route.fulfill(
            status=401, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    found.page.locator("#what-if-rank").click()
    field = found.page.locator("#what-if-rank-key")
    expect(field).to_be_visible()
    found.said[:] = [one for one in found.said if not one.startswith("Failed to load")]
    found.page.unroute("**/v1/what-if")
    found.page.route("**/v1/session", lambda route: route.fulfill(status=204))
    questions.clear()
    field.fill("gmk_some")
    field.press("Enter")
    expect(found.page.locator("#what-if-ranked[aria-busy=false] .number")).to_have_count(2)
    assert sorted(one["add"][0]["lon"] for one in questions) == [117.38, 117.4]
