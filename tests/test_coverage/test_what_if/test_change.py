"""Changes held to a fresh report of the changed supply, and counted by brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain
from test_coverage.towns import (
    COMMUNITIES,
    LAT,
    LON,
    STEP,
    communities_frame,
    people_frame,
    supply_frame,
    towns,
)

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Exponential, Stepped
from geo_match.coverage.what_if import ground
from geo_match.coverage.what_if.what_if import WhatIf

AREAS = communities_frame(COMMUNITIES)
FEW = settings(max_examples=8)
REASONS = [f"reason_{name}" for name in gm.coverage.REASONS]
COUNTED = ["reached", "below", *REASONS]


def report_of(people, supply, **options):
    town = gm.Coverage(supply_frame(supply), AREAS, CoverageOptions(**options))
    return town.of(people_frame(people))


@st.composite
def edits(draw, supply):
    """Draw what to add, move and close, as keywords of `change`, and the supply after it."""
    place = st.tuples(st.integers(0, 7), st.integers(0, 7))

    def somewhere():
        x, y = draw(place)
        return {"lon": LON + x * STEP, "lat": LAT + y * STEP}

    fates = [draw(st.sampled_from(["stay", "stay", "move", "close"])) for _ in supply]
    after, move, close = [], [], []
    for row, fate in zip(supply, fates, strict=True):
        if fate == "close":
            close.append(row["id"])
        elif fate == "move":
            move.append({"id": row["id"], **somewhere()})
            after.append(row | move[-1])
        else:
            after.append(row)
    add = [
        {"id": f"N{number}", **somewhere(), "vacancies": draw(st.sampled_from([None, 0, 1, 3]))}
        for number in range(draw(st.integers(0, 3)))
    ]
    return {"add": add or None, "move": move or None, "close": close}, after + add


def assert_same_report(found, fresh):
    """Everything exactly, but what falls to a person, which is to rounding."""
    one, other = (report.by("community") for report in (found, fresh))
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)
    pd.testing.assert_frame_equal(found.people, fresh.people, rtol=1e-12)
    told, expected = found.totals(), fresh.totals()
    assert list(told) == list(expected)
    for name, value in expected.items():
        if name == "release" or value is None:
            assert told[name] == value
        else:
            assert told[name] == pytest.approx(value, rel=1e-12, nan_ok=True), name


def assert_same_change(change, before, after, level, *, distance=False):
    """The rows of a change are those of two reports in which somebody's state differs."""
    was, now, rows = before.people, after.people, change.by(level, distance=distance)
    enough = before.options.at_least
    weight = before.who.weight
    state = [
        list(
            zip(
                one["in_reach"].fillna(-1) >= enough,
                one["in_reach"].fillna(-1),
                one["reason"].fillna(""),
                one["distance_m"].fillna(-1.0) if distance else [0.0] * len(one),
                strict=True,
            )
        )
        for one in (was, now)
    ]
    differs = np.array([one != other for one, other in zip(*state, strict=True)], dtype=bool)
    differs &= weight > 0
    one, other = before.by(level), after.by(level)
    if level == "community":
        codes = was["community"]
    else:
        codes = pd.Series([str(value) for value in weight], dtype=object)
    listed = {None if pd.isna(code) else code for code in codes[differs]}
    listed_by = [None if pd.isna(code) else code for code in one["code"]]
    keep = np.array([code in listed for code in listed_by], dtype=bool)
    one, other = one[keep].reset_index(drop=True), other[keep].reset_index(drop=True)
    head = ["kind", "code", "name", "people", "located", "release", "geometry"]
    pd.testing.assert_frame_equal(rows[head], one[head], check_like=True)
    for name in COUNTED:
        pd.testing.assert_series_equal(
            rows[f"{name}_change"], other[name] - one[name], check_names=False
        )
    for name in ("reached", "below"):
        assert rows[f"{name}_before"].tolist() == one[name].tolist()
        assert rows[f"{name}_after"].tolist() == other[name].tolist()
    for name in ("in_reach_median", *(("distance_median_m",) if distance else ())):
        pairs = {"before": one[name], "after": other[name], "change": other[name] - one[name]}
        for end, expected in pairs.items():
            found = rows[f"{name}_{end}"]
            pd.testing.assert_series_equal(found, expected, check_names=False, rtol=1e-12)
    assert ("distance_median_m_before" in rows) == distance
    told, expected, base = change.totals(), after.totals(), before.totals()
    for name in COUNTED:
        assert told[f"{name}_change"] == expected[name] - base[name]


def within(people, places, radius_m):
    """Return how many people are within the radius of any place, by brute force."""
    return sum(
        person["lon"] is not None
        and any(
            plain.GEOD.inv(person["lon"], person["lat"], *place)[2] <= radius_m for place in places
        )
        for person in people
    )


def felt(supply, after, count):
    """Return the places at which the amounts of two supplies differ."""
    total = {}
    for sign, rows in ((-1, supply), (1, after)):
        for row in rows:
            if row["lon"] is not None:
                amount = 1 if count == "places" or row["vacancies"] is None else row["vacancies"]
                key = (row["lon"], row["lat"])
                total[key] = total.get(key, 0) + sign * amount
    return [key for key, amount in total.items() if amount]


