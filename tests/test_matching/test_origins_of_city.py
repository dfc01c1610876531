"""Circles around the city's households, communities and stations."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from test_matching.areas import EDGE_M, LOOSE

import geo_match as gm
from geo_match.matching import Around
from geo_match.matching.plain.areas import area_distance_m


@pytest.fixture(scope="module")
def city(shipped_city):
    def read(name):
        return gpd.read_parquet(shipped_city / f"{name}.parquet")

    communities = read("communities").rename(columns={"code": "id"})
    return {
        "communities": communities,
        **{name: read(name) for name in ("seekers", "households", "stations", "jobs")},
    }


TODAY = dt.date(2025, 12, 31)
"""The city's."""

OPTIONS = gm.MatchOptions(on=TODAY, limit=3)


def test_the_citys_seekers_live_where_their_households_do(city):
    matcher = gm.Matcher(city["jobs"], OPTIONS)
    seekers = city["seekers"]
    at_home = matcher.match(seekers)
    around = matcher.match(seekers, around=Around(city["households"], by="household"))
    assert (around.origin_id == around.seeker_id.map(seekers.set_index("id").household)).all()
    pd.testing.assert_frame_equal(around.drop(columns="origin_id"), at_home)


def test_the_citys_communities_reach_more_than_homes_in_them(city):
    matcher = gm.Matcher(city["jobs"], gm.MatchOptions(on=TODAY, limit=None))
    seekers = city["seekers"].iloc[::40]
    home = matcher.match(seekers).dropna(subset="job_id")
    around = matcher.match(seekers, around=Around(city["communities"], by="community"))
    assert (around.basis.dropna() == "area_edge").all()
    assert not (around.reason == "no_origin").any()
    both = home.merge(around, on=["seeker_id", "job_id"], suffixes=("", "_edge"))
    assert len(both) == len(home)
    assert (both.distance_m_edge <= both.distance_m + EDGE_M).all()
    assert (both.distance_m_edge == 0.0).any()


def test_the_citys_communities_are_measured_as_the_plain_twin_does(city):
    communities = city["communities"].set_index("id").geometry
    jobs = city["jobs"].set_index("id").geometry
    matcher = gm.Matcher(city["jobs"], gm.MatchOptions(on=TODAY, limit=None))
    found = matcher.match_around(city["communities"].iloc[:60:20])
    some = found.dropna(subset="job_id").sample(60, random_state=1)
    for row in some.itertuples():
        job = jobs[row.job_id]
        away = area_distance_m(communities[row.origin_id], job.x, job.y)
        assert row.distance_m == pytest.approx(away, abs=EDGE_M)


def test_the_citys_stations_have_the_jobs_within_three_kilometres(city):
    jobs, stations = city["jobs"], city["stations"].iloc[:20]
    options = gm.MatchOptions(on=TODAY, limit=None, **LOOSE)
    found = gm.Matcher(jobs, options).match_around(stations)
    index = gm.PointIndex(lon=jobs.geometry.x, lat=jobs.geometry.y)
    n = index.count_within(lon=stations.geometry.x, lat=stations.geometry.y, radius_m=3000)
    assert found.groupby("origin_id").job_id.count()[stations.id].tolist() == n.tolist()
