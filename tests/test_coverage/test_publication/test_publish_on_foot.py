"""A report on foot goes out as one of straight lines does, and what stands beside it stays in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from test_coverage.river import COMMUNITIES, town
from test_walking.river_town import at

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions
from geo_match.coverage.publication.publish import audit, count_tables, publish

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
    for table in count_tables(straight):
        assert "reason_none_on_foot" not in table.counts
    for table in count_tables(report()):
        assert "reason_none_on_foot" in table.counts


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
