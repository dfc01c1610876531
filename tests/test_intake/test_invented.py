"""That a list is invented is kept with its import, and with nothing else."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.importing import import_file
from geo_match.intake.invented import _says_invented, are_wholly_invented, is_invented
from geo_match.store import Store


@pytest.mark.parametrize(
    ("header", "cells", "some", "whole"),
    [
        ("invented", ("true", "true"), True, True),
        ("Invented", ("false", "TRUE"), True, False),
        ("虚构", ("是", ""), True, False),
        ("虚构", ("是", "是"), True, True),
        ("虚构", ("是", *["否"] * 50), True, False),
        ("invented", ("yes", "1"), True, True),
        ("invented", ("false", ""), False, False),
        ("invented", ("no", "maybe"), False, False),
        ("备注", ("是", "true"), False, False),
    ],
)
def test_a_store_knows_of_a_list_whether_it_says_it_is_invented_and_whether_in_all_rows(
    tmp_path, header, cells, some, whole
):
    path = tmp_path / "employers.csv"
    rows = "".join(f"E{n},示例{n},{cell}\n" for n, cell in enumerate(cells))
    path.write_text(f"id,name,{header}\n{rows}", encoding="utf-8")
    with Store.open(tmp_path / "city.db") as store:
        import_file(path, "employers", store)
        assert is_invented(store.sources("employers")) is some
        assert are_wholly_invented(store.sources("employers")) is whole
        assert not is_invented(store.sources("jobs"))
        (source,) = store.sources("employers")
        assert source.endswith(str(path))


@pytest.mark.parametrize("cells", [[True, True], [1, 1], ["是", "Yes"]], ids=str)
@pytest.mark.parametrize("as_type", [None, "category"])
def test_columns_with_types_of_their_own_say_so_too(cells, as_type):
    column = pd.Series(cells).astype(as_type) if as_type else pd.Series(cells)
    table = pa.table({"id": ["E1", "E2"], "name": ["示例", "示范"], "invented": column})
    assert _says_invented(table).tolist() == [True, True]


@given(
    st.lists(
        st.tuples(st.sampled_from(["是", "否", "", None]), st.sampled_from(["true", "no", None]))
    )
)
def test_a_row_says_so_if_any_of_its_cells_does(rows):
    columns = {
        "虚构": pa.array([one for one, _ in rows], pa.string()),
        "invented": pa.array([other for _, other in rows], pa.string()),
    }
    expected = [one == "是" or other == "true" for one, other in rows]
    assert _says_invented(pa.table(columns)).tolist() == expected


def test_one_invented_list_among_others_is_enough_and_a_name_is_none(tmp_path):
    assert is_invented(["a.csv", "invented: b.csv"])
    assert is_invented(["partly invented: b.csv"])
    assert not is_invented(["a.csv", "invented.csv", str(tmp_path / "invented: c.csv")])
    assert not is_invented([])


def test_lists_are_wholly_invented_only_if_each_is_and_there_is_one():
    assert are_wholly_invented(["invented: a.csv", "invented: b.csv"])
    assert not are_wholly_invented(["invented: a.csv", "partly invented: b.csv"])
    assert not are_wholly_invented(["invented: a.csv", "b.csv"])
    assert not are_wholly_invented([])
