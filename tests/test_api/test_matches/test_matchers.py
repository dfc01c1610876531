"""The matchers of a worker: opened once, in step with the store, and closed with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading

import geopandas as gpd
import pytest
from shapely import LineString
from test_api.test_matches.conftest import PLACE, PROFILE
from test_matching.stores import job, put, seeker

from api.matches.matchers import Matchers
from api.problems import ProblemError
from geo_match.errors import ArgumentError
from geo_match.matching.live import LiveMatcher
from geo_match.walking import Network

BODY = {"profile": PROFILE, "origin": PLACE, "options": {"radius_m": 10}}


def test_what_was_written_is_matched_once_it_is_waited_for(own_town):
    assert [one["job"]["id"] for one in own_town.match(BODY)["matches"]] == ["J00"]
    cursor = put(own_town.store, "jobs", job(id="J70"))
    put(own_town.store, "jobs", job(id="J71", lon=117.38))
    answer = own_town.match(BODY)
    assert [one["job"]["id"] for one in answer["matches"]] == ["J00", "J71"]
    assert answer["cursor"] == str(own_town.store.cursor())
    ahead = f"{cursor.epoch}-{cursor.seq + 9}"
    late = own_town.send(f"/v1/matches?min_cursor={ahead}", BODY)
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")


def test_it_is_opened_once_however_many_ask_first(own_town, monkeypatch):
    made = []

    class Counted(LiveMatcher):
        def __init__(self, *given, **more):
            made.append(1)
            super().__init__(*given, **more)

    monkeypatch.setattr("api.matches.matchers.LiveMatcher", Counted)
    matchers = Matchers(own_town.store, None)
    threads = [threading.Thread(target=matchers.shown, args=["geodesic"]) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert made == [1]
    matchers.warm()
    assert made == [1]
    matchers.close()
    assert matchers.shown("geodesic").cursor == own_town.store.cursor()
    with pytest.raises(ProblemError, match="Matching is behind"):
        matchers.catch_up()


def test_without_streets_nobody_walks(own_town):
    matchers = Matchers(own_town.store, None)
    with pytest.raises(ArgumentError, match="no network of streets"):
        matchers.shown("walking")


def test_other_days_are_kept_ready_while_nothing_changes(own_town):
    matchers = Matchers(own_town.store, None)
    at = matchers.shown("geodesic")
    days = [dt.date(2025, 1, day) for day in (1, 2, 3)]
    first, *_ = [matchers._on(day, at) for day in days[:2]]
    assert matchers._on(days[0], at) is first
    put(own_town.store, "seekers", seeker(id="S9"))
    matchers.catch_up()
    later = matchers.shown("geodesic")
    assert later.cursor == own_town.store.cursor() != at.cursor
    assert matchers._on(days[0], later) is first
    options = dataclasses.replace(at.options, on=days[0])
    assert matchers.asking(later, options).cursor == later.cursor
    put(own_town.store, "jobs", job(id="J72"))
    matchers.catch_up()
    assert len(matchers._on(days[1], matchers.shown("geodesic"))) == len(at) + 1
    assert matchers._on(days[0], at) is first
    matchers._on(days[2], at)
    matchers._on(days[1], at)
    assert matchers._on(days[0], at) is not first
    one = matchers.asking(at, dataclasses.replace(at.options, on=days[0], limit=1))
    assert (one.options.on, one.options.limit) == (days[0], 1)
    matchers.close()


def test_who_asks_of_another_day_keeps_nobody_from_todays(own_town):
    matchers = Matchers(own_town.store, None)
    at = matchers.shown("geodesic")
    thread = threading.Thread(target=matchers._on, args=[dt.date(2025, 1, 1), at])
    with matchers._opening:
        thread.start()
        thread.join(10.0)
        assert not thread.is_alive()
    matchers.close()


def test_streets_of_another_city_keep_no_server_from_starting(own_town, caplog):
    square = [(10.0, 50.0), (10.01, 50.0), (10.01, 50.01)]
    streets = gpd.GeoDataFrame(geometry=[LineString(square)], crs="EPSG:4326")
    matchers = Matchers(own_town.store, Network.from_lines(streets))
    matchers.warm()
    matchers.close()
    assert "Matching (walking) is not ready" in caplog.text
