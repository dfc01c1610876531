"""Lists as files: what was drawn is what a strict reader of GB18030 reads."""

from __future__ import annotations

import csv

import pandas as pd
import pyogrio
import pytest

from geo_match.demo.office import Office, write, write_office
from geo_match.intake import ColumnNames, read_places


def test_each_list_is_gb18030_and_not_utf_8(office, folder):
    assert {path.name for path in folder.iterdir()} == {*office.lists, "defects.csv"}
    for file in office.lists:
        content = (folder / file).read_bytes()
        content.decode("gb18030")
        with pytest.raises(UnicodeDecodeError, match="utf-8"):
            content.decode("utf-8")


def test_lines_end_as_windows_ends_them(folder):
    for path in folder.iterdir():
        content = path.read_bytes()
        assert content.endswith(b"\r\n")
        assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")


def test_a_plain_reader_gets_every_cell_back(office, folder):
    for file, cells in office.lists.items():
        with (folder / file).open(encoding="gb18030", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert header == list(cells)
        assert rows == cells.to_numpy(dtype=object).tolist()


def test_the_labels_come_back_from_their_file(office, folder):
    read = pd.read_csv(folder / "defects.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(read.astype({"row": "int64"}), office.defects)


def test_only_cells_that_need_quotes_have_them(folder):
    text = (folder / "家庭.csv").read_text(encoding="gb18030")
    assert '"已走访,待复核"' in text
    assert text.count('"') == 2 * text.count("已走访,待复核")


def test_quotes_and_line_ends_in_cells_come_back_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "_ROWS", 2)
    cells = pd.DataFrame({"甲": ['a"b', "c,d", "e\r\nf", "", "𠮷"], "乙": ["1", "", '"', "=", " "]})
    write_office(Office({"表.csv": cells.astype("str")}, pd.DataFrame()), tmp_path / "new")
    with (tmp_path / "new" / "表.csv").open(encoding="gb18030", newline="") as stream:
        assert list(csv.reader(stream)) == [["甲", "乙"], *cells.to_numpy().tolist()]


def test_the_same_seed_writes_the_same_bytes(office, folder, tmp_path):
    write_office(office, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_reading_places_rejects_exactly_what_the_labels_say(office, folder, labelled):
    file = "招聘信息_高德.csv"
    read = read_places(folder / file, datum="gcj02", columns=ColumnNames(id="招聘编号"))
    assert read.n_read == len(office.lists[file])
    rejected = {}
    for rejection in read.rejections:
        rejected.setdefault(rejection.rule, set()).add(rejection.row - 1)
    missing = rejected.pop("must hold a longitude and a latitude")
    zero = rejected.pop("must not be (0, 0), which stands for an unknown place")
    beyond = rejected.pop("must be between -90 and 90 degrees")
    repeated = rejected.pop("must differ from the ids above it")
    assert missing == labelled(file, "missing_coordinates")
    assert zero == labelled(file, "zero_coordinates")
    assert beyond == labelled(file, "swapped_axes")
    assert repeated <= labelled(file, "duplicate_row", "duplicate_id", "stale_version")
    assert not rejected
    accepted = set(read.row - 1)
    assert accepted == set(office.lists[file].index) - missing - zero - beyond - repeated


def test_gdal_opens_each_list(office, folder):
    for file, cells in office.lists.items():
        read = pyogrio.read_dataframe(folder / file, encoding="GB18030")
        assert list(read) == list(cells)
        assert len(read) == len(cells)
