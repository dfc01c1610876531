"""Coverage on foot: a river town worked by hand, brute force, and what must hold of any town."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import plain_on_foot as plain
from test_coverage.plain_on_foot import CAUSES, person
from test_coverage.river import COMMUNITIES, peopled, town
from test_coverage.towns import people_frame, supply_frame
from test_walking.river_town import NORTH, OLD, SOUTH, at, between, walk_mm

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Exponential, Stepped
from geo_match.coverage.gap_areas.gap_areas import gap_areas
from geo_match.errors import ArgumentError

FEW = settings(max_examples=12)
NO_STREET = ((2500, -20), (0, -900))
"""Spots of the town to which no street leads: across the river from the only one, and too far."""
RADII = st.sampled_from([700.0, 1400.0, 3000.0])


def on_foot(network, **options):
    return CoverageOptions(basis="walking", network=network, **options)


def report_of(network, people, supply, **options):
    asked = on_foot(network, **options)
    return gm.Coverage(supply_frame(supply), COMMUNITIES, asked).of(people_frame(people))


def null(value):
    return None if pd.isna(value) else value


HOMES = [
    person("by the river", (-200, -150), weight=4),
    person("across", (-1300, 250), weight=2),
    person("in the yard", (-1650, -650), weight=1),
    person("cut off", (2500, -20), weight=3),
    person("in a lane", (1000, -140), weight=5),
    person("vague", (-200, -150), weight=7, location_accuracy_m=900.0),
    person("far", (-200, 40_000), weight=6),
    person("nowhere", weight=8, community="340302001001"),
]
JOBS = [
    person("mill", (-200, 250), vacancies=2),
    person("shop", (1000, -90), vacancies=1),
]


def test_a_river_town_worked_by_hand():
    report = report_of(town("Old Bridge"), HOMES, JOBS, radius_m=1250.0)
    people = report.people.set_index("id")
    # 400 m to the mill, and 2.9 km over Old Bridge; 1.2 km to the shop, and 1.26 by South Street.
    to_mill = walk_mm(
        *((-200, -150), (-200, SOUTH), (-800, SOUTH), (OLD, SOUTH)),
        *((OLD, NORTH), (-1000, NORTH), (-200, NORTH), (-200, 250)),
    )
    to_shop = walk_mm(
        (-200, -150), (-200, SOUTH), (0, SOUTH), (800, SOUTH), (1000, SOUTH), (1000, -90)
    )
    assert people.loc["by the river", "distance_m"] == min(to_mill, to_shop) / 1000.0
    columns = ["in_reach", "in_reach_straight", "reason", "cause"]
    told = {row.Index: tuple(map(null, row[1:])) for row in people[columns].itertuples()}
    assert told == {
        "by the river": (0, 3, "none_on_foot", "river"),
        # North Street leads straight there.
        "across": (2, 2, None, None),
        "in the yard": (0, 0, "none_in_circle", None),
        "cut off": (0, 0, "none_in_circle", None),
        # 50 m to the shop, and 1.4 km along the lane.
        "in a lane": (0, 1, "none_on_foot", "detour"),
        "vague": (0, 3, "coarse_location", "river"),
        "far": (0, 0, "none_in_circle", None),
        "nowhere": (None, None, "no_location", None),
    }
    totals = report.totals()
    assert (totals["reached_straight"], totals["reached"], totals["lost_on_foot"]) == (18, 2, 16)
    assert [totals[f"lost_on_foot_{cause}"] for cause in CAUSES] == [11, 5, 0, 0]
    assert [totals[f"none_on_foot_{cause}"] for cause in CAUSES] == [4, 5, 0, 0]
    assert (totals["below"], totals["reason_none_on_foot"]) == (34, 9)
    # No street leads to who is cut off by the river, nor to who lives far; to both jobs one does.
    assert (totals["people_not_on_network"], totals["supply_not_on_network"]) == (9, 0)
    rows = report.by("community").set_index("kind")["people_not_on_network"]
    assert rows.loc["outside"] + rows.loc["community"].sum() == 9
    south = report.by("community").set_index("code").loc["340302001001"]
    assert (south["reached_straight"], south["reached"], south["lost_on_foot"]) == (16, 0, 16)


def test_who_cannot_be_led_to_a_street_or_has_no_way_is_told_so_at_a_larger_radius():
    report = report_of(town("Old Bridge"), HOMES, JOBS, radius_m=3000.0)
    told = report.people.set_index("id")[["reason", "cause", "in_reach_straight"]]
    assert told.loc["in the yard"].tolist() == ["none_on_foot", "disconnected", 3]
    assert told.loc["cut off"].tolist() == ["none_on_foot", "snap_failed", 3]
    assert np.isnan(report.people.set_index("id").loc["cut off", "distance_m"])


@pytest.mark.parametrize("competition", [None, Binary()], ids=str)
def test_people_who_are_all_in_another_city_than_the_streets_are_refused(competition):
    far = [person(f"home {x}", (x, 450_000), weight=1) for x in (0, 200)]
    asked = {"radius_m": 1250.0, "competition": competition}
    with pytest.raises(ArgumentError, match=r"`network` must have streets within 50 km"):
        report_of(town("Old Bridge"), far, JOBS, **asked)
    # Some of many may well be elsewhere, and a single place may itself be wrong.
    for some, n in (([*far, HOMES[0]], 2), (far[:1], 1)):
        report = report_of(town("Old Bridge"), some, JOBS, **asked)
        assert report.totals()["people_not_on_network"] == n


def test_a_job_on_the_doorstep_of_who_is_led_to_no_street_is_not_reached():
    here = (0, -900)
    report = report_of(town(), [person("P", here, weight=1)], [person("J", here, vacancies=1)])
    (row,) = report.people.to_dict("records")
    assert (row["in_reach"], row["in_reach_straight"], row["distance_straight_m"]) == (0, 1, 0.0)
    assert (row["reason"], row["cause"]) == ("none_on_foot", "snap_failed")


def test_what_no_street_leads_to_is_counted_and_is_null_where_nobody_walks():
    jobs = [*JOBS, person("field", (0, -900), vacancies=3), person("nowhere", vacancies=1)]
    totals = report_of(town("Old Bridge"), HOMES, jobs).totals()
    assert (totals["supply_not_on_network"], totals["supply_unlocated"]) == (1, 1)
    straight = gm.Coverage(jobs, COMMUNITIES).of(HOMES)
    names = ("people_not_on_network", "supply_not_on_network")
    assert [straight.totals()[name] for name in names] == [None, None]
    assert "people_not_on_network" not in straight.by("community")


def test_the_cause_is_that_of_the_nearest_place_that_is_not_reached():
    # The shop at the door is reached; of the two beyond the water the farther one is not asked.
    jobs = [
        person("door", (-200, -160), vacancies=1),
        person("lane", (800, -590), vacancies=1),
        person("mill", (-200, 250), vacancies=1),
    ]
    home = [person("P", (-200, -150), weight=1)]
    report = report_of(town("Old Bridge"), home, jobs, radius_m=1200.0, at_least=3)
    (row,) = report.people.to_dict("records")
    assert (row["in_reach"], row["in_reach_straight"]) == (1, 3)
    assert (row["reason"], row["cause"]) == ("too_few", "river")


def assert_told(
    report, network, people, supply, *, radius_m, at_least, weight_at=None, standard=None
):
    """Hold each person and each row to brute force."""
    asked = {"radius_m": radius_m, "at_least": at_least, "standard": standard}
    found = plain.persons(network, people, supply, weight_at=weight_at, **asked)
    for row, one in zip(report.people.to_dict("records"), found, strict=True):
        assert null(row["in_reach"]) == one["in_reach"]
        assert null(row["in_reach_straight"]) == one["straight"]
        assert null(row["distance_m"]) == one["distance"]
        assert null(row["reason"]) == one["reason"]
        assert null(row["cause"]) == one["cause"]
        if weight_at is not None and one["located"]:
            assert row["availability"] == pytest.approx(float(one["available"]), rel=1e-9)
        if one["located"] and one["distance_straight"] is not None:
            assert row["distance_straight_m"] == pytest.approx(one["distance_straight"], abs=1e-5)
    totals = report.totals()
    assert totals["people_not_on_network"] == sum(
        one["weight"]
        for one in found
        if (one["row"]["lon"], one["row"]["lat"]) in {at(*spot) for spot in NO_STREET}
    )
    for name, value in plain.figures(found, at_least).items():
        assert totals[name] == value, name


@FEW
@given(peopled(), RADII, st.integers(1, 4), st.sampled_from([None, 0.5, 3.0]), st.booleans())
def test_each_person_is_told_as_brute_force_says(town_of, radius_m, at_least, standard, has_bridge):
    network = town("Old Bridge") if has_bridge else town()
    asked = {"radius_m": radius_m, "at_least": at_least, "standard": standard}
    report = report_of(network, *town_of, **asked)
    assert_told(report, network, *town_of, **asked)


STEPS = ((500.0, 1.0), (1400.0, 0.5))
DECAYS = {
    "binary": (Binary(), lambda m: Fraction(int(m <= 1400.0))),
    "stepped": (
        Stepped(STEPS),
        lambda m: Fraction(1) if m <= STEPS[0][0] else Fraction(int(m <= STEPS[1][0]), 2),
    ),
    "decaying": (
        Exponential(1.0),
        lambda m: Fraction(math.exp(-m / 1000.0)) if m <= 1400.0 else Fraction(0),
    ),
}


@pytest.mark.parametrize("decay", DECAYS)
@FEW
@given(town_of=peopled(6))
def test_competition_is_among_those_who_reach_a_place_on_foot(decay, town_of):
    network = town("Old Bridge")
    asked, weight_at = DECAYS[decay]
    options = {"radius_m": 1400.0, "at_least": 1, "standard": 0.5}
    report = report_of(network, *town_of, competition=asked, **options)
    assert_told(report, network, *town_of, weight_at=weight_at, **options)
    # All that somebody reaches on foot is given out.
    people, _ = town_of
    weight = np.array([one["weight"] for one in people], dtype=float)
    given_out = float((weight * report.people["availability"].fillna(0.0)).sum())
    totals = report.totals()
    assert given_out == pytest.approx(
        totals["supply_amount"] - totals["supply_without_seekers"], rel=1e-9, abs=1e-12
    )


@FEW
@given(peopled(), RADII, st.integers(1, 4), st.sampled_from([None, 0.5, 3.0]))
def test_what_is_lost_adds_up_by_cause_and_communities_to_the_city(
    town_of, radius_m, at_least, standard
):
    asked = {"radius_m": radius_m, "at_least": at_least, "standard": standard}
    report = report_of(town("Old Bridge"), *town_of, **asked)
    rows, totals = report.by("community"), report.totals()
    lost = [f"lost_on_foot_{cause}" for cause in CAUSES]
    none = [f"none_on_foot_{cause}" for cause in CAUSES]
    reasons = [name for name in rows.columns if name.startswith("reason_")]
    assert (rows["reached_straight"] - rows["reached"] == rows["lost_on_foot"]).all()
    assert (rows[lost].sum(axis=1) == rows["lost_on_foot"]).all()
    assert (rows[none].sum(axis=1) == rows["reason_none_on_foot"]).all()
    assert (rows[reasons].sum(axis=1) == rows["below"]).all()
    for name in ("people", "reached", "below", "reached_straight", "lost_on_foot", *lost, *reasons):
        assert rows[name].sum() == totals[name]
        for level in ("street", "city", "h3"):
            assert report.by(level)[name].sum() == totals[name]


@FEW
@given(peopled(), RADII, st.integers(1, 4))
def test_on_foot_is_never_more_than_straight_and_a_street_that_opens_takes_nothing(
    town_of, radius_m, at_least
):
    asked = {"radius_m": radius_m, "at_least": at_least}
    network = town()
    before = report_of(network, *town_of, **asked)
    people, supply = town_of
    straight = gm.Coverage(
        supply_frame(supply), COMMUNITIES, CoverageOptions(radius_m=radius_m, at_least=at_least)
    ).of(people_frame(people))
    beside = before.people["in_reach_straight"]
    pd.testing.assert_series_equal(beside, straight.people["in_reach"], check_names=False)
    assert (before.people["in_reach"].fillna(0) <= beside.fillna(0)).all()
    known = before.people[["distance_m", "distance_straight_m"]].dropna()
    assert (known["distance_m"] >= known["distance_straight_m"] - 1e-6).all()
    names = ["reached", "below"]
    assert (before.by("community")["reached_straight"] == straight.by("community")["reached"]).all()
    opened = network.opened(**between((-300, -90), (-300, 190)))
    after = report_of(opened, *town_of, **asked)
    assert (after.people["in_reach"].fillna(0) >= before.people["in_reach"].fillna(0)).all()
    one, other = before.by("community")[names], after.by("community")[names]
    assert (other["reached"] >= one["reached"]).all()
    assert (other["below"] <= one["below"]).all()


@FEW
@given(peopled(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(town_of, random):
    people, supply = (list(rows) for rows in town_of)
    network = town("Old Bridge")
    before = report_of(network, people, supply, at_least=2).by("community")
    random.shuffle(people)
    random.shuffle(supply)
    after = report_of(network, people, supply, at_least=2).by("community")
    pd.testing.assert_frame_equal(
        before.drop(columns="geometry"), after.drop(columns="geometry"), rtol=1e-12
    )


def test_a_report_of_straight_lines_has_no_columns_of_what_is_on_foot():
    report = gm.Coverage(JOBS, COMMUNITIES).of(HOMES)
    assert report.totals()["reason_none_on_foot"] == 0
    named = [*report.totals(), *report.people.columns]
    assert not [name for name in named if "straight" in name or "lost" in name or name == "cause"]
    assert not [name for name in named if name.startswith("none_on_foot")]


def test_the_edge_effect_stays_that_of_the_straight_circle():
    foot = report_of(town("Old Bridge"), HOMES, JOBS, edge_effect=True)
    straight = gm.Coverage(JOBS, COMMUNITIES, CoverageOptions(edge_effect=True)).of(HOMES)
    name = "outside_data_share"
    pd.testing.assert_series_equal(foot.people[name], straight.people[name])


def test_gap_areas_are_of_straight_lines():
    report = report_of(town(), HOMES, JOBS)
    with pytest.raises(ArgumentError, match=r"`report` must be of straight lines.*got one on foot"):
        gap_areas(report)


def test_two_reports_on_foot_are_compared_where_their_streets_are_alike():
    reports = [report_of(town("Old Bridge"), HOMES, JOBS[:n], radius_m=3000.0) for n in (1, 2)]
    told = gm.coverage.difference(*reports)
    assert told["lost_on_foot_change"].notna().any()
    opened = town("Old Bridge").opened(**between((-300, -90), (-300, 190)))
    other = report_of(opened, HOMES, JOBS, radius_m=3000.0)
    with pytest.raises(
        ArgumentError, match=r"`after` must be asked with the same `network`.*opened"
    ):
        gm.coverage.difference(reports[0], other)
    straight = gm.Coverage(JOBS, COMMUNITIES).of(HOMES)
    with pytest.raises(ArgumentError, match="`after` must be asked with the same `basis`"):
        gm.coverage.difference(reports[0], straight)


def test_nobody_and_nothing_are_defined():
    network = town()
    assert report_of(network, [], []).totals()["lost_on_foot"] == 0
    assert report_of(network, HOMES, []).totals()["reason_none_in_circle"] == 28
    assert report_of(network, [], JOBS).totals()["people"] == 0


def test_the_town_is_where_it_is_said_to_be():
    # The circles of the town worked by hand are told apart by some metres.
    metres = plain.plain.GEOD.inv(*at(-200, -150), *at(1000, -90))[2]
    assert 1195 < metres < 1205
