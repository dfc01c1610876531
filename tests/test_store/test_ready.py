"""Records are made ready for their transaction: whole statements, new keys, images."""

from __future__ import annotations

import json
import math

import pytest
from test_store.readied import lines_of

from geo_match.store.schema.tables import KEY_LENGTH, TABLES
from geo_match.store.writing.ready import Ready

FIELDS = [name for name in TABLES["stations"].columns.keys() if name not in {"import_id", "key"}]  # noqa: SIM118 - a table's own keys


def rows(n):
    return [(f"S{at}", at, *[math.nan] * (len(FIELDS) - 2)) for at in range(n)]


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize("n", [0, 1, 249, 250, 251, 500, 777])
def test_each_new_row_is_in_one_statement_in_its_order(n, is_file):
    ready = Ready.of("stations", rows(n), [None] * n, 7, is_file=is_file)
    lines = lines_of(ready)
    assert [line["id"] for line in lines] == [f"S{at}" for at in range(n)]
    assert [line[FIELDS[1]] for line in lines] == list(range(n))
    assert [line["key"] for line in lines] == ready.keys
    assert {line["import_id"] for line in lines} <= {7}
    assert len(ready.new.many) == (n // 250 if is_file else 0)
    assert not ready.changed


def test_new_keys_are_all_different_and_old_ones_stay():
    keys = [None, "0" * KEY_LENGTH, None, "1" * KEY_LENGTH, None]
    ready = Ready.of("stations", rows(5), keys, 0, is_file=True)
    assert ready.keys[1::2] == keys[1::2]
    assert len(set(ready.keys)) == 5
    assert {len(key) for key in ready.keys} == {KEY_LENGTH}
    assert [line["key"] for line in lines_of(ready)] == ready.keys[::2]
    assert [(row[0], row[-2], row[-1]) for row in ready.changed] == [
        ("S1", keys[1], "S1"),
        ("S3", keys[3], "S3"),
    ]
    assert {len(row) for row in ready.changed} == {len(FIELDS) + 3}


def test_fields_that_are_null_in_all_rows_are_not_named_but_are_in_the_image():
    empty = FIELDS[2:]
    alike = dict.fromkeys(empty)
    ready = Ready.of("stations", rows(3), [None] * 3, 0, is_file=True, alike=alike)
    assert set(ready.new.columns) == {*FIELDS[:2], "import_id", "key"}
    assert [json.loads(one) for one in ready.images] == [
        [f"S{at}", at, *[None] * len(empty)] for at in range(3)
    ]


def test_a_record_that_says_nothing_but_its_id_is_a_row_too():
    alone = [("S1", *[math.nan] * (len(FIELDS) - 1))]
    alike = dict.fromkeys(FIELDS[1:])
    ready = Ready.of("stations", alone, [None], 0, is_file=True, alike=alike)
    (line,) = lines_of(ready)
    assert math.isnan(line.pop(FIELDS[1]))
    assert line == {"id": "S1", "import_id": 0, "key": ready.keys[0]}


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize("n", [1, 251])
def test_what_is_the_same_in_all_rows_is_named_once(n, is_file):
    told = [(f"S{at}", at, "same", *[math.nan] * (len(FIELDS) - 3)) for at in range(n)]
    alike = {FIELDS[2]: "same", **dict.fromkeys(FIELDS[3:])}
    ready = Ready.of("stations", told, [None] * n, 5, is_file=is_file, alike=alike)
    assert ready.new.alike == {FIELDS[2]: "same", "import_id": 5}
    assert ready.new.names == (*FIELDS[:2], "key")
    assert lines_of(ready) == [
        {"id": f"S{at}", FIELDS[1]: at, FIELDS[2]: "same", "import_id": 5, "key": key}
        for at, key in enumerate(ready.keys)
    ]
