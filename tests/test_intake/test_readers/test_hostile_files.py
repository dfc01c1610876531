"""Files that are not what they seem, or made to fill memory: each a named error, soon."""

from __future__ import annotations

import io
import shutil
import zipfile
from functools import cache

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ColumnError, FileError
from geo_match.intake.readers import (
    _xlsx_package,
    _xlsx_sheet,
    _xlsx_workbook,
    files,
    headers,
    xlsx,
)
from geo_match.intake.readers.files import SUFFIXES, read_table
from geo_match.intake.readers.formulas import neutralised, restored

GOOD = "编号,经度,纬度,地址\nA,117.36,32.93,蚌埠市龙子湖区东风街道\nB,117.38,32.94,淮河路\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def written(tmp_path, content, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.fixture
def workbook(tmp_path):
    """Give the path of a sound workbook of two rows."""
    book = openpyxl.Workbook()
    for row in (["编号", "名称"], ["A", "甲"], ["B", "乙"]):
        book.active.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


def with_part(path, name, content, *, compression=zipfile.ZIP_DEFLATED):
    """Replace a part of a workbook by other bytes, or by an iterable of them."""
    old = path.with_name("old.zip")
    shutil.move(path, old)
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(path, "w", compression) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        with target.open(name, "w") as stream:
            for piece in [content] if isinstance(content, bytes) else content:
                stream.write(piece)
    return path


def with_strings(path, strings):
    """Give a workbook a table of texts, which openpyxl does not write but Excel always does."""
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels")
    own = b'<Relationship Id="rId9" Type="sharedStrings" Target="sharedStrings.xml"/></Relat'
    with_part(path, "xl/_rels/workbook.xml.rels", relations.replace(b"</Relat", own))
    return with_part(path, STRINGS, b"<sst>" + strings + b"</sst>")


def sheet(rows, after=""):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>').encode()


def test_a_sound_file_of_each_kind_passes(tmp_path, workbook):
    assert len(read_table(workbook).row) == 2
    assert len(read_table(written(tmp_path, GOOD.encode())).row) == 2


# Encodings


@pytest.mark.parametrize(
    ("encoding", "kept"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030")],
)
def test_the_encoding_is_found_and_kept(tmp_path, encoding, kept):
    table = read_table(written(tmp_path, GOOD.encode(encoding)))
    assert table.encoding == kept
    assert table.columns.column_names[0] == "编号"
    assert table.columns.column("地址").to_pylist()[1] == "淮河路"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_and_32_are_told_as_such(tmp_path, encoding):
    with pytest.raises(FileError, match=r"NUL bytes.*UTF-16"):
        read_table(written(tmp_path, GOOD.encode(encoding)))


def test_utf_8_pasted_into_gb18030_is_refused_though_it_would_pass(tmp_path):
    # As GB18030 the second line reads as other Chinese text, without any error.
    line = "D,117,32,蚌埠市龙子湖区东风街道办\n".encode()
    assert line.decode("gb18030")
    with pytest.raises(FileError, match=r"keep to one encoding.*UTF-8 in line 4 and GB18030 in"):
        read_table(written(tmp_path, GOOD.encode("gb18030") + line))
    short = "".join(f"D{i},117,32,东风\n" for i in range(3)).encode()
    assert short.decode("gb18030")
    with pytest.raises(FileError, match="keep to one encoding"):
        read_table(written(tmp_path, GOOD.encode("gb18030") + short))


def test_gb18030_pasted_into_utf_8_names_the_lines(tmp_path):
    content = GOOD.encode() + "C,117,32,淮\n".encode("gb18030") + GOOD.encode()
    with pytest.raises(FileError, match=r"neither \(UTF-8 ends in line 4, GB18030 in line \d+\)"):
        read_table(written(tmp_path, content))


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12),
        min_size=1,
        max_size=40,
    )
)
def test_plain_gb18030_is_never_taken_for_a_mixture(tmp_path_factory, texts):
    content = "编号,名称\n" + "".join(f"{at},{text}\n" for at, text in enumerate(texts))
    table = read_table(written(tmp_path_factory.mktemp("gb"), content.encode("gb18030")))
    assert table.columns.column("名称").to_pylist() == texts


# Sizes


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ndjson", ".gpkg", ".parquet"])
def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path, suffix):
    path = tmp_path / f"list{suffix}"
    with path.open("wb") as stream:
        stream.write(b"a")
        stream.truncate(1 << 31)  # a hole: it takes no room on the disk
    with pytest.raises(FileError, match=r"at most 1,024 MiB, got 2,048 MiB\. Split it"):
        read_table(path)


