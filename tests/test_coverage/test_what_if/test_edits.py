"""What is to change in a supply: the rows after it, and the places that feel it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geo_match.coverage.given.supply import read_supply
from geo_match.coverage.what_if.edits import positions, read_edits
from geo_match.errors import ArgumentError
from geo_match.matching import FrameError

ROWS = read_supply(
    [
        {"id": "a", "lon": 117.1, "lat": 32.9, "vacancies": 2},
        {"id": "b", "lon": 117.1, "lat": 32.9, "vacancies": 3},
        {"id": "c", "lon": 117.2, "lat": 32.9, "vacancies": 0},
        {"id": "d", "lon": None, "lat": None, "vacancies": 4},
    ],
    count="vacancies",
).each


def edited(*, add=None, move=None, close=()):
    return read_edits(ROWS, add=add, move=move, close=close, count="vacancies")


def places(edits):
    return list(zip(edits.lon.tolist(), edits.lat.tolist(), edits.amount.tolist(), strict=True))


def test_rows_stay_in_their_order_and_the_added_follow():
    edits = edited(
        add={"id": "e", "lon": 117.3, "lat": 32.9},
        move={"id": "b", "lon": 117.2, "lat": 32.9},
        close=["a"],
    )
    assert edits.rows.ids.to_pylist() == ["b", "c", "d", "e"]
    assert edits.rows.amount.tolist() == [3, 0, 4, 1]
    assert edits.rows.is_stated.tolist() == [True, True, True, False]
    assert edits.stood.tolist() == [-1, 2, 3, -1]
    assert places(edits) == [(117.1, 32.9, -5), (117.2, 32.9, 3), (117.3, 32.9, 1)]


def test_what_cancels_out_at_a_place_is_not_felt_there():
    add = {"id": "e", "lon": 117.1, "lat": 32.9, "vacancies": 3}
    assert places(edited(add=add, close=["b"])) == []
    assert not edited(move={"id": "a", "lon": 117.1, "lat": 32.9}).is_felt
    assert not edited(close=["c", "d"]).is_felt
    assert not edited().is_felt


def test_a_half_turn_has_one_name():
    add = [{"id": str(lon), "lon": lon, "lat": 0.0} for lon in (-180.0, 180.0)]
    assert places(edited(add=add)) == [(180.0, 0.0, 2)]


@pytest.mark.parametrize("ids", [[], ["b", None, "x", "b", "a"], ["c"], [None]])
def test_positions_are_those_of_a_plain_search(ids):
    among = ["c", "a", "b"]
    found = positions(pa.array(ids, pa.string()), pa.array(among, pa.string()))
    expected = [among.index(one) if one in among else -1 for one in ids]
    assert found.dtype == np.int64
    assert found.tolist() == expected


def test_all_faults_of_both_frames_are_told_at_once():
    with pytest.raises(FrameError, match="must keep the rule of each column, got 2 faults") as told:
        edited(
            add={"id": "a", "lon": 117.1, "lat": 32.9}, move={"id": "x", "lon": 117.1, "lat": 32.9}
        )
    assert [fault.frame for fault in told.value.faults] == ["add", "move"]


def test_ids_to_close_may_be_any_collection_and_many_are_cut_short():
    assert edited(close=pd.Series(["a", "b"])).rows.ids.to_pylist() == ["c", "d"]
    assert edited(close={"a"}).rows.ids.to_pylist() == ["b", "c", "d"]
    with pytest.raises(ArgumentError, match=r"got 7 that are not \('x0', .*'x4', …\)"):
        edited(close=[f"x{n}" for n in range(7)])
