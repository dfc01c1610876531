"""Comma-separated text: UTF-8 or GB18030, every cell kept as the text it is.

pyarrow splits the records. Three of its habits would lose rows without a word, and are met here:
records with a cell too few or too many are caught one by one; blank rows are told from data; and
a quote that is never closed, which swallows the rest of the file into one cell, is refused.
"""

from __future__ import annotations

import codecs
import csv
import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from geo_match.errors import FileError
from geo_match.intake.faults import WHOLE_ROW, Rejection, counted, shown
from geo_match.intake.readers._big5 import refuse_big5
from geo_match.intake.readers.formulas import restored, restored_column
from geo_match.intake.readers.headers import checked_headers
from geo_match.intake.readers.table import Lines, Table

if TYPE_CHECKING:
    from pathlib import Path

_SCAN_BYTES = 1 << 23
_BLOCK_BYTES = 1 << 24  # the longest record that pyarrow can read

# UTF-8 read as GB18030 often passes, and comes out as other Chinese text. It is told by its runs
# of bytes above 127: one that is wholly three-byte characters of CJK and its punctuation is
# chance in GB18030 once in 20,000 runs of three characters, once in 10**13 of nine.
_HIGH_RUN = re.compile(rb"[\x80-\xff]{6,}")
_UTF8_CJK = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+")
_SURE_BYTES = 18
_LEAST_RUNS, _SHARE_OF_RUNS = 3, 0.01


