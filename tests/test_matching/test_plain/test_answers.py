"""The twin's answers: by hand, and against themselves."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.cases import CONDITIONS, ON
from test_matching.pairs import equator
from test_matching.plain_pairs import CITIES, asked, job, pairs, seeker

from geo_match.matching import plain


def test_matches_come_best_first_with_ranks_and_ties_by_id():
    offers = [job("乙"), job("远", 2000.0), job("甲"), job("近", 500.0), job("a"), job("𠮷")]
    rows = plain.match([seeker()], offers, asked())
    # 'a' is U+0061, 乙 U+4E59, 甲 U+7532 and 𠮷 U+20BB7.
    assert [row["job_id"] for row in rows] == ["近", "a", "乙", "甲", "𠮷", "远"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert len({row["score"] for row in rows}) == 3


def test_a_row_holds_everything_that_is_said_of_a_match():
    offer = job("岗", vacancies=None, shift=None, updated_at=ON)
    (row,) = plain.match([seeker()], [offer], asked())
    parts = {name: row.pop(f"score_{name}") for name in plain.PARTS[:-1]}
    # Pay of 3,600 against a floor of 3,000: a fifth above. College, where senior would do: 0.8.
    by_hand = [0.175, 0.25, 0.04, 0.04, 0.15]
    assert list(parts.values()) == pytest.approx(by_hand, abs=1e-9)
    assert row.pop("distance_m") == pytest.approx(1000.0, abs=1e-6)
    assert row.pop("score") == pytest.approx(0.655, abs=1e-9)
    assert row == {
        "seeker_id": "人",
        "job_id": "岗",
        "rank": 1,
        "basis": "geodesic",
        "certainty": "inside",
        "failed": "",
        "unknown": "vacancies,shift",
        "reason": None,
    }


@pytest.mark.parametrize(
    ("fields", "offers", "reason"),
    [
        ({"lon": None, "lat": None}, [job("甲")], "no_location"),
        ({"lon": None, "lat": None}, [], "no_location"),
        ({}, [], "none_in_circle"),
        ({}, [job("甲", 3001.0)], "none_in_circle"),
        ({}, [job("甲", lon=None, lat=None)], "none_in_circle"),
        ({"radius_m": 999.0}, [job("甲")], "none_in_circle"),
        ({}, [job("甲", shift="night"), job("乙", 4000.0)], "none_eligible"),
    ],
)
def test_a_seeker_without_a_match_has_one_row_with_the_reason(fields, offers, reason):
    (row,) = plain.match([seeker(**fields)], offers, asked())
    (matched,) = plain.match([seeker()], [job("岗")], asked())
    assert list(row) == list(matched)
    assert (row.pop("seeker_id"), row.pop("reason")) == ("人", reason)
    assert set(row.values()) == {None}


def test_seekers_keep_their_order_and_those_without_a_match_their_place():
    people = [seeker("乙"), seeker("丙", lon=None, lat=None), seeker("甲")]
    rows = plain.match(people, [job("岗")], asked())
    assert [(row["seeker_id"], row["reason"]) for row in rows] == [
        ("乙", None),
        ("丙", "no_location"),
        ("甲", None),
    ]


def test_a_job_has_its_seekers_those_with_priority_moved_up():
    people = [seeker("近"), seeker("远", groups=("veteran",)), seeker("外", radius_m=100.0)]
    people[1] |= equator(-500.0)[1]
    rows = plain.match_jobs(people, [job("岗"), job("空", lon=None, lat=None)], asked())
    assert [(row["job_id"], row["seeker_id"], row["rank"], row["reason"]) for row in rows] == [
        ("岗", "远", 1, None),
        ("岗", "近", 2, None),
        ("空", None, None, "no_location"),
    ]
    assert [row["score_priority"] for row in rows] == pytest.approx([0.2, 0.0, None])


@given(*CITIES, st.sampled_from(strategies.RADII_M))
def test_a_bigger_radius_never_loses_a_match(people, offers, options, more):
    options = asked(**options | {"limit": None})
    wider = dataclasses.replace(options, radius_m=options.radius_m + more)
    own = [
        one | {"radius_m": None if one["radius_m"] is None else one["radius_m"] + more}
        for one in people
    ]
    assert pairs(plain.match(people, offers, options)) <= pairs(plain.match(own, offers, wider))


@given(*CITIES, st.sampled_from(CONDITIONS))
def test_dropping_a_condition_never_loses_a_match(people, offers, options, dropped):
    options = asked(**options | {"limit": None})
    kept = [name for name in CONDITIONS if options.asks(name) and name != dropped]
    fewer = dataclasses.replace(options, conditions=kept)
    assert pairs(plain.match(people, offers, options)) <= pairs(plain.match(people, offers, fewer))


@given(*CITIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_the_order_of_seekers(people, offers, options, rng):
    options = asked(**options)
    mixed, mixed_offers = rng.sample(people, len(people)), rng.sample(offers, len(offers))
    rows = sorted(plain.match(people, offers, options), key=_seeker_and_rank)
    again = sorted(plain.match(mixed, mixed_offers, options), key=_seeker_and_rank)
    assert rows == again
    shortfalls = plain.shortfall(mixed, mixed_offers, options)
    for one in plain.shortfall(people, offers, options):
        assert one in shortfalls


def _seeker_and_rank(row):
    return row["seeker_id"], row["rank"] or 0


@given(*CITIES)
def test_parts_add_up_to_a_score_between_0_and_1(people, offers, options):
    options = asked(**options)
    rows = plain.match(people, offers, options) + plain.match_jobs(people, offers, options)
    for row in rows:
        if row["reason"] is None:
            names = [f"score_{name}" for name in plain.PARTS if f"score_{name}" in row]
            total = 0.0
            for name in names:
                assert 0.0 <= row[name] <= 1.0
                total += row[name]
            assert row["score"] == total
            assert total <= 1.0 + 1e-12


@given(*CITIES)
def test_both_directions_agree_on_the_pairs(people, offers, options):
    options = asked(**options | {"limit": None})
    rows = plain.match(people, offers, options)
    back = plain.match_jobs(people, offers, options)
    assert pairs(rows) == pairs(back)
    said = {(row["seeker_id"], row["job_id"]): row for row in rows}
    for row in back:
        if row["reason"] is None:
            same = said[row["seeker_id"], row["job_id"]]
            for name in ("distance_m", "certainty", "unknown"):
                assert row[name] == same[name]


@given(*CITIES)
def test_everybody_asked_for_appears_and_a_limit_cuts_the_end_off(people, offers, options):
    options = asked(**options)
    rows = plain.match(people, offers, options)
    every = plain.match(people, offers, dataclasses.replace(options, limit=None))
    assert list(dict.fromkeys(row["seeker_id"] for row in rows)) == [one["id"] for one in people]
    assert rows == [
        row
        for row in every
        if row["rank"] is None or options.limit is None or row["rank"] <= options.limit
    ]
