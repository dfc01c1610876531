"""Coverage held to brute force, to towns worked by hand, and to what must hold of any."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from test_coverage import plain
from test_coverage.towns import (
    COMMUNITIES,
    LAT,
    LON,
    STEP,
    assert_row,
    communities_frame,
    people_frame,
    supply_frame,
    towns,
)

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.errors import ArgumentError, WeightError

AREAS = communities_frame(COMMUNITIES)
FEW = settings(max_examples=12)


def report_of(people, supply, **options):
    town = gm.Coverage(supply_frame(supply), AREAS, CoverageOptions(**options))
    return town.of(people_frame(people))


@FEW
@given(
    towns(),
    st.integers(1, 6),
    st.sampled_from(["vacancies", "places"]),
    st.sampled_from([None, 0.5, 1, 4]),
    st.booleans(),
)
def test_every_figure_of_every_community_is_that_of_brute_force(
    town, at_least, count, standard, compete
):
    people, supply = town
    asked = {"at_least": at_least, "count": count, "standard": standard, "max_distance_m": 9000.0}
    expected = plain.by_community(people, supply, COMMUNITIES, compete=compete, **asked)
    report = report_of(people, supply, competition=Binary() if compete else None, **asked)
    rows = report.by("community")
    codes = [None if pd.isna(code) else code for code in rows["code"]]
    assert codes == list(expected)
    for (_, row), code in zip(rows.iterrows(), codes, strict=True):
        assert row["kind"] == ("outside" if code is None else "community")
        assert row["has_area"] == (code in {"a", "b", "empty"})
        assert_row(row, expected[code])
    everyone = plain.persons(people, supply, COMMUNITIES, compete=compete, **asked)
    assert_row(report.totals(), plain.figures(everyone, compete=compete, **asked))
    for (_, row), one in zip(report.people.iterrows(), everyone, strict=True):
        assert row["id"] == one["row"]["id"]
        told = {"in_reach": one["in_reach"], "distance_m": one["distance"]}
        assert_row(row, {**told, **({"availability": one["measure"]} if compete else {})})
        for name in ("reason", "community"):
            assert (None if pd.isna(row[name]) else row[name]) == one[name]


@FEW
@given(towns(), st.integers(1, 6), st.floats(0.0, 8.0))
def test_reasons_add_up_to_the_gap_and_communities_to_the_city(town, at_least, standard):
    report = report_of(*town, at_least=at_least, standard=standard)
    rows, totals = report.by("community"), report.totals()
    reasons = [name for name in rows.columns if name.startswith("reason_")]
    assert (rows[reasons].sum(axis=1) == rows["below"]).all()
    for name in ("people", "located", "reached", "below", "not_found", *reasons):
        assert rows[name].sum() == totals[name]
    assert (rows["below"] <= rows["people"]).all()
    weight = sum(person["weight"] for person in town[0])
    assert totals["people"] == weight
    amount = [1 if row["vacancies"] is None else row["vacancies"] for row in town[1]]
    assert totals["supply_amount"] + totals["supply_unlocated_amount"] == sum(amount)


@FEW
@given(towns(), st.integers(1, 6), st.sampled_from([0.0, 500.0, 1200.0, 2999.0, 3000.0, 7000.0]))
def test_one_more_place_or_a_larger_radius_never_lowers_coverage(town, at_least, larger):
    people, supply = town
    before = report_of(people, supply[:-1], at_least=at_least)
    after = report_of(people, supply, at_least=at_least)
    assert (after.by("community")["reached"] >= before.by("community")["reached"]).all()
    assert (after.by("community")["below"] <= before.by("community")["below"]).all()
    wider = report_of(people, supply, at_least=at_least, radius_m=3000.0 + larger)
    assert (wider.by("community")["reached"] >= after.by("community")["reached"]).all()
    assert (wider.by("community")["below"] <= after.by("community")["below"]).all()


@FEW
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(town, random):
    people, supply = (list(rows) for rows in town)
    before = report_of(people, supply, at_least=3).by("community")
    random.shuffle(people)
    random.shuffle(supply)
    areas = list(AREAS)
    random.shuffle(areas)
    town = gm.Coverage(supply_frame(supply), areas, CoverageOptions(at_least=3))
    after = town.of(people_frame(people)).by("community")
    pd.testing.assert_frame_equal(
        before.drop(columns="geometry"), after.drop(columns="geometry"), rtol=1e-12
    )


@FEW
@given(towns())
def test_with_competition_all_that_is_in_reach_of_somebody_is_given_out(town):
    people, supply = town
    report = report_of(people, supply, competition=Binary())
    weight = np.array([person["weight"] for person in people], dtype=float)
    given_out = float((weight * report.people["availability"].fillna(0.0)).sum())
    totals = report.totals()
    assert given_out == pytest.approx(
        totals["supply_amount"] - totals["supply_without_seekers"], rel=1e-9
    )


def test_a_town_worked_by_hand():
    # A degree of longitude is 93.56 km here, and one of latitude 110.9: the home in the west is
    # 936 m from the shop and 4.68 km from the mill; the one in the middle 1,871 m from each.
    shop, mill = 117.36, 117.40
    people = [
        {"id": "west", "lon": 117.35, "lat": 32.93, "weight": 4},
        {"id": "middle", "lon": 117.38, "lat": 32.93, "weight": 2},
        {"id": "east", "lon": 117.52, "lat": 32.93, "weight": 1},
        {"id": "vague", "lon": 117.52, "lat": 32.93, "weight": 3, "location_accuracy_m": 2000.0},
        {"id": "unknown", "lon": None, "lat": None, "weight": 5, "community": "340302001001"},
        {"id": "stranger", "lon": None, "lat": None, "weight": 6, "community": "340302001999"},
    ]
    supply = [
        {"id": "J1", "lon": shop, "lat": 32.93, "vacancies": 1},
        {"id": "J2", "lon": shop, "lat": 32.93, "vacancies": 1},
        {"id": "J3", "lon": mill, "lat": 32.93, "vacancies": 3},
        {"id": "J4", "lon": None, "lat": None, "vacancies": 7},
    ]
    communities = gpd.GeoDataFrame(
        {
            "code": ["340302001001", "340302001002", "340303001001"],
            "name": ["一", "二", "三"],
        },
        geometry=[box(117.3, 32.9, 117.45, 32.95), box(117.5, 32.9, 117.6, 32.95), None],
        crs=4490,
    )
    report = gm.Coverage(supply, communities, CoverageOptions(at_least=3)).of(people)
    rows = report.by("community").set_index("code")
    first, second, third = (rows.loc[code] for code in communities["code"])
    # In the first: west has 2 in reach, middle all 5.
    assert_row(
        first,
        {
            "people": 11,
            "located": 6,
            "located_share": 6 / 11,
            "reached": 2,
            "reached_share": 1 / 3,
            "below": 9,
            "reason_no_location": 5,
            "reason_coarse_location": 0,
            "reason_none_in_circle": 0,
            "reason_over_subscribed": 0,
            "reason_too_few": 4,
            "in_reach_p10": 2,
            "in_reach_median": 2,
            "in_reach_p75": 5,
            "not_found": 0,
            "fgt_share": 4 / 6,
            "fgt_depth": 4 / 6 / 3,
            "fgt_severity": 4 / 6 / 9,
            # Σ|A_i − A_j| over ordered pairs is 2·4·2·3 = 48; twice 6 people times 18 is 216.
            "gini": 48 / 216,
        },
    )
    middle = plain.GEOD.inv(117.38, 32.93, shop, 32.93)[2]
    west = plain.GEOD.inv(117.35, 32.93, mill, 32.93)[2]
    assert_row(first, {"distance_p10_m": middle, "distance_median_m": west})
    assert_row(
        second,
        {
            "people": 4,
            "reached": 0,
            "reached_share": 0.0,
            "below": 4,
            "reason_coarse_location": 3,
            "reason_none_in_circle": 1,
            "in_reach_median": 0,
            "fgt_share": 1.0,
            "fgt_depth": 1.0,
            "fgt_severity": 1.0,
            "gini": None,
        },
    )
    assert_row(third, {"people": 0, "located_share": None, "reached_share": None, "gini": None})
    assert not third["has_area"]
    outside = report.by("community").iloc[-1]
    assert outside["kind"] == "outside"
    assert_row(outside, {"people": 6, "located": 0, "reason_no_location": 6})
    streets = report.by("street")
    assert streets["code"].tolist()[:2] == ["340302001", "340303001"]
    assert streets["people"].tolist() == [15, 0, 6]
    assert report.by("district")["people"].tolist() == [15, 0, 6]
    assert report.by("city")["people"].tolist() == [15, 6]
    totals = report.totals()
    assert (totals["supply_rows"], totals["supply_unlocated"]) == (4, 1)
    assert (totals["supply_amount"], totals["supply_unlocated_amount"]) == (5, 7)


def test_the_published_case_of_the_gap_and_of_gini_comes_out():
    # A = 0, 50, 100, 200 and P = 100, 100, 50, 50: Gini 0.5416667; FGT(100) = 2/3, 1/2, 5/12.
    lons = [117.0, 117.1, 117.2, 117.3]
    weights = [100, 100, 50, 50]
    people = [
        {"id": str(lon), "lon": lon, "lat": 32.9, "weight": weight}
        for lon, weight in zip(lons, weights, strict=True)
    ]
    supply = [
        {"id": str(lon), "lon": lon, "lat": 32.9, "vacancies": vacancies}
        for lon, vacancies in zip(lons, [0, 50, 100, 200], strict=True)
    ]
    totals = gm.Coverage(supply, [], CoverageOptions(standard=100)).of(people).totals()
    assert totals["gini"] == pytest.approx(0.5416667, abs=5e-8)
    shares = [totals[f"fgt_{name}"] for name in ("share", "depth", "severity")]
    assert shares == pytest.approx([2 / 3, 1 / 2, 5 / 12], rel=1e-15)


def test_what_is_shared_by_too_many_is_over_subscribed():
    people = [{"id": "P", "lon": LON, "lat": LAT, "weight": 4}]
    supply = [{"id": "J", "lon": LON, "lat": LAT, "vacancies": 2}]
    options = CoverageOptions(competition=Binary(), standard=0.75)
    report = gm.Coverage(supply, [], options).of(people)
    assert report.people.loc[0, ["in_reach", "availability", "reason"]].tolist() == [
        2,
        0.5,
        "over_subscribed",
    ]
    totals = report.totals()
    assert (totals["reached"], totals["below"], totals["reason_over_subscribed"]) == (4, 4, 4)
    assert totals["availability_median"] == 0.5
    assert totals["fgt_depth"] == pytest.approx(1 / 3)


def test_weights_that_no_competition_can_be_told_of_are_named_as_the_people_have_them():
    people = [{"id": str(n), "lon": LON, "lat": LAT, "weight": 10.0**n} for n in (-40, 0)]
    town = gm.Coverage(
        {"id": "J", "lon": LON, "lat": LAT}, [], CoverageOptions(competition=Binary())
    )
    told = "`people` must by column `weight` with `supply` let sums of floats be true"
    with pytest.raises(WeightError, match=told):
        town.of(people)


def test_a_circle_is_inclusive_to_the_last_bit():
    person = {"id": "P", "lon": LON, "lat": LAT}
    job = {"id": "J", "lon": LON + STEP, "lat": LAT + STEP}
    exact = plain.GEOD.inv(LON, LAT, job["lon"], job["lat"])[2]
    for radius, reached in ((exact, 1), (np.nextafter(exact, 0.0), 0)):
        options = CoverageOptions(radius_m=radius, max_distance_m=9000)
        report = gm.Coverage(job, [], options).of(person)
        assert report.totals()["reached"] == reached
        # The distance told lies on the same side.
        assert (report.people.loc[0, "distance_m"] <= radius) == bool(reached)


def test_a_person_beyond_where_is_looked_has_no_distance_and_is_counted():
    person = {"id": "P", "lon": LON, "lat": LAT}
    job = {"id": "J", "lon": LON + 10 * STEP, "lat": LAT}
    report = gm.Coverage(job, [], CoverageOptions(max_distance_m=3000)).of(person)
    assert np.isnan(report.people.loc[0, "distance_m"])
    assert report.totals()["not_found"] == 1
    assert np.isnan(report.totals()["distance_median_m"])


def test_without_people_supply_or_communities_everything_is_defined():
    nothing = gm.Coverage([], []).of([])
    rows = nothing.by("community")
    assert rows["kind"].tolist() == ["outside"]
    assert rows["people"].tolist() == [0]
    assert nothing.totals()["people"] == 0
    assert np.isnan(nothing.totals()["reached_share"])
    assert nothing.by("city")["kind"].tolist() == ["outside"]
    someone = {"id": "P", "lon": LON, "lat": LAT, "weight": 2}
    for options in (CoverageOptions(), CoverageOptions(competition=Binary())):
        report = gm.Coverage([], [], options).of(someone)
        assert report.by("community")["reason_none_in_circle"].tolist() == [2]
        assert gm.Coverage([], [], options).of([]).totals()["located"] == 0


def test_a_standard_of_nought_leaves_nobody_who_is_located_below():
    people = [{"id": "P", "lon": LON, "lat": LAT}, {"id": "Q", "lon": None, "lat": None}]
    totals = gm.Coverage([], [], CoverageOptions(standard=0)).of(people).totals()
    assert (totals["below"], totals["reason_no_location"]) == (1, 1)
    assert [totals[f"fgt_{name}"] for name in ("share", "depth", "severity")] == [0.0, 0.0, 0.0]


def test_more_than_all_the_supply_reaches_nobody():
    job = {"id": "J", "lon": LON, "lat": LAT, "vacancies": 5}
    report = gm.Coverage(job, [], CoverageOptions(at_least=6)).of(
        {"id": "P", "lon": LON, "lat": LAT}
    )
    totals = report.totals()
    assert (totals["reached"], totals["reason_too_few"], totals["not_found"]) == (0, 1, 1)


def test_float_weights_are_summed_to_rounding():
    rng = np.random.default_rng(3)
    weight = rng.uniform(0.0, 10.0, 500)
    people = pd.DataFrame(
        {"id": [str(n) for n in range(500)], "lon": LON, "lat": LAT, "weight": weight}
    )
    job = {"id": "J", "lon": LON, "lat": LAT}
    totals = gm.Coverage(job, []).of(people).totals()
    exact = sum(map(plain.Fraction, weight.tolist()))
    assert abs(plain.Fraction(totals["people"]) - exact) <= exact * 500 * plain.Fraction(1, 2**53)


def test_the_function_is_the_class_and_the_package_can_be_called():
    people = [{"id": "P", "lon": LON, "lat": LAT}]
    job = {"id": "J", "lon": LON, "lat": LAT}
    pd.testing.assert_frame_equal(
        gm.coverage(people, job, AREAS), gm.Coverage(job, AREAS).of(people).by("community")
    )
    script = "import geo_match as gm; print(len(gm.coverage([], [], [])))"  # the name comes first
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "1\n", done.stderr


def test_options_of_another_kind_are_refused():
    with pytest.raises(ArgumentError, match="`options` must be CoverageOptions, or None"):
        gm.Coverage([], [], gm.MatchOptions())


def test_the_small_city_is_told_alike_by_every_level(shipped_city):
    tables = {
        name: gpd.read_parquet(shipped_city / f"{name}.parquet")
        for name in ("households", "jobs", "communities")
    }
    report = gm.Coverage(tables["jobs"], tables["communities"]).of(tables["households"])
    levels = [report.by(level) for level in ("community", "street", "district", "city", "hukou")]
    for one, other in pairwise(levels):
        for name in ("people", "located", "reached", "below", "reason_none_in_circle"):
            assert one[name].sum() == other[name].sum()
    assert len(levels[0]) == len(tables["communities"]) + 1
    # Of a hundred households, by brute force.
    some = np.random.default_rng(1).choice(len(tables["households"]), 100, replace=False)
    jobs = tables["jobs"]
    amount = (jobs["vacancies"] - jobs["filled"]).clip(lower=0).fillna(1).to_numpy(dtype=int)
    for at in some.tolist():
        home = tables["households"].geometry.iloc[at]
        n = len(jobs)
        away = plain.GEOD.inv([home.x] * n, [home.y] * n, jobs.geometry.x, jobs.geometry.y)[2]
        expected = amount[np.asarray(away) <= 3000.0].sum()
        assert report.people["in_reach"].iloc[at] == expected


def test_areas_are_repaired_on_request_and_the_report_says_which():
    spiked = (
        "POLYGON ((117.36 32.92, 117.38 32.92, 117.38 32.93, 117.40 32.93, 117.38 32.93, "
        "117.38 32.94, 117.36 32.94, 117.36 32.92))"
    )
    areas = [{"code": "340302001001", "area": spiked}, {"code": "340302001002"}]
    people = [{"id": "H1", "lon": 117.37, "lat": 32.93}]
    with pytest.raises(gm.GeoMatchError, match=r"340302001001.*repair"):
        gm.Coverage([], areas)
    report = gm.Coverage([], areas, repair=True).of(people)
    assert report.repaired["code"].tolist() == ["340302001001"]
    assert report.by("community")["people"].tolist() == [1, 0, 0]
    assert gm.Coverage([], areas[1:]).of(people).repaired.empty
