"""The same rows in frames of every make are the same table, and that table is one, too."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_matching.rows import words

from geo_match.matching.given.columns import JOBS, SEEKERS
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.records import Job, Seeker
from geo_match.taxonomy import OCCUPATIONS_VERSION


def maybe(strategy):
    return st.none() | strategy


def listed(model, name):
    return maybe(st.lists(st.sampled_from(words(model, name)), unique=True))


def chosen(model, name):
    return maybe(st.sampled_from(words(model, name)))


TEXT = st.text("电焊工证AB1", min_size=1, max_size=4)

POINTS = maybe(
    st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))
)

SEEKER_VALUES = {
    "location_accuracy_m": maybe(st.floats(0, 200_000)),
    "radius_m": maybe(st.floats(0, 200_000)),
    "birth_year": maybe(st.integers(1900, 2100)),
    **{n: chosen(Seeker, n) for n in ("sex", "education", "status", "difficulty", "shift")},
    "groups": listed(Seeker, "groups"),
    "accepts": listed(Seeker, "accepts"),
    "certificates": maybe(st.lists(TEXT, unique=True, max_size=3)),
    "occupation": maybe(st.sampled_from(["401", "4", "20102", "普工"])),
    "occupation_version": maybe(st.sampled_from([OCCUPATIONS_VERSION, "大典2022"])),
    "wage_floor_cny": maybe(st.integers(0, 1_000_000)),
    "hours_max_per_week": maybe(st.floats(0, 168)),
    "graduation_year": maybe(st.integers(1950, 2100)),
}

DAYS = maybe(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)))

JOB_VALUES = {
    "location_accuracy_m": maybe(st.floats(0, 200_000)),
    "employer_licence": maybe(st.sampled_from(["verified", "unverified", "expired"])),
    **{n: chosen(Job, n) for n in ("job_type", "education_min", "wage_unit", "shift")},
    "occupation": maybe(st.sampled_from(["401", "4", "20102", "普工"])),
    "occupation_version": maybe(st.sampled_from([OCCUPATIONS_VERSION, "大典2022"])),
    "wage_low_cny": maybe(st.floats(0, 500_000)),
    "wage_high_cny": maybe(st.floats(500_000, 1_000_000)),
    "hours_per_week": maybe(st.floats(0, 168)),
    "age_min": maybe(st.integers(0, 40)),
    "age_max": maybe(st.integers(40, 120)),
    "certificate": maybe(TEXT),
    "vacancies": maybe(st.integers(0, 1_000_000)),
    "filled": maybe(st.integers(0, 1_000_000)),
    "opened_on": maybe(st.dates(dt.date(1950, 1, 1), dt.date(2000, 1, 1))),
    "closed_on": maybe(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))),
    "updated_at": DAYS,
}


@st.composite
def rows_of(draw, values):
    """Draw rows as dicts, their ids, and the columns that the frame has at all."""
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True))
    n = draw(st.integers(1, 5))
    rows = []
    for position in range(n):
        lon, lat = draw(POINTS) or (None, None)
        row = {"id": f"编{position}", "lon": lon, "lat": lat}
        rows.append(row | {name: draw(values[name]) for name in names})
    return rows


def frames_of(rows, schema):
    """Yield the same rows as frames of several makes."""
    frame = pd.DataFrame(rows)
    yield frame
    yield frame.convert_dtypes(dtype_backend="pyarrow")
    for_arrow = pa.schema([field for field in schema if field.name in rows[0]])
    yield pa.Table.from_pylist(rows, schema=for_arrow)
    places = [None if row["lon"] is None else shapely.Point(row["lon"], row["lat"]) for row in rows]
    yield gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=places, crs="EPSG:4490")


def check_round_trip(rows, schema, as_table):
    table = as_table(rows)
    for frame in frames_of(rows, schema):
        assert as_table(frame).equals(table)
    assert as_table(table).equals(table)
    parts = [as_table(row) for row in rows]
    assert pa.concat_tables(parts).equals(table)
    for row, seen in zip(rows, table.to_pylist(), strict=True):
        stated = {name: value for name, value in row.items() if value is not None}
        expected = dict.fromkeys(schema.names) | {"occupation_version": OCCUPATIONS_VERSION}
        assert seen == expected | stated


@given(rows_of(SEEKER_VALUES))
def test_seekers_of_every_make_of_frame_are_the_same_table(rows):
    check_round_trip(rows, SEEKERS, seekers_table)


@given(rows_of(JOB_VALUES))
def test_jobs_of_every_make_of_frame_are_the_same_table(rows):
    check_round_trip(rows, JOBS, jobs_table)
