"""That a list is invented is kept with its import, and with nothing else."""

from __future__ import annotations

import pytest

from geo_match.intake.importing import import_file
from geo_match.intake.invented import is_invented
from geo_match.store import Store


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("invented", ("true", "true"), True),
        ("Invented", ("false", "TRUE"), True),
        ("虚构", ("是", ""), True),
        ("invented", ("false", ""), False),
        ("invented", ("no", "maybe"), False),
        ("备注", ("是", "true"), False),
    ],
)
def test_a_store_knows_of_a_list_that_says_it_is_invented(tmp_path, header, cells, said):
    path = tmp_path / "employers.csv"
    rows = "".join(f"E{n},示例{n},{cell}\n" for n, cell in enumerate(cells))
    path.write_text(f"id,name,{header}\n{rows}", encoding="utf-8")
    with Store.open(tmp_path / "city.db") as store:
        import_file(path, "employers", store)
        assert is_invented(store.sources("employers")) is said
        assert not is_invented(store.sources("jobs"))
        (source,) = store.sources("employers")
        assert source.endswith(str(path))


def test_one_invented_list_among_others_is_enough_and_a_name_is_none(tmp_path):
    assert is_invented(["a.csv", "invented: b.csv"])
    assert not is_invented(["a.csv", "invented.csv", str(tmp_path / "invented: c.csv")])
    assert not is_invented([])
