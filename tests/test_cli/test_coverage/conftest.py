"""A folder with the lists of the town, and a store of them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from test_cli.test_coverage.town import (
    COMMUNITIES,
    EMPLOYERS,
    HOUSEHOLDS,
    JOBS,
    VERIFIED,
    WEST_HOME,
    day,
    write_ndjson,
)

from geo_match.store import Store


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with three small lists."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_ndjson("h.ndjson", HOUSEHOLDS)
    write_ndjson("j.ndjson", VERIFIED)
    write_ndjson("c.ndjson", COMMUNITIES)
    return tmp_path


@pytest.fixture
def store():
    """Import the lists into a store."""
    with Store.open("s.db") as opened:
        opened.put("households", pa.Table.from_pylist(HOUSEHOLDS))
        days = [
            {**one, "closed_on": day(one.get("closed_on")), "employer_id": "E1"} for one in JOBS
        ]
        # Nearest to all, and its employer's licence has expired.
        days.append({"id": "J9", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E2"})
        opened.put("jobs", pa.Table.from_pylist(days))
        opened.put("employers", pa.Table.from_pylist(EMPLOYERS))
        named = [
            {"id": one["code"], "name": one["name"], "area": one["area"]} for one in COMMUNITIES
        ]
        opened.put("communities", pa.Table.from_pylist(named))
    return "s.db"
