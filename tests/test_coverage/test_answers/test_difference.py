"""The difference between two dates, held to plain subtraction row by row."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from test_coverage.towns import COMMUNITIES, communities_frame, people_frame, supply_frame, towns

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.coverage.answers.difference import difference
from geo_match.coverage.plan.options import PlanOptions
from geo_match.coverage.plan.service_plan import service_plan
from geo_match.errors import ArgumentError
from geo_match.taxonomy import Group, Occupations

FEW = settings(max_examples=12)
AREA, OTHER = (shapely.box(117.3 + x, 32.9, 117.4 + x, 33.0) for x in (0.0, 0.1))
A, B, C, D = (f"34030200100{digit}" for digit in range(1, 5))
HOMES = [
    {"id": "H1", "lon": 117.35, "lat": 32.93, "weight": 3, "sex": "male"},
    {"id": "H2", "lon": 117.45, "lat": 32.93, "weight": 2, "sex": None},
]


def town(**areas):
    rows = [{"code": code, "name": name, "area": area} for name, (code, area) in areas.items()]
    return gpd.GeoDataFrame(
        [{"code": row["code"], "name": row["name"]} for row in rows],
        geometry=[row["area"] for row in rows],
        crs=4326,
    )


def report(vacancies, communities, homes=HOMES, **asked):
    jobs = {"id": "J", "lon": 117.35, "lat": 32.93, "vacancies": vacancies}
    return gm.Coverage(jobs, communities, CoverageOptions(**asked)).of(homes)


BOTH = town(甲=(A, AREA), 乙=(B, OTHER))


def test_counts_shares_and_reasons_are_told_before_after_and_as_a_change():
    more = [*HOMES, {"id": "H3", "lon": 117.35, "lat": 32.93, "weight": 1, "sex": "male"}]
    before = report(1, BOTH, standard=2)
    after = report(5, BOTH, more, standard=2)
    rows = difference(before, after, labels=(dt.date(2024, 12, 31), "2025-12-31"))
    assert rows["code"].tolist()[:2] == [A, B]
    assert rows["kind"].tolist() == ["community", "community", "outside"]
    assert rows["change"].tolist() == ["both"] * 3
    assert not rows["area_changed"].any()
    first = rows.iloc[0]
    assert (first["before"], first["after"]) == ("2024-12-31", "2025-12-31")
    assert [first[f"people_{end}"] for end in ("before", "after", "change")] == [3, 4, 1]
    assert [first[f"reason_too_few_{end}"] for end in ("before", "after", "change")] == [3, 0, -3]
    assert [first[f"fgt_depth_{end}"] for end in ("before", "after", "change")] == [0.5, 0.0, -0.5]
    second = rows.iloc[1]
    assert [second[f"reached_share_{end}"] for end in ("before", "after", "change")] == [0, 0, 0]
    outside = rows.iloc[2]
    assert (outside["people_change"], outside["release"]) == (0, "internal")
    assert pd.isna(outside["reached_share_change"])  # there is nobody to have a share of
    assert rows.crs == 4326
    assert rows.geometry.iloc[0].equals(AREA)


@FEW
@given(towns(), towns())
def test_a_change_is_what_is_after_less_what_was_before(one, other):
    areas = communities_frame(COMMUNITIES)
    before, after = (
        gm.Coverage(supply_frame(supply), areas).of(people_frame(people))
        for people, supply in (one, other)
    )
    rows = difference(before, after)
    old, new = before.by("community"), after.by("community")
    figures = [name[: -len("_change")] for name in rows.columns if name.endswith("_change")]
    assert {"people", "reached_share", "reason_no_location", "gini"} <= set(figures)
    for name in figures:
        was, now = (frame[name].astype(float) for frame in (old, new))
        for told, expected in (("before", was), ("after", now), ("change", now - was)):
            found = rows[f"{name}_{told}"].astype("Float64").fillna(-7.5)
            assert found.tolist() == expected.fillna(-7.5).tolist(), (name, told)
    back = difference(after, before)
    pd.testing.assert_series_equal(rows["people_change"], -back["people_change"], check_names=False)
    nothing = difference(before, before)
    assert (nothing["change"] == "both").all()
    for name in figures:
        assert (nothing[f"{name}_change"].dropna() == 0).all()


def test_a_community_that_is_only_in_one_is_shown_and_what_it_lacks_is_null():
    before = report(1, town(甲=(A, AREA), 丙=(C, OTHER)))
    after = report(1, town(乙=(B, OTHER), 甲=(A, AREA)))
    rows = difference(before, after)
    assert rows["code"].fillna("").tolist() == [A, B, "", C]
    assert rows["change"].tolist() == ["both", "new", "both", "gone"]
    assert rows["name"].tolist()[-1] == "丙"
    assert rows["people_before"].isna().tolist() == [False, True, False, False]
    assert rows["people_after"].isna().tolist() == [False, False, False, True]
    assert rows["people_change"].isna().tolist() == [False, True, False, True]
    assert rows["people_before"].dropna().tolist() == [3, 0, 2]
    assert rows["area_changed"].isna().tolist() == [False, True, False, True]
    assert rows.geometry.iloc[-1].equals(OTHER)


def test_a_renumbered_community_is_one_row_under_its_new_code():
    before = report(1, town(甲=(A, AREA), 乙=(C, OTHER)))
    after = report(1, BOTH)
    rows = difference(before, after, renumbered={C: B, "340302009001": "340302009002", A: A})
    assert rows["change"].tolist() == ["both", "renumbered", "both"]
    assert rows["code_before"].fillna("").tolist() == ["", C, ""]
    assert rows["people_change"].tolist() == [0, 0, 0]
    parted = difference(before, after, "community", "sex", renumbered={C: B})
    assert parted["change"].tolist() == ["both"] * 2 + ["renumbered"] * 2 + ["both"] * 2
    # Two that exchanged their codes.
    swapped = report(1, town(甲=(B, AREA), 乙=(A, OTHER)))
    rows = difference(after, swapped, renumbered={A: B, B: A})
    assert rows["change"].tolist() == ["renumbered", "renumbered", "both"]
    assert rows["code_before"].tolist()[:2] == [B, A]
    assert rows["people_change"].tolist() == [0, 0, 0]
    assert not rows["area_changed"].any()


def test_a_community_whose_area_changed_says_so():
    turned = shapely.Polygon(AREA.exterior.coords[2:] + AREA.exterior.coords[1:3])
    before = report(1, town(甲=(A, AREA), 乙=(B, OTHER), 丙=(C, None), 丁=(D, None)))
    after = report(
        1,
        town(
            甲=(A, turned),
            乙=(B, shapely.box(117.4, 32.9, 117.5, 32.92)),
            丙=(C, None),
            丁=(D, OTHER),
        ),
    )
    rows = difference(before, after)
    assert rows["area_changed"].tolist() == [False, True, False, True, False]


def test_groups_and_levels_above_are_compared_as_well():
    before, after = report(1, BOTH), report(1, BOTH, HOMES[:1])
    rows = difference(before, after, "sex")
    assert rows["change"].tolist() == ["both", "gone"]
    assert pd.isna(rows["code"].iloc[1])
    city = difference(before, after, "city")
    assert city["people_change"].tolist() == [-2, 0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"radius_m": 2000.0}, "asked with the same `radius_m` as `before` .3000.0., got 2000.0"),
        ({"at_least": 2}, "asked with the same `at_least` as `before` .1., got 2"),
        ({"count": "places"}, "asked with the same `count` as `before` .'vacancies'."),
        ({"standard": 3}, "asked with the same `standard` as `before` .1., got 3"),
        ({"competition": Binary()}, "asked with the same `competition`"),
    ],
)
def test_what_was_asked_otherwise_is_not_compared(asked, told):
    with pytest.raises(ArgumentError, match=told):
        difference(report(1, BOTH), report(1, BOTH, **asked))


def test_the_day_of_eligibility_may_differ_as_the_day_of_a_plan_may_and_nothing_else():
    def on(year, **asked):
        options = gm.MatchOptions(on=dt.date(year, 12, 31), **asked)
        days = {"opened_on": dt.date(2024, 1, 1), "closed_on": dt.date(2025, 6, 30)}
        job = {"id": "J", "lon": 117.35, "lat": 32.93, "employer_licence": "verified", **days}
        return gm.Coverage(job, BOTH, CoverageOptions(eligible=options)).of(HOMES)

    rows = difference(on(2024), on(2025))
    assert rows["reached_change"].tolist() == [-3, 0, 0]
    with pytest.raises(ArgumentError, match="`after` must be asked with the same `eligible`"):
        difference(on(2024), on(2025, occupation_level="major"))


def test_a_figure_that_only_one_has_is_null_in_the_other_and_does_not_change():
    marked = [{**home, "zero_employment": True} for home in HOMES]
    for one, other, counts in (
        (HOMES, marked, [[pd.NA, 3], [pd.NA, 2], [pd.NA, 0]]),
        (marked, HOMES, [[3, pd.NA], [2, pd.NA], [0, pd.NA]]),
    ):
        rows = difference(report(1, BOTH, one), report(1, BOTH, other))
        names = [f"zero_employment_{end}" for end in ("before", "after")]
        assert rows[names].to_numpy().tolist() == counts
        assert rows["zero_employment_change"].isna().all()
        assert {rows[f"zero_employment_{end}"].dtype.name for end in ("before", "change")} == {
            "Int64"
        }


@pytest.mark.parametrize("name", ["change", "before", "code_before", "people_change"])
def test_a_column_of_the_people_that_would_be_written_over_is_refused(name):
    one = report(1, BOTH, [{**home, name: "x"} for home in HOMES])
    with pytest.raises(ArgumentError, match=f"names are not those of the difference, got '{name}'"):
        difference(one, one, "community", name)
    assert difference(one, one, name)["code"].tolist() == ["x"]


def test_a_default_is_the_same_as_what_it_stands_for():
    rows = difference(report(1, BOTH), report(1, BOTH, standard=1, coarse_m=1500.0))
    assert (rows["change"] == "both").all()


@pytest.mark.parametrize(
    ("renumbered", "told"),
    [
        ([], "`renumbered` must be a mapping, got list"),
        ({"x": B, "y": B}, "`renumbered` must give each code to one community, got 'x', 'y'"),
        ({A: "x"}, f"must name codes before that are not in use after, got '{A}'"),
        ({"x": A}, f"must name codes after that were not in use before, got '{A}'"),
    ],
)
def test_a_renumbering_that_contradicts_the_codes_is_named(renumbered, told):
    with pytest.raises(ArgumentError, match=told):
        difference(report(1, BOTH), report(1, BOTH), renumbered=renumbered)


def test_what_else_cannot_be_compared_is_named():
    one = report(1, BOTH)
    plan = service_plan(BOTH, PlanOptions(on=dt.date(2025, 12, 31)))
    for labels in ("ab", 7, ("a",), ("a", "a"), ("a", " "), {"a", "b"}, (None, 1)):
        with pytest.raises(ArgumentError, match="`labels` must be two different texts or days"):
            difference(one, one, labels=labels)
    with pytest.raises(ArgumentError, match="`after` must be a CoverageReport, as `before` is"):
        difference(one, plan)
    for what in (one.by("community"), gm.WhatIf(one).change()):
        with pytest.raises(ArgumentError, match="`before` must be a CoverageReport or a ServiceP"):
            difference(what, what)
    with pytest.raises(ArgumentError, match="`renumbered` must be given by community alone"):
        difference(one, one, "street", renumbered={A: C})
    with pytest.raises(ArgumentError, match="`by` must name a column of the people"):
        difference(one, one, "village")


def test_two_plans_are_compared_by_community_and_by_occupation():
    seekers = [{**home, "occupation": "401"} for home in HOMES]
    jobs = [
        {"id": "J1", "lon": 117.35, "lat": 32.93, "occupation": "401", "vacancies": 1},
        {
            "id": "J2",
            "lon": 117.35,
            "lat": 32.93,
            "occupation": "401",
            "opened_on": dt.date(2025, 7, 1),
        },
    ]
    days = dt.date(2024, 12, 31), dt.date(2025, 12, 31)
    before, after = (
        service_plan(BOTH, PlanOptions(on=day), seekers=seekers, jobs=jobs) for day in days
    )
    first = difference(before, after).iloc[0]
    assert [first[f"vacancies_{end}"] for end in ("before", "after", "change")] == [1, 2, 1]
    assert (first["on_before"], first["on_after"]) == days
    assert [first[f"short_1_shortfall_{end}"] for end in ("before", "after")] == pytest.approx(
        [2, 1]
    )
    assert "short_1_shortfall_change" not in first.index
    assert pd.isna(first["people_change"])
    cells = difference(before, after, "community", "occupation")
    assert cells["occupation"].tolist() == ["4"] * 3
    assert cells["shortfall_change"].tolist() == pytest.approx([-1.0, 0.0, 0.0])
    other = Occupations({"4": Group("4", 1, "商业", None)}, version="大典2022")
    odd = service_plan(BOTH, PlanOptions(on=days[1], table=other), seekers=seekers, jobs=jobs)
    with pytest.raises(ArgumentError, match=r"the same `table` .* got 大典2022 with 1 groups"):
        difference(before, odd)
