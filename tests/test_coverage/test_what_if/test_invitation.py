"""Whom to invite, held to brute force and to a town worked by hand."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain
from test_coverage.test_what_if.test_change import report_of
from test_coverage.test_what_if.test_what_if import town_report
from test_coverage.towns import COMMUNITIES, LAT, LON, STEP, towns

from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import ArgumentError, RadiusError
from geo_match.matching import FrameError

FAIR = {"id": "fair", "lon": 117.40, "lat": 32.93}
DAY = date(2026, 3, 5)


@settings(max_examples=12)
@given(towns(), st.integers(1, 4), st.sampled_from(["below", "unreached", "all"]))
def test_those_invited_are_those_of_brute_force(town, at_least, only):
    people, supply = town
    place = {"id": "fair", "lon": LON + 3 * STEP, "lat": LAT + 2 * STEP}
    report = report_of(people, supply, at_least=at_least, standard=2)
    invited = WhatIf(report).invite(place, radius_m=2000.0, only=only).people
    expected = []
    for one in plain.persons(people, supply, COMMUNITIES, at_least=at_least, standard=2):
        row = one["row"]
        if not one["located"]:
            continue
        away = plain.GEOD.inv(row["lon"], row["lat"], place["lon"], place["lat"])[2]
        asked = {
            "below": one["reason"] is not None,
            "unreached": one["in_reach"] < at_least,
            "all": True,
        }[only]
        if away <= 2000.0 and asked:
            expected.append((row["id"], one["community"], one["in_reach"], one["reason"], away))
    columns = ["id", "community", "in_reach", "reason", "distance_m"]
    found = invited[columns].astype(object).where(invited[columns].notna(), None)
    rows = sorted(found.itertuples(index=False, name=None), key=lambda row: row[0])
    for row, other in zip(rows, sorted(expected, key=lambda row: row[0]), strict=True):
        assert row[:4] == other[:4]
        assert row[4] == pytest.approx(other[4], abs=1e-6)
    assert invited["distance_m"].is_monotonic_increasing


def test_a_fair_worked_by_hand():
    employers = [
        {"id": "E1", "lon": 117.38, "lat": 32.93},
        {"id": "E2", "lon": 117.41, "lat": 32.93},
        {"id": "E3", "lon": 117.50, "lat": 32.93},
        {"id": "E4", "lon": None, "lat": None},
    ]
    fair = WhatIf(town_report(at_least=3)).invite(FAIR, employers=employers, on=DAY)
    # A degree of longitude is 93.56 km here: "middle" is 936 m away, and "near" 2,807 m.
    assert fair.people.drop(columns="distance_m").to_dict("records") == [
        {
            "id": "middle",
            "community": "1",
            "in_reach": 0,
            "reason": "none_in_circle",
            "on": DAY,
            "release": "internal",
        },
        {
            "id": "near",
            "community": "1",
            "in_reach": 2,
            "reason": "too_few",
            "on": DAY,
            "release": "internal",
        },
    ]
    assert fair.people["distance_m"].round(-1).tolist() == [940.0, 2810.0]
    assert fair.employers["id"].tolist() == ["E2", "E1"]
    assert fair.employers["distance_m"].round(-1).tolist() == [940.0, 1870.0]
    assert fair.employers_unlocated == 1
    assert (fair.id, fair.lon, fair.lat, fair.radius_m) == ("fair", 117.40, 32.93, 3000.0)
    assert (fair.on, fair.only, fair.release) == (DAY, "below", "internal")
    assert repr(fair) == "Invitation(2 rows of people within 3000 m)"


def test_to_a_place_of_the_supply_one_is_invited_by_its_id():
    what_if = WhatIf(town_report())
    assert what_if.invite("shop", only="all").people["id"].tolist() == ["near"]
    assert what_if.invite("shop").people["id"].tolist() == []
    wide = what_if.invite("shop", radius_m=5000.0)
    assert wide.people["id"].tolist() == ["middle"]
    assert wide.employers is None


def test_after_a_change_those_are_invited_who_are_then_below():
    what_if = WhatIf(town_report())
    assert what_if.invite(FAIR).people["id"].tolist() == ["middle"]
    onward = what_if.change(add=FAIR).what_if()
    assert onward.invite("fair").people["id"].tolist() == []


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"place": "x"}, ArgumentError, "`place` must be an id of the supply, or a row, got 'x'"),
        ({"place": "nowhere"}, ArgumentError, "`place` must be an id of a row with a place"),
        ({"place": []}, ArgumentError, "`place` must be one row, got 0 rows"),
        ({"place": {"lon": 117.4, "lat": 32.9}}, FrameError, "`place`, column `id` must be there"),
        ({"only": "some"}, ArgumentError, "`only` must be one of below, unreached, all"),
        ({"on": "2026-03-05"}, ArgumentError, "`on` must be a date, or None, got '2026-03-05'"),
        ({"on": datetime(2026, 3, 5, 9)}, ArgumentError, "`on` must be a date, or None"),  # noqa: DTZ001 - refused
        ({"radius_m": -1}, RadiusError, "`radius_m` must be between 0 and 200,000 metres"),
        ({"radius_m": [1, 2]}, ArgumentError, r"`radius_m` must be one number, got shape \(2,\)"),
        (
            {"employers": pd.DataFrame({"lon": [117.4], "lat": [32.9]})},
            FrameError,
            "`employers`, column `id` must be there",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, error, told):
    with pytest.raises(error, match=told):
        WhatIf(town_report()).invite(asked.pop("place", FAIR), **asked)
