"""A folder with the two lists, some of the shipped city's, and a store."""

from __future__ import annotations

import geopandas as gpd
import pytest
from test_cli.test_match.lists import JOB, JOBS, SEEKER, SEEKERS, fill, write_ndjson


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with two small lists."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_ndjson("seekers.ndjson", SEEKERS, SEEKER)
    write_ndjson("jobs.ndjson", JOBS, JOB)
    return tmp_path


@pytest.fixture(scope="module")
def city(shipped_city, tmp_path_factory):
    """Write some of the city's seekers; give their file and that of the jobs."""
    path = tmp_path_factory.mktemp("few") / "seekers.parquet"
    gpd.read_parquet(shipped_city / "seekers.parquet").iloc[::25].to_parquet(path)
    return path, shipped_city / "jobs.parquet"


@pytest.fixture
def store():
    """Give the path of a store with the two lists in it."""
    fill("s.db")
    return "s.db"
