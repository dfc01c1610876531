"""Arrow tables as a Parquet, NDJSON or CSV file, one after another: many rows, little memory.

A table is written before the next is asked for, and then forgotten. In CSV a null is an empty
cell, and text that a spreadsheet would run as a formula gets an apostrophe before it; in NDJSON a
null is `null`, and so is a number that JSON has not. Numbers have as few digits as give the same
float64 back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types as kinds

from geo_match.errors import ArgumentError
from geo_match.exchange.cells import csv_cell, json_cell
from geo_match.exchange.rejections import write_rejections
from geo_match.exchange.rows import BLOCK_ROWS
from geo_match.exchange.target import check_suffix_among, naming, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geo_match.exchange.write import Rejected

TABLE_SUFFIXES: Final = (".csv", ".ndjson", ".jsonl", ".parquet")
"""Suffixes of files that tables are written to."""


def write_tables(tables: Iterable[pa.Table], path: str | Path) -> int:
    """Write tables one after another to a file, which appears when it is complete.

    A file that stood there is replaced. If anything fails, the error passes through and the target
    is as it was.

    Parameters
    ----------
    tables
        At least one, which may have no rows; all of one schema: texts, numbers, truth values, days
        and moments, text as categories too. Each is asked for when the one before it is written.
    path
        `.csv`, `.ndjson` or `.jsonl`, or `.parquet`: the suffix says how it is written. Only
        Parquet keeps the types.

    Returns
    -------
    int
        Number of rows written.

    Raises
    ------
    FileError
        If the suffix is none of these, or the file cannot be written.
    ArgumentError
        If there is no table, one differs from the first in its columns, or a column of lists or
        other nested values is to be written as text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "who.csv")
    ...     n = write_tables((pa.table({"id": [one]}) for one in ("A", "=B")), path)
    ...     print(n, path.read_text().split())
    2 ['id', 'A', "'=B"]
    """
    with table_files(path) as (file,):
        for table in tables:
            file.write(table)
    return file.n_rows


@contextmanager
def table_files(*paths: str | Path, rejected: Rejected | None = None) -> Iterator[list[TableFile]]:
    """Give a file for each path to write tables to; all appear at the end, or none.

    Parameters
    ----------
    paths
        As in `write_tables`, all different.
    rejected
        A list of rejected rows that appears with them; None for none.

    Raises
    ------
    FileError, ArgumentError
        As in `write_tables`, also for a file that no table was written to.
    """
    for path in paths:
        check_table_suffix(path)
    lists = [rejected.path] if rejected else []
    with replacing(*lists, *paths) as temporaries:
        if rejected:
            with naming(rejected.path):
                write_rejections(temporaries[0], rejected.files)
        files = [
            TableFile(Path(path), temporary)
            for path, temporary in zip(paths, temporaries[len(lists) :], strict=True)
        ]
        try:
            yield files
            for file in files:
                file.finish()
        finally:
            for file in files:
                file.abandon()


def check_table_suffix(path: str | Path) -> None:
    """Check that tables can be written to a file of this name.

    Raises
    ------
    FileError
        If its suffix is none of `TABLE_SUFFIXES`.
    """
    check_suffix_among(path, TABLE_SUFFIXES)


class TableFile:
    """A file that tables are written to, one after another; made by `table_files`.

    Parameters
    ----------
    target
        What it will be called.
    path
        Where it is written meanwhile.
    """

    def __init__(self, target: Path, path: Path) -> None:
        self.n_rows = 0
        """How many rows were written."""
        self._target = target
        self._path = path
        self._schema: pa.Schema | None = None
        self._writer: _Writer | None = None

    def write(self, table: pa.Table) -> None:
        """Write the rows of a table.

        Raises
        ------
        FileError, ArgumentError
            As in `write_tables`.
        """
        if self._schema is None:
            self._schema = table.schema
        elif not table.schema.equals(self._schema):
            raise ArgumentError(
                "tables",
                f"have the columns of the first, {_columns(self._schema)}",
                _columns(table.schema),
            )
        with naming(self._target):
            if self._writer is None:
                self._writer = _opened(self._path, table.schema, self._target)
            self._writer.write(table)
        self.n_rows += table.num_rows

    def finish(self) -> None:
        """Complete the file.

        Raises
        ------
        ArgumentError
            If there was no table, so that nobody knows its columns.
        FileError
            If the disk refuses the end of it.
        """
        if self._writer is None:
            raise ArgumentError("tables", "be at least one", "none", "It may have no rows.")
        with naming(self._target):
            self._writer.close()

    def abandon(self) -> None:
        """Let go of what is open, whatever became of it; the file is complete or thrown away."""
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()


class _Writer(Protocol):
    """What writes tables in one format."""

    def write(self, table: pa.Table) -> None:
        """Write a table of the schema."""

    def close(self) -> None:
        """Write what is left, and close the file; again does no harm."""


def _opened(path: Path, schema: pa.Schema, target: Path) -> _Writer:
    match target.suffix.lower():
        case ".parquet":
            return _Parquet(path, schema)
        case ".csv":
            return _Csv(path, schema)
        case _:
            return _Ndjson(path, schema)


class _Parquet:
    """Parquet, a row group a table and at most `BLOCK_ROWS` rows."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table, row_group_size=BLOCK_ROWS)

    def close(self) -> None:
        self._writer.close()


