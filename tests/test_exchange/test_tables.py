"""Tables read back as they were written, one after another, and appear whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import weakref

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, FileError
from geo_match.exchange import TABLE_SUFFIXES, tables, write_tables
from geo_match.exchange.tables import table_files
from geo_match.intake.readers.files import read_table

SUFFIXES = [suffix[1:] for suffix in TABLE_SUFFIXES]
NASTY = [
    "007",
    "=1+1",
    "a,b",
    'say "hi"',
    "two\nlines",
    "东风",
    "@x",
    "-5",
    "+cmd",
    "\ttab",
    "",
    None,
]
WORDS = pa.array(["inside", None, "=x"]).dictionary_encode()


def mixed(n=12, first=0):
    """Return a table of all kinds of columns."""
    numbers = np.arange(first, first + n)
    return pa.table(
        {
            "id": pa.array((NASTY * n)[:n], pa.string()),
            "名": pa.array(numbers.astype(str)).cast(pa.large_string()),
            "word": WORDS.take(pa.array(numbers % 3)),
            "rank": pa.array(numbers, mask=numbers % 4 == 1),
            "score": pa.array(numbers / 3, mask=numbers % 5 == 2),
            "is": pa.array(numbers % 2 == 0, mask=numbers % 7 == 3),
            "on": pa.array(
                [dt.date(2025, 1, 1) if one % 2 else None for one in numbers.tolist()], pa.date32()
            ),
            "nothing": pa.nulls(n),
        }
    )


def plain(table):
    """Return rows as JSON knows them."""
    rows = table.to_pylist()
    return [row | {"on": None if row["on"] is None else row["on"].isoformat()} for row in rows]


def in_order(*parts):
    return pa.concat_tables(parts).unify_dictionaries()


def read_ndjson(path):
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_ndjson_has_each_row_with_its_nulls(tmp_path):
    path = tmp_path / "a.ndjson"
    parts = [mixed(), mixed(0), mixed(5, first=20)]
    assert write_tables(parts, path) == len(NASTY) + 5
    assert read_ndjson(path) == plain(in_order(*parts))


def test_csv_has_each_row_with_empty_cells_for_nulls(tmp_path):
    path = tmp_path / "a.csv"
    parts = [mixed(), mixed(5, first=20)]
    write_tables(parts, path)
    rows = plain(in_order(*parts))
    found = read_csv(path)
    assert list(found[0]) == list(rows[0])
    for one, row in zip(found, rows, strict=True):
        for name in ("名", "on", "nothing"):
            assert one[name] == (row[name] or "")
        for name in ("rank", "score"):
            assert (float(one[name]) if one[name] else None) == row[name]
        assert one["is"] == {True: "true", False: "false", None: ""}[row["is"]]


def test_parquet_keeps_rows_and_types(tmp_path):
    path = tmp_path / "a.parquet"
    parts = [mixed(), mixed(5, first=20)]
    write_tables(parts, path)
    back = pq.read_table(path)
    assert back.schema.equals(parts[0].schema)
    assert back.to_pylist() == in_order(*parts).to_pylist()


def test_csv_cells_that_a_spreadsheet_would_run_are_neutralised(tmp_path):
    path = tmp_path / "a.csv"
    texts = ["=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\tx", '="a,b"', "-5", "a=b"]
    table = pa.table({"=evil": texts, "kind": pa.array(texts).dictionary_encode()})
    write_tables([table.append_column("n", pa.array([-1.5] * 8))], path)
    neutral = ["'=1+1", "'+cmd|' /C calc'!A0", "'-x", "'@SUM(A1)", "'\tx", '\'="a,b"', "-5", "a=b"]
    found = read_csv(path)
    assert list(found[0]) == ["'=evil", "kind", "n"]
    assert [row["'=evil"] for row in found] == [row["kind"] for row in found] == neutral
    assert {row["n"] for row in found} == {"-1.5"}


@given(
    rows=st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1
            ),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        min_size=1,
    )
)
def test_texts_and_numbers_come_back_bit_by_bit(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    table = pa.table({"id": [f"a{one}" for one, _ in rows], "x": [x for _, x in rows]})
    write_tables([table], folder / "a.ndjson")
    write_tables([table], folder / "a.csv")
    assert read_ndjson(folder / "a.ndjson") == table.to_pylist()
    found = read_csv(folder / "a.csv")
    assert [{"id": row["id"], "x": float(row["x"])} for row in found] == table.to_pylist()


def test_what_is_neutralised_is_read_in_again_as_it_was(tmp_path):
    path = tmp_path / "a.csv"
    texts = ["=1+1", "'=x", "-3", "岗位"]
    write_tables([pa.table({"id": texts, "n": range(4)})], path)
    assert read_table(path).columns.column("id").to_pylist() == texts


def test_numbers_that_json_has_not_are_nulls(tmp_path):
    path = tmp_path / "a.ndjson"
    write_tables([pa.table({"x": [np.nan, np.inf, -np.inf, 1e-9]})], path)
    assert read_ndjson(path) == [{"x": None}] * 3 + [{"x": 1e-9}]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_without_rows_makes_a_sound_file(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    assert write_tables([mixed(0)], path) == 0
    if suffix == "parquet":
        assert pq.read_table(path).num_rows == 0
    else:
        header = "id,名,word,rank,score,is,on,nothing\n" if suffix == "csv" else ""
        assert path.read_text(encoding="utf-8") == header


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_large_tables_are_cut_into_blocks(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"a.{suffix}"
    monkeypatch.setattr(tables, "BLOCK_ROWS", 3)
    assert write_tables([mixed(10), mixed(10, first=4).slice(2, 5)], path) == 15
    if suffix == "parquet":
        with pq.ParquetFile(path) as file:
            assert file.metadata.num_row_groups == 6
            assert file.metadata.num_rows == 15
    elif suffix != "csv":
        assert read_ndjson(path) == plain(in_order(mixed(10), mixed(10, first=4).slice(2, 5)))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_table_is_written_and_forgotten_before_the_next(tmp_path, suffix):
    buffers = []

    def alive():
        gc.collect()
        return sum(one() is not None for one in buffers)

    def parts():
        for first in range(12):
            array = np.arange(first, first + 100)
            buffers.append(weakref.ref(array))
            most.append(alive())
            yield pa.table(
                {"n": pa.Array.from_buffers(pa.int64(), 100, [None, pa.py_buffer(array)])}
            )
            del array

    most = []
    assert write_tables(parts(), tmp_path / f"a.{suffix}") == 1_200
    assert max(most) <= 2  # the one that is made, and the one that the caller has just let go


@pytest.mark.parametrize("error", [ValueError("boom"), KeyboardInterrupt("stop")])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failure_passes_through_and_leaves_everything_as_it_was(tmp_path, suffix, error):
    path = tmp_path / f"a.{suffix}"
    path.write_text("before")

    def parts():
        yield mixed()
        raise error

    with pytest.raises(type(error), match=str(error)):
        write_tables(parts(), path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_takes_no_more_is_told_with_the_targets_name(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_text("before")
    numbers = np.random.default_rng(1).integers(0, 2**62, 60_000)
    table = pa.table({"id": numbers.astype(str), "n": numbers})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(FileError, match=r"must be written, got .* Free space") as caught:
            write_tables([table, table], path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.file == str(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_killed_in_the_middle_nothing_stands_under_the_name(tmp_path, suffix):
    """By a signal that nobody can catch; what was written has another name, and is hidden."""
    path = tmp_path / f"a.{suffix}"
    program = (
        "import sys, time, pyarrow as pa\n"
        "from geo_match.exchange import write_tables\n"
        "def parts():\n"
        "    for n in range(10_000):\n"
        "        yield pa.table({'n': range(1000)})\n"
        "        print('one', flush=True)\n"
        "        time.sleep(60 if n == 3 else 0)\n"
        "write_tables(parts(), sys.argv[1])\n"
    )
    with subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        for _ in range(3):
            assert process.stdout.readline() == "one\n"
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not path.exists()
    assert all(one.name.startswith(".") for one in tmp_path.iterdir())


def test_several_files_appear_together(tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.ndjson"
    with table_files(one, two) as (first, second):
        first.write(pa.table({"id": ["A"]}))
        second.write(pa.table({"n": [1, 2]}))
        first.write(pa.table({"id": ["B"]}))
        assert list(tmp_path.glob("[a-z]*")) == []
    assert (first.n_rows, second.n_rows) == (2, 2)
    assert one.read_text() == "id\nA\nB\n"
    assert two.read_text() == '{"n":1}\n{"n":2}\n'


def test_of_several_files_none_appears_if_one_has_no_table(tmp_path):
    with (
        pytest.raises(ArgumentError, match="`tables` must be at least one, got none"),
        table_files(tmp_path / "one.csv", tmp_path / "two.parquet") as (first, _),
    ):
        first.write(pa.table({"id": ["A"]}))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.xlsx", "a.geojson", "a"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    with pytest.raises(FileError, match=r"end in one of \.csv, \.ndjson, \.jsonl, \.parquet"):
        write_tables([mixed()], tmp_path / name)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tables_of_other_columns_are_refused(tmp_path, suffix):
    parts = [pa.table({"id": ["A"]}), pa.table({"id": [1]})]
    rule = r"have the columns of the first, id \(string\), got id \(int64\)"
    with pytest.raises(ArgumentError, match=rule):
        write_tables(parts, tmp_path / f"a.{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_nested_values_are_for_parquet_alone(tmp_path):
    table = pa.table({"groups": [["a", "b"], None]})
    assert write_tables([table], tmp_path / "a.parquet") == 2
    with pytest.raises(ArgumentError, match=r"the column 'groups' of list.*ends in \.parquet"):
        write_tables([table], tmp_path / "a.csv")
