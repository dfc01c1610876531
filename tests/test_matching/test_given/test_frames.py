"""Frames of every make as the tables that are matched: their columns, employers, and the city's."""

from __future__ import annotations

import datetime as dt
import math

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_matching.rows import PLACE, one_job

from geo_match.errors import ArgumentError
from geo_match.matching.given.columns import JOBS, ORIGINS, SEEKERS
from geo_match.matching.given.faults import FrameError
from geo_match.matching.given.frames import jobs_table, origins_table, seekers_table
from geo_match.taxonomy import OCCUPATIONS_VERSION


def test_the_columns_are_these_in_this_order_whatever_was_given():
    for table, schema in (
        (seekers_table({"id": "a", **PLACE}), SEEKERS),
        (jobs_table({"id": "a", **PLACE}), JOBS),
        (origins_table({"id": "a", **PLACE, "sex": "anything"}), ORIGINS),
    ):
        assert table.schema.equals(schema)
        stated = {"id": "a", **PLACE}
        if "occupation_version" in schema.names:
            stated["occupation_version"] = OCCUPATIONS_VERSION
        assert table.to_pylist() == [dict.fromkeys(schema.names) | stated]
    assert " ".join(SEEKERS.names) == (
        "id lon lat location_accuracy_m radius_m registered_on closed_on birth_year sex education "
        "status groups difficulty occupation occupation_version wage_floor_cny shift accepts "
        "certificates hours_max_per_week graduation_year"
    )
    assert " ".join(JOBS.names) == (
        "id lon lat location_accuracy_m employer_licence occupation occupation_version job_type "
        "education_min wage_low_cny wage_high_cny wage_unit hours_per_week shift age_min "
        "age_max certificate vacancies filled opened_on closed_on updated_at"
    )
    assert ORIGINS.names == ["id", "lon", "lat", "location_accuracy_m"]


@pytest.mark.parametrize(
    "empty",
    [
        [],
        pd.DataFrame({"id": pd.Series(dtype=str), "lon": [], "lat": []}),
        pa.table({"id": pa.array([], pa.string()), "lon": pa.array([]), "lat": pa.array([])}),
        gpd.GeoDataFrame({"id": pd.Series(dtype=object)}, geometry=[], crs="EPSG:4548"),
        gpd.GeoDataFrame({"id": pd.Series(dtype=object)}, geometry=[]),
    ],
    ids=["list", "pandas", "arrow", "geopandas", "geopandas without CRS"],
)
def test_no_rows_are_an_empty_table(empty):
    assert seekers_table(empty).equals(SEEKERS.empty_table())
    assert jobs_table(empty).equals(JOBS.empty_table())


def test_another_edition_of_occupations_is_kept_and_none_is_the_shipped_one():
    rows = [
        {"id": "a", **PLACE, "occupation_version": "大典2022"},
        {"id": "b", **PLACE, "occupation_version": None},
    ]
    for table in (seekers_table(rows), jobs_table(rows)):
        assert table.column("occupation_version").to_pylist() == ["大典2022", OCCUPATIONS_VERSION]


def test_updated_at_counts_before_updated_on():
    day, other = dt.date(2025, 3, 1), dt.date(2025, 3, 2)
    assert one_job(updated_on=day)["updated_at"] == day
    assert one_job(updated_on=day, updated_at=other)["updated_at"] == other


def test_licences_of_employers_count_before_a_column_of_the_jobs():
    jobs = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "lon": 1.0,
            "lat": 2.0,
            "employer_id": pd.Series(["E2", None, "E9"], dtype="category"),
            "employer_licence": "verified",
        }
    )
    employers = pd.DataFrame({"id": ["E1", "E2"], "licence": ["verified", "expired"]})
    licences = jobs_table(jobs, employers=employers).column("employer_licence").to_pylist()
    assert licences == ["expired", None, None]
    assert jobs_table(jobs).column("employer_licence").to_pylist() == ["verified"] * 3
    none = jobs_table(jobs, employers=[]).column("employer_licence").to_pylist()
    assert none == [None] * 3