class _Text(ABC):
    """Lines of text: each column becomes text at once, and Arrow joins them."""

    _null = ""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._check(schema)
        self._schema = schema
        self._file: BinaryIO = path.open("wb")

    def write(self, table: pa.Table) -> None:
        for block in table.to_batches(max_chunksize=BLOCK_ROWS):
            self._file.write(_bytes(self._lines(block)))

    def close(self) -> None:
        self._file.close()

    @abstractmethod
    def _lines(self, block: pa.RecordBatch) -> pa.Array:
        """Return the lines of rows, each with its end."""

    def _text(self, column: pa.Array, escape: Callable[[str], str]) -> pa.Array:
        """Return a column as it stands in the file, nulls too."""
        if _is_plain(column.type):
            if kinds.is_floating(column.type):
                column = pc.if_else(pc.is_finite(column), column, None)
            text = column.cast(pa.string())
        else:
            if kinds.is_dictionary(column.type):
                column = column.dictionary_decode()
            encoded = column.cast(pa.string()).dictionary_encode()
            different = [escape(one) for one in encoded.dictionary.to_pylist()]
            text = pa.array(different, pa.string()).take(encoded.indices)
        return pc.fill_null(text, self._null)

    def _check(self, schema: pa.Schema) -> None:
        for field in schema:
            if kinds.is_nested(field.type) or kinds.is_binary(field.type):
                raise ArgumentError(
                    "tables",
                    "hold texts, numbers, truth values, days and moments, to be written as text",
                    f"the column {field.name!r} of {field.type}",
                    "Make it text, or write to a file that ends in .parquet.",
                )


class _Csv(_Text):
    """Comma-separated text in UTF-8 with a header."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        super().__init__(path, schema)
        self._file.write(f"{','.join(map(csv_cell, schema.names))}\n".encode())

    def _lines(self, block: pa.RecordBatch) -> pa.Array:
        texts = [self._text(column, csv_cell) for column in block.columns]
        joined = pc.binary_join_element_wise(*texts, ",")
        return pc.binary_join_element_wise(joined, "\n", "")


class _Ndjson(_Text):
    """One JSON object a line, in UTF-8."""

    _null = "null"

    def _lines(self, block: pa.RecordBatch) -> pa.Array:
        parts: list[object] = []
        for name, column in zip(self._schema.names, block.columns, strict=True):
            before = "," if parts else "{"
            parts += [f"{before}{json_cell(name)}:", self._text(column, json_cell)]
        return pc.binary_join_element_wise(*parts, "}\n", "")


def _is_plain(kind: pa.DataType) -> bool:
    """Return whether values need no quotes: numbers and truth values."""
    return any(
        is_one(kind)
        for is_one in (kinds.is_integer, kinds.is_floating, kinds.is_boolean, kinds.is_null)
    )


def _bytes(lines: pa.Array) -> memoryview:
    """Return the bytes of texts that follow one another."""
    _, offsets, data = lines.buffers()
    if not len(lines) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, dtype=np.int32)[lines.offset :]
    return memoryview(data)[int(ends[0]) : int(ends[len(lines)])]


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)
