"""Whose each person is: by the place before the record."""

from __future__ import annotations

from geo_match.coverage.answers.attribution import OUTSIDE, attribute
from geo_match.coverage.given.communities import read_communities
from geo_match.coverage.given.people import read_people

COMMUNITIES = read_communities(
    [
        {"code": "b", "area": "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"},
        {"code": "a", "area": "POLYGON ((1 0, 2 0, 2 1, 1 1, 1 0))"},
        {"code": "c"},
    ]
)
A, B, C = 0, 1, 2


def whose(*rows):
    people = read_people([{"id": str(n), **row} for n, row in enumerate(rows)])
    return attribute(people, COMMUNITIES).tolist()


def test_a_place_counts_before_the_record():
    inside = {"lon": 0.5, "lat": 0.5}
    assert whose(inside, {**inside, "community": "a"}, {**inside, "community": "c"}) == [B, B, B]


def test_on_a_shared_border_the_least_code_has_the_person():
    assert whose({"lon": 1.0, "lat": 0.5}) == [A]


def test_a_place_in_no_area_is_outside_whatever_the_record_says():
    assert whose({"lon": 9.0, "lat": 9.0, "community": "a"}) == [OUTSIDE]


def test_without_a_place_the_record_counts():
    nowhere = {"lon": None, "lat": None}
    rows = [{**nowhere, "community": code} for code in ("c", "a", "nobody's", None)]
    assert whose(*rows) == [C, A, OUTSIDE, OUTSIDE]


def test_without_communities_all_are_outside():
    people = read_people([{"id": "1", "lon": 0.5, "lat": 0.5, "community": "a"}])
    assert attribute(people, read_communities([])).tolist() == [OUTSIDE]