def read_csv(path: Path) -> Table:
    """Read a CSV file; each column is text, an empty cell is empty text.

    An apostrophe that was put before text to keep a spreadsheet from running it is taken away.

    Raises
    ------
    FileError
        If the file is neither UTF-8 nor GB18030, a mixture of them, or Big5 by its headers, has
        no header, another delimiter, or a quote that is never closed.
    ColumnError
        If headers are repeated.
    """
    encoding, n_quotes, n_lines = _scan(path)
    names, has_rows, n_header_lines = _header(path, encoding)
    if not has_rows:
        return Table(path, np.empty(0, dtype=np.int64), pa.table({}), encoding=encoding)
    invalid: list[pa_csv.InvalidRow] = []

    def keep(row: pa_csv.InvalidRow) -> Literal["skip"]:
        invalid.append(row)
        return "skip"

    try:
        columns = pa_csv.read_csv(
            path,
            read_options=pa_csv.ReadOptions(
                use_threads=False,  # with threads an invalid record has no number
                block_size=_BLOCK_BYTES,
                column_names=names,
                skip_rows_after_names=1,
                encoding=encoding,
            ),
            parse_options=pa_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise FileError(
            path,
            "be comma-separated text",
            f"text that cannot be split into records ({error})",
            "Is a quote not closed, so that one cell runs on over many lines?",
        ) from error
    row = np.arange(1, columns.num_rows + len(invalid) + 1, dtype=np.int64)
    # pyarrow numbers records from 1 at the header; a data row counts from 1 below it.
    ragged = {record.number - 1: record for record in invalid}
    row = np.delete(row, np.fromiter(ragged, dtype=np.int64) - 1)
    if n_quotes % 2:
        _refuse_open_quote(path, columns, row, ragged)
    n_rows = len(row) + len(ragged)
    lines = Lines(n_header_lines)
    if n_lines > n_header_lines + n_rows:
        lines = _lines(columns, row, ragged, n_header_lines)
    blank = _blank(columns)
    faults = {number: record for number, record in ragged.items() if record.text.strip()}
    n_blank = int(blank.sum()) + len(ragged) - len(faults)
    if blank.any():
        columns = columns.filter(pa.array(~blank))
    return Table(
        path,
        row[~blank],
        pa.table([restored_column(column) for column in columns.columns], names=names),
        faults=tuple(_ragged(number, record) for number, record in faults.items()),
        warnings=(f"passed over {counted(n_blank, 'blank row')}",) if n_blank else (),
        broken={
            number: tuple(map(restored, next(csv.reader([record.text]), [])))
            for number, record in faults.items()
        },
        encoding=encoding,
        lines=lines,
    )


def _lines(
    columns: pa.Table,
    row: np.ndarray[tuple[int], np.dtype[np.int64]],
    ragged: dict[int, pa_csv.InvalidRow],
    above: int,
) -> Lines:
    """Return where the records of a file stand, some of which run over several lines."""
    breaks = np.zeros(len(row) + len(ragged), dtype=np.int64)
    for column in columns.columns:
        breaks[row - 1] += pc.count_substring(column, "\n").to_numpy()
    for number, record in ragged.items():
        breaks[number - 1] = record.text.rstrip("\r\n").count("\n")
    longer = np.flatnonzero(breaks)
    return Lines(above, longer + 1, np.cumsum(breaks[longer]))


def _scan(path: Path) -> tuple[str, int, int]:
    """Return the encoding that a whole file keeps to, and its numbers of double quotes and lines.

    A line ends with LF; where there is none, lines are not counted (0), and no cell has one.
    """
    broken_at: dict[str, int] = {}
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        n_quotes = line = 0
        last = b""
        try:
            with path.open("rb") as stream:
                while block := stream.read(_SCAN_BYTES):
                    if b"\0" in block:
                        raise FileError(
                            path,
                            "be text in UTF-8 or GB18030",
                            "NUL bytes",
                            "It is UTF-16 or no text at all: save it anew as CSV UTF-8.",
                        )
                    n_quotes += block.count(b'"')  # never a trailing byte in either encoding
                    decoder.decode(block)
                    line += block.count(b"\n")
                    last = block
            block = b""
            decoder.decode(block, final=True)
        except UnicodeDecodeError as error:
            # `object` may begin with bytes that the decoder kept of the block before.
            good = error.object[: error.start]
            broken_at[encoding] = line + good.count(b"\n") + 1
            continue
        if encoding == "gb18030":
            _refuse_mixed(path, broken_at["utf-8"])
            refuse_big5(path)
        return encoding, n_quotes, line + (line > 0 and not last.endswith(b"\n"))
    refuse_big5(path)
    raise FileError(
        path,
        "be text in UTF-8 or GB18030",
        f"bytes that are neither (UTF-8 ends in line {broken_at['utf-8']:,}, GB18030 in line "
        f"{broken_at['gb18030']:,})",
        "Save it anew as CSV UTF-8; encodings mixed in one file cannot be told apart.",
    )


def _refuse_mixed(path: Path, other_line: int) -> None:
    """Raise if a file that passes for GB18030 has UTF-8 in it.

    Parameters
    ----------
    path
        The file.
    other_line
        The first line that is not UTF-8.
    """
    n_runs = n_utf8 = line = first = 0
    with path.open("rb") as stream:
        while block := stream.readline(_SCAN_BYTES):
            line += 1
            for run in _HIGH_RUN.findall(block):
                n_runs += 1
                if _UTF8_CJK.fullmatch(run):
                    n_utf8 += 1
                    first = first or line
                    if len(run) >= _SURE_BYTES:
                        n_runs = n_utf8 = _LEAST_RUNS  # this one is enough
                        break
            else:
                continue
            break
    if n_utf8 >= _LEAST_RUNS and n_utf8 > _SHARE_OF_RUNS * n_runs:
        raise FileError(
            path,
            "keep to one encoding",
            f"UTF-8 in line {first:,} and GB18030 in line {other_line:,}",
            "Parts of it were pasted together from different files: save each of them anew as CSV "
            "UTF-8 first.",
        )


def _header(path: Path, encoding: str) -> tuple[list[str], bool, int]:
    """Return the checked names of the columns, if anything stands below, and how many lines."""
    with path.open(encoding=encoding, newline="") as stream:
        records = csv.reader(stream)
        try:
            names = next(records, [])
            n_lines = 1 + sum(name.count("\n") for name in names)
            has_rows = next(records, None) is not None
        except csv.Error as error:
            raise FileError(path, "be comma-separated text", f"a first line ({error})") from error
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise FileError(
            path,
            "be separated by commas",
            f"the header {shown(names[0])!r}",
            "Save it anew as CSV with commas.",
        )
    return checked_headers(path, names), has_rows, n_lines


def _refuse_open_quote(
    path: Path,
    columns: pa.Table,
    row: np.ndarray[tuple[int], np.dtype[np.int64]],
    ragged: dict[int, pa_csv.InvalidRow],
) -> None:
    """Raise if the last record runs over a line's end, which an odd number of quotes explains."""
    last = max(int(row[-1]) if len(row) else 0, *ragged, 0)
    if last in ragged:
        text = ragged[last].text
    else:
        text = "".join(column[-1].as_py() for column in columns.columns)
    if "\n" in text.strip("\r\n") or "\r" in text.strip("\r\n") or text.endswith(("\n", "\r")):
        raise FileError(
            path,
            "close every quote",
            f"a quote in data row {last} that stays open to the end of the file",
            "Close it, or double it where it is part of the text.",
        )


def _blank(columns: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which records have nothing but white space in every cell, shape (n,)."""
    blank = np.ones(columns.num_rows, dtype=np.bool_)
    for column in columns.columns:
        if not blank.any():
            break
        blank &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy()
    return blank


def _ragged(number: int, record: pa_csv.InvalidRow) -> Rejection:
    remedy = "Put text that holds commas between double quotes."
    if record.actual_columns < record.expected_columns:
        remedy = "Add the cells that are missing, empty ones included."
    if "\n" in record.text:
        remedy = "It runs over several lines: close the quote that was left open in it."
    return Rejection(
        number,
        WHOLE_ROW,
        shown(record.text),
        f"must have {record.expected_columns} cells as the header has, not {record.actual_columns}",
        remedy,
    )
