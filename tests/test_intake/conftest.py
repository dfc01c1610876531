"""Stores that lists are imported into."""

from __future__ import annotations

import pyarrow as pa
import pytest
from office_lists import CODES
from shapely import box

from geo_match.store import Store


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def city(store):
    """Return a store with three communities of 2 km by 2 km, side by side."""
    store.apply(
        "communities",
        pa.table(
            {
                "id": CODES,
                "name": ["甲", "乙", "丙"],
                "district_name": ["龙子湖区"] * 3,
                "previous_code": ["340302001901", "340302001902", "340302001902"],
                "area": [box(117.3 + x, 32.9, 117.32 + x, 32.92).wkt for x in (0, 0.02, 0.04)],
            }
        ),
        source="communities",
    )
    return store