def test_the_limit_is_the_last_size_that_is_read(tmp_path, monkeypatch):
    path = written(tmp_path, GOOD.encode())
    monkeypatch.setattr(files, "MAX_BYTES", path.stat().st_size)
    assert len(read_table(path).row) == 2
    monkeypatch.setattr(files, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(FileError, match="Split it into several files"):
        read_table(path)


def test_a_hundred_columns_are_read_and_thousands_refused(tmp_path, monkeypatch):
    for n, name in ((100, "list.csv"), (4096, "more.csv")):
        text = ",".join(f"c{i}" for i in range(n)) + "\n" + ",".join(["1"] * n) + "\n"
        assert read_table(written(tmp_path, text.encode(), name)).columns.num_columns == n
    monkeypatch.setattr(headers, "MAX_COLUMNS", 4095)
    with pytest.raises(ColumnError, match="at most 4,095 columns"):
        read_table(tmp_path / "more.csv")


# One format under the suffix of another


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".xlsx"])
def test_a_workbook_under_another_suffix_is_told_as_such(workbook, suffix):
    path = workbook.rename(workbook.with_suffix(suffix))
    with pytest.raises(FileError, match=r"XLSX workbooks are\. Rename it to \.xlsx"):
        read_table(path)


def test_text_under_the_suffix_of_a_workbook_is_told_as_such(tmp_path):
    with pytest.raises(FileError, match=r"If it is text, rename it to \.csv"):
        read_table(written(tmp_path, GOOD.encode(), "list.xlsx"))


@pytest.mark.parametrize("suffix", [".csv", ".json"])
@pytest.mark.parametrize(
    ("head", "what"),
    [(OLE, "an old Excel"), (b"SQLite format 3\0", "GeoPackage"), (b"PAR1", "Parquet"),
     (b"%PDF-1.7", "PDF")],
)  # fmt: skip
def test_other_formats_are_known_by_their_first_bytes(tmp_path, suffix, head, what):
    with pytest.raises(FileError, match=rf"be what its suffix \{suffix} says, got .*{what}"):
        read_table(written(tmp_path, head + b"rest", f"list{suffix}"))


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".xlsb", ".ods", ".et"])
def test_other_spreadsheets_are_told_to_be_saved_as_xlsx(tmp_path, suffix):
    with pytest.raises(FileError, match=r"save it as \.xlsx"):
        read_table(written(tmp_path, OLE, f"list{suffix}"))


def test_an_old_workbook_and_an_encrypted_one_are_told_apart(tmp_path):
    with pytest.raises(FileError, match=r"old Excel workbook.*renaming is not enough"):
        read_table(written(tmp_path, OLE, "list.xlsx"))
    locked = OLE + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(FileError, match=r"password.*take the password away"):
        read_table(written(tmp_path, locked, "list.xlsx"))


# Workbooks


def test_a_workbook_that_is_cut_short_or_damaged_is_refused(workbook):
    whole = workbook.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], whole[:4], b"PK\x05\x06" + bytes(18)):
        workbook.write_bytes(content)
        with pytest.raises(FileError, match="be a sound XLSX workbook"):
            read_table(workbook)


@cache
def small_workbook():
    """Return a workbook's bytes, once: it holds the time, so that no two are equally long."""
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@given(data=st.data())
def test_no_damage_to_a_workbook_is_more_than_a_named_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / "list.xlsx"
    content = bytearray(small_workbook())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        read_table(path)
    except FileError as error:
        assert error.rule  # noqa: PT017 - it may also be read


def test_a_part_that_unpacks_a_thousandfold_is_refused_unpacked(workbook):
    blank = b" " * (1 << 20)
    with_part(workbook, SHEET, (blank for _ in range(64)))
    assert workbook.stat().st_size < 1 << 20
    with pytest.raises(FileError, match=r"at most 250 times its size.*64 MiB.*made to fill memory"):
        read_table(workbook)


def test_a_huge_table_of_texts_is_refused(workbook, monkeypatch):
    with_strings(workbook, (b"<si><t>" + b"x" * 1000 + b"</t></si>") * 100)
    assert len(read_table(workbook).row) == 2
    monkeypatch.setattr(_xlsx_workbook, "MAX_STRINGS_CHARACTERS", 99_999)
    with pytest.raises(FileError, match="a larger table of texts"):
        read_table(workbook)
    monkeypatch.setattr(_xlsx_workbook, "MAX_STRINGS_CHARACTERS", 100_000)
    assert len(read_table(workbook).row) == 2
    monkeypatch.setattr(_xlsx_workbook, "MAX_STRINGS", 99)
    with pytest.raises(FileError, match="at most 99 different texts"):
        read_table(workbook)


