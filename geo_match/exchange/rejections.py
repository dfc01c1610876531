"""The list of rejected rows, for the person who mends them."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pyarrow as pa

from geo_match.errors import FileError
from geo_match.exchange.rows import BLOCK_ROWS, Rows
from geo_match.exchange.target import naming, replacing
from geo_match.exchange.text import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.intake import PlacesFile

_TEXT = ("field", "value", "rule", "remedy")
_SCHEMA = pa.schema(
    [("input", pa.string()), ("file", pa.string()), ("row", pa.int64())]
    + [(name, pa.string()) for name in _TEXT]
)
_HEADER = ",".join(_SCHEMA.names).encode()


def is_rejection_list(path: Path) -> bool:
    """Return whether an existing file begins with the header line of such a list."""
    with path.open("rb") as stream:
        line = stream.readline(len(codecs.BOM_UTF8) + len(_HEADER) + len(b"\r\n"))
    return line.removeprefix(codecs.BOM_UTF8).rstrip(b"\r\n") == _HEADER


def write_rejections(path: Path, files: Mapping[str, PlacesFile]) -> None:
    """Write every fault of the files as CSV, with the byte order mark that Excel needs.

    Columns are `input` (what the file was for), `file`, `row`, `field`, `value`, `rule` and
    `remedy`. Row 1 is the first below the header; blank rows keep their number, though they are
    not counted among the rows read. A row with several faults has a line for each.

    Parameters
    ----------
    path
        Where to write.
    files
        What was read, by what it was for.
    """
    write_csv(path, Rows(_SCHEMA, _blocks(files)), for_people=True)


def replace_rejection_list(path: Path, files: Mapping[str, PlacesFile]) -> None:
    """Write such a list in place of an older one, whole or not at all.

    Raises
    ------
    FileError
        If another file stands there, which is left alone, or the disk refuses the list.
    """
    check_is_rejection_list(path)
    with replacing(path) as (temporary,), naming(path):
        write_rejections(temporary, files)


def check_is_rejection_list(path: Path, remedy: str = "Name another file.") -> None:
    """Check that a list may be written there: over nothing, or over an older list.

    Raises
    ------
    FileError
        If another file stands there.
    """
    if path.exists() and not is_rejection_list(path):
        raise FileError(
            path,
            "be an older list of rejected rows or not exist yet",
            "another file, which the rows rejected now would overwrite",
            remedy,
        )


def _blocks(files: Mapping[str, PlacesFile]) -> Iterator[pa.RecordBatch]:
    for purpose, read in files.items():
        for start in range(0, len(read.rejections), BLOCK_ROWS):
            part = read.rejections[start : start + BLOCK_ROWS]
            columns: list[list[object]] = [
                [purpose] * len(part),
                [str(read.source)] * len(part),
                [rejection.row for rejection in part],
                *([getattr(rejection, name) for rejection in part] for name in _TEXT),
            ]
            yield pa.record_batch(
                [
                    pa.array(values, type=kind)
                    for values, kind in zip(columns, _SCHEMA.types, strict=True)
                ],
                schema=_SCHEMA,
            )
