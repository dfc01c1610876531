"""What the twin says stands in the way: by hand, and against its own matches."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from test_matching.cases import CONDITIONS
from test_matching.plain_pairs import CITIES, asked, job, pairs, seeker

from geo_match.matching import plain


def shortfall_by_hand():
    """Give a seeker what lies around: eligible from 3.5 km on, and near-misses of three kinds."""
    night = {"shift": "night"}
    return [
        job("夜二", 900.0, **night),
        job("夜一", 900.0, **night),
        job("夜远", 3001.0, **night),
        job("执照", 2999.0, employer_licence=None),
        job("两样", 100.0, employer_licence=None, **night),
        job("合适二", 3500.0),
        job("合适一", 3500.0),
        job("合适远", 5999.0),
        job("太远", 6001.0),
        job("无处", lon=None, lat=None),
    ]


def test_a_shortfall_says_what_is_missing():
    ladder = (0.0, 3000.0, 3500.001, 6000.0, 9000.0)
    (row,) = plain.shortfall([seeker()], shortfall_by_hand(), asked(), ladder_m=ladder)
    assert (row["matches"], row["in_circle"], row["reason"]) == (0, 4, "none_eligible")
    assert row["first_eligible_job_id"] == "合适一"
    assert row["first_eligible_distance_m"] == pytest.approx(3500.0, abs=1e-6)
    assert row["eligible_within"] == dict(zip(ladder, (0, 0, 2, 3, 4), strict=True))
    missed = {name: one for name, one in row["near_misses"].items() if one["jobs"]}
    assert {name: (one["jobs"], one["job_id"]) for name, one in missed.items()} == {
        "distance": (3, "合适一"),
        "employer": (1, "执照"),
        "shift": (2, "夜一"),
    }
    assert missed["shift"]["distance_m"] == pytest.approx(900.0, abs=1e-6)
    assert list(row["near_misses"]) == list(CONDITIONS)


def test_a_shortfall_of_a_job_says_which_seekers_are_missing():
    far, near = job("远", 3500.0), job("近", 400.0, shift="night")
    seekers = [seeker() | {"id": "窄", "radius_m": 300.0}, seeker() | {"id": "宽"}]
    told = plain.shortfall(seekers, [far, near], asked(), ladder_m=(3000.0, 4000.0), for_jobs=True)
    assert [row["job_id"] for row in told] == ["远", "近"]
    assert [row["in_circle"] for row in told] == [0, 1]
    assert [row["reason"] for row in told] == ["none_in_circle", "none_eligible"]
    assert told[0]["first_eligible_seeker_id"] == "宽"
    assert told[0]["eligible_within"] == {3000.0: 0, 4000.0: 2}
    missed = [{k: v for k, v in row["near_misses"].items() if v["seekers"]} for row in told]
    assert {name: (one["seekers"], one["seeker_id"]) for name, one in missed[0].items()} == {
        "distance": (1, "宽")
    }
    assert {name: (one["seekers"], one["seeker_id"]) for name, one in missed[1].items()} == {
        "shift": (1, "宽")
    }
    totals = plain.totals(seekers, [far, near], asked(), for_jobs=True)
    assert (totals["jobs"], totals["matched"], totals["seekers_without_place"]) == (2, 0, 0)
    assert totals["conditions"]["shift"] == {"some_seeker": 1, "alone": 1}


def test_ladders_and_twice_the_radius_are_inclusive_to_the_last_bit():
    offers = [job("岗", 3500.0)]
    metres = plain.judge(seeker(), offers[0], asked())["distance_m"]
    for reach, count in ((metres, 1), (math.nextafter(metres, 0.0), 0)):
        options = asked(radius_m=reach / 2.0)
        (row,) = plain.shortfall([seeker()], offers, options, ladder_m=(reach,))
        assert row["eligible_within"] == {reach: count}
        assert row["near_misses"]["distance"]["jobs"] == count


def test_a_near_miss_by_distance_is_within_200_km_however_wide_the_circle():
    for metres, count in ((199_000.0, 1), (250_000.0, 0)):
        offers = [job("岗", metres)]
        (row,) = plain.shortfall([seeker()], offers, asked(radius_m=150_000.0), ladder_m=())
        assert row["near_misses"]["distance"]["jobs"] == count


def test_unknown_that_counts_as_fail_is_a_near_miss():
    offers = [job("甲", shift=None)]
    (row,) = plain.shortfall([seeker()], offers, asked(unknown_fails=("shift",)))
    assert row["near_misses"]["shift"]["jobs"] == 1
    (row,) = plain.shortfall([seeker()], offers, asked())
    assert (row["near_misses"]["shift"]["jobs"], row["matches"]) == (0, 1)


def test_who_has_no_place_has_no_near_misses():
    (row,) = plain.shortfall([seeker(lon=None, lat=None)], shortfall_by_hand(), asked())
    assert (row["reason"], row["in_circle"], row["first_eligible_job_id"]) == (
        *("no_location", 0, None),
    )
    assert {one["jobs"] for one in row["near_misses"].values()} == {0}


def test_totals_count_seekers_by_what_stands_in_their_way():
    people = [
        seeker("两种"),  # the licence of one job, the shift of others
        seeker("夜班", shift="night"),  # matched at once
        seeker("班次", radius_m=1000.0),  # nothing but the shift, but for jobs outside
        seeker("无处", lon=None, lat=None),
        seeker("无岗", radius_m=50.0),
        seeker("都不", radius_m=200.0),  # the one job in the circle fails twice
    ]
    found = plain.totals(people, shortfall_by_hand(), asked())
    conditions = found.pop("conditions")
    assert found == {
        "seekers": 6,
        "matched": 1,
        "no_location": 1,
        "none_in_circle": 1,
        "none_eligible": 3,
        "not_registered": 0,
        "jobs_without_place": 1,
    }
    assert list(conditions) == list(CONDITIONS[1:])
    assert {name: one for name, one in conditions.items() if any(one.values())} == {
        "employer": {"some_job": 1, "alone": 0},
        "shift": {"some_job": 2, "alone": 1},
    }


@given(*CITIES)
def test_a_shortfall_agrees_with_the_matches(people, offers, options):
    options = asked(**options)
    every = plain.match(people, offers, dataclasses.replace(options, limit=None))
    answers = plain.shortfall(people, offers, options)
    for one in answers:
        own = [row for row in every if row["seeker_id"] == one["seeker_id"]]
        matched = [row for row in own if row["reason"] is None]
        assert one["matches"] == len(matched) <= one["in_circle"]
        assert one["reason"] == own[0]["reason"]
        counts = list(one["eligible_within"].values())
        assert counts == sorted(counts)
        if matched:
            nearest = min(matched, key=lambda row: (row["distance_m"], row["job_id"]))
            assert one["first_eligible_job_id"] == nearest["job_id"]
    found = plain.totals(people, offers, options)
    reasons = ["matched", "no_location", "none_in_circle", "none_eligible"]
    if not options.former_too:
        reasons.append("not_registered")
    assert sum(found[name] for name in reasons) == found["seekers"] == len(people)
    for one in found["conditions"].values():
        assert one["alone"] <= one["some_job"] <= found["none_eligible"]


@given(*CITIES)
def test_asking_without_the_one_condition_in_the_way_gives_a_match(people, offers, options):
    options = asked(**options | {"limit": None})
    for one in plain.shortfall(people, offers, options):
        for name, missed in one["near_misses"].items():
            if name == "distance" or not missed["jobs"]:
                continue
            kept = [other for other in CONDITIONS if options.asks(other) and other != name]
            fewer = dataclasses.replace(options, conditions=kept)
            found = pairs(plain.match(people, offers, fewer))
            assert (one["seeker_id"], missed["job_id"]) in found
            own = {job_id for seeker_id, job_id in found if seeker_id == one["seeker_id"]}
            assert len(own) == one["matches"] + missed["jobs"]
