"""The circle around a place: the same figures as the API's, straight and on foot."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect
from test_web.driving import asked, choose, click_map, drawn, number_in, ready

import geo_match as gm

A_COMMUNITY = "340302001001"


def place_of(found):
    """Return where the circle's centre is, as the page asked the server about it."""
    urls = [url for url in found.requests if "/v1/jobs?lon=" in url and "walking" not in url]
    lon, lat = re.search(r"lon=([\d.]+)&lat=([\d.]+)", urls[-1]).groups()
    return float(lon), float(lat)


def test_a_click_shows_the_circle_with_its_jobs_and_stations(open_page):
    found = ready(open_page())
    choose(found, A_COMMUNITY)
    click_map(found)
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    drawn(found)
    found.shot("map-circle")
    expect_the_servers_figures(found)
    expect_the_librarys_stations(found)
    before = number_in(found.page.locator("#circle-jobs td.number").first)
    slider = found.page.locator("#circle-radius")
    expect_the_slider_follows_the_mouse(found)
    slider.focus()
    slider.press("Home")
    expect(found.page.locator(".slider span")).to_have_text("半径 0.5 公里")
    expect(slider).to_be_focused()
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    expect_the_servers_figures(found, radius_m=500)
    assert number_in(found.page.locator("#circle-jobs td.number").first) < before


def expect_the_slider_follows_the_mouse(found):
    """Drag it: the button goes down once, the mouse moves on, and the radius with it."""
    slider, radius = found.page.locator("#circle-radius"), found.page.locator(".slider span")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    at = [box["x"] + box["width"] * share for share in (0.26, 0.45, 0.65, 0.9)]
    found.page.mouse.move(at[0], y)
    found.page.mouse.down()
    radii = []
    for x in at[1:]:
        found.page.mouse.move(x, y)
        radii.append(float(re.search(r"[\d.]+", radius.inner_text())[0]))
    found.page.mouse.up()
    assert 3 < radii[0] < radii[1] < radii[2] <= 10
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    expect_the_servers_figures(found, radius_m=round(1_000 * radii[2]))


def expect_the_servers_figures(found, radius_m=3_000):
    """Expect what the API answers, straight and on foot."""
    lon, lat = place_of(found)
    around = {"lon": lon, "lat": lat, "radius_m": radius_m, "limit": 0}
    straight = asked(found, "/v1/jobs", **around)
    on_foot = asked(found, "/v1/jobs", **around, basis="walking")
    figures = found.page.locator("#circle-jobs td.number")
    assert [number_in(figures.nth(at)) for at in range(4)] == [
        straight["total"],
        on_foot["total"],
        straight["vacancies_total"],
        on_foot["vacancies_total"],
    ]
    assert on_foot["total"] < straight["total"]


def expect_the_librarys_stations(found):
    """Expect those that lie within 3 km by the library's geodesics, the nearest first."""
    lon, lat = place_of(found)
    stations = asked(found, "/ogc/collections/stations/items", limit=10_000)["features"]
    places = np.array([one["geometry"]["coordinates"] for one in stations if one["geometry"]])
    metres = gm.geodesic_distance(lon1=lon, lat1=lat, lon2=places[:, 0], lat2=places[:, 1])
    within = np.sort(metres[metres <= 3_000])
    assert number_in(found.page.locator("#circle-stations h3")) == len(within)
    first = found.page.locator("#circle-stations li .number").first
    text = f"{within[0]:.0f} 米" if within[0] < 1_000 else f"{within[0] / 1_000:.1f} 公里"
    expect(first).to_have_text(text)


def test_the_middle_of_the_map_is_asked_about_by_the_keyboard_and_nothing_may_be_there(open_page):
    found = ready(open_page())
    choose(found, A_COMMUNITY)
    found.page.locator("#at-centre").focus()
    found.page.keyboard.press("Enter")
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    found.page.locator("#circle-close").click()
    expect(found.page.locator("#circle")).to_be_hidden()
    for _ in range(6):
        found.page.locator(".maplibregl-ctrl-zoom-out").click()
    drawn(found)
    click_map(found, dx=-300, dy=200)
    expect(found.page.locator("#circle-none")).to_have_text("圈内没有岗位。")
    expect(found.page.locator("#circle-stations")).to_contain_text("圈内没有服务网点")
    expect(found.page.locator("#circle")).to_contain_text("附近没有可走的路")
