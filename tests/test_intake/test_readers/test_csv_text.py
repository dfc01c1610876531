"""CSV against the standard library's `csv`: no record is lost, none is made up."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ColumnError, FileError
from geo_match.intake import read_places
from geo_match.intake.readers.csv_text import read_csv

GOOD = "id,lon,lat\nA,117.36,32.93\nB,117.38,32.94\n"


def written(tmp_path, content):
    path = tmp_path / "places.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace(",", " , ").encode(),
    ],
    ids=["plain", "bom", "crlf", "cr", "no final newline", "spaces"],
)
def test_spellings_of_one_file_read_alike(tmp_path, content):
    read = read_places(written(tmp_path, content))
    assert read.places.id.tolist() == ["A", "B"]
    assert read.places.lon.tolist() == [117.36, 117.38]
    assert read.places.lat.tolist() == [32.93, 32.94]
    assert (read.n_read, read.rejections, read.warnings) == (2, (), ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_chinese_headers_and_ids_are_read_in_every_encoding(tmp_path, encoding):
    text = "编号,经度,纬度,名称\n东风一号,117.36,32.93,岗位𠀀\n"
    read = read_places(written(tmp_path, text.encode(encoding)))
    assert read.places.id.tolist() == ["东风一号"]
    assert read.places.attributes["名称"].tolist() == ["岗位𠀀"]


def test_gb18030_is_decoded_across_the_blocks_of_the_reader(tmp_path):
    n = 400_000
    rows = "".join(f"编号{i},{i % 180},3,{'淮' * 10}\n" for i in range(n))
    read = read_places(written(tmp_path, f"编号,经度,纬度,名称\n{rows}".encode("gb18030")))
    assert len(read.places) == n
    assert read.places.id[-1] == f"编号{n - 1}"
    assert set(read.places.attributes["名称"]) == {"淮" * 10}


def test_ids_and_texts_stay_as_they_stand(tmp_path):
    content = "id,lon,lat,code,note\n007,117.36,32.93,0340302,NA\n1e5,117.36,32.93,,null\n"
    read = read_places(written(tmp_path, content))
    assert read.places.id.tolist() == ["007", "1e5"]
    assert read.places.attributes["code"].tolist() == ["0340302", ""]
    assert read.places.attributes["note"].tolist() == ["NA", "null"]


CELL = st.text(alphabet='ab,"\n\r 经', max_size=4)


@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=12))
def test_every_record_is_a_row_a_fault_or_blank(rows, tmp_path_factory):
    width = 3
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["h1", "h2", "h3"], *rows])
    path = written(tmp_path_factory.mktemp("csv"), stream.getvalue())
    table = read_csv(path)

    expected = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1:]
    whole = {
        number: record
        for number, record in enumerate(expected, start=1)
        if len(record) == width and any(cell.strip() for cell in record)
    }
    assert table.row.tolist() == list(whole)
    if whole:
        columns = [column.to_pylist() for column in table.columns.columns]
        assert [list(record) for record in zip(*columns, strict=True)] == list(whole.values())
    ragged = {number for number, record in enumerate(expected, start=1) if len(record) != width}
    assert {fault.row for fault in table.faults} <= ragged


def test_ragged_and_blank_rows_are_told_apart_and_numbered_as_a_spreadsheet_does(tmp_path):
    content = "id,lon,lat\nA,1,2\n\nB,1\nC,1,2,3\n,,\nD,1,2\n   \n"
    read = read_places(written(tmp_path, content))
    assert read.row.tolist() == [1, 6]
    assert [(r.row, r.value) for r in read.rejections] == [(3, "B,1"), (4, "C,1,2,3")]
    assert "must have 3 cells as the header has, not 2" in read.rejections[0].rule
    assert read.warnings == ("passed over 3 blank rows",)
    assert read.n_read == 4


@pytest.mark.parametrize(
    "content",
    ['id,lon,lat\nA,1,2\nB,1,"2\nC,1,2\n', 'id,lon,lat\nA,1,2\n"B,1,2\nC,1,2'],
)
def test_a_quote_left_open_is_refused_since_it_swallows_rows(tmp_path, content):
    with pytest.raises(FileError, match=r"close every quote|comma-separated"):
        read_places(written(tmp_path, content))


def test_a_lone_quote_inside_a_cell_is_text(tmp_path):
    read = read_places(written(tmp_path, 'id,lon,lat,size\nA,1,2,5" pipe\nB,1,2,x\n'))
    assert read.places.attributes["size"].tolist() == ['5" pipe', "x"]


def test_a_row_that_swallows_others_says_which_mistake_it_is(tmp_path):
    read = read_places(written(tmp_path, 'id,lon,lat\n"A,1,2\nB,1,2\nC",1\nD,1,2\n'))
    assert read.places.id.tolist() == ["D"]
    assert "close the quote" in read.rejections[0].remedy


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty file"),
        (b"id,lon,lat\n", "headers only"),
        (b"id,lon,lat", "headers only"),
        (b"id,lon,lat\n\n,,\n", "headers only"),
        (b"\nid,lon,lat\nA,1,2\n", "a blank line"),
        (b"id;lon;lat\nA;1;2\n", "separated by commas"),
        (b"id\tlon\tlat\nA\t1\t2\n", "separated by commas"),
        (GOOD.encode("utf-16"), "NUL bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "NUL bytes"),
        (b"id,lon,lat\nA\xff,1,2\n", "neither"),
    ],
)
def test_files_that_are_no_csv_are_refused_with_a_reason(tmp_path, content, message):
    with pytest.raises(FileError, match=message):
        read_places(written(tmp_path, content))


def test_repeated_headers_are_refused_by_name(tmp_path):
    with pytest.raises(ColumnError, match=r"repeated headers: lon\."):
        read_places(written(tmp_path, "id,lon, lon,lat\nA,1,1,2\n"))


def test_nameless_columns_are_kept_by_their_number(tmp_path):
    read = read_places(written(tmp_path, "id,lon,lat,,\nA,1,2,x,\n"))
    assert list(read.places.attributes) == ["column 4", "column 5"]
