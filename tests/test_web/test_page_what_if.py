"""选址模拟 on the page: stations are placed, dragged and closed, and the estimate is the API's."""

from __future__ import annotations

import json

import httpx
from playwright.sync_api import expect
from test_web.driving import click_map, drawn, ready, without_map


def at_what_if(found):
    """Go to the tab of what-if; give the page, and the questions that it asks there from now on."""
    ready(found)
    questions = []
    found.page.on(
        "request",
        lambda request: (
            questions.append(json.loads(request.post_data))
            if request.url.endswith("/v1/what-if")
            else None
        ),
    )
    found.page.locator("#open-what-if").click()
    return found, questions


def answer_to(found, question):
    answer = httpx.post(f"{found.address}/v1/what-if", json=question, trust_env=False)
    answer.raise_for_status()
    return answer.json()


def expect_total(found, question):
    """Expect that the page shows what the server answers to a question."""
    total = answer_to(found, question)["total"]
    shown = found.page.locator("#what-if-total")
    expect(shown).to_contain_text(f"{total['reached_before']:,} → {total['reached_after']:,}")
    return total


def test_a_station_is_placed_by_a_click_dragged_and_taken_away_again(open_page):
    found, questions = at_what_if(open_page())
    found.page.locator("#what-if-add").click()
    expect(found.page.locator("#what-if-add")).to_have_attribute("aria-pressed", "true")
    click_map(found, dx=-60)
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert len(questions[-1]["add"]) == 1
    expect_total(found, questions[-1])
    expect(found.page.locator("#legend h2")).to_contain_text("选址")
    drawn(found)
    found.shot("map-what-if")
    box = found.page.locator(".maplibregl-marker").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    found.page.mouse.move(x, y)
    found.page.mouse.down()
    found.page.mouse.move(x - 40, y - 30)
    with found.page.expect_response("**/v1/what-if"):
        found.page.mouse.move(x - 90, y - 60)
        found.page.mouse.up()
    assert questions[-1]["add"][0]["lon"] < questions[0]["add"][0]["lon"]
    assert questions[-1]["add"][0]["lat"] > questions[0]["add"][0]["lat"]
    expect_total(found, questions[-1])
    held = []

    def hold(route):
        held.append(route)

    found.page.route("**/v1/what-if", hold, times=1)
    found.page.locator("#what-if-centre").click()
    expect(found.page.locator("#tab-what-if")).to_contain_text("正在查询")
    found.page.locator("#what-if-centre").click()
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert [len(one["add"]) for one in questions] == [1, 1, 2, 3], "an older one is given up"
    expect_total(found, questions[-1])
    found.page.locator("#what-if-clear").click()
    expect(found.page.locator("#what-if-total")).to_have_count(0)
    expect(found.page.locator(".maplibregl-marker")).to_have_count(0)
    expect(found.page.locator("#legend h2")).to_contain_text("无岗位")


def test_a_station_is_closed(open_page):
    found, questions = at_what_if(open_page(before=without_map))
    found.page.locator("#what-if-close").select_option(index=1)
    expect(found.page.locator("#what-if-total")).to_be_visible()
    assert len(questions[-1]["close"]) == 1
    total = expect_total(found, questions[-1])
    assert total["reached_change"] <= 0
    found.page.locator("#what-if-list button").click()
    expect(found.page.locator("#what-if-list li")).to_have_count(0)


def test_escape_gives_up_placing(open_page):
    found, questions = at_what_if(open_page(before=without_map))
    found.page.locator("#what-if-add").click()
    expect(found.page.locator("#what-if-add")).to_have_attribute("aria-pressed", "true")
    found.page.keyboard.press("Escape")
    expect(found.page.locator("#what-if-add")).to_have_attribute("aria-pressed", "false")
    assert questions == []
