"""The rows of a report: levels, groups, areas, and what cannot be asked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box
from test_coverage.plain_competition import plain_outside_share

import geo_match as gm
from geo_match.coverage import CoverageOptions
from geo_match.coverage.answers.rows import people_rows
from geo_match.errors import ArgumentError

LON, LAT = 117.37, 32.93
COMMUNITIES = [
    {"code": "340302001001", "area": box(117.3, 32.9, 117.4, 33.0).wkt},
    {"code": "340302001002", "area": box(117.4, 32.9, 117.5, 33.0).wkt},
    {"code": "340303001001"},
]
PEOPLE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "lon": [LON, LON, 117.45, None],
        "lat": [LAT, LAT, LAT, None],
        "weight": [1, 2, 3, 4],
        "sex": ["male", "female", None, "male"],
        "people": ["x", "x", "x", "x"],
    }
)
REPORT = gm.Coverage({"id": "J", "lon": LON, "lat": LAT}, COMMUNITIES).of(PEOPLE)


def test_a_level_above_has_the_ground_of_its_communities():
    streets = REPORT.by("street")
    assert streets["kind"].tolist() == ["street", "street", "outside"]
    assert streets["has_area"].tolist() == [True, False, False]
    assert streets.crs == 4326
    assert streets.geometry.iloc[0].equals(box(117.3, 32.9, 117.5, 33.0))


def test_each_community_is_parted_by_every_value_of_a_group():
    rows = REPORT.by("community", "sex")
    assert len(rows) == 4 * 3
    assert rows["sex"].fillna("?").tolist() == ["female", "male", "?"] * 4
    assert rows["people"].tolist() == [2, 1, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0]
    whole = REPORT.by("community")
    sums = rows.groupby(rows["code"].fillna(""))["below"].sum()
    assert sums.to_dict() == dict(zip(whole["code"].fillna(""), whole["below"], strict=True))


def test_a_group_has_rows_of_its_own_and_a_last_one_for_what_is_not_stated():
    rows = REPORT.by("sex")
    assert rows["kind"].tolist() == ["group"] * 3
    assert rows["code"].fillna("?").tolist() == ["female", "male", "?"]
    assert rows["people"].tolist() == [2, 5, 3]
    assert shapely.is_missing(rows.geometry.to_numpy()).all()


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (("village",), "`by` must name a column of the people, .* got 'village'"),
        (("community", "village"), "`more` must name a column of the people, got 'village'"),
        (("community", "street"), "`more` must name columns of the people, got 'street'"),
        (("sex", "sex"), "`more` must name columns of the people, got 'sex'"),
        (("community", "people"), "`more` must name columns whose names are not those of figures"),
    ],
)
def test_what_cannot_be_asked_is_named(by, told):
    with pytest.raises(ArgumentError, match=told):
        REPORT.by(*by)


def test_availability_is_told_with_competition_alone_whatever_array_holds_the_measure():
    outcome = dataclasses.replace(REPORT.outcome, measure=REPORT.outcome.measure.copy())
    report = dataclasses.replace(REPORT, outcome=outcome)
    assert "availability" not in report.people
    pd.testing.assert_frame_equal(report.by("community"), REPORT.by("community"))


def test_too_many_rows_are_refused_before_they_are_made():
    rows = people_rows(np.zeros(3, int), ["x", "y"])
    with pytest.raises(ArgumentError, match="`more` must make at most 5 rows, got 6"):
        rows.parted("z", np.zeros(3, int), ["1", "2", "3"], most=5)


def test_quantiles_are_named_by_their_hundredths():
    options = CoverageOptions(quantiles=(0.125, 0.5, 1.0))
    totals = gm.Coverage([], [], options).of(PEOPLE).totals()
    assert {"in_reach_p12.5", "in_reach_median", "distance_p100_m"} <= set(totals)
    assert "in_reach_p10" not in totals


def test_people_keep_their_order_and_the_report_its_answer():
    frame = REPORT.people
    assert frame["id"].tolist() == ["a", "b", "c", "d"]
    assert frame["in_reach"].tolist()[:2] == [1, 1]
    assert frame["in_reach"].isna().tolist() == [False, False, False, True]
    frame.loc[0, "in_reach"] = 99
    assert REPORT.by("community")["in_reach_median"].tolist()[0] == 1
    assert repr(REPORT) == "CoverageReport(4 rows of people, 3 communities)"


def test_what_of_the_circles_lies_outside_the_areas_is_told_only_when_asked():
    people = PEOPLE.assign(lon=[117.3, 117.37, 117.45, None])  # "a" lives on the western border
    plain = gm.Coverage([], COMMUNITIES).of(people)
    assert "outside_data_share" not in plain.by("community")
    assert "outside_data_share" not in plain.people
    report = gm.Coverage([], COMMUNITIES, CoverageOptions(edge_effect=True)).of(people)
    ground = shapely.union_all([box(117.3, 32.9, 117.4, 33.0), box(117.4, 32.9, 117.5, 33.0)])
    shares = [
        plain_outside_share(lon, LAT, 3000.0, lambda x, y: shapely.intersects_xy(ground, x, y))
        for lon in (117.3, 117.37, 117.45)
    ]
    assert shares[0] > 0.4
    told = report.people["outside_data_share"]
    np.testing.assert_allclose(told[:3], shares, rtol=0, atol=2e-3)
    assert np.isnan(told[3])
    rows = report.by("community")["outside_data_share"]
    np.testing.assert_allclose(rows[0], (shares[0] + 2 * shares[1]) / 3, rtol=0, atol=2e-3)
    np.testing.assert_allclose(rows[1], shares[2], rtol=0, atol=2e-3)
    assert rows[2:].isna().all()
    whole = (shares[0] + 2 * shares[1] + 3 * shares[2]) / 6
    assert report.totals()["outside_data_share"] == pytest.approx(whole, abs=2e-3)
    again = gm.Coverage([], COMMUNITIES, CoverageOptions(edge_effect=True)).of(people[::-1])
    name = "outside_data_share"
    assert again.totals()[name] == report.totals()[name]


def test_every_frame_of_a_report_says_that_it_is_internal():
    assert REPORT.release == "internal"
    assert REPORT.totals()["release"] == "internal"
    for frame in (REPORT.people, REPORT.by("community"), REPORT.by("h3"), REPORT.by("sex")):
        assert (frame["release"] == "internal").all()
    with pytest.raises(ArgumentError, match="`more` must name columns of the people"):
        gm.Coverage([], []).of(PEOPLE.assign(release="x")).by("community", "release")
