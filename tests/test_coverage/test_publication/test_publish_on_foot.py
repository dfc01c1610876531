"""A report on foot goes out as one of straight lines does, and what stands beside it stays in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from test_coverage.river import COMMUNITIES, town
from test_matching.cases import ON
from test_walking.river_town import at

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.coverage.publication.count_table import stacked
from geo_match.coverage.publication.publish import audit, count_tables, publish
from geo_match.errors import ArgumentError

KEY = b"an invented key for the tests"
JOBS = [
    {"id": name, **dict(zip(("lon", "lat"), at(*place), strict=True))}
    for name, place in (("mill", (-200, 250)), ("shop", (1000, -90)), ("quay", (-900, -140)))
]


def people(located=0.9):
    """Return 400 invented people, most of them along the two streets beside the river."""
    rng = np.random.default_rng(8)
    n = 400
    x = rng.uniform(-1900, 1900, n)
    y = np.where(rng.random(n) < 0.6, rng.uniform(-190, -110, n), rng.uniform(210, 290, n))
    lon, lat = at(x, y)
    nowhere = rng.random(n) >= located
    return pd.DataFrame(
        {
            "id": [f"p{number}" for number in range(n)],
            "lon": np.where(nowhere, np.nan, lon),
            "lat": np.where(nowhere, np.nan, lat),
            "community": rng.choice([one["code"] for one in COMMUNITIES], n),
            "location_accuracy_m": np.where(rng.random(n) < 0.1, 900.0, 10.0),
            "sex": rng.choice(["f", "m"], n),
        }
    )


def report(**options):
    asked = CoverageOptions(basis="walking", network=town("Old Bridge"), radius_m=900.0, **options)
    return gm.Coverage(JOBS, COMMUNITIES, asked).of(people())


@pytest.mark.parametrize(
    "options",
    [{}, {"at_least": 2}, {"standard": 2}, {"competition": Binary(), "standard": 0.01}],
    ids=["one is enough", "two are", "one is, and two are the standard", "in competition"],
)
def test_the_levels_of_a_report_on_foot_go_out_safe_and_near_the_truth(options):
    inside = report(**options)
    published = publish(inside, key=KEY)
    assert audit(published)["safe"].all()
    for level in ("community", "street", "district", "city"):
        out, truth = published[level], inside.by(level)
        for name in ("people", "reached", "below", "reason_none_on_foot"):
            printed = out[name].notna() & (out[name] > 0).fillna(value=False)
            assert ((out[name] - truth[name])[printed].abs() <= published.most_error).all()
            assert (truth[name][printed] >= published.min_count).all()
    assert inside.totals()["reason_none_on_foot"] > 0
    assert published["all"]["reason_none_on_foot"].notna().all()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"at_least": 2},
        {"standard": 0},
        {"standard": 0.5},
        {"standard": 2},
        {"at_least": 2, "standard": 1},
        {"competition": Binary(), "standard": 0.01},
        {"competition": Binary(), "at_least": 2},
    ],
    ids=str,
)
def test_what_is_straight_goes_out_beside_with_all_that_ties_the_two(options):
    inside = report(**options)
    tables = count_tables(inside, straight=True)
    published = publish(*tables, key=KEY)
    told = audit(published)
    assert told["safe"].all()
    assert {"reached_straight", "reached_straight_share"} <= {*published["community"]}
    assert {"in_reach_straight_median", "distance_straight_median_m"} <= {*published["community"]}
    assert not [name for name in published["community"] if "lost" in name]
    for level in ("community", "street", "district", "city"):
        out, truth = published[level], inside.by(level)
        for name in ("people", "reached", "reached_straight"):
            printed = out[name].notna() & (out[name] > 0).fillna(value=False)
            assert ((out[name] - truth[name])[printed].abs() <= published.most_error).all()
            assert (truth[name][printed] >= published.min_count).all()
    assert published["all"]["reached_straight"].notna().all()
    # Who is lost is bounded, and never closely where these are few.
    lost = told[told["column"] == "lost_on_foot"]
    for name, level in (("all", None), ("community", "community"), ("street", "street")):
        true = [inside.totals()] if level is None else inside.by(level).to_dict("records")
        rows = lost[lost["table"] == name]
        # Left out are rows of which everybody knows that they are 0.
        assert {n for n, one in enumerate(true) if one["lost_on_foot"]} <= {*rows["row"]}
        assert len(rows)
        for row in rows.itertuples():
            count = true[row.row]["lost_on_foot"]
            assert row.upper - row.lower >= 10 - 1e-6 or (row.lower >= 10 - 1e-6 and count >= 10)


@pytest.mark.parametrize("options", [{}, {"at_least": 2}], ids=str)
def test_no_one_who_is_lost_is_bounded_closely_by_exact_programs(options):
    tables = [
        one
        for one in count_tables(report(**options), straight=True)
        if one.name in {"all", "city", "district", "street"}
    ]
    found = audit(publish(*tables, key=KEY), exact=True)
    assert found["safe"].all()
    truth = {one.name: one.values() for one in stacked(tables)}
    columns = {one.name: one.columns for one in tables}
    for row in found.itertuples():
        count = truth[row.table][row.row, columns[row.table].index(row.column)]
        assert row.lower - 1e-6 <= count <= row.upper + 1e-6


def test_sums_of_what_is_straight_hold_for_every_row():
    fitting = {"eligible": gm.MatchOptions(on=ON, conditions=["vacancies"])}
    for options in ({}, {"at_least": 2}, {"standard": 3}, fitting, fitting | {"at_least": 2}):
        asked = dataclasses.replace(report().options, **options)
        found = gm.Coverage(JOBS, COMMUNITIES, asked).of(people().drop(columns="sex"))
        for table in count_tables(found, straight=True):
            values = dict(zip(table.columns, table.values().T, strict=True))
            lost = values["reached_straight"] - values["reached"]
            assert (values["lost_on_foot"] == lost).all()
            assert (lost >= 0).all()


def test_groups_go_out_with_what_is_straight():
    tables = count_tables(report(), groups=("sex",), straight=True)
    published = publish(*(one for one in tables if one.name in {"all", "sex"}), key=KEY)
    assert audit(published)["safe"].all()
    assert "reached_straight" in published["sex"]


def test_cells_go_out_with_what_is_straight():
    tables = count_tables(report(), h3=True, straight=True)
    published = publish(*tables, key=KEY)
    assert audit(published)["safe"].all()
    assert "reached_straight" in published["h3"]
    truth = report().by("h3").set_index("code")["reached_straight"]
    overlaps = next(one for one in tables if one.name == "community by h3").frame
    each = overlaps.groupby("h3")["reached_straight"].sum()
    found = truth.index.intersection(each.index)
    assert len(found) > 1
    assert (each.loc[found] == truth.loc[found]).all()


def test_a_report_of_straight_lines_and_one_on_foot_go_out_by_the_one_alone():
    foot = report()
    straight = gm.Coverage(JOBS, COMMUNITIES, CoverageOptions(radius_m=900.0)).of(people())
    told = r"got 2 reports.*`count_tables\(on_foot, straight=True\)` has both"
    with pytest.raises(ArgumentError, match=told):
        gm.publish(straight, foot)
    told = r"`all` must be declared alike .*, got other counts, splits. .*straight=True"
    with pytest.raises(ArgumentError, match=told):
        gm.publish(*count_tables(straight), *count_tables(foot))
    with pytest.raises(
        ArgumentError, match="`straight` must be False of a report that is not on f"
    ):
        count_tables(straight, straight=True)
    # What the one says of straight lines is what the other does.
    beside = count_tables(foot, straight=True)[1].frame["reached_straight"]
    assert beside.tolist() == count_tables(straight)[1].frame["reached"].tolist()


def test_what_is_straight_and_the_causes_stay_inside():
    tables = count_tables(report(), groups=("sex",))
    published = publish(*(one for one in tables if one.name in {"all", "sex"}), key=KEY)
    for frame in published.tables.values():
        named = [*frame.columns]
        assert not [name for name in named if "straight" in name or "lost" in name]
        assert not [name for name in named if name.startswith("none_on_foot") or name == "cause"]
    assert audit(published)["safe"].all()


def test_the_counts_of_straight_lines_are_those_they_were():
    asked = dataclasses.replace(report().options, basis="geodesic", network=None)
    straight = gm.Coverage(JOBS, COMMUNITIES, asked).of(people())
    by_straight, on_foot, both = (
        count_tables(straight),
        count_tables(report()),
        count_tables(report(), straight=True),
    )
    for was, now, beside in zip(by_straight, on_foot, both, strict=True):
        assert was.name == now.name == beside.name
        assert {*now.counts} - {*was.counts} == {"reason_none_on_foot"}
        assert {*beside.counts} - {*now.counts} == {"reached_straight"}
        for name in ("people", "located", "reason_no_location"):
            assert was.frame[name].tolist() == now.frame[name].tolist()
        assert was.frame["reached"].tolist() == beside.frame["reached_straight"].tolist()
        assert (now.frame["reached"] <= was.frame["reached"]).all()
        assert now.frame["reached"].sum() < was.frame["reached"].sum()


def test_cells_and_two_dates_go_out_safe_together():
    tables = [
        table
        for date, located in (("2025-12", 0.9), ("2026-01", 0.8))
        for table in count_tables(
            gm.Coverage(JOBS, COMMUNITIES, report().options).of(people(located)),
            date=date,
            h3=True,
        )
    ]
    assert audit(publish(*tables, key=KEY))["safe"].all()
