"""NDJSON against the standard library's `json`: a line is a record, a fault, or blank."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import FileError
from geo_match.intake import read_places
from geo_match.intake.readers import json_columns, ndjson
from geo_match.intake.readers.files import read_table


def written(tmp_path, content, name="list.ndjson"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["list.ndjson", "list.jsonl"])
def test_columns_are_typed_and_absent_members_are_null(tmp_path, name):
    lines = '\ufeff{"id":"007","lon":117.3,"lat":32.9,"n":1}\n\n{"id":"甲","lon":1,"lat":2}\r\n'
    read = read_places(written(tmp_path, lines, name))
    assert read.places.id.tolist() == ["007", "甲"]
    assert read.places.lon.tolist() == [117.3, 1.0]
    assert read.row.tolist() == [1, 3]
    assert str(read.places.attributes["n"].dtype) == "Int64"
    assert read.warnings == ("passed over 1 blank line",)


LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), LEAF), min_size=1, max_size=10))
def test_every_value_of_one_type_comes_back(tmp_path_factory, objects):
    path = written(tmp_path_factory.mktemp("n"), "".join(json.dumps(one) + "\n" for one in objects))
    table = read_table(path)
    assert table.row.tolist() == list(range(1, len(objects) + 1))
    for name in table.columns.column_names:
        values = [one.get(name) for one in objects]
        if len({type(value) for value in values if value is not None}) <= 1:
            assert table.columns.column(name).to_pylist() == values
        else:
            assert table.columns.column(name).to_pylist() == [
                value if value is None or isinstance(value, str) else json.dumps(value)
                for value in values
            ]


def test_lists_of_text_stay_and_other_nesting_is_its_json(tmp_path):
    table = read_table(
        written(tmp_path, '{"a":["x","y"],"b":{"淮":[1]},"c":[1]}\n{"a":[],"b":2,"c":null}\n')
    )
    assert table.columns.to_pylist() == [
        {"a": ["x", "y"], "b": '{"淮": [1]}', "c": "[1]"},
        {"a": [], "b": "2", "c": None},
    ]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("{", "must be one JSON object ("),
        ("[1]", "must be one JSON object"),
        ("null", "must be one JSON object"),
        ('{"a":1}{"a":2}', "Extra data"),
        ('{"a":1,"a":2}', "two members of one name"),
        ('{"x":{"a":1,"a":2}}', "two members of one name"),
        ('{"a":NaN}', "which has no NaN"),
        ('{"a":-Infinity}', "which has no -Infinity"),
        ('{"a":"\\ud800"}', "half of a surrogate pair"),
        ('{"a":"\\u0000"}', "no NUL"),
        ('{"a":' + "9" * 5000 + "}", "thousands of digits"),
        ('{"a":' + "[" * 100_000, "nested so deeply"),
    ],
    ids=range(12),
)
def test_a_line_that_is_no_object_is_a_fault_of_its_row_alone(tmp_path, line, rule):
    table = read_table(written(tmp_path, f'{{"a":1}}\n{line}\n{{"a":"\\\\u0000"}}\n'))
    (fault,) = table.faults
    assert fault.row == 2
    assert rule in fault.rule
    assert table.row.tolist() == [1, 3]
    assert table.broken == {2: (line,)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a":"淮"}\n'.encode("gb18030"), "other bytes in line 1"),
        ('{"a":1}\n{"a":"淮"}\n'.encode() + '{"a":"淮"}\n'.encode("gb18030"), "bytes in line 3"),
        ('{"a":1}\n'.encode("utf-16"), "UTF-8"),
        ('{"a":1}\n'.encode("utf-16-le"), "UTF-8"),
        (b"\n\n", "headers only or no feature"),
        ('{"type":"Feature","geometry":null,"properties":{}}\n', r"ends in \.geojson"),
    ],
    ids=range(6),
)
def test_files_that_are_no_ndjson_are_refused_with_a_reason(tmp_path, content, message):
    with pytest.raises(FileError, match=message):
        read_table(written(tmp_path, content))


def test_files_lines_and_names_beyond_the_limits_are_refused(tmp_path, monkeypatch):
    path = written(tmp_path, '{"a":1,"b":2}\n{"c":3,"a":4}\n')
    with monkeypatch.context() as patch:
        patch.setattr(json_columns, "MAX_COLUMNS", 2)
        with pytest.raises(FileError, match="at most 2 properties"):
            read_table(path)
        patch.setattr(json_columns, "MAX_COLUMNS", 3)
        assert len(read_table(path).row) == 2
    with monkeypatch.context() as patch:
        patch.setattr(ndjson, "MAX_LINE_BYTES", 13)
        with pytest.raises(FileError, match="longer line 1"):
            read_table(path)
        patch.setattr(ndjson, "MAX_LINE_BYTES", 14)
        assert len(read_table(path).row) == 2
    monkeypatch.setattr(ndjson, "MAX_BYTES", 27)
    with pytest.raises(FileError, match="Split it into several files"):
        read_table(path)
    monkeypatch.setattr(ndjson, "MAX_BYTES", 28)
    assert len(read_table(path).row) == 2
