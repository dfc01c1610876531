"""The demonstration file: what its generator promises, and that the shipped bytes are its own."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def make_sites() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sites", DATA / "make_sites.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (DATA / "sites.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_file_is_what_its_generator_writes(
    make_sites: ModuleType, tmp_path: Path
) -> None:
    make_sites.write(tmp_path / "first.csv")
    make_sites.write(tmp_path / "second.csv")

    shipped = (DATA / "sites.csv").read_bytes()
    assert (tmp_path / "first.csv").read_bytes() == shipped
    assert (tmp_path / "second.csv").read_bytes() == shipped


def test_another_seed_draws_another_file(make_sites: ModuleType) -> None:
    assert make_sites.draw_rows(1) != make_sites.draw_rows(2)


def test_there_are_300_jobs_at_120_sites_with_unique_ids(rows: list[dict[str, str]]) -> None:
    assert len(rows) == 300
    assert len({row["id"] for row in rows}) == 300
    assert len({row["site_id"] for row in rows}) == 120


def test_jobs_of_one_site_agree_on_its_place_name_and_employer(
    rows: list[dict[str, str]],
) -> None:
    kept = ("site_id", "lon", "lat", "site_name", "employer")
    assert len({tuple(row[name] for name in kept) for row in rows}) == 120


def test_some_jobs_state_no_vacancies_and_none_states_zero(rows: list[dict[str, str]]) -> None:
    stated = [row["vacancies"] for row in rows]
    assert 15 <= stated.count("") <= 60
    assert all(1 <= int(text) <= 8 for text in stated if text)


def test_every_name_says_that_it_is_an_example(rows: list[dict[str, str]]) -> None:
    assert all("示例" in row["employer"] and "示例" in row["site_name"] for row in rows)


def test_the_dictionary_lists_the_columns_of_the_file(make_sites: ModuleType) -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert tuple(listed) == make_sites.COLUMNS


@pytest.mark.reference
def test_every_site_lies_in_the_district_of_its_name(
    rows: list[dict[str, str]], reference: Path
) -> None:
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and only this test needs it

    points = gpd.GeoDataFrame(
        {"district": [row["site_name"].partition("示例")[0] for row in rows]},
        geometry=gpd.points_from_xy(
            [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
        ),
        crs=4326,
    )
    districts = gpd.read_file(reference / "boundaries" / "bengbu_districts_wgs84.geojson")
    found = gpd.sjoin(points, districts, predicate="within")

    assert len(found) == len(rows)
    assert (found["district"] == found["name"]).all()
    assert set(Counter(found["name"])) == {"龙子湖区", "蚌山区", "禹会区", "淮上区"}
