"""Who lives where areas overlap: counted once, and told with the pairs of communities."""

from __future__ import annotations

import pytest
from hypothesis import given
from shapely import Point, box
from test_coverage.towns import COMMUNITIES, communities_frame, people_frame, towns

import geo_match as gm

JOB = {"id": "J", "lon": 117.0, "lat": 32.0}


def report(people, *boxes):
    communities = [
        {"code": code, "area": box(117 + west, 32.0, 117 + east, 33.0).wkt}
        for code, west, east in boxes
    ]
    return gm.Coverage(JOB, communities).of(people)


def at(name, lon, weight):
    return {"id": name, "lon": 117 + lon, "lat": 32.5, "weight": weight}


def test_a_strip_that_three_share_worked_by_hand():
    people = [
        at("in a", 0.5, 1),
        at("in a and b", 1.2, 2),
        at("in all three", 1.7, 4),
        at("in b and c", 2.5, 8),
        at("on the border of b, in a", 1.0, 16),
        {"id": "nowhere", "weight": 32, "lon": None, "lat": None},
    ]
    told = report(people, ("a", 0, 2), ("b", 1, 3), ("c", 1.5, 4))
    assert told.overlaps.drop(columns="release").to_numpy().tolist() == [
        ["a", "b", pytest.approx(0.5), 22],
        ["a", "c", pytest.approx(0.25), 4],
        ["b", "c", pytest.approx(0.75), 8],
    ]
    assert (told.overlaps["release"] == "internal").all()
    assert told.totals()["people_in_several_areas"] == 30
    rows = told.by("community").set_index("code")["people"]
    assert (rows["a"], rows["b"], rows["c"]) == (23, 8, 0)


def test_neighbours_that_share_a_border_alone_do_not_overlap():
    told = report([at("on it", 1.0, 1)], ("a", 0, 1), ("b", 1, 2))
    assert len(told.overlaps) == 0
    assert list(told.overlaps) == ["code", "other", "share", "people", "release"]
    assert "people_in_several_areas" not in told.totals()


def test_areas_may_overlap_where_nobody_lives():
    told = report([at("in b", 2.5, 3)], ("a", 0, 2), ("b", 1, 3))
    assert told.overlaps["people"].tolist() == [0]
    assert told.totals()["people_in_several_areas"] == 0
    assert len(gm.Coverage(JOB, []).of([]).overlaps) == 0
    assert len(gm.Coverage(JOB, [{"code": "a"}]).of([]).overlaps) == 0


def test_weights_that_are_no_whole_numbers_are_added_up_as_they_are():
    told = report([at("1", 1.5, 0.5), at("2", 1.5, 0.25)], ("a", 0, 2), ("b", 1, 3))
    assert told.overlaps["people"].tolist() == [0.75]
    assert told.totals()["people_in_several_areas"] == 0.75


@given(towns())
def test_who_lives_in_several_is_what_brute_force_says(town):
    people, _ = town
    told = gm.Coverage(JOB, communities_frame(COMMUNITIES)).of(people_frame(people))
    both = [
        one["weight"]
        for one in people
        if one["lon"] is not None
        and sum(
            row["area"] is not None and row["area"].covers(Point(one["lon"], one["lat"]))
            for row in COMMUNITIES
        )
        > 1
    ]
    assert told.overlaps[["code", "other", "people"]].to_numpy().tolist() == [["a", "b", sum(both)]]
    assert told.totals()["people_in_several_areas"] == sum(both)
