"""The list of rejected rows: known by its header, and there together with the answer or not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.errors import FileError
from geo_match.exchange import Rejected, count_rows, is_rejection_list, write_rows
from geo_match.exchange.rejections import write_rejections
from geo_match.intake import read_places


@pytest.fixture
def read(tmp_path):
    """Give a file of places of which one row is rejected."""
    path = tmp_path / "places.csv"
    path.write_text("id,lon,lat\nA,117,32\nB,,\n")
    return read_places(path)


def test_a_list_is_known_by_its_header_however_it_was_saved_again(read, tmp_path):
    path = tmp_path / "list.csv"
    write_rejections(path, {"sites": read})
    assert is_rejection_list(path)
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text, encoding="utf-8")
    assert is_rejection_list(path)
    path.write_text(text, encoding="utf-8-sig", newline="\r\n")
    assert is_rejection_list(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "note\nbuy milk\n",
        "input,file,row,field,value,rule\n",
        "input,file,row,field,value,rule,remedy,mine\n",
        "\ninput,file,row,field,value,rule,remedy\n",
    ],
)
def test_any_other_file_is_no_list(tmp_path, content):
    path = tmp_path / "notes.csv"
    path.write_text(content)
    assert not is_rejection_list(path)


def test_the_list_appears_with_the_answer(read, tmp_path):
    out, listed = tmp_path / "out.csv", tmp_path / "list.csv"
    rows = count_rows(read.places, {"count": np.ones(1, dtype=np.int64)})
    assert write_rows(out, rows, rejected=Rejected(listed, {"sites": read})) == 1
    assert pd.read_csv(listed)[["input", "row"]].to_numpy().tolist() == [["sites", 2]]


def test_neither_appears_if_one_cannot_be_written(read, tmp_path, monkeypatch):
    out, listed = tmp_path / "out.csv", tmp_path / "list.csv"
    before = sorted(tmp_path.iterdir())

    def full(*_):
        raise OSError(28, "No space left on device")

    for broken in ("write_rejections", "write_csv"):
        rows = count_rows(read.places, {"count": np.ones(1, dtype=np.int64)})
        with monkeypatch.context() as patch:
            patch.setattr(f"geo_match.exchange.write.{broken}", full)
            name = "list" if broken == "write_rejections" else "out"
            with pytest.raises(FileError, match=rf"{name}\.csv` must be written, got No space"):
                write_rows(out, rows, rejected=Rejected(listed, {"sites": read}))
        assert sorted(tmp_path.iterdir()) == before
