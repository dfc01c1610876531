"""A matcher that is asked something else is as one that is made for it, and says why alike."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from test_matching import strategies
from test_matching.answers import asked
from test_matching.live_answers import assert_same, assert_same_shortfall
from test_matching.pairs import JOB, ON, SEEKER
from test_matching.stores import employer, job, put

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching.live import LiveMatcher

FEW = settings(max_examples=12)


def assert_alike(one, other, seekers):
    """Hold each answer of a matcher to that of another."""
    assert one.options == other.options
    assert_same(one.match(seekers), other.match(seekers))
    assert_same_shortfall(one.shortfall(seekers), other.shortfall(seekers))
    among, again = one.prepare(seekers), other.prepare(seekers)
    for each in seekers:
        told = one.match_one(each["id"], among=among, explained=True)
        assert told == other.match_one(each["id"], among=again, explained=True)
        for match in told.matches:
            explained = one.explain(each, match.job_id)
            assert match.conditions == explained.conditions
            assert explained == other.explain(each, match.job_id)


@FEW
@given(strategies.seekers(), strategies.jobs(), strategies.options(), strategies.options())
def test_it_answers_as_one_that_is_made_for_it(seekers, jobs, options, others):
    one, other = asked(options), asked(others)
    assert_alike(gm.Matcher(jobs, one).asking(other), gm.Matcher(jobs, other), seekers)


def test_what_only_seekers_are_asked_for_shares_the_indexes_of_the_jobs():
    matcher = gm.Matcher(JOB, gm.MatchOptions(on=ON))
    usual = matcher.options
    for change in (
        {"radius_m": 10.0},
        {"limit": 1},
        {"weights": gm.Weights(closeness=0.0)},
        {"half_distance_m": 1.0},
        {"unknown_fails": ["wage"]},
        {"conditions": ["open"]},
        {"on": None},
    ):
        assert matcher.asking(dataclasses.replace(usual, **change))._engine is matcher._engine
    for change in ({"on": dt.date(2025, 1, 1)}, {"half_life_days": 1.0}, {"former_too": True}):
        assert matcher.asking(dataclasses.replace(usual, **change))._engine is not matcher._engine
    few = matcher.asking(dataclasses.replace(usual, conditions=["open"]))
    assert few.asking(usual)._engine is matcher._engine


def test_more_conditions_than_the_jobs_were_made_ready_for_make_them_ready_anew():
    matcher = gm.Matcher(JOB | {"shift": "night"}, gm.MatchOptions(on=ON, conditions=["open"]))
    assert matcher.match_one(SEEKER).reason is None
    assert matcher.asking(gm.MatchOptions(on=ON)).match_one(SEEKER).reason == "none_eligible"
    assert matcher.options.conditions == ("open",)


def test_a_matcher_that_follows_a_store_is_asked_alike(new_store):
    with new_store() as store:
        put(store, "employers", employer())
        put(store, "jobs", job(id="J1"), job(id="J2", lon=117.391), job(id="J3", lon=117.40))
        live = LiveMatcher(store, gm.MatchOptions(on=ON))
        put(store, "jobs", job(id="J4", lon=117.385), job(id="J2", shift="night"))
        live.catch_up()
        at = live.snapshot()
        jobs = at._engine.side.table
        for other in (
            gm.MatchOptions(on=ON, limit=1, radius_m=1_200.0, weights=gm.Weights(wage=3.0)),
            gm.MatchOptions(on=dt.date(2024, 2, 1), unknown_fails=["shift"]),
        ):
            again = at.asking(other)
            assert again.cursor == at.cursor
            assert_alike(again, gm.Matcher(jobs, other), [SEEKER, SEEKER | {"id": "S2"}])


def test_what_are_no_options_is_refused():
    with pytest.raises(ArgumentError, match="`options` must be `MatchOptions` or None"):
        gm.Matcher(JOB).asking({"limit": 1})
