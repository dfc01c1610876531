"""What may be asked of a match, and how each wrong option is named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import pickle
from collections.abc import Collection

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching.pairs import CONDITIONS

import geo_match as gm
from geo_match.errors import ArgumentError, RadiusError
from geo_match.matching import options as module
from geo_match.matching.options import PARTS
from geo_match.matching.plain import DEFAULT_WEIGHTS
from geo_match.taxonomy import Occupations

NUMBER = ("half_distance_m", "half_life_days")


def refused(match, **options):
    with pytest.raises(ArgumentError, match=match) as caught:
        gm.MatchOptions(**options)
    assert caught.value.argument == next(iter(options))
    assert caught.value.rule
    return caught.value


def test_what_is_not_said_is_as_agreed():
    options = gm.MatchOptions()
    assert {one.name: getattr(options, one.name) for one in dataclasses.fields(options)} == {
        "radius_m": 3000.0,
        "limit": 20,
        "on": None,
        "basis": "geodesic",
        "network": None,
        "conditions": None,
        "unknown_fails": (),
        "former_too": False,
        "occupation_level": "middle",
        "occupations": None,
        "related_occupations": (),
        "weights": gm.Weights(),
        "half_distance_m": 1000.0,
        "half_life_days": 30.0,
        "default_accuracy_m": 0.0,
        "threads": 1,
    }
    assert dataclasses.asdict(gm.Weights()) == DEFAULT_WEIGHTS
    assert tuple(DEFAULT_WEIGHTS) == PARTS
    assert module.CONDITIONS == CONDITIONS


def test_options_are_keywords_and_do_not_change():
    with pytest.raises(TypeError, match="positional argument"):
        gm.MatchOptions(3000.0)
    options = gm.MatchOptions()
    with pytest.raises(dataclasses.FrozenInstanceError, match="radius_m"):
        options.radius_m = 1.0
    assert pickle.loads(pickle.dumps(options)) == options  # noqa: S301 - what was just written


@pytest.mark.parametrize("radius_m", [0, 0.0, 1e-9, 200_000, np.float32(500), np.int64(500)])
def test_radii_from_0_to_200_km_are_taken(radius_m):
    assert gm.MatchOptions(radius_m=radius_m).radius_m == radius_m


@pytest.mark.parametrize(
    "radius_m", [-1e-9, -5.0, 200_000.001, math.inf, -math.inf, math.nan, np.nan]
)
def test_other_radii_are_refused(radius_m):
    message = "`radius_m` must be between 0 and 200,000 metres, got"
    error = refused(message, radius_m=radius_m)
    assert isinstance(error, RadiusError)


@pytest.mark.parametrize("radius_m", [True, None, "3000", [3000.0], np.array([3000.0]), (1, 2)])
def test_a_radius_is_one_number(radius_m):
    refused("`radius_m` must be a number of metres, got", radius_m=radius_m)


@pytest.mark.parametrize("limit", [1, 10**9, None, np.int32(3)])
def test_limits_from_1_are_taken(limit):
    assert gm.MatchOptions(limit=limit).limit == limit


@pytest.mark.parametrize("limit", [0, -1, 1.0, True, "20", math.inf])
def test_other_limits_are_refused(limit):
    refused("`limit` must be a whole number of at least 1, got", limit=limit)


@pytest.mark.parametrize(
    "on", ["2025-06-16", 20250616, dt.datetime(2025, 6, 16, tzinfo=dt.UTC), pd.Timestamp(0)]
)
def test_what_is_no_day_is_refused(on):
    refused(r"`on` must be a day \(datetime.date\) or None, got", on=on)


@pytest.mark.parametrize("basis", ["driving", "", None, 1])
def test_another_basis_is_refused(basis):
    refused(r"`basis` must be one of geodesic, walking, got", basis=basis)


@pytest.mark.parametrize("level", ["minor", "middle", "major"])
def test_each_level_is_taken(level):
    assert gm.MatchOptions(occupation_level=level).occupation_level == level


@pytest.mark.parametrize("level", ["Major", "", None, 3])
def test_other_levels_are_refused(level):
    message = "`occupation_level` must be one of minor, middle, major, got"
    refused(message, occupation_level=level)


@pytest.mark.parametrize("argument", ["conditions", "unknown_fails"])
def test_names_of_conditions_are_checked(argument):
    for good in ((), [], set(CONDITIONS), frozenset({"wage"}), ("wage", "wage"), {"age": 1}):
        gm.MatchOptions(**{argument: good})
    refused(f"`{argument}` must name conditions: distance, .*'pay'", **{argument: ["wage", "pay"]})
    refused(f"`{argument}` must name conditions: .*, got None", **{argument: [None]})
    error = refused(f"`{argument}` must be a collection of names, not one", **{argument: "wage"})
    assert error.remedy == "Write ['wage']."
    refused(f"`{argument}` must be a collection of names, got 5", **{argument: 5})
    refused(f"`{argument}` must be a collection of names, got <gen", **{argument: iter_of("wage")})


def iter_of(*names):
    return (name for name in names)


def test_unknown_fails_has_no_none():
    refused("`unknown_fails` must be a collection of names, got None", unknown_fails=None)


@pytest.mark.parametrize("wrong", [None, 0, "no"])
def test_whether_former_seekers_are_matched_is_true_or_false(wrong):
    refused("`former_too` must be true or false, got", former_too=wrong)


def test_who_is_registered_is_judged_whatever_is_asked():
    assert gm.MatchOptions(conditions=("open",)).judged == ("distance", "open", "registered")
    assert gm.MatchOptions(conditions=("open",), former_too=True).judged == ("distance", "open")
    refused("`conditions` must name conditions: .*, got 'registered'", conditions=["registered"])


def test_the_occupations_are_a_table():
    table = Occupations()
    assert gm.MatchOptions(occupations=table).table is table
    assert len(gm.MatchOptions().table) == len(table)
    refused("`occupations` must be .*Occupations.*, got dict", occupations={})


def test_related_occupations_are_pairs_of_digits():
    gm.MatchOptions(related_occupations=[("401", "60501"), ("4", "6")])
    for wrong in ([["401", "605"]], ["401"], [("401",)], [("401", "605", "1")], [(401, 605)]):
        refused("`related_occupations` must hold pairs of codes, got", related_occupations=wrong)
    for wrong in (("4-01", "605"), ("", "605"), ("４０１", "605"), ("普工", "605")):
        message = "`related_occupations` must hold codes of digits alone, such as 401, got"
        refused(message, related_occupations=[wrong])
    refused("`related_occupations` must hold pairs of codes, got 5", related_occupations=5)


def test_options_keep_what_they_were_given_and_may_be_keys():
    conditions, unknown, related = ["shift", "open"], ["wage", "age"], [("6", "4"), ("1", "2")]
    options = gm.MatchOptions(
        conditions=conditions, unknown_fails=unknown, related_occupations=related
    )
    for one in (conditions, unknown, related):
        one.clear()
    assert options.conditions == ("open", "shift")
    assert options.unknown_fails == ("wage", "age")
    assert options.related_occupations == (("1", "2"), ("6", "4"))
    same = gm.MatchOptions(
        conditions={"open", "shift"},
        unknown_fails=("age", "wage", "age"),
        related_occupations={("1", "2"), ("6", "4")},
        occupations=None,
    )
    assert (options, hash(options)) == (same, hash(same))
    assert {options: 1}[same] == 1
    table = gm.MatchOptions(occupations=Occupations())
    assert {table: 1}[gm.MatchOptions(occupations=Occupations())] == 1
    assert gm.MatchOptions(conditions=()).conditions == ()
    assert gm.MatchOptions().conditions is None


@pytest.mark.parametrize("name", NUMBER)
def test_halves_are_above_0(name):
    for good in (5e-324, 1, 1e300, np.float32(2), np.int64(2)):
        gm.MatchOptions(**{name: good})
    for wrong in (0, 0.0, -1.0, math.inf, math.nan, True, None, "1", [1.0]):
        refused(f"`{name}` must be a number above 0, got", **{name: wrong})


def test_a_default_accuracy_is_at_least_0():
    for good in (0, 0.0, 1e300):
        gm.MatchOptions(default_accuracy_m=good)
    for wrong in (-1e-9, math.inf, math.nan, False, None, "1"):
        message = "`default_accuracy_m` must be a number of at least 0, got"
        refused(message, default_accuracy_m=wrong)


def test_threads_are_1_to_256():
    for good in (1, 256, np.int64(2)):
        gm.MatchOptions(threads=good)
    for wrong in (0, -1, 1.0, True, None, "2"):
        refused("`threads` must be a whole number of at least 1, got", threads=wrong)
    refused("`threads` must be at most 256, got 257", threads=257)


def test_weights_are_weights():
    refused("`weights` must be .*Weights.*, got dict", weights={"wage": 1.0})
    for wrong in (-0.1, math.inf, math.nan, True, None, "1"):
        with pytest.raises(ArgumentError, match=r"`weights\.wage` must be a number of at"):
            gm.Weights(wage=wrong)
    for wrong in (dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS[:-1], 0.0) | {"priority": 1.0}):
        with pytest.raises(ArgumentError, match="`weights` must have a part above 0 among those"):
            gm.Weights(**wrong)
    with pytest.raises(TypeError, match="distance"):
        gm.Weights(distance=1.0)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(PARTS, st.just(0.0) | st.floats(0.0, allow_infinity=False))
    ).filter(lambda weights: any(weights[part] for part in PARTS[:-1]))
)
def test_shares_add_up_to_1_whatever_the_weights(weights):
    given_weights = gm.Weights(**weights)
    for_jobs = given_weights.shares(ranks_seekers=True)
    for_seekers = given_weights.shares(ranks_seekers=False)
    assert for_seekers[-1] == 0.0
    for shares in (for_jobs, for_seekers):
        assert len(shares) == len(PARTS)
        assert all(0.0 <= one <= 1.0 for one in shares)
        assert math.fsum(shares) == pytest.approx(1.0, abs=1e-12)


def test_shares_are_in_proportion():
    assert gm.Weights().shares(ranks_seekers=False) == (0.35, 0.25, 0.2, 0.05, 0.15, 0.0)
    assert gm.Weights().shares(ranks_seekers=True) == pytest.approx(
        (0.28, 0.2, 0.16, 0.04, 0.12, 0.2)
    )
    doubled = gm.Weights(**{name: 2 * one for name, one in DEFAULT_WEIGHTS.items()})
    assert doubled.shares(ranks_seekers=True) == gm.Weights().shares(ranks_seekers=True)


def test_what_is_asked_is_in_order_and_holds_the_distance():
    assert gm.MatchOptions().asked == CONDITIONS
    assert gm.MatchOptions(conditions=()).asked == ("distance",)
    assert gm.MatchOptions(conditions={"shift", "open"}).asked == ("distance", "open", "shift")
    assert gm.MatchOptions(conditions=["distance", "age"]).asked == ("distance", "age")
    assert isinstance(gm.MatchOptions().asked, Collection)


@pytest.mark.parametrize(
    "ask",
    [
        lambda options: gm.match([], [], options),
        lambda options: gm.match_jobs([], [], options),
        lambda options: gm.Matcher([], options),
        lambda options: gm.ReverseMatcher([], options),
        lambda options: gm.LiveMatcher(None, options),
        lambda options: gm.match_changes(None, 0, options, audited=print),
    ],
    ids=["match", "match_jobs", "Matcher", "ReverseMatcher", "LiveMatcher", "match_changes"],
)
def test_options_that_are_none_are_named_wherever_they_are_given(ask):
    rule = r"`options` must be `MatchOptions` or None, got dict\. Write `MatchOptions\(limit=3\)`"
    with pytest.raises(ArgumentError, match=rule):
        ask({"limit": 3})


def test_the_day_is_written_down_once(monkeypatch):
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            # A minute before midnight in London: China has the next day.
            return dt.datetime(2025, 6, 15, 23, 59, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr(module.dt, "datetime", Clock)
    assert gm.MatchOptions().day == dt.date(2025, 6, 16)
    dated = gm.MatchOptions(limit=3).dated()
    assert (dated.on, dated.limit) == (dt.date(2025, 6, 16), 3)
    stated = gm.MatchOptions(on=dt.date(2025, 1, 1))
    assert stated.dated() == stated
