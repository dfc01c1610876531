"""A city through intake: what the store has is what its files say, read here by geopandas."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from little_city import write_little_city

from geo_match.demo.importing import LISTS, check_city, import_city
from geo_match.demo.tables import read_dictionary
from geo_match.errors import FileError, GeoMatchError
from geo_match.records import RECORDS
from geo_match.store import Store

TEXTS = {
    "communities": ["name", "kind", "street_name", "district_name", "population", "previous_code"],
    "stations": ["name", "kind", "community", "staff", "capacity_per_month", "operator_id"],
    "employers": ["name", "credit_code", "kind", "industry", "licence"],
    "sites": ["employer_id", "name", "address", "community", "kind", "verified"],
    "jobs": [
        *("title", "employer_id", "site_id", "site_name", "community", "occupation", "job_type"),
        *("education_min", "wage_low_cny", "wage_high_cny", "wage_unit", "hours_per_week"),
        *("shift", "age_min", "age_max", "certificate", "vacancies", "filled"),
    ],
    "households": ["community", "hukou", "zero_employment"],
    "seekers": [
        *("household", "community", "birth_year", "sex", "education", "status", "occupation"),
        *("wage_floor_cny", "shift", "difficulty", "close_reason"),
    ],
    "spells": ["person", "status", "source", "verified_by"],
    "services": ["person", "kind", "station_id", "operator_id", "result", "job_id"],
}
DAYS = {
    "seekers": ["closed_on"],
    "stations": ["opened_on", "closed_on"],
    "employers": ["licence_verified_on", "entered_on"],
    "jobs": ["opened_on", "closed_on"],
    "spells": ["start", "end", "verified_on"],
    "services": ["on", "next_contact_on"],
}


def city_of(folder, kind):
    """The rows of a kind in the files of a city, by id."""
    parts = []
    for table, of in LISTS:
        if of == kind and table != "members":  # which are no households, but in them
            path = folder / f"{table}.parquet"
            has_places = b"geo" in (pq.read_schema(path).metadata or {})
            parts.append((gpd.read_parquet if has_places else pd.read_parquet)(path))
    rows = pd.concat(parts, ignore_index=True)
    return rows.set_index("code" if kind == "communities" else "id").sort_index()


def values_of(column):
    """Values as Python has them, None where one is missing."""
    return [None if pd.isna(one) else one for one in column.tolist()]


@pytest.fixture(scope="session")
def read_city(city_store):
    with Store.open(city_store) as store:
        yield {kind: store.read(kind).to_pandas().set_index("id") for kind in RECORDS}


@pytest.mark.parametrize("kind", RECORDS)
def test_the_stores_records_are_the_citys_rows(shipped_city, read_city, kind):
    rows, records = city_of(shipped_city, kind), read_city[kind]
    assert records.index.tolist() == rows.index.tolist()
    for name in TEXTS[kind]:
        assert values_of(records[name]) == values_of(rows[name].astype(object)), name
    for name in DAYS.get(kind, []):
        days = [None if pd.isna(one) else one.date() for one in rows[name]]
        assert values_of(records[name]) == days, name
    if isinstance(rows, gpd.GeoDataFrame) and kind != "communities":
        assert records["lon"].tolist() == rows.geometry.x.tolist()
        assert records["lat"].tolist() == rows.geometry.y.tolist()


def test_areas_groups_sizes_and_moments_are_those_of_the_city(shipped_city, read_city):
    areas = shapely.from_wkt(read_city["communities"]["area"].to_numpy())
    drawn = city_of(shipped_city, "communities").geometry.to_numpy()
    assert shapely.equals_exact(areas, drawn, tolerance=1e-9, normalize=True).all()
    people = city_of(shipped_city, "seekers")
    for field, columns in RECORDS["seekers"].flags.items():
        said = read_city["seekers"][field]
        for value, column in columns.items():
            chosen = [None if one is None else value in one for one in said]
            assert chosen == values_of(people[column].astype(object)), column
    homes = city_of(shipped_city, "households")
    assert read_city["households"]["member_count"].tolist() == homes["members"].tolist()
    rows = pq.read_table(shipped_city / "members.parquet").sort_by(
        [("household", "ascending"), ("number", "ascending")]
    )
    members = defaultdict(list)
    columns = (rows.column(name).to_pylist() for name in ("household", "birth_year", "status"))
    for home, birth_year, status in zip(*columns, strict=True):
        members[home].append({"birth_year": birth_year, "status": status})
    said = read_city["households"]["members"]
    assert dict(members) == {home: list(some) for home, some in said.items()}
    jobs = city_of(shipped_city, "jobs")
    assert (read_city["jobs"]["updated_at"] == jobs["updated_on"]).all()


def test_former_seekers_are_nobody_who_is_registered_on_the_citys_day(city_store, shipped_city):
    with Store.open(city_store) as store:
        found = store.read("seekers", fields=["id"], on=dt.date(2025, 12, 31))
        assert store.count("seekers") == len(found) + int(found.schema.metadata[b"not_holding"])
    now = pd.read_parquet(shipped_city / "seekers.parquet")["id"]
    assert found.column("id").to_pylist() == sorted(now)


def test_each_list_is_a_table_of_the_city_and_each_kind_has_one():
    tables = {table.name for table in read_dictionary()[0]}
    assert {one.table for one in LISTS} <= tables
    assert {one.kind for one in LISTS} == set(RECORDS)


@pytest.fixture
def little_city(shipped_city, tmp_path):
    """A folder with the first rows of each list, enough to be imported in no time."""
    folder = tmp_path / "little"
    write_little_city(shipped_city, folder, rows=30)
    return folder


def figures(reports):
    return [(one.accepted, one.unchanged, one.rejected) for _, one in reports]


def test_a_city_that_is_imported_again_changes_nothing(little_city, tmp_path):
    with Store.open(tmp_path / "city.db") as store:
        first = figures(import_city(little_city, store))
        before = store.cursor()
        again = figures(import_city(little_city, store))
        assert store.cursor() == before
    assert [(0, n, 0) for n, _, _ in first] == again
    assert all(n > 0 for n, _, _ in first)


def test_an_import_that_was_broken_off_goes_on_where_it_stopped(little_city, tmp_path):
    with Store.open(tmp_path / "city.db") as store:
        half = import_city(little_city, store)
        broken_off = [next(half)[0].table for _ in range(5)]
        half.close()
        figures_now = figures(import_city(little_city, store))
    assert broken_off == [one.table for one in LISTS[:5]]
    assert [accepted for accepted, _, _ in figures_now[:5]] == [0] * 5
    assert all(accepted > 0 for accepted, _, _ in figures_now[5:])


def test_each_list_is_told_before_it_is_read(little_city, tmp_path):
    told = []
    with Store.open(tmp_path / "city.db") as store:
        for one, _ in import_city(little_city, store, watch=told.append):
            assert told[-1] == one
    assert tuple(told) == LISTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "must hold a city"),
        ("{", "must hold a city"),
        (json.dumps({"complete": False}), "must hold a whole city"),
        ("[]", "must hold a whole city"),
    ],
)
def test_a_folder_without_a_whole_city_is_refused(tmp_path, text, said):
    if text is not None:
        (tmp_path / "city.json").write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        check_city(tmp_path)


def test_a_city_without_one_of_its_lists_is_refused_there(little_city, tmp_path):
    (little_city / "stations.parquet").unlink()
    with (
        Store.open(tmp_path / "city.db") as store,
        pytest.raises(GeoMatchError, match=r"stations\.parquet"),
    ):
        list(import_city(little_city, store))