@FEW
@given(
    st.data(),
    towns(),
    st.fixed_dictionaries(
        {
            "at_least": st.integers(1, 4),
            "count": st.sampled_from(["vacancies", "places"]),
            "standard": st.sampled_from([None, 0.5, 2]),
            "competition": st.sampled_from(
                [None, Binary(), Stepped(((1000, 1.0), (3000, 0.3))), Exponential(1.0)]
            ),
            "max_distance_m": st.just(9000.0),
        }
    ),
)
def test_a_change_is_the_difference_to_a_fresh_report(data, town, options):
    people, supply = town
    asked, after = data.draw(edits(supply))
    before, fresh = (report_of(people, rows, **options) for rows in (supply, after))
    change = WhatIf(before).change(**asked)
    assert_same_report(change.report(), fresh)
    assert_same_change(change, before, fresh, "community")
    assert_same_change(change, before, fresh, "weight")
    assert_same_change(change, before, fresh, "community", distance=True)
    # From a change on, what was before is what it left.
    back = change.what_if().change(radius_m=2000.0)
    shrunk = report_of(people, after, **options, radius_m=2000.0)
    assert_same_change(back, fresh, shrunk, "community", distance=True)
    places = felt(supply, after, options["count"])
    if options["competition"] is None or isinstance(options["competition"], Binary):
        # With competition too: the demand of a place is of the people alone.
        assert change.recomputed == within(people, places, 3000.0)
    else:
        located = sum(person["lon"] is not None for person in people)
        assert change.recomputed == (located if places else 0)


@FEW
@given(
    st.data(),
    towns(),
    st.integers(1, 4),
    st.sampled_from([0.0, 1300.0, 2999.0, 3000.0, 5000.0]),
    st.booleans(),
)
def test_another_radius_is_the_difference_to_a_fresh_report(
    data, town, at_least, radius_m, compete
):
    people, supply = town
    asked, after = data.draw(edits(supply)) if data.draw(st.booleans()) else ({}, supply)
    options = {"at_least": at_least, "competition": Binary() if compete else None}
    before = report_of(people, supply, **options)
    fresh = report_of(people, after, radius_m=radius_m, **options)
    change = WhatIf(before).change(radius_m=radius_m, **asked)
    assert_same_report(change.report(), fresh)
    assert_same_change(change, before, fresh, "community")
    located = sum(person["lon"] is not None for person in people)
    places = felt(supply, after, "vacancies")
    if radius_m == 3000.0:
        expected = within(people, places, 3000.0)
    elif radius_m < 3000.0 and not places and not compete:
        expected = int((before.outcome.in_reach > 0).sum())
    else:
        expected = located
    assert change.recomputed == expected


@FEW
@given(st.data(), towns(), st.booleans(), st.sampled_from([None, 1500.0]))
def test_one_goes_on_from_a_change_as_from_its_report(data, town, compete, radius_m):
    people, supply = town
    options = {"competition": Binary() if compete else None}
    what_if = WhatIf(report_of(people, supply, **options))
    first, after = data.draw(edits(supply))
    change = what_if.change(**first, radius_m=radius_m)
    last = data.draw(st.sampled_from([row["id"] for row in after] or [None]))
    again = {"close": [] if last is None else [last]}
    final = [row for row in after if row["id"] != last]
    fresh = report_of(people, final, **options, radius_m=radius_m or 3000.0)
    for onward in (change.what_if(), WhatIf(change.report())):
        assert_same_report(onward.change(**again).report(), fresh)
    # Nothing was done to what it came from.
    assert_same_report(what_if.change().report(), report_of(people, supply, **options))


@FEW
@given(st.data(), towns(), st.integers(1, 4))
def test_adding_lowers_nothing_and_closing_what_was_added_gives_the_base_back(data, town, at_least):
    people, supply = town
    before = report_of(people, supply, at_least=at_least)
    asked, _ = data.draw(edits([]))
    change = WhatIf(before).change(add=asked["add"])
    rows = change.by("community")
    assert (rows["reached_change"] >= 0).all()
    assert (rows["below_change"] <= 0).all()
    added = [row["id"] for row in asked["add"] or []]
    back = change.what_if().change(close=added)
    assert_same_report(back.report(), before)
    assert (change.people["id"] == back.people["id"]).all()
    assert (change.people["in_reach_before"] == back.people["in_reach_after"]).all()


@FEW
@given(st.data(), towns(), st.integers(1, 4))
def test_whether_people_are_named_or_asked_in_one_pass_changes_nothing(data, town, at_least):
    people, supply = town
    asked, _ = data.draw(edits(supply))
    what_if = WhatIf(report_of(people, supply, at_least=at_least))
    named = what_if.change(**asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ground, "_FEW", 0)
        passed = what_if.change(**asked)
    pd.testing.assert_frame_equal(named.people, passed.people)
    assert named.recomputed == passed.recomputed