def test_what_a_workbook_unpacks_to_is_bounded_by_its_directory_and_while_reading(
    workbook, monkeypatch
):
    with zipfile.ZipFile(workbook) as archive:
        total = sum(part.file_size for part in archive.infolist())
    monkeypatch.setattr(_xlsx_package, "MAX_UNPACKED_BYTES", total - 1)
    with pytest.raises(FileError, match="unpack to at most 0 MiB"):
        read_table(workbook)
    monkeypatch.setattr(_xlsx_package, "MAX_UNPACKED_BYTES", total)
    monkeypatch.setattr(_xlsx_package.Package, "_check", lambda _: None)
    assert len(read_table(workbook).row) == 2
    monkeypatch.setattr(_xlsx_package, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(FileError, match="unpack to at most 0 MiB"):
        read_table(workbook)


def test_many_cells_that_point_to_one_long_text_are_refused(workbook, monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_CHARACTERS", 20_000)
    with_strings(workbook, b"<si><t>a</t></si><si><t>" + b"x" * 1000 + b"</t></si>")
    rows = "".join(f'<row><c t="s"><v>{min(at, 1)}</v></c></row>' for at in range(22))
    with_part(workbook, SHEET, sheet(rows))
    with pytest.raises(FileError, match="more"):
        read_table(workbook)
    monkeypatch.setattr(xlsx, "MAX_CHARACTERS", 21_000)
    assert len(read_table(workbook).row) == 21
    monkeypatch.setattr(xlsx, "MAX_CELLS", 20)
    with pytest.raises(FileError, match="at most 20 cells"):
        read_table(workbook)


def test_entities_are_refused_with_their_document_type(workbook):
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + sheet("<row/>")
    with pytest.raises(FileError, match="a document type"):
        read_table(with_part(workbook, SHEET, bomb))


def test_an_endless_tag_or_cell_is_refused(workbook):
    piece = b"x" * (1 << 20)
    tag = [b'<worksheet a="', *[piece] * 12, b'"/>']
    with_part(workbook, SHEET, tag, compression=zipfile.ZIP_STORED)
    with pytest.raises(FileError, match="a tag of more than 8 MiB"):
        read_table(workbook)
    begin, end = sheet("<row><c t='inlineStr'><is><t>|</t></is></c></row>").split(b"|")
    with_part(workbook, SHEET, [begin, piece, b"x", end], compression=zipfile.ZIP_STORED)
    with pytest.raises(FileError, match="a cell of more than 1,048,576 characters"):
        read_table(workbook)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="1048577"/>',
        '<row r="x"/>',
        '<row r="-5"/>',
        '<row><c r="B1"/><c r="A1"/></row>',
        '<row><c r="A1"/><c r="A1"/></row>',
        '<row><c r="XFE1"/></row>',
        '<row><c r="a1"/></row>',
        '<row><c t="s"><v>99</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        "<row><c><v>1_0x</v></c></row>",
        "<row><c><v>inf</v></c></row>",
        "<row><c></row>",
        '<row><c s="x"><v>1</v></c></row>',
    ],
)
def test_a_broken_sheet_is_a_named_error(workbook, rows):
    with pytest.raises(FileError, match="be a sound XLSX workbook"):
        read_table(with_part(workbook, SHEET, sheet(rows)))


def test_merged_ranges_without_end_or_sense_are_refused(workbook, monkeypatch):
    rows = "<row><c><v>1</v></c></row><row><c><v>1</v></c></row>"
    merges = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(5, 15))
    with_part(workbook, SHEET, sheet(rows, f"<mergeCells>{merges}</mergeCells>"))
    assert len(read_table(workbook).row) == 1
    monkeypatch.setattr(_xlsx_sheet, "MAX_MERGES", 9)
    with pytest.raises(FileError, match="more than 9 merged ranges"):
        read_table(workbook)
    with_part(workbook, SHEET, sheet(rows, '<mergeCell ref="nonsense"/>'))
    with pytest.raises(FileError, match="a merged range 'nonsense'"):
        read_table(workbook)


def test_a_missing_part_and_an_archive_of_something_else_are_refused(workbook, tmp_path):
    other = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(FileError, match=r"without the part xl/workbook\.xml"):
        read_table(other)
    with_part(workbook, "xl/_rels/workbook.xml.rels", b"<Relationships/>")
    with pytest.raises(FileError, match="without a visible sheet"):
        read_table(workbook)


# Text that a spreadsheet would run

TEXT = st.one_of(
    st.text(max_size=8),
    st.text("'=+-@\t\r0.5a", max_size=6),
)


@given(TEXT)
def test_any_text_comes_back_from_its_harmless_form(text):
    harmless = neutralised(text)
    assert restored(harmless) == text
    assert not harmless.startswith(("=", "@", "\t", "\r"))
    if harmless.startswith(("+", "-")):
        float(harmless)


@given(st.lists(TEXT.map(lambda text: text.replace("\0", "")), min_size=1, max_size=20))
def test_a_column_is_restored_as_each_of_its_texts_is(tmp_path_factory, texts):
    quoted = "".join('x,"' + text.replace('"', '""') + '"\n' for text in texts)
    path = written(tmp_path_factory.mktemp("f"), f"a,b\n{quoted}".encode("utf-8", "replace"))
    expected = [restored(text.encode("utf-8", "replace").decode()) for text in texts]
    assert read_table(path).columns.column("b").to_pylist() == expected
