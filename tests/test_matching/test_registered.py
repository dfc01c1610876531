"""Who is not registered on the day: no candidate, counted nowhere, and told so if asked for."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from test_matching import strategies
from test_matching.answers import asked, rows_of, twin
from test_matching.pairs import JOB, ON, SEEKER
from test_matching.stores import employer, job, put

import geo_match as gm
from geo_match.matching import Around, FrameError
from geo_match.matching.plain.conditions import is_registered

FEW = settings(max_examples=max(settings().max_examples // 4, 1))
CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
DAY = dt.timedelta(1)
BY_HAND = {
    "nothing stated": ({}, True),
    "begins on the day": ({"registered_on": ON}, True),
    "begins the day after": ({"registered_on": ON + DAY}, False),
    "closed the day after": ({"closed_on": ON + DAY}, True),
    "closed on the day": ({"closed_on": ON}, False),
    "closed the day before": ({"closed_on": ON - DAY}, False),
    "begun and not closed": ({"registered_on": ON - DAY, "closed_on": ON + DAY}, True),
    "begun and closed": ({"registered_on": ON - DAY, "closed_on": ON}, False),
    "begun and closed on one day": ({"registered_on": ON, "closed_on": ON}, False),
}
OPTIONS = gm.MatchOptions(on=ON)
FORMER_TOO = gm.MatchOptions(on=ON, former_too=True)
FORMER = SEEKER | {"id": "前", "closed_on": ON}


@pytest.mark.parametrize("name", BY_HAND)
def test_who_takes_part_is_worked_out_by_hand_in_both_directions(name):
    days, is_there = BY_HAND[name]
    seeker = SEEKER | days
    (there,) = rows_of(gm.match(seeker, JOB, OPTIONS))
    (back,) = rows_of(gm.match_jobs(JOB, seeker, OPTIONS))
    assert there["reason"] == (None if is_there else "not_registered")
    assert back["reason"] == (None if is_there else "none_in_circle")
    for rows in (gm.match(seeker, JOB, FORMER_TOO), gm.match_jobs(JOB, seeker, FORMER_TOO)):
        assert rows.reason.isna().all()


@FEW
@given(*CITIES)
def test_the_answer_is_that_of_the_registered_alone(seekers, jobs, options):
    there = [one for one in seekers if is_registered(one, twin(options))]
    matcher = gm.Matcher(jobs, asked(options))
    every = matcher.match(seekers)
    told = every[every.reason != "not_registered"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        told, matcher.match(there), check_dtype=False, check_categorical=False
    )
    former = [one["id"] for one in seekers if one not in there]
    assert every[every.reason == "not_registered"].seeker_id.tolist() == former
    pd.testing.assert_frame_equal(
        gm.match_jobs(jobs, seekers, asked(options)), gm.match_jobs(jobs, there, asked(options))
    )


@FEW
@given(*CITIES)
def test_what_stands_in_the_way_is_that_of_the_registered_alone(seekers, jobs, options):
    there = [one for one in seekers if is_registered(one, twin(options))]
    n_former = len(seekers) - len(there)
    every, alone = (gm.Matcher(jobs, asked(options)).shortfall(some) for some in (seekers, there))
    former = {} if options["former_too"] else {"not_registered": n_former}
    none = {} if options["former_too"] else {"not_registered": 0}
    assert every.counts == alone.counts | {"seekers": len(seekers)} | former
    assert rows_of(every.near_misses) == rows_of(alone.near_misses)
    assert rows_of(every.conditions) == rows_of(alone.conditions)
    left = every.seekers[every.seekers.reason == "not_registered"]
    assert len(left) == n_former
    assert not left[["matches", "in_circle"]].to_numpy().any()
    every, alone = (
        gm.ReverseMatcher(some, asked(options)).shortfall(jobs) for some in (seekers, there)
    )
    told = {f"seekers_{name}": n for name, n in former.items()}
    assert alone.counts == alone.counts | {f"seekers_{name}": n for name, n in none.items()}
    assert every.counts == alone.counts | told
    for frame in ("jobs", "near_misses", "conditions"):
        assert rows_of(getattr(every, frame)) == rows_of(getattr(alone, frame))


def test_counts_of_who_is_not_registered_are_0():
    told = gm.Matcher(JOB, OPTIONS).count([SEEKER, FORMER])
    assert told["reason"].astype(object).where(told["reason"].notna(), None).tolist() == [
        None,
        "not_registered",
    ]
    assert told[["in_circle", "matches", "vacancies"]].to_numpy().tolist() == [[1, 1, 2], [0, 0, 0]]
    assert told["condition"].isna().all()


def test_each_way_of_asking_says_it(new_store):
    matcher = gm.Matcher(JOB, OPTIONS)
    assert matcher.match_one(FORMER) == ("前", (), "not_registered")
    assert matcher.match_one("前", among=matcher.prepare([SEEKER, FORMER])).reason == (
        "not_registered"
    )
    nowhere = FORMER | {"lon": None, "lat": None, "家": "H1"}
    assert matcher.match(nowhere).reason.tolist() == ["not_registered"]
    for homes in ([{"id": "H1", "lon": 117.38, "lat": 32.93}], [{"id": "H2", "lon": 0, "lat": 0}]):
        around = Around(homes, by="家")
        assert matcher.match(nowhere, around=around).reason.tolist() == ["not_registered"]
    with new_store() as store:
        put(store, "employers", employer())
        put(store, "jobs", job(id="J1"))
        live = gm.LiveMatcher(store, OPTIONS)
        assert live.match([SEEKER, FORMER]).reason.tolist()[1] == "not_registered"
        put(store, "jobs", job(id="J2"))
        live.catch_up()
        assert live.match_one(FORMER).reason == "not_registered"
        assert live.shortfall([FORMER]).counts["not_registered"] == 1
        assert len(gm.LiveMatcher(store, FORMER_TOO).match_one(FORMER).matches) == 2


def test_an_explanation_says_from_when_to_when_somebody_is_registered():
    told = gm.Matcher(JOB, OPTIONS).explain(
        FORMER | {"registered_on": dt.date(2025, 1, 7)}, JOB["id"]
    )
    assert (told.is_match, told.stands_in_way) == (False, ("registered",))
    assert "fail    registered 求职登记: registered since 2025-01-07 to 2025-06-16" in str(told)
    back = gm.ReverseMatcher([FORMER], OPTIONS).explain(JOB, "前")
    assert back.stands_in_way == ("registered",)
    assert "registered to 2025-06-16, since when is not stated" in str(back)
    for seeker, options in ((SEEKER, OPTIONS), (FORMER, FORMER_TOO)):
        told = gm.Matcher(JOB, options).explain(seeker, JOB["id"])
        assert told.is_match
        assert "registered" not in str(told)


def test_a_former_seeker_is_none_of_a_jobs_near_misses():
    found = gm.ReverseMatcher([FORMER | {"wage_floor_cny": 9000}], OPTIONS).shortfall(JOB)
    assert found.near_misses.empty
    assert (found.counts["none_in_circle"], found.counts["seekers_not_registered"]) == (1, 1)
    assert found.counts["seekers_without_place"] == 0


def test_days_in_the_wrong_order_are_named_by_row():
    rows = [SEEKER, SEEKER | {"id": "乙", "registered_on": ON, "closed_on": ON - DAY}]
    message = r"`registered_on, closed_on` must not have registered_on above closed_on.*position 1"
    with pytest.raises(FrameError, match=message):
        gm.match(rows, JOB, OPTIONS)
