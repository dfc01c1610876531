"""Who is registered on a day, whatever the frame is made of."""

from __future__ import annotations

import datetime as dt
from collections import UserDict, UserList

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from shapely import Point

from geo_match.errors import ArgumentError
from geo_match.matching import FrameError
from geo_match.matching.given.faults import Faults
from geo_match.matching.given.frames import seekers_table
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


class Stream:
    """What exports its rows as an Arrow stream, once."""

    def __init__(self, table):
        self._reader = table.to_reader()

    def __arrow_c_stream__(self, requested_schema=None):
        return self._reader.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("rows", [ROWS, ROWS[:2]], ids=["some", "all"])
def test_a_stream_is_read_once_and_can_be_read_on(rows):
    found = registered(Stream(pa.Table.from_pylist(rows)), DAY)
    assert found.frame.column("id").to_pylist() == [one["id"] for one in rows if one["id"] in LEFT]
    assert found.left_out == len(rows) - len(found.frame)


def test_rows_of_any_make_stay_rows():
    rows = UserList([UserDict(row) for row in ROWS])
    found = registered(rows, DAY)
    assert [one["id"] for one in found.frame] == LEFT
    assert registered(UserDict(ROWS[0]), DAY) == (ROWS[0], 0)
    assert registered(UserDict(ROWS[-1]), DAY) == ([], 1)


def test_faults_of_the_rows_that_are_left_are_told_by_their_first_positions():
    rows = [{**one, "lon": 117.4, "lat": 32.9, "shift": "day"} for one in ROWS]
    rows[3]["shift"] = "noon"
    faults = Faults("seekers")
    left = registered(rows, DAY, faults=faults).frame
    bad = pa.array([one["shift"] == "noon" for one in left]).to_numpy(zero_copy_only=False)
    faults.rows("shift", "be a shift", bad, lambda at: left[at]["shift"])
    assert "position 3: 'noon'" in faults.found[0].found
    with pytest.raises(FrameError, match="position 3, id 'until the next'"):
        seekers_table(rows)  # matching reads all, and so tells all by their positions


def test_what_is_no_day_or_no_frame_is_refused_by_name():
    with pytest.raises(FrameError, match="`seekers`, column `closed_on` must be days"):
        registered({"id": "a", "closed_on": "2025-12-31"}, DAY)
    with pytest.raises(ArgumentError, match="`people` must be a GeoDataFrame"):
        registered(7, DAY, name="people")
