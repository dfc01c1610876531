"""The panel of a community: what is within reach from its edge, and straight and on foot."""

from __future__ import annotations

from playwright.sync_api import expect
from test_web.driving import asked, choose, number_in, ready, rows_of, without_map

A_COMMUNITY = "340302001001"


def at_community(open_page):
    found = ready(open_page(before=without_map))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community-jobs")).to_be_visible()
    return found


def start_of(found):
    """Return the place of the community's own station, by what the server has."""
    stations = asked(found, "/ogc/collections/stations/items", limit=10_000)["features"]
    station = next(one for one in stations if one["properties"]["community"] == A_COMMUNITY)
    return station["properties"]["name"], station["geometry"]["coordinates"]


def test_jobs_from_the_edge_straight_and_on_foot_stand_side_by_side(open_page):
    found = at_community(open_page)
    name, (lon, lat) = start_of(found)
    edge = asked(found, "/v1/jobs", community=A_COMMUNITY, limit=0)
    straight = asked(found, "/v1/jobs", lon=lon, lat=lat, limit=0)
    on_foot = asked(found, "/v1/jobs", lon=lon, lat=lat, limit=0, basis="walking")
    cells = found.page.locator("#community-jobs td.number")
    assert [number_in(cells.nth(at)) for at in range(6)] == [
        *(one["total"] for one in (edge, straight, on_foot)),
        *(one["vacancies_total"] for one in (edge, straight, on_foot)),
    ]
    expect(found.page.locator("#community")).to_contain_text(name)
    found.shot("map-community-jobs")


def test_occupations_that_are_short_of_people_come_first_straight_and_on_foot(open_page):
    found = at_community(open_page)
    _, (lon, lat) = start_of(found)
    around = {"lon": lon, "lat": lat, "limit": 0, "facets": "occupation"}
    counted = asked(found, "/v1/jobs", **around)["facets"]["occupation"]
    walked = {
        one["value"]: one["vacancies"]
        for one in asked(found, "/v1/jobs", **around, basis="walking")["facets"]["occupation"]
    }
    rows = found.page.locator("#community-occupations tbody tr")
    shown = {
        rows.nth(at).locator("th").inner_text(): [
            number_in(rows.nth(at).locator("td").nth(cell)) for cell in range(3)
        ]
        for at in range(rows.count())
    }
    assert shown == {
        one["name"] or "未写明": [one["jobs"], one["vacancies"], walked.get(one["value"], 0)]
        for one in counted
    }
    vacancies = [value for _, value, _ in shown.values()]
    assert vacancies == sorted(vacancies, reverse=True)
    expect(found.page.locator("#community")).to_contain_text("求职者的职业没有公布")


def test_published_medians_are_told_and_what_is_not_published_is_said_to_be_missing(open_page):
    found = at_community(open_page)
    median = rows_of(found)[A_COMMUNITY]["measures"]["in_reach_median"]
    panel = found.page.locator("#community")
    expect(panel).to_contain_text(f"招聘人数（中位数）\n约 {median:,.0f}", use_inner_text=True)
    expect(panel).to_contain_text("暂缺：没有按社区公布")


def test_without_streets_there_is_a_dash_on_foot_and_why(open_page):
    def no_streets(page):
        without_map(page)
        page.route(
            "**/healthz",
            lambda route: route.fulfill(
                status=200, content_type="application/json", body='{"network": null}'
            ),
        )

    found = ready(open_page(before=no_streets))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community-jobs td.number").nth(2)).to_have_text("—")
    expect(found.page.locator("#community")).to_contain_text("本服务器没有路网")
