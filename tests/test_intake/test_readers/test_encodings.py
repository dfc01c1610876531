"""Encodings that offices meet: none is read as something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import FileError
from geo_match.intake.readers._big5 import _TRADITIONAL
from geo_match.intake.readers.csv_text import read_csv
from geo_match.records import RECORDS

TRADITIONAL = "家庭編號,戶主姓名,聯繫電話,經度,緯度\nH1,陳大文,13805521234,117.36,32.93\n"
SIMPLIFIED = "家庭编号,户主姓名,联系电话,经度,纬度\nH1,陈大文,13805521234,117.36,32.93\n"
HEADERS = sorted(
    {
        header
        for model in RECORDS.values()
        for spec in model.specs().values()
        for header in spec.headers
        if not header.isascii()
    }
)


def written(folder, content):
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


def test_big5_is_refused_with_advice_though_it_passes_for_gb18030(tmp_path):
    content = TRADITIONAL.encode("big5")
    assert "編號" not in content.decode("gb18030")
    with pytest.raises(FileError, match=r"looks like Big5 .*家庭編號") as error:
        read_csv(written(tmp_path, content))
    assert "save it as CSV UTF-8" in error.value.remedy


def test_big5_that_is_no_gb18030_is_refused_as_big5_too(tmp_path):
    content = TRADITIONAL.encode("big5") + b"\xff\xff\n"
    with pytest.raises(FileError, match="looks like Big5"):
        read_csv(written(tmp_path, content))


def test_big5_is_known_by_each_of_its_usual_headers(tmp_path):
    with pytest.raises(FileError, match=r"looks like Big5 .*每週最多工時"):
        read_csv(written(tmp_path, "每週最多工時\n40\n".encode("big5")))


def test_rare_names_and_traditional_headers_in_gb18030_pass(tmp_path):
    text = SIMPLIFIED + "H2,龘㛃𠮷,13805521234,117.36,32.93\n" * 50
    assert read_csv(written(tmp_path, text.encode("gb18030"))).columns.num_rows == 51
    table = read_csv(written(tmp_path, TRADITIONAL.encode("gb18030")))
    assert table.columns.column_names == ["家庭編號", "戶主姓名", "聯繫電話", "經度", "緯度"]


@given(headers=st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6, unique=True))
def test_no_list_in_gb18030_with_a_known_header_is_taken_for_big5(tmp_path_factory, headers):
    text = ",".join(headers) + "\n" + ",".join(["甲"] * len(headers)) + "\n"
    path = written(tmp_path_factory.mktemp("lists"), text.encode("gb18030"))
    assert read_csv(path).columns.column_names == headers


@given(
    text=st.text(
        st.characters(codec="gb18030", categories=("L", "N")), min_size=1, max_size=12
    ).filter(lambda text: not text.isascii())
)
def test_words_of_gb18030_that_no_field_knows_are_not_taken_for_big5(tmp_path_factory, text):
    content = f"{text}\n甲\n".encode("gb18030")
    path = written(tmp_path_factory.mktemp("lists"), content)
    assert read_csv(path).columns.column_names == [text]


def test_every_known_header_has_a_form_that_big5_can_write():
    back = {simple: traditional for traditional, simple in _TRADITIONAL.items()}
    for header in HEADERS:
        traditional = header.translate(back)
        assert traditional.encode("cp950").decode("cp950").translate(_TRADITIONAL) == header


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_and_without_its_mark(tmp_path, encoding):
    with pytest.raises(FileError, match="NUL bytes") as error:
        read_csv(written(tmp_path, SIMPLIFIED.encode(encoding)))
    assert "CSV UTF-8" in error.value.remedy


def test_parts_in_two_encodings_are_refused(tmp_path):
    rows = "H2,陈小文先生的家人,13805521234,117.36,32.93\n" * 3
    with pytest.raises(FileError, match="keep to one encoding"):
        read_csv(written(tmp_path, SIMPLIFIED.encode("gb18030") + rows.encode()))
    with pytest.raises(FileError, match="UTF-8 ends in line 3, GB18030 in line 2"):
        read_csv(written(tmp_path, SIMPLIFIED.encode() + rows.encode("gb18030")))
