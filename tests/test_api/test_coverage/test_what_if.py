"""What would change: exact for one scope, and for all others of what went out, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest
from test_api.test_coverage.conftest import LAT, LON, STEP, TODAY, homes

from api.coverage.town import Point, read_town
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.store import Store

METRE = 1 / 111_000


def test_exact_changes_are_those_of_the_library(town):
    edits = {
        "add": [{"id": "S9", "lon": LON + 0.035, "lat": LAT + 0.035}],
        "move": [{"id": "S1", "lon": LON + 0.02, "lat": LAT + 0.025}],
        "close": ["S2"],
    }
    told = town.what_if("planner", figures="exact", radius_m=900, radius_m_after=1100, **edits)
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", "stations", TODAY))
    change = WhatIf(read.report(radius_m=900)).change(**edits, radius_m=1100)
    frame = change.by("community")
    rows = told.json()["rows"]
    assert len(rows) >= 3
    for name in ("code", "located", "reached_before", "reached_after", "reached_change"):
        expected = [None if one is None else one for one in frame[name].tolist()]
        assert [row[name] for row in rows] == expected
    assert told.json()["total"]["reached_change"] == change.totals()["reached_change"]
    assert told.json()["basis"] == "exact"


def moved_by_a_metre(town, at, role="operator", **asked):
    """Ask twice, with a station here and a metre farther north: FACTS' attack by differences."""
    answers = []
    for metres in (0, 1):
        place = {"id": "ATTACK", "lon": at[0], "lat": at[1] + metres * METRE}
        answers.append(town.what_if(role, radius_m=1000, add=[place], **asked).json())
    first, last = (one["total"]["reached_after"] for one in answers)
    return last - first


def one_home_at_the_rim():
    """A home alone, and a place for which it lies half a metre outside a kilometre."""
    home = (LON + 2 * STEP - 0.004, LAT + 2 * STEP - 0.004)
    return home, (home[0], home[1] - 1000.5 / 110_900)


def test_a_station_moved_by_a_metre_isolates_a_home_in_exact_figures_alone(serve_town, released):
    home, rim = one_home_at_the_rim()
    others = [one for one in homes().to_pylist() if one["lat"] and one["lat"] < LAT + STEP]
    there = {"id": "VICTIM", "lon": home[0], "lat": home[1], "zero_employment": False}
    elsewhere = {**there, "lon": LON + STEP + 0.002, "lat": LAT + STEP + 0.002}
    towns = [serve_town(pa.Table.from_pylist([*others, one])) for one in (there, elsewhere)]
    exact = {"role": "planner", "figures": "exact"}
    at = next(
        place
        for metres in range(-10, 11)
        if moved_by_a_metre(towns[0], place := (rim[0], rim[1] + metres * METRE), **exact)
    )
    assert moved_by_a_metre(towns[1], at, **exact) == 0  # so the attack finds the home
    for town in towns:  # of which the same was published, with the home kept back
        town.take_release(released)
    for metres in range(-3, 4):
        place = rim[0], rim[1] + metres * METRE
        # It may differ by a point of the lattice: by ground, and not by who lives there.
        assert moved_by_a_metre(towns[0], place) == moved_by_a_metre(towns[1], place)


def test_published_changes_count_the_ground_that_is_reached(town):
    answer = town.what_if(add=[{"id": "S9", "lon": LON + 0.035, "lat": LAT + 0.035}]).json()
    assert (answer["basis"], answer["release"]) == ("published cells", "published")
    for row in answer["rows"]:
        assert row["reached_change"] == row["reached_after"] - row["reached_before"] >= 0
        assert 0 <= row["reached_after"] <= row["located"]
    closed = town.what_if(close=["S1", "S2"]).json()
    assert closed["total"]["reached_after"] == 0
    wider = town.what_if(radius_m=1000, radius_m_after=5000).json()
    assert wider["total"]["reached_change"] > 0


@pytest.mark.parametrize("asked", [{"radius_m": 999.0}, {"radius_m_after": 3001.0},
                                   {"of": "seekers"}])  # fmt: skip
def test_what_is_off_the_menu_needs_the_exact_scope(town, asked):
    answer = town.what_if(close=["S1"], **asked)
    assert answer.status_code == 403
    assert "what-if:exact" in answer.json()["detail"]
    assert town.what_if("planner", close=["S1"], **asked).status_code == 422


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"close": [f"S{at}" for at in range(101)]}, "/close"),
        ({"add": [{"id": f"N{at}", "lon": 117.3, "lat": 32.9} for at in range(101)]}, "/add"),
        ({"add": [{"id": "N", "lon": "117.3", "lat": 32.9}]}, "/add/0/lon"),
        ({"add": [{"id": "N", "lon": True, "lat": 32.9}]}, "/add/0/lon"),
        ({"add": [{"id": "N", "lon": 117.3}]}, "/add/0/lat"),
        ({"add": [{"id": "S1", "lon": 117.3, "lat": 32.9}]}, "/add"),
        ({"move": [{"id": "NONE", "lon": 117.3, "lat": 32.9}]}, "/move"),
        ({"radius_m": -1}, "/radius_m"),
        ({"shut": ["S1"]}, "/shut"),
        ({"close": ["NONE"]}, "/close"),
        ({"close": ["S1", "S1"]}, "/close"),
    ],
)
@pytest.mark.parametrize("role", ["operator", "planner"])
def test_a_body_that_breaks_a_rule_is_refused_where_it_does(town, body, pointer, role):
    figures = "published" if role == "operator" else "exact"
    answer = town.what_if(role, figures=figures, **body)
    assert answer.status_code == 422
    (fault, *_) = answer.json()["errors"]
    assert (fault["parameter"], fault["value"]) == (pointer, None)
    assert "NONE" not in answer.text


def test_published_changes_know_no_site_but_those_with_a_job_that_is_served(serve_town, released):
    town = serve_town()
    town.take_release(released)
    sites = {"id": ["W1", "W2", "W3"], "lon": [LON + 0.03] * 3, "lat": [LAT + 0.03] * 3}
    town.write("sites", pa.table(sites))
    jobs = {"id": ["J1", "J3"], "title": ["收银员"] * 2, "employer_id": ["E1", "E2"]}
    places = {"lon": [LON + 0.03] * 2, "lat": [LAT + 0.03] * 2, "vacancies": [2, 9]}
    town.write("jobs", pa.table({**jobs, **places, "site_id": ["W1", "W2"]}))
    answers = {name: town.what_if(supply="sites", close=[name]) for name in sites["id"]}
    assert {name: one.status_code for name, one in answers.items()} == {
        "W1": 200,
        "W2": 422,  # of an employer that is not verified
        "W3": 422,  # of none
    }
    assert answers["W1"].json()["total"]["reached_after"] == 0
    assert answers["W2"].json()["errors"] == answers["W3"].json()["errors"]
