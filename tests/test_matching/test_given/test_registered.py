"""Who is registered on a day, whatever the frame is made of; and who of a store is read."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from shapely import Point

from geo_match.errors import ArgumentError
from geo_match.matching import FrameError
from geo_match.matching.given.registered import registered
from geo_match.records.holding import holds_on

DAY = dt.date(2025, 12, 31)
NEXT, BEFORE = DAY + dt.timedelta(1), DAY - dt.timedelta(1)
ROWS = [
    {"id": "always", "registered_on": None, "closed_on": None},
    {"id": "from that day", "registered_on": DAY, "closed_on": None},
    {"id": "until that day", "registered_on": BEFORE, "closed_on": DAY},
    {"id": "until the next", "registered_on": BEFORE, "closed_on": NEXT},
    {"id": "not yet", "registered_on": NEXT, "closed_on": None},
    {"id": "no longer", "registered_on": None, "closed_on": BEFORE},
]
LEFT = ["always", "from that day", "until the next"]
PANDAS = pd.DataFrame(ROWS).astype(dict.fromkeys(("registered_on", "closed_on"), "datetime64[ms]"))


@pytest.mark.parametrize(
    "frame",
    [
        ROWS,
        tuple(ROWS),
        PANDAS,
        PANDAS.set_index(pd.Index([7] * len(ROWS))),
        gpd.GeoDataFrame(PANDAS, geometry=[Point(117.4, 32.9)] * len(ROWS), crs=4326),
        pa.Table.from_pylist(ROWS),
        pa.Table.from_pylist(ROWS).to_batches()[0],
    ],
    ids=["list", "tuple", "pandas", "repeated index", "geopandas", "arrow", "batch"],
)
def test_whoever_is_not_registered_is_left_out_and_counted(frame):
    found = registered(frame, DAY)
    ids = (
        [one["id"] for one in found.frame] if isinstance(frame, list | tuple) else found.frame["id"]
    )
    assert [str(one) for one in ids] == LEFT
    assert found.left_out == 3
    kept = holds_on("seekers", pa.Table.from_pylist(ROWS), DAY).to_pylist()
    assert [row["id"] for row, is_kept in zip(ROWS, kept, strict=True) if is_kept] == LEFT


def test_a_geodataframe_stays_one_with_its_crs():
    frame = gpd.GeoDataFrame(PANDAS, geometry=[Point(117.4, 32.9)] * len(ROWS), crs=4490)
    found = registered(frame, DAY).frame
    assert isinstance(found, gpd.GeoDataFrame)
    assert found.crs == frame.crs


def test_a_frame_that_does_not_say_it_is_handed_on_as_it_is():
    frame = pd.DataFrame({"id": ["a"]})
    assert registered(frame, DAY).frame is frame
    assert registered(frame, DAY).left_out == 0
    assert registered([], DAY) == ([], 0)


def test_one_row_alone_is_there_or_not():
    assert registered({"id": "a", "closed_on": NEXT}, DAY) == ({"id": "a", "closed_on": NEXT}, 0)
    assert registered({"id": "a", "closed_on": DAY}, DAY) == ([], 1)


def test_what_is_no_day_or_no_frame_is_refused_by_name():
    with pytest.raises(FrameError, match="`seekers`, column `closed_on` must be days"):
        registered({"id": "a", "closed_on": "2025-12-31"}, DAY)
    with pytest.raises(ArgumentError, match="`people` must be a GeoDataFrame"):
        registered(7, DAY, name="people")
