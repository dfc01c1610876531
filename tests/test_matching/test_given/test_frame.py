"""Frames as they are given: what is one, and what of its columns is looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from test_matching.rows import PLACE, one_seeker

from geo_match.errors import ArgumentError
from geo_match.matching.given.faults import FrameError
from geo_match.matching.given.frames import jobs_table, origins_table, seekers_table


def test_columns_of_no_field_are_never_looked_at():
    frame = pd.DataFrame({"id": ["a"], "lon": [1.0], "lat": [2.0], 5: [0], "household": [object()]})
    frame["mixed"] = pd.Series([{"x": {1}}], dtype=object)
    assert len(seekers_table(frame)) == 1


def test_a_missing_key_of_a_dict_means_null():
    rows = [{"id": "a", "lon": 1.0, "lat": 2.0}, {"id": "b", "sex": "female"}]
    table = seekers_table(rows)
    assert table.column("lon").to_pylist() == [1.0, None]
    assert table.column("sex").to_pylist() == [None, "female"]


def test_an_arrow_stream_is_taken_too():
    batch = pa.RecordBatch.from_pylist([{"id": "a", **PLACE}])
    assert origins_table(batch).to_pylist() == [{"id": "a", **PLACE, "location_accuracy_m": None}]


def test_chunks_encoded_by_dictionaries_of_their_own_are_one_column():
    parts = [pa.array(one).dictionary_encode() for one in (["day"], ["night", "day"])]
    columns = {"id": ["a", "b", "c"], "lon": [1.0] * 3, "lat": [2.0] * 3}
    table = pa.table({**columns, "shift": pa.chunked_array(parts)})
    assert seekers_table(table).column("shift").to_pylist() == ["day", "night", "day"]


def test_a_part_of_a_table_is_read_from_its_own_beginning():
    n = 100
    rows = [{"id": f"S{i}", **PLACE, "groups": [["veteran"], [], None][i % 3]} for i in range(n)]
    part = seekers_table(pa.Table.from_pylist(rows).slice(1))
    assert part.equals(seekers_table(rows[1:]))
    whole = pa.Table.from_pylist(
        [
            *rows,
            {"id": "x", **PLACE, "groups": ["bad"]},
            *[row | {"id": f"{row['id']}-2"} for row in rows],
        ]
    )
    with pytest.raises(FrameError, match=r"`groups` must .*1 of 151 .*position 50, id 'x'"):
        seekers_table(whole.slice(50))


@pytest.mark.parametrize("frame", [5, "seekers", None, np.zeros(3), b"", {1, 2}])
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(ArgumentError, match=r"`seekers` must be a GeoDataFrame, a DataFrame"):
        seekers_table(frame)


@pytest.mark.parametrize("ids", [["a"], ("a",), np.array(["a"]), pd.Series(["a"])])
def test_a_dict_of_columns_is_no_row(ids):
    with pytest.raises(ArgumentError, match=r"got a dict of columns\. Make a DataFrame of it"):
        seekers_table({"id": ids, "lon": [1.0], "lat": [2.0]})


def test_what_is_no_row_is_refused():
    with pytest.raises(ArgumentError, match=r"`jobs` must be .*, got a str at position 1"):
        jobs_table([{"id": "a", **PLACE}, "b"])


def test_a_column_that_is_there_twice_is_named_if_it_is_used():
    frame = pd.DataFrame([["a", 1.0, 2.0, "male", 1, 2]])
    frame.columns = ["id", "lon", "lat", "sex", "x", "x"]
    assert one_seeker(sex="male")["sex"] == seekers_table(frame).column("sex").to_pylist()[0]
    frame.columns = ["id", "lon", "lat", "sex", "sex", "x"]
    with pytest.raises(FrameError, match=r"`sex` must be there once, got several"):
        seekers_table(frame)
    table = pa.table([["a"], [1.0], [2.0], [1.0]], names=["id", "lon", "lat", "lat"])
    with pytest.raises(FrameError, match=r"`lat` must be there once"):
        seekers_table(table)


def test_a_column_of_mixed_values_is_named():
    frame = pd.DataFrame({"id": ["a", "b"], "lon": 1.0, "lat": 2.0, "birth_year": [1990, "1991"]})
    with pytest.raises(FrameError, match=r"`birth_year` must hold values of one kind, got a mix"):
        seekers_table(frame)
