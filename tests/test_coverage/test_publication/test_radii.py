"""Several radii published as one: linear programming over all of them bounds nobody."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

import geo_match as gm
from geo_match.coverage import CoverageOptions, count_tables, publish
from geo_match.coverage.publication.audit import audit
from geo_match.coverage.publication.radii import reached_within, tables_of_radii
from geo_match.errors import ArgumentError

KEY = b"k" * 32
LON, LAT, STEP = 117.30, 32.90, 0.03
JOBS = [{"id": "J1", "lon": LON + 0.01, "lat": LAT + 0.01, "vacancies": 2}]
COMMUNITIES = [
    {
        "code": f"3403020{at // 2 + 1:02d}{at % 2 + 1:03d}",
        "area": shapely.to_wkt(
            shapely.box(
                LON + at % 2 * STEP,
                LAT + at // 2 * STEP,
                LON + (at % 2 + 1) * STEP,
                LAT + (at // 2 + 1) * STEP,
            )
        ),
    }
    for at in range(4)
]


def homes(seed):
    draw = random.Random(seed)  # noqa: S311 - a drawn town, no secret
    return [
        {"id": f"H{at}", "lon": LON + draw.random() * 0.06, "lat": LAT + draw.random() * 0.06}
        for at in range(100)
    ]


def reports(people, *radii, **options):
    return [
        gm.Coverage(JOBS, COMMUNITIES, CoverageOptions(radius_m=one, **options)).of(people)
        for one in radii
    ]


def test_nobody_is_bounded_by_all_radii_together():
    published = publish(*tables_of_radii(*reports(homes(1), 3000, 1000, 2000, 5000)), key=KEY)
    assert audit(published)["safe"].all()


def test_who_lives_between_two_radii_is_a_rest_that_is_protected():
    # Four live between 2 and 3 km. Had they a table each, the two with one key would tell it.
    people = homes(3)
    tables = tables_of_radii(*reports(people, 3000, 2000))
    (rest,) = {name for table in tables for name in table.columns if name.startswith("between")}
    assert rest == "between_2000_3000"
    found = audit(publish(*tables, key=KEY))
    assert not found.loc[found["column"] == rest, "printed"].any()
    assert found.loc[found["column"] == rest, "safe"].all()


def test_each_figure_is_what_the_radius_alone_reaches_to_the_error_stated():
    people = homes(4)
    three, one = reports(people, 3000, 1000)
    published = publish(*tables_of_radii(three, one), key=KEY)
    for report, column in ((three, "reached"), (one, reached_within(1000))):
        exact, told = report.by("community")[["reached"]], published["community"][column]
        shown = told.notna().to_numpy()
        away = np.abs(told[shown].to_numpy(dtype=int) - exact["reached"].to_numpy()[shown])
        assert (away <= published.most_error).all()
        few = (exact["reached"] < 10).to_numpy() & shown
        assert (told[few] == 0).all()  # nobody lives outside, as everybody is told


def test_one_radius_alone_is_what_is_published_without_others():
    (report,) = reports(homes(5), 3000)
    alone = publish(*count_tables(report), key=KEY)
    same = publish(*tables_of_radii(report), key=KEY)
    for name, frame in alone.tables.items():
        assert frame.equals(same[name])


def test_reports_of_other_people_or_of_one_radius_twice_are_refused():
    first, again = reports(homes(6), 3000, 3000)
    with pytest.raises(ArgumentError, match="have a radius of their own each"):
        tables_of_radii(first, again)
    (other,) = reports(homes(7)[:-1], 1000)
    with pytest.raises(ArgumentError, match="differ from the first in the radius alone"):
        tables_of_radii(first, other)
    elsewhere = {**JOBS[0], "lon": LON + 0.02}
    for jobs in ([elsewhere], [{**JOBS[0], "vacancies": 3}]):
        options = CoverageOptions(radius_m=1000)
        other = gm.Coverage(jobs, COMMUNITIES, options).of(homes(6))
        with pytest.raises(ArgumentError, match="differ from the first in the radius alone"):
            tables_of_radii(first, other)
    (shared,) = reports(homes(6), 1000, competition=gm.coverage.Binary())
    with pytest.raises(ArgumentError, match="be by straight lines"):
        tables_of_radii(first, shared)