@pytest.mark.parametrize(
    ("employers", "message"),
    [
        ({"id": "E1"}, r"`employers`, column `licence` must be there"),
        ({"licence": "verified"}, r"`employers`, column `id` must be there"),
        (
            [{"id": "E1", "licence": "verified"}, {"id": "E1", "licence": "expired"}],
            r"`employers`, column `id` must be different in each row",
        ),
        ({"id": "E1", "licence": "ok"}, r"`employers`, column `licence` must be one of verified"),
        ({"id": 5, "licence": "verified"}, r"`employers`, column `id` must be text"),
    ],
)
def test_bad_employers_are_named(employers, message):
    with pytest.raises(FrameError, match=message):
        jobs_table({"id": "a", **PLACE, "employer_id": "E1"}, employers=employers)


def test_a_job_that_names_no_employer_cannot_be_given_a_licence():
    with pytest.raises(FrameError, match=r"`jobs`, column `employer_id` must be there.*leave"):
        jobs_table({"id": "a", **PLACE}, employers={"id": "E1", "licence": "verified"})


def test_employers_that_are_no_frame_are_refused():
    with pytest.raises(ArgumentError, match=r"`employers` must be a GeoDataFrame"):
        jobs_table({"id": "a", **PLACE, "employer_id": "E1"}, employers=3)


def plain_value(row, name):
    """Return a value of a frame's row, None for every kind of null."""
    value = row.get(name)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def plain_row(row, schema, other):
    expected = {name: plain_value(row, name) for name in schema.names} | other
    shape = row["geometry"]
    expected |= {"lon": shape.x, "lat": shape.y, "occupation_version": OCCUPATIONS_VERSION}
    return expected


@pytest.mark.parametrize("table", ["seekers", "history/former_seekers"])
def test_the_citys_seekers_are_read_as_they_are(shipped_city, table):
    frame = gpd.read_parquet(shipped_city / f"{table}.parquet")
    expected = []
    for row in frame.to_dict("records"):
        accepts = {
            word: plain_value(row, f"accepts_{word}")
            for word in ("ordinary", "flexible", "public_welfare", "traineeship")
        }
        groups = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
        lists = {
            "groups": [word for word in groups if row[word]],
            "accepts": None
            if None in accepts.values()
            else [word for word, is_so in accepts.items() if is_so],
        }
        expected.append(plain_row(row, SEEKERS, lists))
    seen = seekers_table(frame)
    assert seen.to_pylist() == expected
    assert 0 < seen.column("accepts").null_count < len(seen)


@pytest.mark.parametrize("table", ["jobs", "history/closed_jobs"])
def test_the_citys_jobs_are_read_as_they_are(shipped_city, table):
    frame = gpd.read_parquet(shipped_city / f"{table}.parquet").iloc[::3]
    employers = pd.read_parquet(shipped_city / "employers.parquet")
    licence = dict(zip(employers["id"], employers["licence"], strict=True))
    expected = [
        plain_row(
            row,
            JOBS,
            {
                "updated_at": plain_value(row, "updated_on"),
                "employer_licence": licence[row["employer_id"]],
            },
        )
        for row in frame.to_dict("records")
    ]
    assert jobs_table(frame, employers=employers).to_pylist() == expected


def test_the_citys_stations_and_households_are_origins(shipped_city):
    for table in ("stations", "households"):
        frame = gpd.read_parquet(shipped_city / f"{table}.parquet")
        seen = origins_table(frame)
        assert seen.column("id").to_pylist() == frame["id"].tolist()
        assert seen.column("lon").to_pylist() == frame.geometry.x.tolist()
        assert seen.column("lat").to_pylist() == frame.geometry.y.tolist()


def test_the_citys_file_is_the_same_read_by_arrow_alone(shipped_city):
    path = shipped_city / "seekers.parquet"
    assert seekers_table(pq.read_table(path)).equals(seekers_table(gpd.read_parquet(path)))
