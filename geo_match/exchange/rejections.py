"""The list of rejected rows, for the person who mends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from geo_match.errors import FileError
from geo_match.exchange.rows import BLOCK_ROWS, Rows
from geo_match.exchange.target import replacing
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


def write_rejections(path: Path, files: Mapping[str, PlacesFile]) -> int:
    """Write every fault of the files as CSV, with the byte order mark that Excel needs.

    Columns are `input` (what the file was for), `file`, `row` (1 is the first below the header),
    `field`, `value`, `rule` and `remedy`.

    Parameters
    ----------
    path
        Where to write; ends in `.csv`.
    files
        What was read, by what it was for.

    Returns
    -------
    int
        Number of faults written; a row may have several.

    Raises
    ------
    FileError
        If the path does not end in `.csv`.
    """
    if path.suffix.lower() != ".csv":
        raise FileError(path, "end in .csv", repr(path.suffix), "Rejected rows are listed as CSV.")
    with replacing(path) as temporary:
        write_csv(temporary, Rows(_SCHEMA, _blocks(files)), for_people=True)
    return sum(len(read.rejections) for read in files.values())


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
